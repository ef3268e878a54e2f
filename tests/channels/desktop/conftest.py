"""A real desktop to send to, as the environment's own session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.desktop.session import Desktop, SessionBus, running_bus, running_desktop


@pytest.fixture
def session_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionBus]:
    """Run a session bus with nothing on it, and make it the environment's session bus."""
    with running_bus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@pytest.fixture
def desktop(tmp_path: Path, session_bus: SessionBus) -> Iterator[Desktop]:
    """Run a desktop session with dunst on it; its bus is the environment's session bus."""
    with running_desktop(tmp_path, session_bus) as place:
        yield place
