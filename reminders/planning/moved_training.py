"""Asks around a training that somebody moved: their names stay the same, so what was said is not said again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from reminders.domain.calendar import CalendarEvent
from reminders.domain.decision import Decision, Defer
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Occurrence, Reason, occurrence_id
from reminders.domain.person import Person
from reminders.domain.schedule import AfterTraining, BeforeTraining
from reminders.planning.recurrence import Slot, around_session, event_span
from reminders.planning.wall_time import as_instant

_ONE_DAY = timedelta(days=1)


def ids_around(person: Person, calendar: Sequence[CalendarEvent], since: datetime, until: datetime) -> Iterator[str]:
    """Yield the names of the occurrences around the trainings between two instants, wherever those were before."""
    near = [event for event in calendar if event.starts_at < until + _ONE_DAY and event.ends_at > since - _ONE_DAY]
    for habit in person.habits:
        for slot in _slots(habit, near):
            yield occurrence_id(person.id, habit.id, slot.key)


def moved_on(
    person: Person, calendar: Sequence[CalendarEvent], occurrence: Occurrence, now: datetime
) -> tuple[Decision, Defer] | None:
    """Return that a waiting occurrence goes on waiting, where its training was moved to later; None = it was not."""
    habit = person.habit(occurrence.habit)
    for slot in () if habit is None else _slots(habit, calendar):
        due_at = as_instant(slot.due)
        if slot.key == occurrence.slot_key and due_at > now:
            verdict = Defer(due_at, occurrence.reason or Reason.BUSY)
            ends_at = due_at + (occurrence.expires_at - occurrence.due_at)
            o = occurrence
            return Decision(o.person, o.habit, o.slot_key, o.first_due_at, ends_at, verdict), verdict
    return None


def _slots(habit: Habit, calendar: Sequence[CalendarEvent]) -> Iterator[Slot]:
    if isinstance(habit.schedule, BeforeTraining | AfterTraining):
        for event in calendar:
            if event.training is not None:
                yield around_session(habit, event.key, event_span(event))
