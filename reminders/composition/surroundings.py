"""Where a command finds itself: the time, the zone, the data directory, the journal, the running daemon."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.clock import SystemClock, load_zone, machine_zone
from reminders.domain.calendar import CalendarEvent
from reminders.domain.facts import Facts
from reminders.domain.person import Person

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.daemon.lock import RunningDaemon
    from reminders.journal.sqlite_journal import SqliteJournal

JOURNAL_NAME = "journal.db"
STILL = "it has not moved for"
MINUTES_TOLD = 120  # a longer time is told in hours


def now() -> datetime:
    """Return the wall clock, aware, in UTC."""
    return SystemClock().now()


def add_kept_variables() -> None:
    """Add the variables of the user's file to the environment; what is set already stays. Raises StartRefused."""
    from reminders.background.environment import environment_path, read_environment

    for name, value in read_environment(environment_path()).items():
        os.environ.setdefault(name, value)


def data_directory(option: str | None) -> Path:
    """Return where the daemon keeps its files: ``--data-dir``, the environment, else the user's state directory."""
    from reminders.settings.locate import data_directory as locate

    return locate(option, os.environ)


def running(data_dir: Path) -> RunningDaemon | None:
    """Return the daemon that serves the data directory, or None; one that hangs is degraded for that reason."""
    from reminders.daemon.lock import running_daemon
    from reminders.daemon.pulse import stillness

    daemon = running_daemon(data_dir)
    still = None if daemon is None else stillness(daemon.beat_seconds, SystemClock().monotonic())
    if daemon is None or still is None:
        return daemon
    return replace(daemon, degraded=f"{STILL} {_about(still)}")


def _about(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    return f"{minutes} min" if minutes < MINUTES_TOLD else f"{minutes // 60} h"


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
    """Return what the journal and the copies of calendars beside it know; nothing when there is none."""
    if journal is None:
        return Facts()
    since -= timedelta(days=2)
    events = events_for(journal.path.parent, person, since, until)
    if not events:
        return journal.facts(person.id, since, until)
    from reminders.planning.moved_training import ids_around

    return replace(journal.facts(person.id, since, until, ids_around(person, events, since, until)), calendar=events)


def events_for(data_dir: Path, person: Person, since: datetime, until: datetime) -> tuple[CalendarEvent, ...]:
    """Return the events of a person's calendars around a stretch of time, as they were last read."""
    if not person.calendars:
        return ()
    from reminders.sensors.calendar_shelf import CalendarShelf

    return CalendarShelf(data_dir).events(person, since, until)


def reload_daemon(data_dir: Path) -> bool:
    """Ask the daemon to read its configuration again; False when none is running."""
    from reminders.daemon.lock import ask_to_reload

    return ask_to_reload(data_dir)
