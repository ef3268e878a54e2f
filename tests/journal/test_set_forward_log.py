"""A clock that was corrected forward is known to planning for some days, and on record for good."""

from __future__ import annotations

import pytest

from reminders.domain.facts import SetForward
from tests.journal.day import Day

DAY = 1440


def known(day: Day) -> tuple[SetForward, ...]:
    return day.journal.facts("me", day.at(0), day.at(60)).set_forward


def test_the_time_that_nobody_lived_is_remembered_over_a_restart(day: Day) -> None:
    assert known(day) == ()
    day.journal.set_forward(day.at(10), day.at(250))
    day.reopen()
    assert known(day) == (SetForward(since=day.at(10), until=day.at(250)),)
    (event,) = day.journal.last_events(1)
    assert (event.kind, event.at, event.data["since"]) == (
        "clock.set_forward",
        day.at(250),
        "2026-03-03T09:10:00.000000+00:00",
    )


def test_days_later_and_in_a_future_that_never_came_it_is_left_out(day: Day) -> None:
    day.journal.set_forward(day.at(10), day.at(250))
    day.journal.set_forward(day.at(300), day.at(900 * DAY))  # and back again
    day.journal.set_forward(day.at(400), day.at(700))
    assert [one.since for one in known(day)] == [day.at(400)]
    day.journal.set_forward(day.at(5 * DAY), day.at(5 * DAY + 300))
    assert [one.since for one in known(day)] == [day.at(5 * DAY)]


def test_a_step_back_is_no_such_time(day: Day) -> None:
    with pytest.raises(ValueError, match="no step forward"):
        day.journal.set_forward(day.at(10), day.at(5))
