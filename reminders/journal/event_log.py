"""The append-only truth: one event for every change, written in the same transaction as the rows it changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from reminders.journal.instants import to_text
from reminders.journal.queries import sql_of

Columns = dict[str, str | int | None]


def append(
    connection: sqlite3.Connection,
    kind: str,
    at: datetime,
    data: Mapping[str, object],
    *,
    person: str | None = None,
    habit: str | None = None,
    occurrence_id: str | None = None,
    nudge_id: str | None = None,
    delivery_id: int | None = None,
) -> None:
    """Add one event; ``kind`` is ``noun.past_participle`` and ``data`` must be JSON."""
    event = {
        "at": to_text(at),
        "kind": kind,
        "person": person,
        "habit": habit,
        "occurrence_id": occurrence_id,
        "nudge_id": nudge_id,
        "delivery_id": delivery_id,
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    }
    connection.execute(sql_of("event_append"), event)


def changed(before: Columns | None, after: Columns) -> Columns:
    """Return the columns that differ; all of them when there was no row before."""
    if before is None:
        return after
    return {name: value for name, value in after.items() if before[name] != value}
