"""Reading configuration texts in the tests of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reminders.domain.household import Household
from reminders.settings.reading import Reading, read_configuration

Read = Callable[..., Reading]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "reminders.yaml"


@pytest.fixture
def read(config_file: Path) -> Read:
    def read_text(text: str | bytes, environment: Mapping[str, str] | None = None) -> Reading:
        config_file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_configuration(str(config_file), environment or {})

    return read_text


@pytest.fixture
def household(read: Read) -> Callable[..., Household]:
    def household_of(text: str, environment: Mapping[str, str] | None = None) -> Household:
        reading = read(text, environment)
        assert reading.household is not None, reading.problems
        return reading.household

    return household_of
