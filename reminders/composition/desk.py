"""The desk that is looked at: what looks, whose it is, and how that is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from reminders.clock import SystemClock
from reminders.composition.surroundings import zone_of
from reminders.daemon.desk import Desk
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.sensors.presence import DesktopPresence, presence_words


def desk_of(
    journal: SqliteJournal, report: Callable[[Mapping[str, object]], None], changed: Callable[[], None]
) -> Desk:
    """Return the desk of the daemon; ``report`` hears what is known of it, ``changed`` when that matters to an ask."""
    return Desk(
        SystemClock(),
        journal,
        sensor=sensor,
        zone_of=zone_of,
        words_of=presence_words,
        told=lambda words: report({"presence": words}),
        changed=changed,
    )


def sensor() -> DesktopPresence:
    """Return what looks at the desktop that this process belongs to."""
    from reminders.sensors.build import build_presence

    return build_presence(os.environ, SystemClock())
