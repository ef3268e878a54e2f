"""Holds: the week is summed up once, at its wall time or the next welcome moment within a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.domain.pause import Pause
from reminders.domain.person import Digest, Person, TrainingSession
from reminders.planning.digest import DigestLook, look
from tests.planning.people import BERLIN, NEW_YORK, alex, hours, moment, person, quiet, span

SUNDAY = date(2026, 11, 22)
MONDAY = SUNDAY + timedelta(days=1)
NEXT = moment("18:00", SUNDAY + timedelta(days=7))
WEEK = "digest/me/2026-W47"


def sunday_at(at: str, who: Person | None = None) -> Person:
    return replace(who or alex(), digest=Digest(weekday=6, at=time.fromisoformat(at)))


WHO = sunday_at("18:00")


def seen(now: datetime, who: Person = WHO, *pauses: Pause, settled: str | None = None) -> DigestLook:
    return look(who, BERLIN, pauses, now, settled)


def paused(start: str, end: str, habit: str | None = None, *, last: date = SUNDAY) -> Pause:
    begin, until = moment(start, SUNDAY), moment(end, last)
    return Pause(id=1, person="me", habit=habit, starts_at=begin, ends_at=until, author="me", reason="")


def sent_first_at(who: Person, *pauses: Pause, begin: datetime | None = None) -> datetime | None:
    """Follow the looks as the daemon does; return when the digest is sent, None = it is dropped."""
    now = begin or moment("17:00", SUNDAY)
    while now < NEXT:
        found = look(who, BERLIN, pauses, now)
        if found.ready is not None:
            return now
        assert found.next_at is not None
        assert found.next_at > now
        now = found.next_at
    return None


def test_it_is_due_at_its_wall_time_and_covers_the_week_before() -> None:
    before = seen(moment("17:59", SUNDAY))
    assert before == DigestLook(ready=None, next_at=moment("18:00", SUNDAY))
    found = seen(moment("18:00", SUNDAY))
    assert found.ready is not None
    assert found.ready.id == WEEK
    assert found.ready.since == moment("18:00", SUNDAY - timedelta(days=7))
    assert found.ready.due_at == moment("18:00", SUNDAY)
    assert found.next_at == NEXT


def test_one_dealt_with_is_not_looked_at_again_before_the_next_week() -> None:
    for now in (moment("18:00", SUNDAY), moment("23:30", SUNDAY), moment("09:00", MONDAY)):
        assert seen(now, settled=WEEK) == DigestLook(ready=None, next_at=NEXT)


def test_without_one_in_the_file_or_without_habits_there_is_none() -> None:
    assert seen(moment("18:00", SUNDAY), alex()) == DigestLook(ready=None, next_at=None)
    assert seen(moment("18:00", SUNDAY), sunday_at("18:00", person())) == DigestLook(ready=None, next_at=None)


def test_it_expires_with_the_waking_hours_of_that_day() -> None:
    found = seen(moment("18:00", SUNDAY)).ready
    assert found is not None
    assert found.expires_at == moment("22:30", SUNDAY)


def test_it_waits_for_a_quiet_time_to_end() -> None:
    assert sent_first_at(quiet(WHO, "17:30-19:00")) == moment("19:00", SUNDAY)


def test_it_waits_for_a_pause_of_everything_to_end_but_not_of_one_habit() -> None:
    assert sent_first_at(WHO, paused("17:00", "20:15")) == moment("20:15", SUNDAY)
    assert sent_first_at(WHO, paused("17:00", "20:15", "walk")) == moment("18:00", SUNDAY)


def test_it_waits_for_ones_own_training_to_end() -> None:
    swim = TrainingSession(name="Swim", days=frozenset({6}), at=time(17, 30), lasts=hours(1))
    assert sent_first_at(replace(WHO, training=(swim,))) == moment("18:30", SUNDAY)


def test_what_ends_into_another_silence_waits_for_that_too() -> None:
    who = quiet(WHO, "19:00-21:00")
    assert sent_first_at(who, paused("17:00", "19:30")) == moment("21:00", SUNDAY)


def test_asleep_at_its_time_it_comes_the_next_morning() -> None:
    assert sent_first_at(sunday_at("23:00")) == moment("07:00", MONDAY)
    assert sent_first_at(WHO, paused("17:00", "23:00")) == moment("07:00", MONDAY)


def test_after_a_day_it_is_dropped() -> None:
    assert sent_first_at(WHO, paused("17:00", "17:59", last=MONDAY)) == moment("17:59", MONDAY)
    assert sent_first_at(WHO, paused("17:00", "18:00", last=MONDAY)) is None
    assert sent_first_at(WHO, begin=moment("17:59", MONDAY)) == moment("17:59", MONDAY)
    assert sent_first_at(WHO, begin=moment("18:00", MONDAY)) is None


def test_a_day_that_never_sleeps_needs_no_morning() -> None:
    always = sunday_at("23:30", alex(awake=span("00:00-24:00")))
    assert sent_first_at(always) == moment("23:30", SUNDAY)


def test_a_waking_day_over_midnight_takes_it_after_midnight() -> None:
    owl = replace(alex(awake=span("10:00-02:00")), digest=Digest(weekday=0, at=time(1)))
    assert sent_first_at(owl) == moment("01:00", MONDAY)


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # skipped: 03:00 summer time
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # repeated: its first pass
    ],
    ids=["gap", "overlap"],
)
def test_on_the_sunday_of_the_clocks_it_comes_once(day: date, at: time, due: datetime) -> None:
    who = replace(alex(awake=span("00:00-24:00")), digest=Digest(weekday=6, at=at))
    assert look(who, BERLIN, (), due - timedelta(minutes=1)).next_at == due
    found = look(who, BERLIN, (), due)
    assert found.ready is not None
    assert found.ready.due_at == due
    again = look(who, BERLIN, (), due + timedelta(hours=1), found.ready.id)
    assert again.ready is None
    assert again.next_at == datetime.combine(day + timedelta(days=7), at, BERLIN).astimezone(UTC)


def test_the_week_before_the_change_of_clocks_begins_at_the_same_wall_time() -> None:
    sunday = date(2026, 3, 29)
    found = look(WHO, BERLIN, (), moment("18:00", sunday)).ready
    assert found is not None
    assert found.since == moment("18:00", sunday - timedelta(days=7))
    assert found.due_at - found.since == timedelta(hours=167)


def test_the_name_is_the_iso_week_of_the_persons_own_date() -> None:
    new_year = look(WHO, BERLIN, (), moment("18:00", date(2027, 1, 3))).ready
    assert new_year is not None
    assert new_year.id == "digest/me/2026-W53"
    auckland = look(WHO, ZoneInfo("Pacific/Auckland"), (), moment("18:00", SUNDAY, ZoneInfo("Pacific/Auckland"))).ready
    assert auckland is not None
    assert auckland.id == WEEK


def test_a_person_who_moves_west_is_not_told_the_week_twice() -> None:
    berlin = seen(moment("18:00", SUNDAY)).ready
    assert berlin is not None
    later = look(WHO, NEW_YORK, (), moment("18:00", SUNDAY, NEW_YORK), berlin.id)
    assert later.ready is None
