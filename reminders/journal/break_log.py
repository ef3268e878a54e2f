"""Real breaks on record: each is one event, for a break is nobody's answer to anything."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from reminders.domain.context import RealBreak
from reminders.journal import event_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of

_TAKEN = "break.taken"


def write(connection: sqlite3.Connection, person: str, taken: RealBreak) -> None:
    """Put a break on record, at its end."""
    data = {"started": to_text(taken.started), "ended": to_text(taken.ended)}
    event_log.append(connection, _TAKEN, taken.ended, data, person=person)


def read(connection: sqlite3.Connection, person: str, since: datetime, until: datetime) -> tuple[RealBreak, ...]:
    """Return the breaks of a person that ended in [since, until), oldest first."""
    bounds = {"person": person, "since": to_text(since), "until": to_text(until)}
    found = (json.loads(row["data"]) for row in connection.execute(sql_of("breaks_taken"), bounds))
    return tuple(RealBreak(started=to_instant(data["started"]), ended=to_instant(data["ended"])) for data in found)
