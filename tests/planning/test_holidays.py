"""A holiday is a day without work: what keeps to the hours of work is suppressed there, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminders.domain.decision import Send, Suppress
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person, WorkHours
from reminders.planning.agenda import agenda
from tests.planning.people import (
    AT_WORK,
    BERLIN,
    NO_LIMITS,
    TUESDAY,
    alex,
    at,
    every,
    hours,
    hydration,
    movement,
    person,
    span,
    times,
    within,
)

ONE_DAY = timedelta(days=1)


def free(who: Person, *days: date) -> Person:
    return replace(who, work=replace(who.work, holidays=frozenset(days)))


def reasons(who: Person, day: date = TUESDAY) -> list[Reason | None]:
    decisions = agenda(who, BERLIN, day)
    return [one.verdict.reason if isinstance(one.verdict, Suppress) else None for one in decisions]


@pytest.mark.parametrize(
    "habit", [movement(), every("look", hours(1), within=AT_WORK), times("look", 4, within=AT_WORK)]
)
def test_what_keeps_to_the_hours_of_work_is_suppressed_on_a_holiday(habit: Habit) -> None:
    who = person(habit, limits=NO_LIMITS)
    usual = reasons(who)
    assert set(usual) == {None}
    assert reasons(free(who, TUESDAY)) == [Reason.HOLIDAY] * len(usual)


@pytest.mark.parametrize(
    "habit", [hydration(), every("look", hours(2), within=within("09:00-12:00")), at("pill", "10:00", within=AT_WORK)]
)
def test_what_does_not_keep_to_the_hours_of_work_knows_no_holiday(habit: Habit) -> None:
    who = person(habit)
    assert reasons(free(who, TUESDAY)) == reasons(who)
    assert Reason.HOLIDAY not in reasons(free(who, TUESDAY))


@pytest.mark.parametrize("days", [-1, 1])
def test_the_days_around_a_holiday_are_days_of_work(days: int) -> None:
    who = alex()
    day = TUESDAY + days * ONE_DAY
    assert reasons(free(who, TUESDAY), day) == reasons(who, day)


def test_a_holiday_on_a_day_without_work_changes_nothing() -> None:
    saturday = TUESDAY + 4 * ONE_DAY
    assert agenda(free(alex(), saturday), BERLIN, saturday) == agenda(alex(), BERLIN, saturday)


def test_a_night_of_work_is_free_when_it_begins_on_a_holiday_and_not_when_it_ends_on_one() -> None:
    night = WorkHours(ranges=(span("22:00-04:00"),), days=frozenset(range(7)))
    who = person(every("look", hours(1), within=AT_WORK), awake=span("14:00-07:00"), work=night, limits=NO_LIMITS)
    before, on, after = (reasons(free(who, TUESDAY), TUESDAY + offset * ONE_DAY) for offset in (-1, 0, 1))
    assert before == [None] * 5
    assert on == [None] * 4 + [Reason.HOLIDAY]
    assert after == [Reason.HOLIDAY] * 4 + [None]


def test_the_rest_of_the_day_goes_on_as_on_a_day_without_work() -> None:
    """Nothing of what is suppressed takes a place, a gap or a share of the day's nudges."""
    saturday = TUESDAY + 4 * ONE_DAY
    who = alex(training=())
    sent = [
        (one.habit, one.slot_key.partition("T")[2])
        for one in agenda(free(who, TUESDAY), BERLIN, TUESDAY)
        if isinstance(one.verdict, Send)
    ]
    weekend = [
        (one.habit, one.slot_key.partition("T")[2])
        for one in agenda(who, BERLIN, saturday)
        if isinstance(one.verdict, Send)
    ]
    assert sent == weekend
