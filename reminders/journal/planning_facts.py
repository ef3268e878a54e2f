"""What planning reads of the journal; apart from ``read_models`` because the daemon asks for nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from reminders.domain.facts import Facts
from reminders.journal import answer_log, break_log, occurrence_log, pause_log, set_back_log, set_forward_log, turn_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of

# Asks that lapsed on a Friday still count on the Monday, and after some days off as well.
LAPSES_COUNT_FOR = timedelta(days=7)


def facts(
    connection: sqlite3.Connection, person: str, since: datetime, until: datetime, also: Iterable[str] = ()
) -> Facts:
    """Return what planning needs to know about a person around [since, until), and the lapses before it that count.

    ``also`` names occurrences that are to be among them whenever they were due.
    """
    bounds = {"person": person, "since": to_text(since), "until": to_text(until)}
    before = {**bounds, "long_since": to_text(since - LAPSES_COUNT_FOR)}
    asked_at = connection.execute(sql_of("asked_at"), bounds)
    occurrences = (
        *occurrence_log.select(connection, "lapses_unanswered", before),
        *occurrence_log.select(connection, "occurrences_for_facts", bounds),
    )
    others = set(also) - {occurrence.id for occurrence in occurrences}
    elsewhen = (found for name in sorted(others) if (found := occurrence_log.find(connection, name)) is not None)
    as_recorded = Facts(
        occurrences=(*occurrences, *elsewhen),
        answers=answer_log.select(connection, "answers_since", bounds),
        pauses=pause_log.select(connection, "pauses_overlapping", bounds),
        breaks=break_log.read(connection, person, since, until),
        asked_at=tuple(to_instant(str(row["created_at"])) for row in asked_at),
        planned_until=turn_log.planned_until(connection, person),
        set_forward=set_forward_log.read(connection),
    )
    return set_back_log.read(connection, as_recorded)
