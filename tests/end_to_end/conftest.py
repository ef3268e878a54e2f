"""The homes in which the tests live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.home import Home, somebodys_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Make a home without desktop, configuration or data, with the machine's clock."""
    with somebodys_home(tmp_path / "home") as place:
        yield place


@pytest.fixture
def timed_home(tmp_path: Path) -> Iterator[Home]:
    """Make a home whose wall clock can be set; it begins on Tuesday 2026-11-24 at 09:00 UTC."""
    with somebodys_home(tmp_path / "home", own_clock=True) as place:
        yield place
