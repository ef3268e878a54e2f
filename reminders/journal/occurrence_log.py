"""Occurrence rows: read, and saved together with the event that says what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from reminders.domain.occurrence import Occurrence, OccurrenceState, Reason
from reminders.journal import event_log
from reminders.journal.event_log import Columns
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of

PLANNED = "occurrence.planned"
NUDGED = "occurrence.nudged"
DEFERRED = "occurrence.deferred"
SENT = "occurrence.sent"
NOT_SENT_AGAIN = "occurrence.not_sent_again"
FOLLOWED_UP = "occurrence.followed_up"
SNOOZED = "occurrence.snoozed"
ANSWERED_LATE = "occurrence.answered_late"
RESTORED = "occurrence.restored"
SET_BACK = "occurrence.set_back"


def ended_kind(state: OccurrenceState) -> str:
    """Return the kind of event that ends an occurrence in that state."""
    return f"occurrence.{state.value}"


def find(connection: sqlite3.Connection, occurrence_id: str) -> Occurrence | None:
    """Return the occurrence of that id; None when it was never recorded."""
    row = connection.execute(sql_of("occurrence_by_id"), {"id": occurrence_id}).fetchone()
    return None if row is None else from_row(row)


def select(connection: sqlite3.Connection, query: str, parameters: Mapping[str, object]) -> tuple[Occurrence, ...]:
    """Return the occurrences that a named query finds."""
    return tuple(from_row(row) for row in connection.execute(sql_of(query), parameters))


def save(
    connection: sqlite3.Connection, kind: str, before: Occurrence | None, after: Occurrence, at: datetime
) -> Occurrence:
    """Write the row and the event with what changed; ``before`` None = it is new. Returns ``after``."""
    columns = to_columns(after)
    difference = event_log.changed(None if before is None else to_columns(before), columns)
    connection.execute(sql_of("occurrence_save"), columns)
    event_log.append(
        connection,
        kind,
        at,
        difference,
        person=after.person,
        habit=after.habit,
        occurrence_id=after.id,
        nudge_id=after.nudge_id,
    )
    return after


def to_columns(occurrence: Occurrence) -> Columns:
    """Return the row of an occurrence."""
    return {
        "id": occurrence.id,
        "person": occurrence.person,
        "habit": occurrence.habit,
        "slot_key": occurrence.slot_key,
        "first_due_at": to_text(occurrence.first_due_at),
        "due_at": to_text(occurrence.due_at),
        "expires_at": to_text(occurrence.expires_at),
        "state": occurrence.state.value,
        "reason": None if occurrence.reason is None else occurrence.reason.value,
        "detail": occurrence.detail,
        "nudge_id": occurrence.nudge_id,
        "nudged_at": to_text(occurrence.nudged_at),
        "sent_at": to_text(occurrence.sent_at),
        "answered_at": to_text(occurrence.answered_at),
        "answered_late": int(occurrence.answered_late),
        "snoozes": occurrence.snoozes,
        "follow_ups": occurrence.follow_ups,
        "amount_ml": occurrence.amount_ml,
        "waiting": int(occurrence.waiting),
    }


def from_row(row: sqlite3.Row) -> Occurrence:
    """Return the occurrence of a row."""
    return Occurrence(
        person=row["person"],
        habit=row["habit"],
        slot_key=row["slot_key"],
        first_due_at=to_instant(row["first_due_at"]),
        due_at=to_instant(row["due_at"]),
        expires_at=to_instant(row["expires_at"]),
        state=OccurrenceState(row["state"]),
        reason=None if row["reason"] is None else Reason(row["reason"]),
        detail=row["detail"],
        nudge_id=row["nudge_id"],
        nudged_at=to_instant(row["nudged_at"]),
        sent_at=to_instant(row["sent_at"]),
        answered_at=to_instant(row["answered_at"]),
        answered_late=bool(row["answered_late"]),
        snoozes=row["snoozes"],
        follow_ups=row["follow_ups"],
        amount_ml=row["amount_ml"],
        waiting=bool(row["waiting"]),
    )
