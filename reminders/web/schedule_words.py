"""A habit's schedule as people say it: "every 2 h while awake", "10 min before training"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time, timedelta

from reminders.domain.habit import EVERY_DAY, Habit
from reminders.domain.person import Person
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
from reminders.planning.wording_of_time import length

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RUN_AT_LEAST = 3


def schedule_words(habit: Habit) -> str:
    """Return when a habit is due."""
    parts = [_due(habit.schedule, habit.within)]
    if habit.days != EVERY_DAY:
        parts.append(f"on {day_words(habit.days)}")
    if habit.first_date is not None:
        parts.append(f"from {habit.first_date.isoformat()}")
    if habit.last_date is not None:
        parts.append(f"until {habit.last_date.isoformat()}")
    return ", ".join(parts)


def _due(schedule: Schedule, within: Within) -> str:
    match schedule:
        case Every():
            since = ", counted from the last answer" if schedule.anchor is Anchor.ANSWER else ""
            return f"every {length(schedule.interval)} {_within(within)}{since}"
        case At():
            return f"at {_listed(f'{one:%H:%M}' for one in schedule.times)}"
        case Times():
            return f"{schedule.count} times a day {_within(within)}"
        case Cron():
            return f"at the times of the cron expression {schedule.expression}"
        case BeforeTraining():
            return f"{length(schedule.lead)} before training"
        case AfterTraining():
            return f"{length(schedule.lag)} after training" if schedule.lag else "after training"


def _within(within: Within) -> str:
    match within.kind:
        case WithinKind.AWAKE:
            return "while awake"
        case WithinKind.WORK:
            return "during work"
        case WithinKind.RANGES:
            return f"within {ranges_words(within.ranges)}"


def ranges_words(ranges: Iterable[LocalRange]) -> str:
    """Return ranges of wall time: ``09:00 to 12:00 and 13:00 to 17:30``."""
    return _listed("all day" if one.is_always else str(one).replace("-", " to ") for one in ranges)


def day_words(days: Iterable[int]) -> str:
    """Return weekdays (Monday is 0), three and more in a row as a run: ``Mon to Fri and Sun``."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words: list[str] = []
    for run in runs:
        names = [_DAYS[day] for day in run]
        words += [f"{names[0]} to {names[-1]}"] if len(run) >= _RUN_AT_LEAST else names
    return _listed(words)


def training_words(person: Person) -> list[str]:
    """Return the weekly trainings: ``Gym: Tue and Thu at 18:30 for 1 h``."""
    return [f"{one.name}: {day_words(one.days)} at {_time(one.at)} for {length(one.lasts)}" for one in person.training]


def limit_words(person: Person) -> list[str]:
    """Return the limits, each a line."""
    limits = person.limits
    gap = f"at least {length(limits.gap)} between two nudges" if limits.gap > timedelta(0) else "no least gap"
    together = f"what falls due within {length(limits.merge)} travels together"
    merge = together if limits.merge > timedelta(0) else "nothing travels together"
    return [f"at most {limits.per_day} nudges a day", gap, merge]


def _time(value: time) -> str:
    return f"{value:%H:%M}"


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)
