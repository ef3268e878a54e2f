"""A program to install, with a path that needs quoting."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.background.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(
        interpreter=Path("/opt/my tools/100%/python3"),
        data_dir=tmp_path / 'da"ta $HOME',
        log_file=tmp_path / "reminders.log",
        config=tmp_path / "reminders.yaml",
    )
