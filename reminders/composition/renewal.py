"""Have the running daemon read its configuration again, and learn what it made of it. Imported by ``reload`` alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import say
from reminders.clock import SystemClock
from reminders.composition.surroundings import reload_daemon, running
from reminders.domain.errors import ReminderError

if TYPE_CHECKING:
    from reminders.daemon.lock import RunningDaemon

WAIT_SECONDS = 15.0
LOOK_EVERY_SECONDS = 0.05


class NotRenewed(ReminderError):
    """the daemon was not heard to read its configuration again; the text says why."""


def renew(data_dir: Path, before: RunningDaemon, wait_seconds: float = WAIT_SECONDS) -> RunningDaemon:
    """Ask the daemon to read its file again and return it as it is then; ``refused`` says whether it took the file.

    Raises NotRenewed when it cannot be asked, stops meanwhile or does not tell within ``wait_seconds``.
    """
    if not reload_daemon(data_dir):
        raise NotRenewed(say("the daemon cannot be told: it is still starting, or belongs to another user"))
    clock = SystemClock()
    end = clock.monotonic() + wait_seconds
    while clock.monotonic() < end:
        daemon = running(data_dir)
        if daemon is None:
            raise NotRenewed(say("the daemon stopped meanwhile"))
        # The pid is missing for an instant while the note is written anew.
        if daemon.pid is not None and daemon.loaded_at != before.loaded_at:
            return daemon
        time.sleep(LOOK_EVERY_SECONDS)
    told = say("the daemon was told, but has not answered within {seconds} s", seconds=f"{wait_seconds:g}")
    raise NotRenewed(told)
