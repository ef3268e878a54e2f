"""Holds: when the disk, the journal or the files fail, nothing is sent unrecorded, and the daemon comes round."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from reminders.domain.delivery import DeliveryState as S
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState
from reminders.journal.sqlite_journal import SqliteJournal
from tests.faults.inbox import Answer, until
from tests.faults.machine import (
    NOBODY,
    WITHOUT_PRIVILEGE,
    Disk,
    held,
    is_degraded,
    is_well,
    need_root,
    small_disk,
    start_quick,
    stopped,
    take_clock,
)
from tests.faults.site import Site
from tests.scenarios.virtual_home import BERLIN, Home, live

FULL = "the disk is full"

HELD_SECONDS = 60.0 if os.environ.get("REMINDERS_TEST_LONG") == "1" else 0.0


@pytest.fixture
def disk(site: Site) -> Iterator[Disk]:
    """Put the data directory of the site on a disk of its own."""
    with small_disk(site.home.data_dir) as place:
        yield place
        for daemon in site.home.daemons:
            if not daemon.has_ended():
                assert daemon.stop() == 0
        if site.journal_path.exists():
            place.free()
            assert site.violations() == ()


# 46: the disk is full


def test_fault_46_full_at_begin_sends_nothing_says_so_and_recovers_by_itself(site: Site, disk: Disk) -> None:
    daemon = start_quick(site).armed()
    with stopped(daemon):
        nudge_id = site.put("calcium_meal")
        disk.fill()
    is_degraded(site, FULL)
    assert site.inbox.arrivals == []
    assert site.state(nudge_id) is S.QUEUED
    disk.free()
    site.comes_to(nudge_id, S.ACCEPTED)
    is_well(site)
    assert (len(site.inbox.of(nudge_id)), site.delivery(nudge_id).attempt) == (1, 1)


def test_fault_46_full_at_finish_records_the_end_later_and_sends_nothing_twice(site: Site, disk: Disk) -> None:
    site.inbox.answer = lambda _: (disk.fill(), Answer())[1]  # type: ignore[func-returns-value]
    nudge_id = site.put("hydration")
    daemon = start_quick(site).armed()
    is_degraded(site, FULL)
    assert site.state(nudge_id) is S.SENDING
    until(lambda: daemon.log("delivery.unrecorded"), "the end is kept")
    site.inbox.answers(200)
    disk.free()
    site.comes_to(nudge_id, S.ACCEPTED)
    is_well(site)
    assert len(site.inbox.of(nudge_id)) == 1
    assert site.ending(nudge_id)[0] == "sent"


PLANNED = """\
timezone: UTC
people:
  sam: {{name: Sam, awake: "00:00-24:00"}}
channels:
  phone: "{phone}"
habits:
  look_out: {{at: ["10:00"], say: Look out, expire_after: {life}}}
"""


@pytest.mark.parametrize(("life", "ending"), [("60min", ("sent", None)), ("20min", ("missed", "disk_full"))])
def test_fault_46_full_when_a_slot_falls_due_is_sent_late_or_missed_for_that_reason(
    site: Site, disk: Disk, life: str, ending: tuple[str, str | None]
) -> None:
    take_clock(site, "2026-11-24 09:59:00")
    site.home.config.write_text(PLANNED.format(phone=site.inbox.url(), life=life))
    start_quick(site).armed()
    disk.fill()
    site.home.clock_reads("2026-11-24 10:00:01")
    is_degraded(site, FULL)
    assert site.occurrences() == {}
    site.home.clock_reads("2026-11-24 10:30:00")
    disk.free()
    until(lambda: "sam/look_out/2026-11-24T10:00" in site.occurrences(), "the slot is on record")
    (slot,) = site.occurrences()
    until(lambda: site.ending(slot) != ("planned", "expired_down"), "it has left or was given up")
    state, reason = site.ending(slot)
    assert (state, reason if state == "missed" else None) == ending
    assert len(site.inbox.arrivals) == (ending[0] == "sent")


def test_fault_46_full_where_the_log_goes_stops_nothing(site: Site, disk: Disk) -> None:
    log = disk.point / "daemon.log"
    daemon = start_quick(site, log=log).armed()
    disk.fill()
    daemon.look()
    is_degraded(site, FULL)
    size = log.stat().st_size
    disk.free()
    nudge_id = site.put()
    site.comes_to(nudge_id, S.ACCEPTED)
    until(lambda: log.stat().st_size > size, "it logs again")
    assert daemon.stop() == 0


def test_fault_46_a_full_disk_at_the_end_does_not_hold_up_the_stop(site: Site, disk: Disk) -> None:
    daemon = start_quick(site).armed()
    disk.fill()
    daemon.look()
    is_degraded(site, FULL)
    assert daemon.stop() == 0
    assert not (site.home.data_dir / "daemon.json").exists()


def test_fault_46_answer_heard_while_nothing_can_be_written_counts_from_the_moment_it_was_given(
    shipped: Household, tmp_path: Path
) -> None:
    async def day(home: Home) -> None:
        await home.until(8, 10)
        nudge = home.nudges()[-1]
        home.journal._connection.execute("PRAGMA query_only = ON")
        given_at = home.clock.now()
        home.service.heard(nudge.id, "done", "desktop")
        assert "cannot be written" in str(home.reports[-1]["degraded"])
        await home.passes(minutes=3)
        home.journal._connection.execute("PRAGMA query_only = OFF")
        await home.passes(seconds=16)
        assert home.reports[-1]["degraded"] is None
        answered = [row for row in home.history() if row.answered_at is not None]
        assert {(row.state, row.answered_at) for row in answered} == {(OccurrenceState.DONE, given_at)}
        assert len(answered) == len(nudge.asks)

    live(tmp_path, shipped, datetime(2025, 3, 4, 6, 0, tzinfo=BERLIN), day)


def test_fault_46_backup_that_cannot_be_written_is_on_record_and_the_next_one_is(
    shipped: Household, tmp_path: Path
) -> None:
    async def days(home: Home) -> None:
        folder = tmp_path / "backups"
        folder.write_text("no folder")
        await home.until(4)
        (event,) = home.events("backup.failed")
        assert "backups" in event.data["error"]
        folder.unlink()
        await home.until(4)
        assert [file.name for file in folder.iterdir()] == ["journal-2025-03-05.db"]
        assert len(home.events("backup.failed")) == 1

    live(tmp_path, shipped, datetime(2025, 3, 4, 0, 0, tzinfo=BERLIN), days)


# 47: the journal is damaged


def zero_bytes(path: Path) -> None:
    path.write_bytes(b"")


def header(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 512] = b"\xa5" * 512
    path.write_bytes(content)


def directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def symlink(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))
    path.symlink_to(path.with_name("elsewhere.db"))


@pytest.mark.parametrize(
    ("damage", "has_backup"),
    [(page, True), (header, True), (header, False), (zero_bytes, True), (directory, True), (symlink, True)],
)
def test_fault_47_damaged_journal_is_put_aside_everybody_is_told_and_nothing_is_sent_again(
    site: Site, damage: Callable[[Path], None], *, has_backup: bool
) -> None:
    site.configure(send_to="phone", phone=site.inbox.url("back"), pager=site.inbox.url("pager"))
    queued = site.put("calcium_meal")
    if has_backup:
        with contextlib.closing(SqliteJournal.open(site.journal_path)) as journal:
            journal.backup(datetime.now(UTC))
    damage(site.journal_path)
    daemon = start_quick(site).armed()
    until(lambda: len(site.inbox.arrivals) >= 2, "the notice is on every channel")
    (line,) = daemon.log("journal.recovered")
    assert os.path.lexists(line["put_aside"])
    assert "journal.corrupt-" in line["put_aside"]
    assert (line["restored_from"] is not None) is has_backup
    later = site.put("calcium_meal")
    site.comes_to(later, S.ACCEPTED)
    assert site.inbox.of(queued) == []
    notices = [one for one in site.inbox.arrivals if "/notice/" in one.nudge_id]
    assert [one.title for one in notices] == ["Reminders: the record was damaged"] * 2
    assert (queued in site.occurrences()) is has_backup
    if has_backup:
        assert (site.state(queued), site.ending(queued)[0]) == (S.UNKNOWN, "sent")
    assert daemon.stop() == 0
    start_quick(site).armed()
    last = site.put("calcium_meal")
    site.comes_to(last, S.ACCEPTED)
    assert sum("/notice/" in one.nudge_id for one in site.inbox.arrivals) == 2


def test_fault_47_no_room_for_the_backup_leaves_the_damaged_journal_for_the_next_start(site: Site, disk: Disk) -> None:
    site.put("calcium_meal")
    with contextlib.closing(SqliteJournal.open(site.journal_path)) as journal:
        journal.backup(datetime.now(UTC))
    header(site.journal_path)
    before = site.journal_path.read_bytes()
    disk.fill()
    refused = site.home.call("run")
    assert refused.returncode in (1, 3)
    assert "No space left" in refused.stderr or FULL in refused.stderr
    assert site.journal_path.read_bytes() == before
    assert list(disk.point.glob("journal.corrupt-*")) == []
    disk.free()
    daemon = start_quick(site).armed()
    assert daemon.log("journal.recovered")


# 48, 49: another version


def test_fault_48_newer_journal_is_refused_with_exit_code_3_and_untouched(site: Site) -> None:
    site.put("calcium_meal")
    with contextlib.closing(sqlite3.connect(site.journal_path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("PRAGMA user_version = 99")
    before = site.journal_path.read_bytes()
    refused = site.home.call("run")
    assert refused.returncode == 3
    assert "version 99" in refused.stderr
    assert site.journal_path.read_bytes() == before
    with contextlib.closing(sqlite3.connect(site.journal_path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


# 50: another process holds the journal


def test_fault_50_locked_journal_is_told_and_the_nudge_leaves_once_it_is_free(site: Site) -> None:
    daemon = start_quick(site).armed()
    with contextlib.ExitStack() as lock:
        with stopped(daemon):
            nudge_id = site.put("calcium_meal")
            lock.enter_context(held(site.journal_path))
        is_degraded(site, "another process holds it")
        time.sleep(HELD_SECONDS)  # the fault itself: that much time passes with it
        assert site.inbox.arrivals == []
    site.comes_to(nudge_id, S.ACCEPTED)
    is_well(site)
    assert len(site.inbox.of(nudge_id)) == 1


# 51: the data directory


def test_fault_51_read_only_data_directory_is_refused_by_name(site: Site, disk: Disk) -> None:
    daemon = start_quick(site).armed()
    assert daemon.stop() == 0
    disk.become_read_only()
    refused = site.home.call("run")
    assert refused.returncode == 3
    assert str(site.home.data_dir) in refused.stderr
    assert "Read-only" in refused.stderr
    subprocess.run(["mount", "-o", "remount,rw", disk.point], check=True)


def test_fault_51_data_directory_of_another_user_is_refused_by_name(site: Site) -> None:
    need_root()
    os.chown(site.home.data_dir, NOBODY, NOBODY)
    daemon = start_quick(site, *WITHOUT_PRIVILEGE)
    assert daemon.process.wait(timeout=30) == 3
    assert str(site.home.data_dir) in daemon.complained
    assert "Permission denied" in daemon.complained


def test_fault_51_data_directory_that_belongs_to_another_user_is_named_in_a_warning(site: Site) -> None:
    need_root()
    os.chown(site.home.data_dir, NOBODY, NOBODY)
    daemon = start_quick(site).armed()
    (line,) = daemon.log("data_directory.foreign")
    assert (line["path"], line["owner_uid"]) == (str(site.home.data_dir), NOBODY)


def test_fault_51_data_directory_open_to_everybody_is_named_in_a_warning(site: Site) -> None:
    site.home.data_dir.chmod(0o777)
    daemon = start_quick(site).armed()
    (line,) = daemon.log("data_directory.exposed")
    assert (line["path"], line["mode"]) == (str(site.home.data_dir), "0777")


# 52: no more files


def test_fault_52_no_file_left_to_open_stops_no_daemon_and_it_sends_when_there_are_some(site: Site) -> None:
    daemon = start_quick(site, files=32).armed()
    process = psutil.Process(daemon.process.pid)
    open_files = process.num_fds()
    process.rlimit(psutil.RLIMIT_NOFILE, (open_files, 32))
    nudge_id = site.put()
    until(lambda: site.delivery(nudge_id).attempt >= 1 and site.state(nudge_id) is not S.SENDING, "it was tried")
    assert site.state(nudge_id) is S.RETRY_WAIT
    assert not daemon.has_ended()
    assert site.inbox.arrivals == []
    process.rlimit(psutil.RLIMIT_NOFILE, (32, 32))
    later = site.put()
    site.comes_to(later, S.ACCEPTED)
    assert daemon.stop() == 0
