"""Rules of when a journal is read through at a start: a large one not twice without a reason."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminders.journal import soundness
from reminders.journal.sqlite_journal import SqliteJournal
from tests.journal.day import Day

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def large(day: Day, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    """A journal that counts as large, left in good order by a run of the daemon."""
    monkeypatch.setattr(soundness, "LARGE_BYTES", 1)
    day.send("movement")
    run(day)
    yield day
    day.journal.close()
    day.journal = SqliteJournal.open(day.path, check=True, now=LATER)


def run(day: Day) -> None:
    day.journal.close()
    day.journal = SqliteJournal.open(day.path, check=True, now=NOW)
    day.journal.close()
    soundness.end(day.path)


def note_of(day: Day) -> Path:
    return day.path.with_name("journal.db.sound")


def test_a_large_journal_left_in_good_order_is_not_read_through_again(large: Day) -> None:
    assert not soundness.needs_check(large.path, LATER)
    assert note_of(large).stat().st_mode & 0o777 == 0o600


def test_a_small_journal_is_read_through_at_every_start(day: Day) -> None:
    run(day)
    assert soundness.needs_check(day.path, LATER)
    assert not note_of(day).exists()
    day.journal = SqliteJournal.open(day.path)


def written_to(day: Day) -> None:
    with closing(SqliteJournal.open(day.path)) as journal:
        journal.note("clock.stepped", NOW, {})


def changed_by_a_stranger(day: Day) -> None:
    with day.path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(last)


def exchanged(day: Day) -> None:
    copy = day.path.with_name("copy")
    copy.write_bytes(day.path.read_bytes())
    copy.replace(day.path)


def cut_off(day: Day) -> None:
    """A run that did not end in good order."""
    SqliteJournal.open(day.path, check=True, now=NOW).close()


def left_with_a_log(day: Day) -> None:
    day.path.with_name("journal.db-wal").touch()


def told_so(day: Day) -> None:
    soundness.forget(day.path)


def garbled(day: Day) -> None:
    note_of(day).write_text('{"checked_at": ', encoding="utf-8")


def without_zone(day: Day) -> None:
    note_of(day).write_text(json.dumps({"checked_at": "2026-03-03T12:00:00", "seen": None}), encoding="utf-8")


CASES = (written_to, changed_by_a_stranger, exchanged, cut_off, left_with_a_log, told_so, garbled, without_zone)


@pytest.mark.parametrize("happens", CASES, ids=lambda case: case.__name__)
def test_a_large_journal_is_read_through_after_whatever_may_have_harmed_it(
    large: Day, happens: Callable[[Day], None]
) -> None:
    happens(large)
    assert soundness.needs_check(large.path, LATER)


@pytest.mark.parametrize("now", [NOW + soundness.TRUSTED_FOR, NOW - timedelta(seconds=1), None])
def test_a_large_journal_is_read_through_once_a_week_and_when_nobody_knows_the_time(large: Day, now: object) -> None:
    assert soundness.needs_check(large.path, now)  # type: ignore[arg-type]


def test_damage_of_a_large_journal_is_found_when_it_was_written_to(large: Day) -> None:
    size = large.path.stat().st_size
    with large.path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 3))
    large.journal = SqliteJournal.open(large.path, check=True, now=LATER)
    assert large.journal.recovery is not None


def test_the_week_goes_on_through_starts_that_read_nothing(large: Day) -> None:
    for day in range(1, 7):
        large.journal = SqliteJournal.open(large.path, check=True, now=NOW + timedelta(days=day))
        large.journal.close()
        soundness.end(large.path)
    assert soundness.needs_check(large.path, NOW + timedelta(days=7))
