"""Holds: on a terminal the daemon speaks to people: a block as it starts, the nudge, and an end with Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.channels.servers import PATIENCE_SECONDS, eventually, need
from tests.end_to_end.home import START_SECONDS, Home

CONFIG = """\
timezone: Europe/Berlin
channels: {here: console://}
habits:
  look_out: {at: ["11:00"], say: Look out of the window.}
  potassium_meal: {at: ["12:15"]}
"""


@dataclass
class Terminal:
    """A tmux session with one pane, on a server of its own."""

    socket: Path
    environment: dict[str, str]

    def tmux(self, *words: str) -> str:
        command = ["tmux", "-f", "/dev/null", "-S", str(self.socket), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=20)
        return done.stdout

    def shows(self) -> str:
        """Return what stands in the pane, long lines joined."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-200")

    def comes_to_show(self, words: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Wait until the pane shows these words and return all that it shows."""
        shown: list[str] = []

        def is_there() -> bool:
            shown.append(self.shows())
            return words in shown[-1]

        try:
            eventually(is_there, f"the terminal shows {words}", seconds)
        except pytest.fail.Exception:
            pytest.fail(f"the terminal never showed {words!r}, but:\n{shown[-1]}")
        return shown[-1]


@pytest.fixture
def terminal(timed_home: Home) -> Iterator[Terminal]:
    """Start the daemon in a terminal of 110 columns."""
    need("tmux")
    timed_home.config.write_text(CONFIG)
    place = Terminal(
        timed_home.folder / "tmux", {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    )
    timed_home.environment["TZ"] = "Europe/Berlin"
    variables = [f"{name}={value}" for name, value in timed_home.environment.items()]
    shell = 'trap : INT; env "$@"; echo "ended with $?"'
    words = ["sh", "-c", shell, "sh", *variables, sys.executable, "-m", "reminders", "run", *timed_home.places]
    place.tmux("new-session", "-d", "-x", "110", "-y", "40", "-c", str(timed_home.folder), *words)
    place.tmux("set-option", "-g", "remain-on-exit", "on")
    yield place
    place.tmux("kill-server")


def test_a_terminal_shows_how_it_started_and_nudges_for_people(timed_home: Home, terminal: Terminal) -> None:
    shown = terminal.comes_to_show("habit.suppressed", START_SECONDS)
    assert re.search(r"^10:00:\d\d info +service.started$", shown, re.MULTILINE)
    assert re.search(r"^ +next due +look_out for me at 2026-11-24T11:00\+01:00$", shown, re.MULTILINE)
    assert re.search(r"^ +channels +here$", shown, re.MULTILINE)
    assert re.search(r"^ +hint: potassium ideas stay off", shown, re.MULTILINE)
    assert not any(line.lstrip().startswith("{") for line in shown.splitlines())

    timed_home.clock_reads("2026-11-24 10:00:01")
    os.kill(timed_home.json("status")["pid"], signal.SIGUSR1)
    shown = terminal.comes_to_show("answer with: ")
    assert re.search(r"^11:00  Look out$", shown, re.MULTILINE)
    assert re.search(r"^       Look out of the window\.$", shown, re.MULTILINE)
    assert re.search(r"^       answer with: reminders done look_out \(or snooze, skip\)$", shown, re.MULTILINE)

    terminal.tmux("send-keys", "C-c")
    shown = terminal.comes_to_show("ended with ")
    assert "service.stopped" in shown
    assert "Traceback" not in shown
    assert "ended with 0" in shown
