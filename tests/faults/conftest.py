"""The household of the shipped file, read once, and the site of a fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reminders.domain.household import Household
from tests.faults.site import Site, somewhere
from tests.scenarios.virtual_home import shipped_household


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Household:
    """One person in Berlin who trains on Tuesdays and Thursdays, with all six habits of the shipped file."""
    folder: Path = tmp_path_factory.mktemp("shipped")
    return shipped_household(folder)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Make a home with a real daemon and an inbox; the journal's invariant is checked at the end."""
    with somewhere(tmp_path) as place:
        yield place
