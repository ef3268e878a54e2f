"""When a wall clock that was hours behind was set right: the time it jumped over, which nobody lived."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from reminders.domain.facts import SetForward
from reminders.journal import event_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of

KEPT_FOR = timedelta(days=3)
_KEY = "set_forward"


def write(connection: sqlite3.Connection, since: datetime, now: datetime) -> None:
    """Remember that the wall clock went from ``since`` to ``now`` at once."""
    kept = [one for one in read(connection) if now - KEPT_FOR < one.until <= now]
    _save(connection, [*kept, SetForward(since=since, until=now)])
    event_log.append(connection, "clock.set_forward", now, {"since": to_text(since)})


def read(connection: sqlite3.Connection) -> tuple[SetForward, ...]:
    """Return the stretches of the last days, oldest first."""
    row = connection.execute(sql_of("meta_get"), {"key": _KEY}).fetchone()
    pairs = [] if row is None else json.loads(row["value"])
    return tuple(SetForward(since=to_instant(str(since)), until=to_instant(str(until))) for since, until in pairs)


def _save(connection: sqlite3.Connection, stretches: Iterable[SetForward]) -> None:
    value = json.dumps([(to_text(one.since), to_text(one.until)) for one in stretches])
    connection.execute(sql_of("meta_set"), {"key": _KEY, "value": value})
