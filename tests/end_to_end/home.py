"""A person's machine: a configuration, a data directory, a daemon and a command line, all real processes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.channels.servers import eventually, need

REMINDERS = (sys.executable, "-m", "reminders")
START_SECONDS = 40.0
COMMAND_SECONDS = 40.0
INHERITED = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")


@dataclass
class WallClock:
    """A wall clock of its own for everything that runs at home; it goes on ticking and can be set."""

    file: Path

    @property
    def environment(self) -> dict[str, str]:
        libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        return {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def reads(self, moment: str) -> None:
        """Set it to a moment in UTC, such as ``2026-11-24 10:00:00``."""
        ahead = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() - time.time()
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{ahead:+.3f}")
        draft.replace(self.file)


@dataclass
class Daemon:
    """A running ``reminders run``; what it prints and logs goes to files."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def printed(self) -> str:
        return self.out.read_text(encoding="utf-8")

    @property
    def complained(self) -> str:
        return self.err.read_text(encoding="utf-8")

    def log(self, event: str | None = None) -> list[dict[str, Any]]:
        """Return the lines of the log, or those of one event."""
        whole, _, _ = self.complained.rpartition("\n")
        lines = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
        return [line for line in lines if event in (None, line["event"])]

    def armed(self) -> Daemon:
        """Wait until it says that it has started."""
        eventually(lambda: self.log("service.started") or self.has_ended(), "the daemon is armed", START_SECONDS)
        assert not self.has_ended(), self.complained
        return self

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def look(self) -> None:
        """Poke it, as an answering command does; spares the wait for the heartbeat after the clock was set."""
        self.process.send_signal(signal.SIGUSR1)

    def kill(self) -> None:
        """End it the hard way."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=20)


@dataclass
class Home:
    """A folder that is somebody's home directory, and the environment of everything that runs in it."""

    folder: Path
    environment: dict[str, str]
    clock: WallClock | None = None
    daemons: list[Daemon] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.folder / "reminders.yaml"

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def places(self) -> tuple[str, ...]:
        return ("--config", str(self.config), "--data-dir", str(self.data_dir))

    def call(self, *words: str, places: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; ``places`` False = without --config and --data-dir."""
        return subprocess.run(
            [*REMINDERS, *words, *(self.places if places else ())],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def json(self, *words: str) -> Any:
        """Run a reading command and return the JSON it prints."""
        result = self.call(*words, "--json")
        assert result.stdout, result.stderr
        return json.loads(result.stdout)

    def record(self) -> list[dict[str, Any]]:
        """Return the occurrences that the history of the one person holds."""
        (person,) = self.json("history")
        return list(person["occurrences"])

    def record_of(self, habit: str) -> dict[str, Any]:
        """Return the one occurrence of a habit."""
        (row,) = [row for row in self.record() if row["habit"] == habit]
        return row

    def start(self, *words: str, places: bool = True, umask: int = 0o022) -> Daemon:
        """Start the daemon and wait for nothing."""
        out, err = (self.folder / f"{name}-{len(self.daemons)}.log" for name in ("out", "err"))
        with out.open("wb") as printed, err.open("wb") as complained:
            process = subprocess.Popen(
                [*REMINDERS, "run", *words, *(self.places if places else ())],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complained,
                umask=umask,
            )
        self.daemons.append(Daemon(process, out, err))
        return self.daemons[-1]

    def clock_reads(self, moment: str) -> None:
        """Set the wall clock of this home; the daemon is told to look, where one runs."""
        assert self.clock is not None
        self.clock.reads(moment)
        for daemon in self.daemons:
            if not daemon.has_ended():
                daemon.look()


@contextlib.contextmanager
def somebodys_home(folder: Path, more: Mapping[str, str] | None = None, *, own_clock: bool = False) -> Iterator[Home]:
    """Make a home without desktop, configuration or data; what runs in it at the end is ended."""
    folder.mkdir(parents=True, exist_ok=True)
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment = inherited | {"HOME": str(folder), "TZ": "UTC", "PYTHONUNBUFFERED": "1", **(more or {})}
    home = Home(folder, environment)
    if own_clock:
        need("faketime")
        home.clock = WallClock(folder / "wall-clock")
        home.clock.reads("2026-11-24 09:00:00")
        home.environment |= home.clock.environment
    try:
        yield home
    finally:
        for daemon in home.daemons:
            if not daemon.has_ended():
                daemon.kill()
