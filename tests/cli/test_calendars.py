"""Holds: plan, why, status and doctor know the copies of the calendars, ask no network and tell no address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminders.domain.calendar import CalendarEvent, CalendarSpec
from reminders.sensors.calendar_copy import CalendarCopy, source_of
from reminders.sensors.calendar_shelf import CalendarShelf
from tests.cli.desk import FILE, NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

HOUR = timedelta(hours=1)
SECRET = "https://calendar.example.org/private-4711/basic.ics"
CALENDARS = f"calendars:\n  work: {SECRET}\n  gym: {{url: {SECRET}, busy: false, training: [yoga]}}\n"
WORK = CalendarSpec(name="work", url=SECRET)
GYM = CalendarSpec(name="gym", url=SECRET, busy=False, training=("yoga",))
NOON = NOW + timedelta(minutes=40)  # twelve in Berlin
MEETING = CalendarEvent(uid="meeting", starts_at=NOON - HOUR, ends_at=NOON + timedelta(minutes=45))
YOGA = CalendarEvent(uid="yoga", starts_at=NOON + 8 * HOUR, ends_at=NOON + 9 * HOUR, training="yoga")


@pytest.fixture
def with_calendars(used_desk_of: Callable[[str], Desk]) -> Desk:
    """One person with two calendars that were read an hour ago, and a journal."""
    desk = used_desk_of(FILE + CALENDARS)
    desk.journal().close()
    keep(desk, WORK, MEETING)
    keep(desk, GYM, YOGA)
    return desk


def keep(desk: Desk, spec: CalendarSpec, *events: CalendarEvent, fetched_at: datetime | None = NOW - HOUR) -> None:
    copy = CalendarCopy(source=source_of(spec), fetched_at=fetched_at, events=events)
    CalendarShelf(desk.data_dir).put("me", spec, copy)


def lose(desk: Desk, spec: CalendarSpec, since: datetime, why: str) -> None:
    shelf = CalendarShelf(desk.data_dir)
    copy = shelf.copy_of("me", spec)
    shelf.put("me", spec, replace(copy, failing_since=since, failure=why, failures=3))


def lines(desk: Desk, *words: str) -> list[str]:
    result = desk.run(*words)
    assert "4711" not in result.output
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_the_plan_waits_for_the_end_of_a_meeting_and_goes_by_the_trainings_of_a_calendar(with_calendars: Desk) -> None:
    rows = with_calendars.json("plan", "--from", "2026-03-24")
    found = {(row["habit"], row["due_at"][11:16]): (row["send_at"] or "none")[11:16] for row in rows}
    assert found["movement", "12:00"] == "12:45"
    (warm_up,) = [row for row in rows if row["slot_key"] == "yoga-10min"]
    assert (warm_up["habit"], warm_up["send_at"][11:16]) == ("warm_up", "19:50")
    assert len([row for row in rows if row["habit"] == "warm_up"]) == 2  # the other one is the file's own training


def test_without_copies_the_plan_is_as_if_there_were_no_calendars(used_desk_of: Callable[[str], Desk]) -> None:
    desk = used_desk_of(FILE + CALENDARS)
    desk.journal().close()
    rows = desk.json("plan", "--from", "2026-03-24")
    assert {row["slot_key"] for row in rows if row["habit"] == "warm_up"} == {"Gym@2026-03-24T18:30-10min"}


def test_why_tells_of_the_meeting_and_never_of_its_title(with_calendars: Desk) -> None:
    told = lines(with_calendars, "why", "--at", "2026-03-24T11:50")
    assert any("an event in your calendar from 11:00 until 12:45" in line for line in told), told


def test_a_fresh_calendar_needs_no_word_in_status_and_is_fine_for_the_doctor(with_calendars: Desk) -> None:
    assert not any("calendar" in line for line in lines(with_calendars, "status"))
    (work,) = [one for one in with_calendars.json("doctor")["findings"] if one["name"] == "calendar work"]
    assert (work["state"], work["detail"]) == ("ok", "read 2026-03-24 09:20 UTC, events that matter: 1")
    (first, _) = with_calendars.json("status")["people"][0]["calendars"]
    assert first == {
        "name": "work",
        "fetched_at": "2026-03-24T10:20:00+01:00",
        "stale_since": None,
        "trouble": None,
    }


def test_a_calendar_that_cannot_be_read_is_told_with_since_when_why_and_what_to_do(with_calendars: Desk) -> None:
    lose(with_calendars, WORK, NOW - HOUR, "its server answers 404, so nothing is there under its address")
    told = lines(with_calendars, "status")
    assert (
        "calendar work stale since 10:20 (1 h ago): its server answers 404, so nothing is there under its address"
        in told
    )
    assert "hint: what was known before still counts, and it is tried again by itself" in told
    (work,) = [one for one in with_calendars.json("doctor")["findings"] if one["name"] == "calendar work"]
    assert (work["state"], work["hint"]) == (
        "warning",
        "what was known before still counts, and it is tried again by itself",
    )
    shown = with_calendars.json("status")["people"][0]["calendars"][0]
    assert (shown["stale_since"], shown["trouble"][:24]) == ("2026-03-24T10:20:00+01:00", "its server answers 404, ")


def test_an_old_copy_is_stale_and_one_never_read_is_told_so(used_desk_of: Callable[[str], Desk]) -> None:
    desk = used_desk_of(FILE + CALENDARS)
    keep(desk, WORK, fetched_at=NOW - 30 * HOUR)
    told = lines(desk, "status")
    assert "calendar work stale: last read yesterday 05:20 (30 h ago)" in told, told
    assert "calendar gym not read yet" in told
    hint = "hint: it is read while the daemon runs: reminders run"
    assert told.count(hint) == 1
    assert [line for line in lines(desk, "doctor") if "calendar" in line or line == hint][-1] == hint
    assert lines(desk, "doctor").count(hint) == 1
    assert [one["hint"] is None for one in desk.json("doctor")["findings"] if "calendar" in one["name"]] == [False] * 2


@pytest.mark.parametrize("start", ["2026-03-24", "2026-03-24T23:50"])
def test_the_plan_names_the_calendars_that_it_cannot_be_sure_of(
    used_desk_of: Callable[[str], Desk], start: str
) -> None:
    desk = used_desk_of(FILE + CALENDARS)
    keep(desk, WORK, fetched_at=NOW - 30 * HOUR)
    assert lines(desk, "plan", "--from", start)[-3:] == [
        "calendar work: stale: last read yesterday 05:20 (30 h ago); its events and training may be missing here",
        "calendar gym: not read yet; its events and training may be missing here",
        "hint: it is read while the daemon runs: reminders run",
    ]
    rows = desk.json("plan", "--from", "2026-03-24")
    assert {tuple(row["doubtful_calendars"]) for row in rows} == {("work", "gym")}


def test_fresh_calendars_need_no_word_in_the_plan(with_calendars: Desk) -> None:
    assert not any("calendar" in line for line in lines(with_calendars, "plan"))
    assert all(row["doubtful_calendars"] == [] for row in with_calendars.json("plan"))


def test_events_that_cannot_be_used_are_counted_by_the_doctor(with_calendars: Desk) -> None:
    shelf = CalendarShelf(with_calendars.data_dir)
    left_out = (("repeats by the minute or the second", 2),)
    shelf.put("me", WORK, replace(shelf.copy_of("me", WORK), left_out=left_out))
    details = [one["detail"] for one in with_calendars.json("doctor")["findings"] if one["name"] == "calendar work"]
    assert details[1] == "2 events that cannot be used as written: it repeats by the minute or the second"


def test_a_file_that_holds_an_address_and_is_open_to_others_is_warned_of(
    at_desk_of: Callable[[str], Desk], tmp_path: Path
) -> None:
    secret = tmp_path / "address"
    secret.write_text(SECRET)
    secret.chmod(0o644)
    desk = at_desk_of(FILE + f"calendars: {{work: {{url_file: {secret}}}}}\n")
    hints = [one["hint"] for one in desk.json("doctor")["findings"] if one["name"] == "calendar work"]
    assert f'chmod 600 "{secret}"' in hints
