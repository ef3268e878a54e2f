"""Rules of the day as a person lives it."""

from __future__ import annotations

from datetime import date

from reminders.planning.waking_day import day_of, start_of
from tests.planning.people import BERLIN, alex, moment, span

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def test_a_day_ends_at_midnight() -> None:
    who = alex()
    assert start_of(who, BERLIN, TUESDAY) == moment("00:00", TUESDAY)
    assert day_of(who, BERLIN, moment("23:59", TUESDAY)) == TUESDAY
    assert day_of(who, BERLIN, moment("00:00", WEDNESDAY)) == WEDNESDAY


def test_a_waking_day_that_crosses_midnight_ends_where_it_ends() -> None:
    owl = alex(awake=span("10:00-02:00"))
    assert start_of(owl, BERLIN, TUESDAY) == moment("02:00", TUESDAY)
    assert day_of(owl, BERLIN, moment("01:59", WEDNESDAY)) == TUESDAY
    assert day_of(owl, BERLIN, moment("02:00", WEDNESDAY)) == WEDNESDAY


def test_a_day_begins_at_the_first_real_instant_of_a_skipped_hour() -> None:
    sunday = date(2026, 3, 29)
    owl = alex(awake=span("10:00-02:30"))
    assert start_of(owl, BERLIN, sunday) == moment("03:00", sunday)
