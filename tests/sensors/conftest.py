"""Private buses and screens to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.desktop.session import SessionBus, running_bus
from tests.sensors.screens import Screen, running_screen


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SessionBus]:
    """Run a bus with nothing on it."""
    with running_bus(tmp_path) as place:
        yield place


@pytest.fixture
def screen() -> Iterator[Screen]:
    """Run an X server that nobody sees."""
    with running_screen() as place:
        yield place
