"""What is behind a moment: what was due around it, what held then, and the slots before and after. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.composition.circumstances import Circumstance, circumstances_of
from reminders.composition.surroundings import facts_for, now, open_journal, running, zone_of
from reminders.domain.calendar import CalendarEvent
from reminders.domain.decision import Decision
from reminders.domain.facts import Facts
from reminders.domain.occurrence import Occurrence
from reminders.domain.person import Person
from reminders.domain.schedule import AfterTraining, BeforeTraining, Every, Times, WithinKind

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.domain.habit import Habit
    from reminders.journal.read_models import Explanation
    from reminders.journal.sqlite_journal import SqliteJournal

NEAR = timedelta(hours=1)
LOOK_BACK = timedelta(days=1)
LOOK_AHEAD = timedelta(days=8)  # every weekday once


class Absence(StrEnum):
    """Why a habit had no slot at a moment."""

    OFF = "off"  # switched off in the file
    GONE = "gone"  # in the file no more, or not yet
    UNSAFE = "unsafe"
    NOT_THAT_DAY = "not_that_day"  # its weekdays or dates
    NO_WORK = "no_work"  # not a day of work
    NO_TRAINING = "no_training"
    OUTSIDE_WINDOW = "outside_window"
    BETWEEN = "between"  # its slots lie before and after


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A slot before or after the moment: recorded as an ``occurrence``, or still only a ``decision`` of the plan."""

    due_at: datetime
    occurrence: Occurrence | None = None
    decision: Decision | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """The slots of a habit that was not due around the moment; None = none within a day before, eight days after."""

    habit: str
    absence: Absence
    detail: str
    before: Slot | None
    after: Slot | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiry:
    """What is behind the moment ``at`` for one person, as known at ``asked_at``.

    ``explanations`` are on record, ``planned`` are decisions not on record (yet), both by due time. ``neighbours``
    are told where nothing was due near the moment.
    """

    person: Person
    zone: ZoneInfo
    at: datetime
    asked_at: datetime
    explanations: tuple[Explanation, ...]
    planned: tuple[Decision, ...]
    circumstances: tuple[Circumstance, ...]
    neighbours: tuple[Neighbours, ...]


def inquire(data_dir: Path, person: Person, habit: str | None, at: datetime) -> Inquiry:
    """Gather what is behind a moment; ``habit`` None = all of the person's. Raises JournalUnavailable."""
    zone, asked_at = zone_of(person), now()
    journal = open_journal(data_dir, read_only=True)
    try:
        found = () if journal is None else journal.explain(person.id, habit, at)
        facts = facts_for(journal, person, min(at, asked_at), max(at, asked_at) + LOOK_AHEAD)
        ahead = [one for one in _forecast(person, zone, facts, at, asked_at) if habit in (None, one.habit)]
        recorded = () if journal is None else _recorded(journal, person, habit, at)
        explanations = sorted((one for one in found if habit or _is_near(one.occurrence, at)), key=_due)
        planned = sorted((one for one in ahead if _is_around(one.due_at, one.expires_at, at)), key=_decision_due)
        is_told = {one.occurrence.habit for one in found if _is_near(one.occurrence, at)}
        is_told |= {one.habit for one in planned}
        silent = _silent(person, habit, is_told)
        return Inquiry(
            person=person,
            zone=zone,
            at=at,
            asked_at=asked_at,
            explanations=tuple(explanations),
            planned=tuple(planned),
            circumstances=circumstances_of(
                person, zone, at, asked_at, facts, journal, found, is_running=running(data_dir) is not None
            ),
            neighbours=tuple(_neighbours(person, zone, name, at, recorded, ahead, facts.calendar) for name in silent),
        )
    finally:
        if journal is not None:
            journal.close()


def _due(explanation: Explanation) -> datetime:
    return explanation.occurrence.first_due_at


def _decision_due(decision: Decision) -> datetime:
    return decision.due_at


def _is_near(occurrence: Occurrence, at: datetime) -> bool:
    return _is_around(occurrence.first_due_at, occurrence.expires_at, at)


def _is_around(due_at: datetime, expires_at: datetime, at: datetime) -> bool:
    return due_at <= at < expires_at or abs(due_at - at) <= NEAR


def _silent(person: Person, habit: str | None, is_told: set[str]) -> list[str]:
    """Return the habits whose silence is to be explained: the one asked for, or all where nothing at all was due."""
    if habit is not None:
        return [] if habit in is_told else [habit]
    return [] if is_told else [one.id for one in person.habits]


def _forecast(person: Person, zone: ZoneInfo, facts: Facts, at: datetime, asked_at: datetime) -> Iterator[Decision]:
    """Yield what the plan says of the slots around the moment that are not on record."""
    from reminders.planning.forecast import forecast

    days = (LOOK_BACK + LOOK_AHEAD).days + 1
    known = {occurrence.id for occurrence in facts.occurrences}
    for decision in forecast(person, zone, at - LOOK_BACK, days, facts, asked_at):
        if decision.occurrence_id not in known:
            yield decision


def _recorded(journal: SqliteJournal, person: Person, habit: str | None, at: datetime) -> tuple[Occurrence, ...]:
    facts = journal.facts(person.id, at - LOOK_BACK, at + LOOK_AHEAD)
    return tuple(one for one in facts.occurrences if habit in (None, one.habit))


def _neighbours(
    person: Person,
    zone: ZoneInfo,
    name: str,
    at: datetime,
    recorded: Sequence[Occurrence],
    ahead: Sequence[Decision],
    calendar: Sequence[CalendarEvent],
) -> Neighbours:
    slots = [Slot(due_at=one.first_due_at, occurrence=one) for one in recorded if one.habit == name]
    slots += [Slot(due_at=one.due_at, decision=one) for one in ahead if one.habit == name]
    before = [slot for slot in slots if at - LOOK_BACK <= slot.due_at <= at]
    after = [slot for slot in slots if at < slot.due_at <= at + LOOK_AHEAD]
    absence, detail = _absence(person, zone, name, at, calendar)
    return Neighbours(
        habit=name,
        absence=absence,
        detail=detail,
        before=max(before, key=lambda slot: slot.due_at, default=None),
        after=min(after, key=lambda slot: slot.due_at, default=None),
    )


def _absence(
    person: Person, zone: ZoneInfo, name: str, at: datetime, calendar: Sequence[CalendarEvent]
) -> tuple[Absence, str]:
    from reminders.planning.recurrence import is_on
    from reminders.planning.wall_time import as_seconds, local_date

    habit = person.habit(name)
    if habit is None:
        return (Absence.OFF if name in person.off_habits else Absence.GONE), ""
    if habit.unsafe is not None:
        return Absence.UNSAFE, habit.unsafe
    if not is_on(habit, local_date(zone, as_seconds(at))):
        return Absence.NOT_THAT_DAY, ""
    return _absence_that_day(person, zone, habit, at, calendar)


def _absence_that_day(
    person: Person, zone: ZoneInfo, habit: Habit, at: datetime, calendar: Sequence[CalendarEvent]
) -> tuple[Absence, str]:
    from reminders.planning.recurrence import ranges_of, sessions, touching_windows
    from reminders.planning.wall_time import as_seconds, local_date

    seconds = as_seconds(at)
    day = local_date(zone, seconds)
    is_around_training = isinstance(habit.schedule, BeforeTraining | AfterTraining)
    if is_around_training and not sessions(person, zone, day, calendar):
        return Absence.NO_TRAINING, ""
    if not isinstance(habit.schedule, Every | Times):
        return Absence.BETWEEN, ""
    if habit.within.kind is WithinKind.WORK and day.weekday() not in person.work.days:
        return Absence.NO_WORK, ""
    if any(window.holds(seconds) for window in touching_windows(habit, person, zone, day)):
        return Absence.BETWEEN, ""
    return Absence.OUTSIDE_WINDOW, ", ".join(str(one) for one in ranges_of(habit, person))
