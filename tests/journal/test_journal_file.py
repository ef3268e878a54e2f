"""The file: private, refused when it is something else, put aside and restored when damaged, or left alone."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminders.domain.answer import Verb
from reminders.domain.delivery import DeliveryState
from reminders.domain.errors import JournalFault, JournalUnavailable, StartRefused
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.journal import backups
from reminders.journal.sqlite_journal import SqliteJournal
from tests.journal.day import Day
from tests.journal.restart import end_cut_off

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277])
def test_file_and_folders_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "state" / "reminders" / "journal.db"
    before = os.umask(umask)
    try:
        journal = SqliteJournal.open(path)
        journal.note("clock.stepped", NOW, {})
        backup = journal.backup(NOW)
    finally:
        os.umask(before)
    companions = [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm")]
    assert [mode(file) for file in (path, *companions, backup)] == [0o600] * 4
    assert [mode(folder) for folder in (path.parent, path.parent.parent, backup.parent)] == [0o700] * 3
    journal.close()


def test_a_journal_left_open_to_others_is_made_private(day: Day) -> None:
    day.path.chmod(0o644)
    day.reopen()
    assert mode(day.path) == 0o600


KINDS = ["link", "dangling link", "folder", "pipe", "linked companion"]


def something_else(kind: str, path: Path, other: Path) -> None:
    """Put what is no plain file in the journal's place."""
    other.write_bytes(b"precious")
    if kind == "link":
        path.symlink_to(other)
    elif kind == "dangling link":
        path.symlink_to(path.with_name("nowhere"))
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.with_name("journal.db-wal").symlink_to(other)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_command_refuses_anything_but_a_plain_file_and_leaves_it_alone(
    tmp_path: Path, kind: str, *, read_only: bool
) -> None:
    path, other = tmp_path / "journal.db", tmp_path / "other.db"
    something_else(kind, path, other)
    with pytest.raises(StartRefused, match="move it away"):
        SqliteJournal.open(path, read_only=read_only)
    assert other.read_bytes() == b"precious"
    assert {entry.name for entry in tmp_path.iterdir()} <= {path.name, "journal.db-wal", other.name}


@pytest.mark.parametrize("kind", KINDS)
def test_the_daemon_puts_anything_but_a_plain_file_aside_and_follows_no_link(
    day: Day, tmp_path: Path, kind: str
) -> None:
    day.send("movement")
    day.journal.backup(NOW)
    day.journal.close()
    day.path.unlink()
    other = tmp_path / "other.db"
    something_else(kind, day.path, other)
    day.journal = SqliteJournal.open(day.path, check=True, now=NOW)
    recovery = day.journal.recovery
    assert recovery is not None
    assert "not a plain file" in recovery.reason
    assert list(day.path.parent.glob(f"{recovery.quarantined.name}*"))
    assert other.read_bytes() == b"precious"
    assert [one.habit for one in day.journal.open_occurrences()] == ["movement"]


def test_a_recovery_is_remembered_until_it_is_settled(day: Day) -> None:
    day.journal.close()
    header(day.path)
    for _ in range(2):
        day.journal = SqliteJournal.open(day.path, check=True, now=NOW)
        assert day.journal.recovery is not None
        assert day.journal.recovery.quarantined.name == "journal.corrupt-20260303T120000Z"
        day.journal.close()
    day.journal = SqliteJournal.open(day.path, check=True, now=NOW)
    day.journal.settle_recovery(["me"], [], NOW)
    assert day.journal.recovery is None
    assert day.reopen().recovery is None
    assert day.journal.facts("me", NOW, NOW).planned_until == NOW


def test_what_the_backup_had_still_to_send_is_unknown_and_what_waited_is_missed(day: Day) -> None:
    day.send("movement", slot="08:30")
    day.say("movement", Verb.SNOOZE, 1)
    queued = day.queue("hydration")
    day.journal.backup(NOW)
    day.journal.close()
    header(day.path)
    day.journal = SqliteJournal.open(day.path, check=True, now=NOW)
    day.journal.settle_recovery(["me"], [], day.at(30))
    assert day.journal.open_deliveries() == ()
    assert day.journal.deliveries_of(queued)[0].state is DeliveryState.UNKNOWN
    occurrences = day.journal.facts("me", day.at(-60), day.at(60)).occurrences
    states = {one.habit: (one.state, one.reason) for one in occurrences}
    assert states == {
        "movement": (OccurrenceState.MISSED, Reason.EXPIRED_DOWN),
        "hydration": (OccurrenceState.SENT, None),
    }


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE bookmarks (url TEXT)")
    foreign.close()
    before = path.read_bytes()
    for options in ({"read_only": True}, {"check": True}, {}):
        with pytest.raises(StartRefused, match="something else"):
            SqliteJournal.open(path, **options)
    assert path.read_bytes() == before


def test_reading_where_no_journal_is_creates_none(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailable) as caught:
        SqliteJournal.open(tmp_path / "journal.db", read_only=True)
    assert caught.value.cause is JournalFault.ABSENT
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(day: Day) -> None:
    day.send()
    reader = SqliteJournal.open(day.path, read_only=True)
    assert len(reader.open_occurrences()) == 1
    with pytest.raises(JournalUnavailable) as caught:
        reader.close_expired(day.at(90))
    assert caught.value.cause is JournalFault.READ_ONLY
    reader.close()


def test_a_sound_journal_needs_no_recovery(day: Day) -> None:
    assert day.reopen().recovery is None


def zero_bytes(path: Path) -> None:
    path.write_bytes(b"")


def header(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 512] = os.urandom(512)
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 100])


@pytest.mark.parametrize("damage", [zero_bytes, header, page, cut_short])
def test_a_damaged_journal_is_put_aside_and_the_newest_backup_restored(
    day: Day, damage: Callable[[Path], None]
) -> None:
    day.send("movement")
    day.journal.backup(NOW - timedelta(days=1))
    newest = day.journal.backup(NOW)
    day.send("hydration", slot="10:00", minute=60, expires=90)
    day.journal.close()
    damage(day.path)
    damaged = day.path.read_bytes()
    day.journal = SqliteJournal.open(day.path, check=True, now=NOW)
    recovery = day.journal.recovery
    assert recovery.quarantined == day.path.with_name("journal.corrupt-20260303T120000Z")
    assert recovery.quarantined.read_bytes() == damaged
    assert recovery.restored_from == newest
    assert [one.habit for one in day.journal.open_occurrences()] == ["movement"]
    assert mode(day.path) == 0o600


def test_without_a_sound_backup_the_journal_begins_anew(day: Day) -> None:
    day.send()
    day.journal.backup(NOW).write_bytes(b"no database either")
    day.journal.close()
    header(day.path)
    day.journal = SqliteJournal.open(day.path, check=True)
    assert day.journal.recovery.restored_from is None
    assert day.journal.open_occurrences() == ()


def test_a_second_damage_in_the_same_second_overwrites_no_quarantine(day: Day) -> None:
    for _ in range(2):
        day.journal.close()
        header(day.path)
        day.journal = SqliteJournal.open(day.path, check=True, now=NOW)
    assert len(list(day.path.parent.glob("journal.corrupt-*"))) == 2


def test_only_the_daemon_mends(day: Day) -> None:
    day.journal.close()
    header(day.path)
    damaged = day.path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(JournalUnavailable) as caught:
            SqliteJournal.open(day.path, read_only=read_only)
        assert caught.value.cause is JournalFault.CORRUPT
    assert day.path.read_bytes() == damaged
    day.journal = SqliteJournal.open(day.path, check=True)


def test_a_newer_journal_is_refused_and_left_alone_with_its_log(day: Day, tmp_path: Path) -> None:
    day.journal._connection.execute("PRAGMA user_version = 99")
    log, newer, newer_log = (Path(f"{day.path}-wal"), tmp_path / "newer.db", tmp_path / "newer.db-wal")
    shutil.copy(day.path, newer)
    shutil.copy(log, newer_log)
    before = newer.read_bytes(), newer_log.read_bytes()
    for options in ({"read_only": True}, {"check": True}, {}):
        with pytest.raises(StartRefused, match="99"):
            SqliteJournal.open(newer, **options)
    assert (newer.read_bytes(), newer_log.read_bytes()) == before


def test_seven_daily_backups_are_kept_and_each_can_be_opened(day: Day) -> None:
    day.send()
    for number in range(9):
        day.journal.backup(NOW + timedelta(days=number))
    kept = sorted((day.path.parent / "backups").iterdir())
    assert [backup.name for backup in kept] == [f"journal-2026-03-{number:02d}.db" for number in range(5, 12)]
    copy = day.path.with_name("copy.db")
    shutil.copy(kept[0], copy)
    reopened = SqliteJournal.open(copy)
    assert reopened.open_occurrences() == day.journal.open_occurrences()
    reopened.close()


def test_a_backup_of_today_takes_the_place_of_an_older_one_of_today(day: Day) -> None:
    day.journal.backup(NOW)
    day.send()
    backup = day.journal.backup(NOW + timedelta(hours=1))
    assert list(backup.parent.iterdir()) == [backup]
    assert sqlite3.connect(backup).execute("SELECT COUNT(*) FROM occurrences").fetchone() == (1,)


def test_a_creation_killed_half_way_leaves_no_journal_that_is_half_there(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    child = (
        "import os, sys; from pathlib import Path; from reminders.journal import backups, sqlite_journal\n"
        "backups.put_in_place = lambda *_: os._exit(9)\n"
        "sqlite_journal.SqliteJournal.open(Path(sys.argv[1]))"
    )
    assert subprocess.run([sys.executable, "-c", child, path], check=False).returncode == 9
    assert not path.exists()
    journal = SqliteJournal.open(path, check=True)
    assert journal.recovery is None
    journal.close()


def test_a_faster_process_keeps_its_new_journal(tmp_path: Path) -> None:
    winner, building = tmp_path / "journal.db", tmp_path / "journal.db.new"
    winner.write_bytes(b"first")
    building.write_bytes(b"second")
    backups.put_in_place(building, winner)
    assert winner.read_bytes() == b"first"


def test_a_power_cut_at_any_byte_leaves_a_journal_that_opens_untorn(day: Day, tmp_path: Path) -> None:
    """What the disk may hold after a cut: the file as it was, and any beginning of the log beside it."""
    for number in range(12):
        day.send(minute=number, slot=f"09:{number:02d}", send_to=("desk", "phone"))
    log = day.path.with_name(day.path.name + "-wal").read_bytes()
    assert len(log) > 10_000
    chance = random.Random(20260303)
    for number in range(40):
        copy = tmp_path / f"cut{number}" / "journal.db"
        copy.parent.mkdir()
        shutil.copy(day.path, copy)
        copy.with_name("journal.db-wal").write_bytes(log[: chance.randrange(len(log))])
        survivor = SqliteJournal.open(copy, check=True)
        assert survivor.recovery is None
        end_cut_off(survivor, day.at(30))
        assert survivor.check_invariant() == ()
        survivor.close()


def test_a_power_cut_while_the_log_is_written_back_loses_nothing(day: Day, tmp_path: Path) -> None:
    for number in range(12):
        day.send(minute=number, slot=f"09:{number:02d}")
    before, log = day.path.read_bytes(), day.path.with_name(day.path.name + "-wal").read_bytes()
    day.journal._connection.execute("PRAGMA wal_checkpoint(FULL)")
    after = day.path.read_bytes()
    assert after != before
    chance = random.Random(20260303)
    for number in range(15):
        cut = chance.randrange(len(after))
        copy = tmp_path / f"cut{number}" / "journal.db"
        copy.parent.mkdir()
        copy.write_bytes(after[:cut] + before[cut:])
        copy.with_name("journal.db-wal").write_bytes(log)
        survivor = SqliteJournal.open(copy, check=True)
        assert survivor.recovery is None
        assert survivor.open_occurrences() == day.journal.open_occurrences()
        assert survivor.check_invariant() == ()
        survivor.close()


def test_a_backup_that_cannot_be_written_says_so_and_keeps_the_older_ones(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.journal.backup(NOW)
    (day.path.parent / "backups" / f"journal-2026-03-04.db.new-{os.getpid()}").mkdir()
    with pytest.raises(JournalUnavailable):
        day.journal.backup(NOW + timedelta(days=1))
    assert (day.path.parent / "backups" / "journal-2026-03-03.db").exists()
