"""A machine that fails: a disk that fills up, a journal that is held, a daemon with few files or another owner."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reminders.daemon.lock import RunningDaemon, running_daemon
from tests.channels.servers import need, unmet
from tests.end_to_end.home import Daemon, WallClock
from tests.faults.inbox import until
from tests.faults.site import Site

NOBODY = 65534
# As any user: not above the permissions of a file.
WITHOUT_PRIVILEGE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner")
# A daemon like any other, but for its heart: what it does at every beat need not be waited for.
QUICK = """\
import resource, sys
from datetime import timedelta
from reminders.daemon import heartbeat
if {files}:
    resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))
heartbeat.BEAT = timedelta(seconds={beat_seconds})
from reminders.cli import main
sys.exit(main())
"""


def need_root() -> None:
    """Skip where file systems cannot be mounted and owners not be changed; fail where nothing may be skipped."""
    if sys.platform == "linux" and os.geteuid() == 0:
        return
    line = "needs root on Linux: it mounts a small tmpfs, or runs a daemon as another user"
    unmet(line)


def start_quick(site: Site, *words: str, beat_seconds: float = 0.5, files: int = 0, log: Path | None = None) -> Daemon:
    """Start a daemon with a quick heart, by a command in front of it where ``words`` name one.

    ``files`` = how many it can have open, 0 = as ever. ``log`` None = a file at home.
    """
    number = len(site.home.daemons)
    out, err = site.home.folder / f"out-{number}.log", log or site.home.folder / f"err-{number}.log"
    program = QUICK.format(beat_seconds=beat_seconds, files=files)
    with out.open("wb") as printed, err.open("wb") as complained:
        process = subprocess.Popen(
            [*words, sys.executable, "-c", program, "run", "--log-level", "debug", *site.home.places],
            cwd=site.home.folder,
            env=site.home.environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=complained,
        )
    site.home.daemons.append(Daemon(process, out, err))
    return site.home.daemons[-1]


def take_clock(site: Site, moment: str) -> None:
    """Set the wall clock of everything that runs at this home from now on to a moment in UTC."""
    need("faketime")
    site.home.clock = WallClock(site.home.folder / "wall-clock")
    site.home.environment |= site.home.clock.environment
    site.home.clock_reads(moment)


def told(site: Site) -> RunningDaemon:
    """Return what the daemon tells other commands about itself."""
    return running_daemon(site.home.data_dir) or RunningDaemon()


def is_degraded(site: Site, words: str) -> None:
    """Wait until the daemon says that it cannot do its work, in these words."""
    until(lambda: words in (told(site).degraded or ""), f'it says "{words}"')


def is_well(site: Site) -> None:
    """Wait until the daemon says nothing of the kind any more."""
    until(lambda: told(site).pid is not None and told(site).degraded is None, "it says that it can do its work")


@contextlib.contextmanager
def stopped(daemon: Daemon) -> Iterator[None]:
    """Let nothing happen in the daemon for a while; what is sent to it waits."""
    daemon.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        daemon.process.send_signal(signal.SIGCONT)


@dataclass
class Disk:
    """A small file system of its own, and what fills it up."""

    point: Path

    @property
    def _ballast(self) -> Path:
        return self.point / "ballast"

    def fill(self) -> None:
        """Leave not one block."""
        with self._ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        assert os.statvfs(self.point).f_bfree == 0

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink(missing_ok=True)

    def become_read_only(self) -> None:
        """Take no writing any more."""
        subprocess.run(["mount", "-o", "remount,ro", self.point], check=True)


@contextlib.contextmanager
def small_disk(point: Path) -> Iterator[Disk]:
    """Mount a file system of two megabytes."""
    need_root()
    point.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = "size=2m,mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", point], check=True)
    disk = Disk(point)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", point], check=True)


@contextlib.contextmanager
def held(journal: Path) -> Iterator[None]:
    """Keep everybody else from writing the journal, as a forgotten tool does."""
    with contextlib.closing(sqlite3.connect(journal, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
