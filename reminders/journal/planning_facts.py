"""What planning reads of the journal; apart from ``read_models`` because the daemon asks for nothing else."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from reminders.domain.facts import Facts
from reminders.journal import answer_log, occurrence_log, pause_log, set_back_log, turn_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of


def facts(connection: sqlite3.Connection, person: str, since: datetime, until: datetime) -> Facts:
    """Return what planning needs to know about a person around [since, until)."""
    bounds = {"person": person, "since": to_text(since), "until": to_text(until)}
    asked_at = connection.execute(sql_of("asked_at"), bounds)
    as_recorded = Facts(
        occurrences=occurrence_log.select(connection, "occurrences_for_facts", bounds),
        answers=answer_log.select(connection, "answers_since", bounds),
        pauses=pause_log.select(connection, "pauses_overlapping", bounds),
        asked_at=tuple(to_instant(str(row["created_at"])) for row in asked_at),
        planned_until=turn_log.planned_until(connection, person),
    )
    return set_back_log.read(connection, as_recorded)
