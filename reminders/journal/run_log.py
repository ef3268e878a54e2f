"""Runs of the daemon on record: ``service.started`` and ``service.stopped``, and what a run that ended badly leaves.

While a daemon runs, the record says so; a start that finds that mark knows that the run before had no proper end.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from reminders.journal import event_log
from reminders.journal.instants import to_text
from reminders.journal.queries import sql_of

STARTED = "service.started"
STOPPED = "service.stopped"
_KEY = "running_since"


def begin(connection: sqlite3.Connection, now: datetime, version: str) -> None:
    """Put a start down. ``was_clean`` is False when the last run ended badly, ``last_seen_at`` its newest turn."""
    was_clean = connection.execute(sql_of("meta_get"), {"key": _KEY}).fetchone() is None
    last_seen_at = None if was_clean else connection.execute(sql_of("latest_planned_until")).fetchone()["instant"]
    data = {"version": version, "was_clean": was_clean, "last_seen_at": last_seen_at}
    event_log.append(connection, STARTED, now, data)
    connection.execute(sql_of("meta_set"), {"key": _KEY, "value": to_text(now)})


def end(connection: sqlite3.Connection, now: datetime, version: str) -> None:
    """Put a stop in good order down."""
    event_log.append(connection, STOPPED, now, {"version": version})
    connection.execute(sql_of("meta_delete"), {"key": _KEY})
