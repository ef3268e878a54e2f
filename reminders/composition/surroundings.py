"""Where a command finds itself: the time, the zone, the data directory, the journal, the running daemon."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.clock import SystemClock, load_zone, machine_zone
from reminders.domain.facts import Facts
from reminders.domain.person import Person

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.daemon.lock import RunningDaemon
    from reminders.journal.sqlite_journal import SqliteJournal

JOURNAL_NAME = "journal.db"


def now() -> datetime:
    """Return the wall clock, aware, in UTC."""
    return SystemClock().now()


def data_directory(option: str | None) -> Path:
    """Return where the daemon keeps its files: ``--data-dir``, the environment, else the user's state directory."""
    from reminders.settings.locate import data_directory as locate

    return locate(option, os.environ)


def running(data_dir: Path) -> RunningDaemon | None:
    """Return the daemon that serves the data directory, or None."""
    from reminders.daemon.lock import running_daemon

    return running_daemon(data_dir)


def poke(data_dir: Path) -> bool:
    """Tell the daemon that the journal changed; False when none is running."""
    from reminders.daemon.lock import poke as poke_daemon

    return poke_daemon(data_dir)


def zone_of(person: Person) -> ZoneInfo:
    """Return the person's home zone, or the machine's as it is now."""
    return load_zone(person.zone or machine_zone().name)


def open_journal(data_dir: Path, *, read_only: bool = False) -> SqliteJournal | None:
    """Open the journal; None when it is to be read only and there is none yet. Raises JournalUnavailable."""
    from reminders.journal.sqlite_journal import SqliteJournal

    path = data_dir / JOURNAL_NAME
    if read_only and not path.exists():
        return None
    return SqliteJournal.open(path, read_only=read_only)


def facts_for(journal: SqliteJournal | None, person: Person, since: datetime, until: datetime) -> Facts:
    """Return what the journal knows; nothing when there is none."""
    return Facts() if journal is None else journal.facts(person.id, since - timedelta(days=2), until)


def reload_daemon(data_dir: Path) -> bool:
    """Ask the daemon to read its configuration again; False when none is running."""
    from reminders.daemon.lock import ask_to_reload

    return ask_to_reload(data_dir)
