"""Asks that nobody answered, put once more: which now, which later, which not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from reminders.domain.facts import Facts
from reminders.domain.habit import Habit
from reminders.domain.nudge import Ask, Nudge
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.domain.person import Person
from reminders.planning.catch_up import CALM_WINDOW, LATE_AFTER
from reminders.planning.day import Day
from reminders.planning.nudge_text import Composition
from reminders.planning.record import break_around
from reminders.planning.wall_time import as_instant, as_seconds

_MARK = "~"  # no occurrence and no other nudge has it before the number at its end


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUpDue:
    """Occurrences to be put again together, in the nudge ``nudge_id``; the nudge ``about`` carried them before."""

    nudge_id: str
    about: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUps:
    """``due`` leave at once; ``waits_until`` is when the others are to be looked at."""

    due: tuple[FollowUpDue, ...]
    waits_until: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    """An unanswered occurrence that may be put again from ``wanted_at`` on, and from ``welcome_at`` on is welcome."""

    occurrence: Occurrence
    nudge_id: str
    wanted_at: datetime
    welcome_at: datetime


def follow_ups(today: Callable[[], Day], person: Person, facts: Facts, now: datetime, nudges_left: int) -> FollowUps:
    """Decide about the unanswered occurrences whose time to be put again has come.

    Those of one nudge leave together. What a silence, a pause or a training held up follows at its end, if that is
    before its own; who would not be reached now is asked when they are back. Of those that are late at most
    ``nudges_left`` nudges leave; the others follow minutes later.
    """
    waits: list[datetime] = []
    ready: list[_Open] = []
    for one in _open_ones(today, person, facts, now):
        if one.welcome_at > now:
            waits.append(one.welcome_at)
        else:
            ready.append(one)
    together = [list(group) for _, group in groupby(sorted(ready, key=_by_nudge), key=lambda one: one.nudge_id)]
    due: list[FollowUpDue] = []
    for group in sorted(together, key=lambda group: min(one.wanted_at for one in group)):
        is_late = any(one.wanted_at < now - LATE_AFTER for one in group)
        if is_late and len(due) >= nudges_left:
            waits.append(now + CALM_WINDOW)
        else:
            due.append(_due(group))
    return FollowUps(due=tuple(due), waits_until=tuple(waits))


def _by_nudge(one: _Open) -> tuple[str, str]:
    return one.nudge_id, one.occurrence.id


def _due(group: list[_Open]) -> FollowUpDue:
    occurrences = tuple(one.occurrence for one in group)
    name = f"{occurrences[0].id}{_MARK}{occurrences[0].follow_ups + 1}"
    return FollowUpDue(nudge_id=name, about=group[0].nudge_id, occurrences=occurrences)


def _open_ones(today: Callable[[], Day], person: Person, facts: Facts, now: datetime) -> Iterator[_Open]:
    day: Day | None = None
    for occurrence in facts.occurrences:
        habit = person.habit(occurrence.habit) if occurrence.state is OccurrenceState.SENT else None
        wanted_at = None if habit is None else _wanted_at(occurrence, habit)
        if habit is None or wanted_at is None or occurrence.nudge_id is None:
            continue
        if wanted_at > now:
            welcome_at = wanted_at
        else:
            day = day or today()
            found = day.around.welcome_from(habit, as_seconds(now))
            if found is None:
                continue  # the next date knows
            if _is_idle_talk(day, habit, occurrence, facts):
                continue
            welcome_at = max(as_instant(found), now)
        if welcome_at < occurrence.expires_at:
            yield _Open(occurrence=occurrence, nudge_id=occurrence.nudge_id, wanted_at=wanted_at, welcome_at=welcome_at)


def _is_idle_talk(today: Day, habit: Habit, occurrence: Occurrence, facts: Facts) -> bool:
    """Tell whether a repeat would reach nobody now, or a real break was taken since it was asked for."""
    if habit.break_length is not None and occurrence.sent_at is not None:
        taken = break_around(facts.breaks, habit, as_seconds(occurrence.sent_at))
        if taken is not None:
            return True
    again = habit.follow_up
    return today.attendance.forbids(habit, () if again is None else again.to) is not None


def _wanted_at(occurrence: Occurrence, habit: Habit) -> datetime | None:
    """Return when it is to be put again: counted from its last message; None = never."""
    again = habit.follow_up
    if again is None or habit.unsafe is not None or occurrence.follow_ups >= again.times:
        return None
    if occurrence.sent_at is None or occurrence.nudged_at is None:
        return None
    return max(occurrence.sent_at, occurrence.nudged_at) + again.after


def as_recorded(_person: Person, about: Nudge, asks: tuple[Ask, ...]) -> Composition:
    """Put some asks of a nudge again in its own words, as they are on record."""
    return Composition(
        title=about.title,
        text="\n".join(ask.text for ask in asks),
        discreet_text=about.discreet_text,
        asks=asks,
    )
