"""Days that were lived: what was put to a person and what became of it, as the record tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reminders.domain.occurrence import MISSED_REASONS, OccurrenceState, Reason
from tests.planning.people import TUESDAY, minutes, moment

DONE, SKIPPED, LAPSED, SENT, PLANNED = (
    OccurrenceState.DONE,
    OccurrenceState.SKIPPED,
    OccurrenceState.LAPSED,
    OccurrenceState.SENT,
    OccurrenceState.PLANNED,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the record, as far as the counting reads it."""

    habit: str
    due_at: datetime
    sent_at: datetime | None
    state: OccurrenceState
    reason: Reason | None = None
    answered_at: datetime | None = None
    late: bool = False


def put(
    habit: str, at: str, state: OccurrenceState, *, day: date = TUESDAY, after: float = 5, late: bool = False
) -> Line:
    """Return what was put to the person at a wall time, answered so many minutes later."""
    due_at = moment(at, day)
    answered_at = due_at + minutes(after) if late or state in (DONE, SKIPPED) else None
    return Line(habit=habit, due_at=due_at, sent_at=due_at, state=state, answered_at=answered_at, late=late)


def held(habit: str, at: str, reason: Reason, *, late: bool = False) -> Line:
    state = OccurrenceState.MISSED if reason in MISSED_REASONS else OccurrenceState.SUPPRESSED
    return Line(habit=habit, due_at=moment(at), sent_at=None, state=state, reason=reason, late=late)


def asked(habit: str, hour: int, done: int, left_open: int) -> list[Line]:
    """Return asks within one hour, a minute apart."""
    states = [DONE] * done + [LAPSED] * left_open
    return [put(habit, f"{hour:02d}:{minute:02d}", state) for minute, state in enumerate(states)]


def held_back(habit: str, reason: Reason, number: int) -> list[Line]:
    """Return what was suppressed or missed."""
    return [held(habit, f"12:{minute:02d}", reason) for minute in range(number)]
