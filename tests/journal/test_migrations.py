"""Migrations: a copy is kept before, one that is killed leaves the version before it, and an old record stays true."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reminders.domain.occurrence import OccurrenceState
from reminders.journal import journal_file, migrations
from reminders.journal.migrations import Migration
from reminders.journal.sqlite_journal import SqliteJournal
from tests.journal.day import Day

KNOWN = migrations.all_migrations()[-1].version
NEXT = Migration(
    version=KNOWN + 1,
    script="CREATE TABLE weather (at TEXT);\nINSERT INTO weather VALUES ('x');\nCREATE INDEX by_at ON weather (at);\n",
)


def test_a_migration_keeps_a_copy_of_the_journal_before_it(day: Day) -> None:
    day.send()
    day.journal.close()
    steps = (*migrations.all_migrations(), NEXT)
    connection = journal_file.open_to_write(day.path, steps)
    assert migrations.version_of(connection) == KNOWN + 1
    connection.execute(f"PRAGMA user_version = {KNOWN}")
    connection.close()
    copy = day.path.parent / "backups" / f"before-migration-from-{KNOWN}.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sqlite3.connect(copy).execute("SELECT COUNT(*) FROM occurrences").fetchone() == (1,)
    day.journal = SqliteJournal.open(day.path)


KILLED = """
import os, signal, sys
from pathlib import Path
from reminders.journal import journal_file, migrations
path, script, stop_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
connection = journal_file.connect(path)
def stop(statement: str) -> None:
    if stop_at in statement:
        os.kill(os.getpid(), signal.SIGKILL)
connection.set_trace_callback(stop)
step = migrations.Migration(version=int(sys.argv[4]), script=script)
migrations.migrate(connection, (*migrations.all_migrations(), step))
"""


@pytest.mark.parametrize(
    "stop_at", ["CREATE TABLE weather", "INSERT INTO weather", f"PRAGMA user_version = {KNOWN + 1}", "COMMIT"]
)
def test_a_migration_killed_half_way_leaves_the_version_before_it(day: Day, stop_at: str) -> None:
    day.send()
    # Only the next step may be killed: those before have run long ago.
    arguments = [day.path, NEXT.script, stop_at, str(NEXT.version)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL
    day.reopen()
    assert migrations.version_of(day.journal._connection) == KNOWN
    assert day.occurrence().state is OccurrenceState.SENT


def test_a_journal_of_the_first_version_keeps_its_record_and_its_invariant(day: Day, tmp_path: Path) -> None:
    day.send()
    old = tmp_path / "old" / "journal.db"
    old.parent.mkdir(mode=0o700)
    connection = journal_file.connect(_as_first_version(day.path, old))
    connection.close()
    renewed = SqliteJournal.open(old)
    assert renewed.version() == KNOWN
    assert renewed.open_occurrences() == day.journal.open_occurrences()
    assert renewed.check_invariant() == ()
    renewed.close()


def _as_first_version(path: Path, old: Path) -> Path:
    """Write what the journal holds as the first release would have."""
    target = sqlite3.connect(old, isolation_level=None)
    migrations.migrate(target, migrations.all_migrations()[:1])
    target.execute("ATTACH ? AS new", (str(path),))
    target.execute("PRAGMA foreign_keys = OFF")
    for table in ("meta", "events", "nudges", "occurrences", "asks", "deliveries", "answers", "pauses"):
        names = ", ".join(row[1] for row in target.execute(f"PRAGMA main.table_info({table})"))
        target.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
    target.execute("DROP TRIGGER events_are_never_changed")
    target.execute("UPDATE events SET data = REPLACE(data, '\"follow_ups\":0,', '')")
    assert target.execute("SELECT COUNT(*) FROM events WHERE data LIKE '%follow_ups%'").fetchone() == (0,)
    target.execute(
        "CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    )
    target.execute("DETACH new")
    target.close()
    old.chmod(0o600)
    return old
