"""A habit's schedule as people say it: "every 2 h while awake", "10 min before training"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from reminders.catalogue.phrases import say, say_many
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
from reminders.planning.wording_of_time import WEEKDAYS_IN_SHORT, length

_HOUR = timedelta(hours=1)
_RUN_AT_LEAST = 3


def schedule_words(habit: Habit) -> str:
    """Return when a habit is due."""
    parts = [_due(habit.schedule, habit.within)]
    if habit.days != EVERY_DAY:
        parts.append(say("on {days}", days=day_words(habit.days)))
    if habit.first_date is not None:
        parts.append(say("from {date}", date=habit.first_date.isoformat()))
    if habit.last_date is not None:
        parts.append(say("until {date}", date=habit.last_date.isoformat()))
    return ", ".join(parts)


def _due(schedule: Schedule, within: Within) -> str:
    match schedule:
        case Every():
            since = [say("counted from the last answer")] if schedule.anchor is Anchor.ANSWER else []
            return ", ".join([_within(within, _every(schedule.interval)), *since])
        case At():
            return say("at {times}", times=_listed(f"{one:%H:%M}" for one in schedule.times))
        case Times():
            return _within(within, say_many("once a day", "{count} times a day", schedule.count))
        case Cron():
            return say("at the times of the cron expression {expression}", expression=schedule.expression)
        case BeforeTraining():
            return say("{length} before training", length=length(schedule.lead))
        case AfterTraining():
            later = length(schedule.lag)
            return say("{length} after training", length=later) if schedule.lag else say("after training")


def _every(interval: timedelta) -> str:
    return say("every 1 h") if interval == _HOUR else say("every {length}", length=length(interval))


def _within(within: Within, often: str) -> str:
    match within.kind:
        case WithinKind.AWAKE:
            return say("{often} while awake", often=often)
        case WithinKind.WORK:
            return say("{often} during work", often=often)
        case WithinKind.RANGES if all(one.is_always for one in within.ranges):
            return say("{often} all day", often=often)
        case WithinKind.RANGES:
            return say("{often} within {ranges}", often=often, ranges=ranges_words(within.ranges))


def ranges_words(ranges: Iterable[LocalRange]) -> str:
    """Return ranges of wall time: ``09:00 to 12:00 and 13:00 to 17:30``."""
    return _listed(say("all day") if one.is_always else _run(*str(one).split("-")) for one in ranges)


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
        names = [say(WEEKDAYS_IN_SHORT[day]) for day in run]
        words += [_run(names[0], names[-1])] if len(run) >= _RUN_AT_LEAST else names
    return _listed(words)


def training_words(person: Person) -> list[str]:
    """Return the weekly trainings: ``Gym: Tue and Thu at 18:30 for 1 h``."""
    return [
        say(
            "{name}: {days} at {time} for {length}",
            name=one.name,
            days=day_words(one.days),
            time=f"{one.at:%H:%M}",
            length=length(one.lasts),
        )
        for one in person.training
    ]


def limit_words(person: Person) -> list[str]:
    """Return the limits, each a line."""
    limits = person.limits
    gap, merge = say("no least gap"), say("nothing travels together")
    if limits.gap > timedelta(0):
        gap = say("at least {length} between two nudges", length=length(limits.gap))
    if limits.merge > timedelta(0):
        merge = say("what falls due within {length} travels together", length=length(limits.merge))
    return [say_many("at most {count} nudge a day", "at most {count} nudges a day", limits.per_day), gap, merge]


def _run(start: str, end: str) -> str:
    return say("{start} to {end}", start=start, end=end)


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return say("{some} and {last}", some=", ".join(found[:-1]), last=found[-1]) if len(found) > 1 else "".join(found)
