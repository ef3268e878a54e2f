"""The desks that the tests of the commands share, and the moment at which the clock is stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from freezegun import freeze_time

from reminders.composition import Loaded, load
from reminders.settings.compiled import Compiled, fingerprint, save
from tests.cli.desk import FILE, HOUSEHOLD, NOW, Desk


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("REMINDERS_CONFIG", "REMINDERS_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config-home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def at_desk_of() -> Callable[[str], Desk]:
    """Return what puts a configuration in place, in the working directory, with no data directory yet."""

    def put(text: str) -> Desk:
        config = Path("reminders.yaml")
        config.write_text(text, encoding="utf-8")
        return Desk(config=config, data_dir=Path("data"))

    return put


@pytest.fixture(scope="session")
def readings() -> dict[str, Loaded]:
    """Share what the reading of each file came to."""
    return {}


@pytest.fixture
def used_desk_of(at_desk_of: Callable[[str], Desk], readings: dict[str, Loaded]) -> Callable[[str], Desk]:
    """Return what puts a configuration in place that was read before: its compiled form is there."""

    def put(text: str) -> Desk:
        desk = at_desk_of(text)
        if text not in readings:
            readings[text] = load(str(desk.config), desk.data_dir, keep=False)
        desk.data_dir.mkdir(mode=0o700)
        mark = fingerprint(str(desk.config), os.environ)
        assert mark is not None
        read = readings[text]
        save(Compiled(fingerprint=mark, household=read.household, warnings=read.warnings), desk.data_dir)
        return desk

    return put


@pytest.fixture
def desk(used_desk_of: Callable[[str], Desk]) -> Desk:
    """One person in Berlin with four habits, nothing on record."""
    return used_desk_of(FILE)


@pytest.fixture
def household(used_desk_of: Callable[[str], Desk]) -> Desk:
    """Two people in two zones."""
    return used_desk_of(HOUSEHOLD)


@pytest.fixture
def tuesday_morning() -> Iterator[None]:
    """Stop the clock on a Tuesday at 11:20 in Berlin."""
    with freeze_time(NOW, real_asyncio=True):
        yield
