"""Where a command finds itself: the time, the zone, the data directory, the journal, the running daemon."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import say
from reminders.catalogue.retelling import retold
from reminders.clock import SystemClock, load_zone, machine_zone
from reminders.domain.calendar import CalendarEvent
from reminders.domain.facts import Facts
from reminders.domain.person import Person

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.daemon.lock import RunningDaemon
    from reminders.journal.sqlite_journal import SqliteJournal

JOURNAL_NAME = "journal.db"
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
    """Return the daemon that serves the data directory, or None; one that hangs is degraded for that reason.

    What it left in English in its note is told in the language spoken.
    """
    from reminders.daemon.lock import running_daemon
    from reminders.daemon.pulse import stillness

    found = running_daemon(data_dir)
    daemon = None if found is None else _told(found)
    still = None if daemon is None else stillness(daemon.beat_seconds, SystemClock().monotonic())
    if daemon is None or still is None:
        return daemon
    return replace(daemon, degraded=say("it has not moved for {length}", length=_about(still)), is_still=True)


def _told(daemon: RunningDaemon) -> RunningDaemon:
    return replace(
        daemon,
        refused=daemon.refused and retold(daemon.refused),
        degraded=daemon.degraded and retold(daemon.degraded),
        unbuilt={channel: retold(why) for channel, why in daemon.unbuilt.items()},
        unheard={channel: retold(why) for channel, why in daemon.unheard.items()},
        page_trouble=daemon.page_trouble and retold(daemon.page_trouble),
        presence=daemon.presence and ", ".join(map(retold, daemon.presence.split(", "))),
    )


def _about(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    if minutes < MINUTES_TOLD:
        return say("{minutes} min", minutes=minutes)
    return say("{hours} h", hours=minutes // 60)


def poke(data_dir: Path) -> bool:
    """Tell the daemon that the journal changed; False when none is running."""
    from reminders.daemon.lock import poke as poke_daemon

    return poke_daemon(data_dir)


def zone_of(person: Person) -> ZoneInfo:
    """Return the person's home zone, or the machine's as it is now."""
    return load_zone(person.zone) if person.zone else zone_of_machine()


def zone_of_machine() -> ZoneInfo:
    """Return the machine's zone as it is now."""
    return load_zone(machine_zone().name)


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
