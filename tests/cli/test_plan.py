"""``plan``: what would be sent, what would not, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from reminders.domain.answer import Verb
from tests.cli.desk import HOUSEHOLD, NOW, Desk

KEYS = [
    "due_at",
    "send_at",
    "person",
    "habit",
    "slot_key",
    "decision",
    "reason",
    "nudge",
    "title",
    "text",
    "send_to",
    "doubtful_calendars",
]


def test_a_day_is_shown_with_what_would_be_sent_and_what_not(desk: Desk) -> None:
    result = desk.run("plan", "--from", "2026-03-24")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "Tuesday 2026-03-24"
    assert any(line.startswith("  09:00  hydration") and "would be sent" in line for line in lines)
    assert any(line.split()[:2] == ["18:20", "warm_up"] for line in lines)
    assert "would not be sent  not known to be safe" in result.stdout
    assert "hint: potassium_meal: potassium ideas stay off until both health questions are answered" in result.stdout
    assert "assuming every nudge is answered Done; times are local (Europe/Berlin)" in lines[-1]
    assert " would not, " in lines[-1]


def test_json_rows_have_the_documented_keys_and_local_offsets(desk: Desk) -> None:
    rows = desk.json("plan", "--from", "2026-03-24")
    assert rows
    assert all(list(row) == KEYS for row in rows)
    assert all(row["due_at"].endswith("+01:00") for row in rows)
    assert {row["decision"] for row in rows} == {"send", "suppress"}
    for row in rows:
        is_sent = row["decision"] == "send"
        assert (row["send_at"] is not None) is is_sent
        assert (row["nudge"] is not None) is is_sent
        assert bool(row["text"]) is is_sent
        assert row["send_to"] == (["here"] if is_sent else [])


def nudges_of(habits: list[str], rows: list[dict[str, Any]]) -> int:
    """Return how many nudges carry exactly these habits."""
    carried: dict[str, list[str]] = {}
    for row in rows:
        if row["nudge"]:
            carried.setdefault(row["nudge"], []).append(row["habit"])
    return sum(found == habits for found in carried.values())


def test_asks_that_travel_together_share_a_nudge_and_a_line(desk: Desk) -> None:
    rows = desk.json("plan", "--from", "2026-03-24")
    nudges = [row["nudge"] for row in rows if row["nudge"]]
    shared = next(nudge for nudge in nudges if nudges.count(nudge) == 2)
    together = [row["habit"] for row in rows if row["nudge"] == shared]
    lines = desk.run("plan", "--from", "2026-03-24").stdout.splitlines()
    assert sum(" + ".join(together) in line for line in lines) == nudges_of(together, rows)
    assert sum("would be sent  " in line for line in lines) == len(set(nudges))


def test_every_ask_of_a_nudge_is_shown(desk: Desk) -> None:
    rows = desk.json("plan", "--from", "2026-03-24")
    text = next(row["text"] for row in rows if row["text"] and "\n" in row["text"])
    shown = desk.run("plan", "--from", "2026-03-24").stdout.splitlines()
    first, second = (next(i for i, line in enumerate(shown) if part[:60] in line) for part in text.split("\n"))
    assert second == first + 1
    assert shown[first].index(text[:20]) == len(shown[second]) - len(shown[second].lstrip())


def test_people_in_several_zones_are_shown_with_theirs(household: Desk) -> None:
    lines = household.run("plan", "--from", "2026-03-24").stdout.splitlines()
    assert any(line.split()[1:3] == ["Alex", "(Europe/Berlin)"] for line in lines)
    assert any(line.split()[1:3] == ["Sam", "(America/New_York)"] for line in lines)


def test_people_of_one_zone_are_shown_by_name_alone(at_desk_of: Callable[[str], Desk]) -> None:
    desk = at_desk_of(HOUSEHOLD.replace("sam: {name: Sam, timezone: America/New_York}", "sam: {name: Sam}"))
    lines = desk.run("plan", "--from", "2026-03-24").stdout.splitlines()
    assert any(line.split()[1:3] == ["Sam", "hydration"] for line in lines)


def test_an_instant_without_offset_is_local(desk: Desk) -> None:
    local = desk.json("plan", "--from", "2026-03-24T12:00")
    assert (
        local
        == desk.json("plan", "--from", "2026-03-24T12:00+01:00")
        == desk.json("plan", "--from", "2026-03-24T11:00Z")
    )
    assert all(
        datetime.fromisoformat(row["send_at"] or row["due_at"]) >= datetime.fromisoformat("2026-03-24T12:00+01:00")
        for row in local
    )


def test_a_date_begins_at_each_persons_own_midnight(household: Desk) -> None:
    rows = household.json("plan", "--from", "2026-03-24")
    for person, offset in (("alex", "+01:00"), ("sam", "-04:00")):
        dues = [row["due_at"] for row in rows if row["person"] == person]
        assert dues
        assert all(due.startswith("2026-03-24T") and due.endswith(offset) for due in dues)


def test_days_are_local_dates_across_the_change_of_clocks(desk: Desk) -> None:
    rows = desk.json("plan", "--from", "2026-03-28", "--days", "2")
    assert {row["due_at"][:10] for row in rows} == {"2026-03-28", "2026-03-29"}
    assert {row["due_at"][-6:] for row in rows} == {"+01:00", "+02:00"}


@pytest.mark.usefixtures("tuesday_morning")
def test_without_a_start_it_begins_now(desk: Desk) -> None:
    rows = desk.json("plan")
    assert min(datetime.fromisoformat(row["send_at"] or row["due_at"]) for row in rows) >= NOW
    assert {row["due_at"][:10] for row in rows} == {"2026-03-24"}


@pytest.mark.usefixtures("tuesday_morning")
def test_a_pause_on_record_holds_back_what_falls_into_it(desk: Desk) -> None:
    desk.run("pause", "movement", "2h")
    held = [row for row in desk.json("plan") if row["reason"] == "paused"]
    assert {row["habit"] for row in held} == {"movement"}
    assert all(datetime.fromisoformat(row["due_at"]) < NOW + timedelta(hours=2) for row in held)


@pytest.mark.usefixtures("tuesday_morning")
def test_what_was_drunk_already_is_counted(desk: Desk) -> None:
    before = desk.json("plan")
    journal = desk.journal()
    journal.answer_habit("me", "hydration", Verb.DONE, NOW, "command", amount_ml=1600)
    journal.close()
    after = desk.json("plan")
    assert [row["reason"] for row in after if row["habit"] == "hydration"] != [
        row["reason"] for row in before if row["habit"] == "hydration"
    ]


def test_one_person_is_shown_alone(household: Desk) -> None:
    assert {row["person"] for row in household.json("plan", "--from", "2026-03-24", "--person", "Sam")} == {"sam"}


def test_a_shared_view_keeps_health_to_the_person(household: Desk) -> None:
    assert "hint:" not in household.run("plan", "--from", "2026-03-24").stdout
    assert "hint: potassium_meal" in household.run("plan", "--from", "2026-03-24", "--person", "sam").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--from", "tuesday"],
            'error: "tuesday" is neither a date nor an instant\nhint: write a date such as 2026-03-29',
        ),
        (["--from", "2026-13-01"], '"2026-13-01" is neither a date nor an instant'),
        (["--from", "1812-01-01"], '"1812-01-01" is out of bounds\nhint: allowed: the years 2000 to 2100'),
        (["--days", "0"], "0 is not in the range 1 to 366"),
        (["--days", "367"], "367 is not in the range 1 to 366"),
        (["--person", "bob"], 'unknown person "bob"; there are: me'),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_allowed(desk: Desk, words: list[str], message: str) -> None:
    result = desk.run("plan", *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_household_without_habits_says_that_nothing_is_planned(at_desk_of: Callable[[str], Desk]) -> None:
    desk = at_desk_of("channels: {here: console://}\nhabits:\n  hydration: off\n")
    result = desk.run("plan")
    assert result.exit_code == 0
    assert "nothing falls due" in result.stdout
