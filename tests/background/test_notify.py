"""What a supervisor hears from the daemon it started."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reminders.background.notify import Notifier

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(address)
        door.settimeout(5)
        yield door, address


def test_a_supervisor_hears_ready_beats_trouble_and_the_end(supervisor: tuple[socket.socket, str]) -> None:
    door, address = supervisor
    notifier = Notifier({"NOTIFY_SOCKET": address})
    notifier.ready("serving")
    notifier.beat()
    notifier.degraded("the disk is full")
    notifier.degraded(None)
    notifier.stopping()
    heard = [door.recv(200).decode() for _ in range(5)]
    assert heard == [
        "READY=1\nSTATUS=serving",
        "WATCHDOG=1",
        "STATUS=degraded: the disk is full",
        "STATUS=serving",
        "STOPPING=1\nSTATUS=stopping",
    ]


def test_an_abstract_socket_is_found_by_its_at_sign() -> None:
    if sys.platform != "linux":
        pytest.skip("abstract sockets are Linux's own")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind("\0reminders-test-notify")
        door.settimeout(5)
        Notifier({"NOTIFY_SOCKET": "@reminders-test-notify"}).beat()
        assert door.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/at/all"}])
def test_without_a_supervisor_nothing_happens(environment: dict[str, str]) -> None:
    Notifier(environment).ready("serving")
    Notifier(environment).beat()
