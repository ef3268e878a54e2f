"""After a damaged journal: what took its place, and the close of what it cannot know, so that none is sent twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from reminders.catalogue.phrases import phrase
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.turn_record import TurnRecord
from reminders.journal import delivery_log, occurrence_log, turn_log
from reminders.journal.queries import sql_of

_KEY = "recovery"
_LOST = phrase("the record of it was damaged")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """What was done about a damaged journal.

    ``quarantined`` is where the damaged file lies now, ``reason`` what was wrong with it. ``restored_from`` is the
    backup that took its place; None = the journal began anew. What happened since that backup is not on record: the
    caller must not send again what may have been sent since.
    """

    quarantined: Path
    reason: str
    restored_from: Path | None = None


def remember(connection: sqlite3.Connection, recovery: Recovery) -> None:
    """Write into the new journal that it took another's place, for whoever opens it before that is settled."""
    restored_from = None if recovery.restored_from is None else str(recovery.restored_from)
    about = {"quarantined": str(recovery.quarantined), "reason": recovery.reason, "restored_from": restored_from}
    connection.execute(sql_of("meta_set"), {"key": _KEY, "value": json.dumps(about)})


def remembered(connection: sqlite3.Connection) -> Recovery | None:
    """Return the recovery that is not settled yet; None = there is none."""
    row = connection.execute(sql_of("meta_get"), {"key": _KEY}).fetchone()
    if row is None:
        return None
    about = json.loads(row["value"])
    restored_from = about["restored_from"]
    return Recovery(
        quarantined=Path(about["quarantined"]),
        reason=about["reason"],
        restored_from=None if restored_from is None else Path(restored_from),
    )


def settle(connection: sqlite3.Connection, people: Iterable[str], notices: Iterable[Nudge], now: datetime) -> None:
    """Begin anew at ``now``: everything due before it counts as dealt with, and everybody is told.

    1. what was to be sent may have been sent since: its deliveries are unknown;
    2. what waited for a moment that has passed is missed;
    3. no older slot is decided again;
    4. the notices are queued.
    """
    _close_deliveries(connection, now)
    for occurrence in occurrence_log.select(connection, "occurrences_open", {"person": None, "habit": None}):
        if occurrence.waiting and occurrence.due_at <= now:
            state, reason = OccurrenceState.MISSED, Reason.EXPIRED_DOWN
            missed = replace(occurrence, state=state, reason=reason, detail=_LOST, waiting=False)
            occurrence_log.save(connection, occurrence_log.ended_kind(state), occurrence, missed, now)
    for person in people:
        turn_log.record(connection, TurnRecord(person=person, decided_at=now, planned_until=now))
    for notice in notices:
        turn_log.record_notice(connection, notice)
    connection.execute(sql_of("meta_delete"), {"key": _KEY})


def _close_deliveries(connection: sqlite3.Connection, now: datetime) -> None:
    result = SendResult(outcome=SendOutcome.UNKNOWN, detail=_LOST)
    for delivery in delivery_log.select(connection, "deliveries_open", {}):
        delivery_log.begin(connection, delivery.id, now)
        delivery_log.finish(connection, delivery.id, result, DeliveryState.UNKNOWN, now, None)
