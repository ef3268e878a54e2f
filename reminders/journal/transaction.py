"""Transactions on a connection, and SQLite's troubles in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from reminders.catalogue.phrases import phrase, say
from reminders.domain.errors import JournalFault, JournalUnavailable

_FAULTS = {
    sqlite3.SQLITE_FULL: (JournalFault.DISK_FULL, phrase("the disk is full")),
    sqlite3.SQLITE_BUSY: (JournalFault.LOCKED, phrase("another process holds it")),
    sqlite3.SQLITE_LOCKED: (JournalFault.LOCKED, phrase("another process holds it")),
    sqlite3.SQLITE_READONLY: (JournalFault.READ_ONLY, phrase("it cannot be written")),
    sqlite3.SQLITE_PERM: (JournalFault.READ_ONLY, phrase("its permissions forbid it")),
    sqlite3.SQLITE_CORRUPT: (JournalFault.CORRUPT, phrase("it is damaged")),
    sqlite3.SQLITE_NOTADB: (JournalFault.CORRUPT, phrase("it is damaged: not a database")),
    sqlite3.SQLITE_CANTOPEN: (JournalFault.UNUSABLE, phrase("it cannot be opened")),
    sqlite3.SQLITE_IOERR: (JournalFault.UNUSABLE, phrase("the disk reports an error")),
    sqlite3.SQLITE_NOMEM: (JournalFault.UNUSABLE, phrase("memory ran out")),
    sqlite3.SQLITE_PROTOCOL: (JournalFault.LOCKED, phrase("another process holds it")),
}
_PRIMARY_CODE = 0xFF


@contextmanager
def translated() -> Iterator[None]:
    """Raise JournalUnavailable, with its cause, for the troubles of files; mistakes of ours pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_IOERR_SHORT_READ:
            code = sqlite3.SQLITE_CORRUPT
        known = None if code is None else _FAULTS.get(code & _PRIMARY_CODE)
        if known is None:
            raise
        fault, text = known
        told = say("the journal is not available: {trouble} ({detail})", trouble=say(text), detail=error)
        raise JournalUnavailable(told, fault) from error


@contextmanager
def together(connection: sqlite3.Connection) -> Iterator[None]:
    """Make every transaction begun in the block a part of one, committed when the block ends, or not at all."""
    with writing(connection):
        yield


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run the block as one committed transaction that holds the write lock from its start, or not at all."""
    with translated(), _transaction(connection, "BEGIN IMMEDIATE"):
        yield connection


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run the block on one unchanging picture of the journal."""
    with translated(), _transaction(connection, "BEGIN"):
        yield connection


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    if connection.in_transaction:  # inside ``together``, which commits
        yield
        return
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself, and then a second ROLLBACK would hide the first error.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
