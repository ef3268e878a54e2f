"""Pauses: begun, ended early, read."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reminders.domain.pause import Pause
from reminders.journal import event_log
from reminders.journal.event_log import Columns
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of


def begin(
    connection: sqlite3.Connection,
    person: str,
    habit: str | None,
    now: datetime,
    ends_at: datetime,
    author: str,
    reason: str,
    *,
    flare: bool,
) -> Pause:
    """Mute a habit, or every one when None, from now until ``ends_at``. Raises ValueError for an end not to come."""
    if ends_at <= now:
        raise ValueError(f"a pause cannot end at {to_text(ends_at)}, which is not to come")
    columns: Columns = {
        "person": person,
        "habit": habit,
        "starts_at": to_text(now),
        "ends_at": to_text(ends_at),
        "author": author,
        "reason": reason,
        "flare": int(flare),
    }
    row = connection.execute(sql_of("pause_insert"), columns).fetchone()
    data = {**columns, "id": row["id"], "ended_at": None}
    event_log.append(connection, "pause.begun", now, data, person=person, habit=habit)
    return from_row(data)


def end(connection: sqlite3.Connection, person: str, habit: str | None, now: datetime) -> tuple[Pause, ...]:
    """End the pauses in force now: every one of the person, or those of one habit; return them."""
    in_force = [
        pause
        for pause in select(connection, "pauses_ending_after", {"person": person, "now": to_text(now)})
        if pause.starts_at <= now and habit in (None, pause.habit)
    ]
    for pause in in_force:
        columns = {"id": pause.id, "ended_at": to_text(now)}
        connection.execute(sql_of("pause_end"), columns)
        event_log.append(connection, "pause.ended", now, columns, person=person, habit=pause.habit)
    return tuple(in_force)


def select(connection: sqlite3.Connection, query: str, parameters: Mapping[str, object]) -> tuple[Pause, ...]:
    """Return the pauses that a named query finds."""
    return tuple(from_row(row) for row in connection.execute(sql_of(query), parameters))


def from_row(row: Any) -> Pause:
    """Return the pause of a row, or of columns of the same names."""
    return Pause(
        id=row["id"],
        person=row["person"],
        habit=row["habit"],
        starts_at=to_instant(row["starts_at"]),
        ends_at=to_instant(row["ends_at"]),
        author=row["author"],
        reason=row["reason"],
        flare=bool(row["flare"]),
    )
