"""Rules of the words for schedules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from reminders.domain.habit import Habit
from reminders.domain.person import Limits, TrainingSession
from reminders.domain.schedule import (
    AfterTraining,
    Anchor,
    At,
    BeforeTraining,
    Cron,
    Every,
    LocalRange,
    Schedule,
    Times,
    Within,
    WithinKind,
)
from reminders.web.habit_name import name_of
from reminders.web.schedule_words import day_words, limit_words, ranges_words, schedule_words, training_words
from tests.planning.people import person

HOUR = timedelta(hours=1)
LUNCH = Within(kind=WithinKind.RANGES, ranges=(LocalRange(start_minute=660, end_minute=780),))
ALWAYS = Within(kind=WithinKind.RANGES, ranges=(LocalRange(start_minute=0, end_minute=1440),))


def habit(schedule: Schedule, **more: object) -> Habit:
    return Habit(id="x", schedule=schedule, built_in=False, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schedule", "more", "words"),
    [
        (Every(interval=2 * HOUR), {}, "every 2 h while awake"),
        (
            Every(interval=HOUR, anchor=Anchor.ANSWER),
            {"within": Within(kind=WithinKind.WORK)},
            "every 1 h during work, counted from the last answer",
        ),
        (Times(count=3), {"within": LUNCH}, "3 times a day within 11:00 to 13:00"),
        (Every(interval=3 * HOUR), {"within": ALWAYS}, "every 3 h all day"),
        (At(times=(time(7, 45), time(12), time(18))), {}, "at 07:45, 12:00 and 18:00"),
        (Cron(expression="0 9 * * 1"), {}, "at the times of the cron expression 0 9 * * 1"),
        (BeforeTraining(lead=HOUR / 6), {}, "10 min before training"),
        (AfterTraining(), {}, "after training"),
        (AfterTraining(lag=HOUR), {}, "1 h after training"),
        (At(times=(time(9),)), {"days": frozenset({0, 1, 2, 4})}, "at 09:00, on Mon to Wed and Fri"),
        (
            At(times=(time(9),)),
            {"first_date": date(2026, 1, 2), "last_date": date(2026, 3, 4)},
            "at 09:00, from 2026-01-02, until 2026-03-04",
        ),
    ],
)
def test_a_schedule_is_told_as_people_say_it(schedule: Schedule, more: dict[str, object], words: str) -> None:
    assert schedule_words(habit(schedule, **more)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({0, 1, 2, 3, 4}, "Mon to Fri"),
        ({1, 3}, "Tue and Thu"),
        ({5, 6}, "Sat and Sun"),
        ({0, 2, 3, 4, 6}, "Mon, Wed to Fri and Sun"),
    ],
)
def test_days_in_a_row_are_a_run(days: set[int], words: str) -> None:
    assert day_words(days) == words


def test_ranges_and_trainings_are_told() -> None:
    always = LocalRange(start_minute=0, end_minute=1440)
    late = LocalRange(start_minute=1320, end_minute=1560)
    assert ranges_words([always]) == "all day"
    assert ranges_words([late]) == "22:00 to 02:00"
    gym = TrainingSession(name="Gym", days=frozenset({1}), at=time(18, 30), lasts=HOUR)
    assert training_words(replace(person(), training=(gym,))) == ["Gym: Tue at 18:30 for 1 h"]


def test_limits_that_are_off_are_told_as_off() -> None:
    off = Limits(per_day=5, gap=timedelta(0), merge=timedelta(0))
    assert limit_words(person(limits=off)) == ["at most 5 nudges a day", "no least gap", "nothing travels together"]


def test_a_built_in_habit_is_called_as_its_messages_call_it_and_ones_own_as_it_is_written() -> None:
    assert name_of("movement") == "Short break"
    assert name_of("take_the_stairs") == "Take the stairs"
    assert name_of("") == ""
