"""A day on record for the parts of the daemon that write to a journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reminders.journal.sqlite_journal import SqliteJournal
from tests.journal.day import Day


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    path = tmp_path / "data" / "journal.db"
    happening = Day(path, SqliteJournal.open(path))
    yield happening
    try:
        assert happening.journal.check_invariant() == ()
    finally:
        happening.journal.close()
