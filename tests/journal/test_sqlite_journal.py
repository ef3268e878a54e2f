"""One file, several processes, a full disk: a transaction is kept whole or not at all, and the cause is named."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reminders.domain.delivery import DeliveryState
from reminders.domain.errors import JournalFault, JournalUnavailable
from reminders.journal.instants import to_instant, to_text
from reminders.journal.sqlite_journal import SqliteJournal
from tests.journal.day import Day

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from reminders.domain.answer import Verb
from reminders.journal.sqlite_journal import SqliteJournal
journal = SqliteJournal.open(Path(sys.argv[1]))
start = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
for number in range(60):
    journal.answer_habit(sys.argv[2], "hydration", Verb.DONE, start + timedelta(seconds=number), "command", amount_ml=1)
journal.close()
"""


def test_settings_of_the_connection_make_a_commit_durable(day: Day) -> None:
    read = day.journal._connection.execute
    assert read("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert read("PRAGMA synchronous").fetchone()[0] == 2
    assert read("PRAGMA foreign_keys").fetchone()[0] == 1
    assert read("PRAGMA busy_timeout").fetchone()[0] == 5000


def test_two_processes_write_without_losing_anything(day: Day) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, day.path, person]) for person in ("a", "b")]
    for number in range(30):
        day.send(minute=number, slot=f"09:{number:02d}")
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert [day.journal.water_ml(person, day.at(0), day.at(60)) for person in ("a", "b")] == [60, 60]
    assert len(day.journal.open_occurrences("me")) == 30


def test_writing_by_another_process_is_noticed_and_ones_own_is_not(day: Day) -> None:
    before = day.journal.data_version()
    day.send()
    assert day.journal.data_version() == before
    other = SqliteJournal.open(day.path)
    other.note("config.reloaded", day.at(0), {})
    other.close()
    assert day.journal.data_version() != before


def test_a_lock_held_by_another_process_is_named_and_passes(day: Day) -> None:
    day.journal._connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(day.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalUnavailable) as caught:
        day.send()
    assert caught.value.cause is JournalFault.LOCKED
    assert day.journal.open_occurrences() == ()
    other.execute("ROLLBACK")
    other.close()
    day.send()
    assert len(day.journal.open_occurrences()) == 1


def fill_the_disk(day: Day) -> None:
    pages = day.journal._connection.execute("PRAGMA page_count").fetchone()[0]
    day.journal._connection.execute(f"PRAGMA max_page_count = {pages}")


def free_the_disk(day: Day) -> None:
    day.journal._connection.execute("PRAGMA max_page_count = 1000000")


def repeat(act: Callable[[int], object]) -> None:
    for number in range(200):
        act(number)


def until_full(day: Day, act: Callable[[int], object]) -> None:
    with pytest.raises(JournalUnavailable) as caught:
        repeat(act)
    assert caught.value.cause is JournalFault.DISK_FULL
    assert day.journal.check_invariant() == ()


def test_a_disk_full_at_planning_keeps_nothing_of_the_turn_and_passes(day: Day) -> None:
    fill_the_disk(day)
    until_full(day, lambda number: day.queue(minute=number, slot=f"s{number}", expires=900))
    planned = len(day.journal.open_occurrences())
    free_the_disk(day)
    day.queue(slot="after", expires=900)
    assert len(day.journal.open_occurrences()) == planned + 1


def test_a_disk_full_at_begin_leaves_the_delivery_queued_so_nothing_is_sent(day: Day) -> None:
    for number in range(150):
        day.queue(minute=number, slot=f"s{number}", expires=900)
    deliveries = day.journal.open_deliveries()
    fill_the_disk(day)
    until_full(day, lambda number: day.journal.begin(deliveries[number].id, day.at(0)))
    states = {one.state for one in day.journal.open_deliveries() if one.attempt == 0}
    assert states == {DeliveryState.QUEUED}
    free_the_disk(day)
    waiting = [one for one in day.journal.open_deliveries() if one.state is DeliveryState.QUEUED]
    assert waiting
    assert day.journal.begin(waiting[0].id, day.at(1))


def test_a_note_on_a_full_disk_names_the_cause(day: Day) -> None:
    fill_the_disk(day)
    until_full(day, lambda number: day.journal.note("clock.stepped", day.at(number), {"text": "x" * 500}))
    free_the_disk(day)


def test_a_mistake_of_ours_is_not_passed_off_as_trouble_with_the_disk(day: Day) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        day.journal._connection.execute("UPDATE nudges SET title = ''" if day.send() else "")


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    journal = SqliteJournal.open(tmp_path / "journal.db")
    journal.close()
    journal.close()


def test_instants_keep_their_microseconds_and_their_order_as_text(day: Day) -> None:
    moment = day.at(0).replace(microsecond=1)
    assert to_instant(to_text(moment)) == moment
    assert to_text(day.at(0)) < to_text(moment) < to_text(day.at(1))
    with pytest.raises(ValueError, match="no zone"):
        to_text(moment.replace(tzinfo=None))
