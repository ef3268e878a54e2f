"""The household of the shipped file, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.domain.household import Household
from tests.scenarios.virtual_home import shipped_household


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Household:
    """One person in Berlin who trains on Tuesdays and Thursdays, with all six habits of the shipped file."""
    folder: Path = tmp_path_factory.mktemp("shipped")
    return shipped_household(folder)
