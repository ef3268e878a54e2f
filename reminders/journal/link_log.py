"""Links on record: which nudge a token stands for. A token itself is never written."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from reminders.domain.answer_link import LinkTarget
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of


def add(connection: sqlite3.Connection, token_hash: str, nudge_id: str, expires_at: datetime) -> None:
    """Write a link; nothing happens when that hash is on record."""
    columns = {"token_hash": token_hash, "nudge_id": nudge_id, "expires_at": to_text(expires_at)}
    connection.execute(sql_of("link_insert"), columns)


def find(connection: sqlite3.Connection, token_hash: str) -> LinkTarget | None:
    """Return what a token stands for, dead or alive; None = it is not on record."""
    row = connection.execute(sql_of("link_by_hash"), {"token_hash": token_hash}).fetchone()
    return None if row is None else LinkTarget(nudge_id=row["nudge_id"], expires_at=to_instant(row["expires_at"]))


def forget_dead(connection: sqlite3.Connection, before: datetime) -> None:
    """Delete the links that died before that instant; who uses one then is told that it is unknown."""
    connection.execute(sql_of("links_forget"), {"before": to_text(before)})
