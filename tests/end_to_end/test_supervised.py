"""A daemon under a supervisor: it says when it serves, that it lives, and that it stops."""

from __future__ import annotations

import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reminders.daemon.heartbeat import BEAT
from tests.channels.servers import eventually
from tests.end_to_end.home import Home

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")


@pytest.fixture
def supervisor(home: Home) -> Iterator[socket.socket]:
    address = home.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(address))
        door.settimeout(3 * BEAT.total_seconds())
        home.environment["NOTIFY_SOCKET"] = str(address)
        yield door


def test_a_supervisor_hears_ready_then_beats_then_the_end(home: Home, supervisor: socket.socket) -> None:
    home.config.write_text("channels: {here: console://}\nhabits: {hydration: {every: 2h}}\n")
    daemon = home.start()
    assert supervisor.recv(500) == b"READY=1\nSTATUS=serving"
    daemon.armed()
    assert supervisor.recv(500) == b"WATCHDOG=1"
    assert daemon.stop() == 0
    assert supervisor.recv(500) == b"STOPPING=1\nSTATUS=stopping"


def test_a_service_reads_its_variables_from_a_file_and_logs_to_one(home: Home) -> None:
    log = home.folder / "service.log"
    variables = Path(home.environment.get("XDG_CONFIG_HOME", home.folder / ".config")) / "reminders" / "environment"
    home.config.write_text("channels: {here: console://}\nhabits: {stretch: {every: 2h, say: '${HABIT_TEXT}'}}\n")
    assert home.call("check").returncode == 3, "the shell does not know the variable"
    variables.parent.mkdir(parents=True, exist_ok=True)
    variables.write_text("HABIT_TEXT='stretch a little'\n")
    variables.chmod(0o600)
    daemon = home.start("--log-file", str(log))
    eventually(lambda: log.exists() and "service.started" in log.read_text(), "the log has the start")
    assert daemon.complained == ""
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert daemon.stop() == 0
