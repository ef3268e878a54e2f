"""Up to where the answers to a channel's messages were heard: the mark of the last one, by the channel's name."""

from __future__ import annotations

import sqlite3

from reminders.journal.queries import sql_of

_KEY = "heard_up_to/{}"


def mark(connection: sqlite3.Connection, channel: str) -> str | None:
    """Return the mark; None = nobody ever listened there."""
    row = connection.execute(sql_of("meta_get"), {"key": _KEY.format(channel)}).fetchone()
    return None if row is None else str(row["value"])


def set_mark(connection: sqlite3.Connection, channel: str, value: str) -> None:
    """Write the mark in place of the one before."""
    connection.execute(sql_of("meta_set"), {"key": _KEY.format(channel), "value": value})
