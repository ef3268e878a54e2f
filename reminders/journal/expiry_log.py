"""What the end of its time makes of an occurrence, and when the next one ends."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from reminders.catalogue.phrases import phrase
from reminders.domain.occurrence import Occurrence
from reminders.journal import delivery_log, occurrence_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of
from reminders.planning import answering

_EXPIRED = phrase("expired")


def close_expired(connection: sqlite3.Connection, now: datetime) -> tuple[Occurrence, ...]:
    """End every open occurrence whose time is over, and service messages past theirs; return those ended.

    One whose nudge is being sent at this moment stays until that attempt has ended.
    """
    instant = {"now": to_text(now)}
    expired = occurrence_log.select(connection, "occurrences_expired", instant)
    ended = [end(connection, occurrence, now) for occurrence in expired]
    for delivery in delivery_log.select(connection, "deliveries_of_expired_notices", instant):
        delivery_log.abandon(connection, delivery.id, now, _EXPIRED)
    return tuple(occurrence for occurrence in ended if occurrence.state.is_terminal)


def end(connection: sqlite3.Connection, occurrence: Occurrence, now: datetime) -> Occurrence:
    """End one occurrence when its time is over; return it as it stands then."""
    deliveries = () if occurrence.nudge_id is None else delivery_log.of_nudge(connection, occurrence.nudge_id)
    after = answering.ended(occurrence, now, deliveries)
    if after.state is not occurrence.state:
        occurrence_log.save(connection, occurrence_log.ended_kind(after.state), occurrence, after, now)
        if occurrence.nudge_id is not None:
            delivery_log.abandon_unwanted(connection, occurrence.nudge_id, now, _EXPIRED)
    return after


def next_deadline(connection: sqlite3.Connection) -> datetime | None:
    """Return when the next open occurrence ends or a waiting one is due again; None = nothing is open."""
    row = connection.execute(sql_of("next_deadline")).fetchone()
    instant: str | None = row["instant"]
    return to_instant(instant)
