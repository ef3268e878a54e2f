"""One person's day as the journal has it, read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from reminders.domain.answer import UNDO_WINDOW, Answer
from reminders.domain.delivery import Delivery
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Occurrence
from reminders.domain.pause import Pause
from reminders.planning.answering import is_answerable
from reminders.planning.waking_day import start_of
from reminders.planning.water_words import HYDRATION, is_plenty

if TYPE_CHECKING:
    from reminders.journal.read_models import HistoryRow
    from reminders.journal.sqlite_journal import SqliteJournal
    from reminders.web.visit import Visit

_INSTANT = timedelta(microseconds=1)  # what is said at this very moment counts as well
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenNudge:
    """What waits for an answer: the message, and those of its asks that are still open, in their order."""

    nudge: Nudge
    asks: tuple[Occurrence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Water:
    """What was drunk in the waking day, in millilitres; ``goal_ml`` None = none is set."""

    drunk_ml: int
    goal_ml: int | None
    is_plenty: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRecord:
    """A waking day, from ``since`` until ``until``.

    ``rows`` are the occurrences due in it, ``nudges`` the messages made in it, ``deliveries`` theirs. ``answers`` are
    those given with nothing open. ``undoable`` holds the newest young answer of each habit, newest first. ``water``
    None = the person has no such habit.
    """

    since: datetime
    until: datetime
    rows: tuple[HistoryRow, ...] = ()
    nudges: tuple[Nudge, ...] = ()
    deliveries: Mapping[str, tuple[Delivery, ...]] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    open: tuple[OpenNudge, ...] = ()
    snoozed: tuple[Occurrence, ...] = ()
    undoable: tuple[Answer, ...] = ()
    pauses: tuple[Pause, ...] = ()
    water: Water | None = None


def read_day(visit: Visit, journal: SqliteJournal | None, day: date) -> DayRecord:
    """Return what is on record about a day; nothing while there is no journal. Raises JournalUnavailable."""
    person, zone = visit.person, visit.zone
    since, until = start_of(person, zone, day), start_of(person, zone, day + timedelta(days=1))
    if journal is None:
        return DayRecord(since=since, until=until, water=_water(visit, None, since))
    nudges = journal.nudges_between(person.id, since, until)
    waiting = [one for one in journal.open_occurrences(person.id) if _can_be_answered(one, visit.now)]
    young = journal.answers(person.id, visit.now - UNDO_WINDOW, visit.now + _INSTANT)
    return DayRecord(
        since=since,
        until=until,
        rows=journal.history(person.id, since, until),
        nudges=nudges,
        deliveries={nudge.id: journal.deliveries_of(nudge.id) for nudge in nudges},
        answers=tuple(one for one in journal.answers(person.id, since, until) if one.occurrence_id is None),
        open=_open_nudges(journal, [one for one in waiting if not one.waiting]),
        snoozed=tuple(one for one in waiting if one.waiting),
        undoable=tuple({answer.habit: answer for answer in young}.values())[::-1],
        pauses=journal.pauses(person.id, visit.now),
        water=_water(visit, journal, since),
    )


def _can_be_answered(occurrence: Occurrence, now: datetime) -> bool:
    return is_answerable(occurrence) and occurrence.expires_at > now


def _open_nudges(journal: SqliteJournal, waiting: list[Occurrence]) -> tuple[OpenNudge, ...]:
    """Put the open asks together that came in one message, the newest message first."""
    by_nudge: dict[str, list[Occurrence]] = {}
    for occurrence in waiting:
        if occurrence.nudge_id is not None:
            by_nudge.setdefault(occurrence.nudge_id, []).append(occurrence)
    found = [(journal.nudge(nudge_id), asks) for nudge_id, asks in by_nudge.items()]
    found.sort(key=lambda pair: pair[0].created_at, reverse=True)
    return tuple(OpenNudge(nudge=nudge, asks=_in_order(nudge, asks)) for nudge, asks in found)


def _in_order(nudge: Nudge, asks: list[Occurrence]) -> tuple[Occurrence, ...]:
    order = {ask.occurrence_id: index for index, ask in enumerate(nudge.asks)}
    return tuple(sorted(asks, key=lambda occurrence: order.get(occurrence.id, len(order))))


def _water(visit: Visit, journal: SqliteJournal | None, since: datetime) -> Water | None:
    habit = visit.person.habit(HYDRATION)
    if habit is None or habit.unsafe is not None:
        return None
    if journal is None:
        return Water(drunk_ml=0, goal_ml=habit.goal_ml, is_plenty=False)
    now = visit.now + _INSTANT
    until = min(start_of(visit.person, visit.zone, visit.today + timedelta(days=1)), now)
    drunk_ml = journal.water_ml(visit.person.id, since, until)
    in_an_hour_ml = journal.water_ml(visit.person.id, now - _HOUR, now)
    return Water(drunk_ml=drunk_ml, goal_ml=habit.goal_ml, is_plenty=is_plenty(visit.person, in_an_hour_ml, drunk_ml))
