"""``history``: done, skipped, lapsed, suppressed and missed are told apart; totals never speak of streaks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.domain.answer import Verb
from reminders.domain.context import RealBreak
from reminders.domain.delivery import SendOutcome
from reminders.domain.occurrence import Reason
from reminders.planning.reason_words import REASON_WORDS
from reminders.planning.set_forward import NEVER_LIVED
from tests.cli.desk import NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

HOUR = timedelta(hours=1)


@pytest.fixture
def week(desk: Desk) -> Desk:
    """Put one occurrence of each ending on record."""
    desk.put("movement", NOW - 25 * HOUR)  # lapses
    desk.hold_back("hydration", NOW - 24 * HOUR, Reason.DAILY_LIMIT)
    desk.hold_back("potassium_meal", NOW - 23 * HOUR, Reason.UNSAFE, "answer the two questions")
    desk.put("warm_up", NOW - 22 * HOUR, outcome=SendOutcome.REJECTED, detail="no such topic")
    desk.expire(NOW)
    desk.put("movement", NOW - timedelta(minutes=20))
    desk.run("done", "movement")
    desk.put("hydration", NOW - timedelta(minutes=10), amount_ml=200)
    desk.run("done", "hydration")
    return desk


def test_each_ending_has_its_own_words(week: Desk) -> None:
    output = week.run("history").stdout
    assert output.startswith("Monday 2026-03-23\n")
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert "10:20 movement lapsed here accepted" in lines
    assert "11:20 hydration suppressed: daily limit" in lines
    assert "12:20 potassium_meal suppressed: not known to be safe" in lines
    assert "13:20 warm_up missed: no channel here rejected (no such topic)" in lines
    assert "11:00 movement done 11:20 by command here accepted" in lines
    assert "11:10 hydration done 11:20 by command, 200 ml here accepted" in lines
    assert "hint: potassium_meal: answer the two questions" in lines


def test_totals_are_so_many_of_so_many(week: Desk) -> None:
    lines = [" ".join(line.split()) for line in week.run("history").stdout.splitlines()]
    totals = lines[lines.index("from 2026-03-18 to 2026-03-24") :]
    assert totals[1:5] == [
        "hydration 1 of 1 done; 1 suppressed",
        "movement 1 of 2 done, 1 lapsed",
        "warm_up 1 missed",
        "potassium_meal 1 suppressed",
    ]


def test_what_was_asked_again_says_when_and_where(desk: Desk) -> None:
    name = desk.put("movement", NOW - timedelta(minutes=20))
    desk.ask_again(name, NOW - timedelta(minutes=10), "phone")
    lines = [" ".join(line.split()) for line in desk.run("history").stdout.splitlines()]
    told = "11:00 movement sent 11:00, waits for an answer here accepted; asked again at 11:10 on phone"
    assert told in lines
    assert "movement 0 of 1 done" in lines
    (row,) = desk.json("history")[0]["occurrences"]
    accepted = {"channel": "phone", "state": "accepted", "attempt": 1, "detail": ""}
    assert row["follow_ups"] == [{"at": "2026-03-24T11:10:00+01:00", "channels": [accepted]}]


def test_a_real_break_is_told_as_a_break_and_counts_as_nothing_done(desk: Desk) -> None:
    journal = desk.journal()
    journal.note_break("me", RealBreak(started=NOW - timedelta(minutes=68), ended=NOW - timedelta(minutes=60)))
    journal.close()
    for words in (("history",), ("history", "--habit", "movement")):
        lines = [" ".join(line.split()) for line in desk.run(*words).stdout.splitlines()]
        assert "10:12 break until 10:20, 8 min" in lines
        assert not any("done" in line for line in lines)
    assert "break" not in desk.run("history", "--habit", "hydration").stdout.splitlines()[0]
    (record,) = desk.json("history")
    assert record["breaks"] == [{"started": "2026-03-24T10:12:00+01:00", "ended": "2026-03-24T10:20:00+01:00"}]
    assert (record["occurrences"], record["answers"], record["totals"]) == ([], [], [])


def test_json_has_a_stable_shape(week: Desk) -> None:
    (record,) = week.json("history")
    assert list(record) == ["person", "zone", "from", "days", "occurrences", "answers", "breaks", "totals"]
    assert (record["person"], record["zone"], record["from"], record["days"]) == (
        "me",
        "Europe/Berlin",
        "2026-03-18",
        7,
    )
    newest = record["occurrences"][-1]
    assert newest == {
        "habit": "hydration",
        "slot_key": "2026-03-24T10:10",
        "due_at": "2026-03-24T11:10:00+01:00",
        "sent_at": "2026-03-24T11:10:00+01:00",
        "state": "done",
        "reason": None,
        "detail": None,
        "answer": "done",
        "answered_at": "2026-03-24T11:20:00+01:00",
        "via": "command",
        "amount_ml": 200,
        "late": False,
        "channels": [{"channel": "here", "state": "accepted", "attempt": 1, "detail": ""}],
        "follow_ups": [],
    }
    assert record["totals"][1] == {
        "habit": "movement",
        "done": 1,
        "asked": 2,
        "unasked": 0,
        "states": {"lapsed": 1, "done": 1},
    }


def test_an_ask_made_up_for_later_is_not_told_as_missed(desk: Desk) -> None:
    """After a sleep or a clock set ahead it was sent all the same; that it lapsed had another cause."""
    desk.put("movement", NOW - 3 * HOUR, reason=Reason.EXPIRED_DOWN)
    desk.expire(NOW)
    lines = [" ".join(line.split()) for line in desk.run("history").stdout.splitlines()]
    assert "08:20 movement lapsed here accepted" in lines


def test_what_a_clock_was_set_forward_over_is_told_as_that(desk: Desk) -> None:
    desk.hold_back("movement", NOW - HOUR, Reason.EXPIRED_DOWN, NEVER_LIVED)
    lines = [" ".join(line.split()) for line in desk.run("history").stdout.splitlines()]
    assert "10:20 movement missed: the clock was set forward over it" in lines


def test_what_was_done_without_an_ask_is_on_record(desk: Desk) -> None:
    desk.run("done", "hydration", "300ml")
    output = desk.run("history").stdout
    assert "hydration  done 11:20 by command, 300 ml, nothing was due" in output
    assert "hydration  1 done without being asked" in output
    assert desk.json("history")[0]["answers"] == [
        {"habit": "hydration", "verb": "done", "at": "2026-03-24T11:20:00+01:00", "via": "command", "amount_ml": 300}
    ]


def test_a_done_after_the_end_counts_and_is_told_as_late(desk: Desk) -> None:
    name = desk.put("movement", NOW - 3 * HOUR)
    desk.expire(NOW)
    journal = desk.journal()
    journal.answer_nudge(f"nudge-{name}", Verb.DONE, NOW, "desktop")
    journal.close()
    output = desk.run("history").stdout
    assert "lapsed, done late 11:20 by desktop" in output
    assert "movement  1 of 1 done" in output


def test_an_open_ask_and_a_snoozed_one_are_told(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(minutes=10))
    assert "sent 11:10, waits for an answer" in desk.run("history").stdout
    desk.run("snooze", "movement")
    assert "snoozed" in desk.run("history").stdout


def test_days_and_habit_narrow_it_down(week: Desk) -> None:
    (record,) = week.json("history", "--from", "2026-03-23", "--days", "1")
    assert {row["due_at"][:10] for row in record["occurrences"]} == {"2026-03-23"}
    (record,) = week.json("history", "--habit", "warm-up")
    assert {row["habit"] for row in record["occurrences"]} == {"warm_up"}


def test_a_habit_taken_out_of_the_file_is_still_on_record(week: Desk) -> None:
    week.config.write_text(week.config.read_text().replace("  movement: {every: 60min, within: work}\n", ""))
    (record,) = week.json("history", "--habit", "movement")
    assert len(record["occurrences"]) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--habit", "jumping"], 'unknown habit "jumping"; yours: hydration, movement'),
        (["--from", "2026-03-24T10:00"], '"2026-03-24T10:00" is not a date\nhint: write a date such as 2026-03-29'),
        (["--days", "0"], "0 is not in the range 1 to 366"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, words: list[str], message: str) -> None:
    result = desk.run("history", *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_empty_record_says_what_to_do(desk: Desk) -> None:
    result = desk.run("history")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "nothing on record from 2026-03-18 to 2026-03-24\nhint: reminders run keeps the record"
    )


def test_a_shared_view_keeps_health_to_the_person(household: Desk) -> None:
    household.put("hydration", NOW - HOUR, person="sam")
    both, own = household.run("history").stdout, household.run("history", "--person", "sam").stdout
    assert "Sam (America/New_York)" in both
    assert "05:20  hydration" in both  # New York had changed its clocks by then
    assert "Alex" not in own


def test_every_reason_has_plain_words() -> None:
    assert set(REASON_WORDS) == set(Reason)
    assert all("_" not in words for words in REASON_WORDS.values())
