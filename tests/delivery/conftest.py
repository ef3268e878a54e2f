"""Every log that delivery can write to, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reminders.journal.sqlite_journal import SqliteJournal
from tests.delivery.subject import InJournal, InMemory, Subject


@pytest.fixture(params=["memory", "journal"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    if request.param == "memory":
        yield InMemory()
        return
    tmp_path.chmod(0o700)
    with closing(SqliteJournal.open(tmp_path / "journal.sqlite")) as journal:
        yield InJournal(journal)
        assert journal.check_invariant() == ()
