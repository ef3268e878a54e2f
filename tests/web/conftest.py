"""The households that the tests of the page share, read once, and a place with an empty journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.composition import load
from reminders.domain.household import Household
from tests.web.place import FILE, SEVERAL, Place, a_place


@pytest.fixture(scope="session")
def alex(tmp_path_factory: pytest.TempPathFactory) -> Household:
    """One person in Berlin."""
    return _read(tmp_path_factory.mktemp("alex"), FILE)


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Household:
    """Two people in two zones."""
    return _read(tmp_path_factory.mktemp("several"), SEVERAL)


@pytest.fixture
def place(tmp_path: Path, alex: Household) -> Place:
    """Alex's house, with nothing on record."""
    return a_place(tmp_path, alex)


def _read(folder: Path, text: str) -> Household:
    file = folder / "reminders.yaml"
    file.write_text(text, encoding="utf-8")
    return load(str(file), folder, keep=False).household
