"""Nudges and their asks: written once, never changed."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.journal import event_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of


def is_recorded(connection: sqlite3.Connection, nudge_id: str) -> bool:
    """Tell whether a nudge of that id was written."""
    return connection.execute(sql_of("nudge_by_id"), {"id": nudge_id}).fetchone() is not None


def write(connection: sqlite3.Connection, nudge: Nudge, at: datetime) -> None:
    """Write a nudge without its asks, which need their occurrences first. Raises ValueError for an id in use."""
    columns = {
        "id": nudge.id,
        "person": nudge.person,
        "kind": nudge.kind.value,
        "title": nudge.title,
        "text": nudge.text,
        "discreet_text": nudge.discreet_text,
        "created_at": to_text(nudge.created_at),
        "expires_at": to_text(nudge.expires_at),
        "send_to": json.dumps(nudge.send_to),
        "fallback": json.dumps(nudge.fallback),
        "resend_unknown": int(nudge.resend_unknown),
    }
    if connection.execute(sql_of("nudge_insert"), columns).rowcount != 1:
        raise ValueError(f'nudge "{nudge.id}" is on record already')
    data = {"kind": nudge.kind.value, "asks": [ask.occurrence_id for ask in nudge.asks], "send_to": nudge.send_to}
    event_log.append(connection, "nudge.created", at, data, person=nudge.person, nudge_id=nudge.id)


def write_asks(connection: sqlite3.Connection, nudge: Nudge) -> None:
    """Write the asks of a nudge; their occurrences are on record."""
    for position, ask in enumerate(nudge.asks):
        columns = {
            "nudge_id": nudge.id,
            "position": position,
            "occurrence_id": ask.occurrence_id,
            "habit": ask.habit,
            "text": ask.text,
            "variant": ask.variant,
            "amount_ml": ask.amount_ml,
        }
        connection.execute(sql_of("ask_insert"), columns)


def load(connection: sqlite3.Connection, nudge_id: str) -> Nudge:
    """Return a nudge with its asks; KeyError for an unknown id."""
    row = connection.execute(sql_of("nudge_by_id"), {"id": nudge_id}).fetchone()
    if row is None:
        raise KeyError(nudge_id)
    asks = connection.execute(sql_of("asks_of"), {"nudge_id": nudge_id})
    return Nudge(
        id=row["id"],
        person=row["person"],
        kind=NudgeKind(row["kind"]),
        asks=tuple(_ask(ask) for ask in asks),
        title=row["title"],
        text=row["text"],
        discreet_text=row["discreet_text"],
        created_at=to_instant(row["created_at"]),
        expires_at=to_instant(row["expires_at"]),
        send_to=tuple(json.loads(row["send_to"])),
        fallback=tuple(json.loads(row["fallback"])),
        resend_unknown=bool(row["resend_unknown"]),
    )


def _ask(row: sqlite3.Row) -> Ask:
    return Ask(
        occurrence_id=row["occurrence_id"],
        habit=row["habit"],
        text=row["text"],
        variant=row["variant"],
        amount_ml=row["amount_ml"],
    )


def is_wanted(connection: sqlite3.Connection, nudge_id: str) -> bool:
    """Tell whether an occurrence still waits for this nudge's deliveries; a service nudge is always wanted."""
    return connection.execute(sql_of("nudge_is_wanted"), {"nudge_id": nudge_id}).fetchone() is not None


def recent_variants(connection: sqlite3.Connection, person: str, habit: str, limit: int) -> tuple[str, ...]:
    """Return the variants put to the person for a habit, newest first."""
    parameters = {"person": person, "habit": habit, "limit": limit}
    return tuple(row["variant"] for row in connection.execute(sql_of("recent_variants"), parameters))
