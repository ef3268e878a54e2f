"""Numbered steps of the schema, each one transaction; ``PRAGMA user_version`` holds the number of the last one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reminders.catalogue.phrases import say
from reminders.domain.errors import StartRefused
from reminders.journal.transaction import writing

# "NDGE": tells our journal from any other SQLite file.
APPLICATION_ID = 0x4E444745


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """One step: the version it leads to, and its statements."""

    version: int
    script: str


@cache
def all_migrations() -> tuple[Migration, ...]:
    """Return every migration in order; they are the files ``migration_NNNN.sql``."""
    files = sorted(Path(__file__).parent.glob("migration_*.sql"))
    return tuple(
        Migration(version=int(file.stem.partition("_")[2]), script=file.read_text(encoding="utf-8")) for file in files
    )


def version_of(connection: sqlite3.Connection) -> int:
    """Return the number of the last migration; 0 = an empty journal."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_ours(connection: sqlite3.Connection) -> bool:
    """Tell whether the file is a journal, rather than a database of something else."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0]) == APPLICATION_ID


def refuse_newer(connection: sqlite3.Connection, migrations: tuple[Migration, ...]) -> None:
    """Raise StartRefused for a journal that a newer release has written."""
    found, known = version_of(connection), migrations[-1].version
    if found > known:
        told = say(
            "the journal has version {found}, this release knows up to {known}: "
            "use the newer release, or move the journal away to begin anew",
            found=found,
            known=known,
        )
        raise StartRefused(told)


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...]) -> None:
    """Bring a journal to the newest version; a step that is interrupted leaves the version before it."""
    refuse_newer(connection, migrations)
    # A table that others refer to is changed by building it anew, which the references must not hinder meanwhile.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        for migration in migrations:
            with writing(connection):
                if version_of(connection) < migration.version:
                    _apply(connection, migration)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    for statement in _statements(migration.script):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
    connection.execute(f"PRAGMA user_version = {migration.version:d}")


def _statements(script: str) -> Iterator[str]:
    # executescript would commit on its own; a trigger holds semicolons, so SQLite itself tells where one ends.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"a statement does not end: {statement.strip()[:60]}")
