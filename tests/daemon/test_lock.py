"""Rules of one daemon a data directory: the lock is the truth, the note is for people and pokes."""

from __future__ import annotations

import json
import logging
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

import reminders
from reminders.daemon.lock import (
    LOCK_NAME,
    NOTE_NAME,
    DaemonLock,
    RunningDaemon,
    acquire,
    filesystem_of,
    poke,
    running_daemon,
)
from reminders.daemon.pulse import PULSE_NAME
from reminders.domain.errors import StartRefused

STARTED_AT = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
HOLDER = """
import signal, sys
from datetime import UTC, datetime
from pathlib import Path
from reminders.daemon.lock import acquire
from reminders.daemon.pulse import PULSE_NAME
from reminders.domain.errors import StartRefused
try:
    lock = acquire(Path(sys.argv[1]), config="home.yaml", started_at=datetime(2025, 3, 4, 9, 0, tzinfo=UTC))
except StartRefused as error:
    print(f"refused: {error}", flush=True)
    raise SystemExit(3)
print("ready", flush=True)
if "listening" in sys.argv:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    print("listening", flush=True)
    print(signal.sigwait({signal.SIGUSR1}).name, flush=True)
sys.stdin.read()
"""

ASKER = """
import sys
from pathlib import Path
from reminders.daemon.lock import running_daemon
print("asking", flush=True)
while True:
    running_daemon(Path(sys.argv[1]))
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def _poke_disposition() -> Iterator[None]:
    before = signal.getsignal(signal.SIGUSR1)
    yield
    signal.signal(signal.SIGUSR1, before)


def take(data_dir: Path, config: str | None = "home.yaml") -> DaemonLock:
    return acquire(data_dir, config=config, started_at=STARTED_AT)


@contextmanager
def other_process(data_dir: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the lock until the block ends."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", HOLDER, str(data_dir), *words]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def test_lock_and_note_are_for_the_owner_only(data_dir: Path) -> None:
    lock = take(data_dir)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (data_dir, *data_dir.iterdir())}
    assert modes == {"data": 0o700, LOCK_NAME: 0o600, NOTE_NAME: 0o600, PULSE_NAME: 0o600}
    lock.release()


def test_running_daemon_is_described_by_its_note(data_dir: Path) -> None:
    with other_process(data_dir) as process:
        assert running_daemon(data_dir) == RunningDaemon(
            pid=process.pid, version=reminders.__version__, config="home.yaml", started_at=STARTED_AT
        )


def test_second_start_is_refused_with_the_pid_of_the_first(data_dir: Path) -> None:
    with (
        other_process(data_dir) as process,
        pytest.raises(StartRefused, match=f"^already running, pid {process.pid}, on the data directory"),
    ):
        take(data_dir)


def test_of_many_started_together_exactly_one_runs(data_dir: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(data_dir)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(50)]
    said = [process.stdout.readline() for process in processes if process.stdout is not None]
    for process in processes:
        process.communicate()
    assert said.count("ready\n") == 1
    assert [process.returncode for process in processes].count(3) == 49
    assert sum(line.startswith("refused: already running") for line in said) == 49


def test_lock_of_a_killed_daemon_is_free(data_dir: Path) -> None:
    with other_process(data_dir):
        pass
    assert (data_dir / NOTE_NAME).exists()
    assert running_daemon(data_dir) is None
    take(data_dir).release()


def test_note_left_behind_means_nothing_whoever_has_its_pid_now(data_dir: Path) -> None:
    data_dir.mkdir()
    note = {"pid": os.getpid(), "process": "another-boot/1", "version": "0", "config": None, "started_at": "2020-01-01"}
    (data_dir / LOCK_NAME).touch()
    (data_dir / NOTE_NAME).write_text(json.dumps(note), encoding="utf-8")
    assert running_daemon(data_dir) is None
    assert not poke(data_dir)
    lock = take(data_dir)
    assert running_daemon(data_dir) != RunningDaemon(version="0")
    lock.release()


def test_daemon_whose_note_is_not_its_own_yet_is_running_without_a_pid(data_dir: Path) -> None:
    with other_process(data_dir):
        note = json.loads((data_dir / NOTE_NAME).read_text(encoding="utf-8"))
        for text in ("", "{", "[]", json.dumps({**note, "pid": 1}), json.dumps({**note, "process": "another-boot/1"})):
            (data_dir / NOTE_NAME).write_text(text, encoding="utf-8")
            assert running_daemon(data_dir) == RunningDaemon()
            assert not poke(data_dir)
        with pytest.raises(StartRefused, match="already running, and still starting"):
            take(data_dir)


def test_release_leaves_nothing_that_looks_running(data_dir: Path) -> None:
    lock = take(data_dir, config=None)
    found = running_daemon(data_dir)
    assert found is not None
    assert (found.pid, found.config) == (os.getpid(), None)
    lock.release()
    lock.release()
    assert running_daemon(data_dir) is None
    assert not (data_dir / NOTE_NAME).exists()
    take(data_dir).release()


def test_nobody_runs_where_there_is_no_data_directory(data_dir: Path) -> None:
    assert running_daemon(data_dir) is None
    assert not poke(data_dir)


def test_poke_reaches_the_running_daemon(data_dir: Path) -> None:
    with other_process(data_dir, "listening") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        assert poke(data_dir)
        assert process.stdout.readline() == "SIGUSR1\n"


def test_poke_before_the_daemon_listens_does_not_end_it(data_dir: Path) -> None:
    with other_process(data_dir) as process:
        assert poke(data_dir)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_asking_often_does_not_stop_a_start(data_dir: Path) -> None:
    take(data_dir).release()
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", ASKER, str(data_dir)], stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "asking\n"
        for _ in range(20):
            take(data_dir).release()
        process.kill()


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs"])
def test_data_directory_on_the_network_is_refused(data_dir: Path, tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/home {tmp_path} {kind} rw 0 0\n", encoding="utf-8")
    with pytest.raises(StartRefused, match=f"is on {kind}, .* choose a local one with --data-dir"):
        acquire(data_dir, config=None, started_at=STARTED_AT, mounts=mounts)


def test_deepest_and_latest_mount_holds_a_directory(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    place = tmp_path / "with space" / "data"
    place.mkdir(parents=True)
    escaped = str(place.parent).replace(" ", "\\040")
    mounts.write_text(
        f"a / ext4 rw 0 0\nb {escaped} nfs rw 0 0\nc {escaped} xfs rw 0 0\nd /other nfs rw 0 0\n", encoding="utf-8"
    )
    assert filesystem_of(place, mounts) == "xfs"
    assert filesystem_of(tmp_path, mounts) == "ext4"
    assert filesystem_of(place, tmp_path / "missing") is None


def test_data_directory_that_is_a_file_is_refused_by_name(data_dir: Path) -> None:
    data_dir.touch()
    with pytest.raises(StartRefused, match=r'cannot use the data directory ".*data": File exists'):
        take(data_dir)


def test_lock_that_is_a_link_is_refused(data_dir: Path, tmp_path: Path) -> None:
    data_dir.mkdir()
    (data_dir / LOCK_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StartRefused, match="cannot use the data directory"):
        take(data_dir)
    assert not (tmp_path / "elsewhere").exists()


def test_open_data_directory_is_named_in_a_warning(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    data_dir.mkdir()
    data_dir.chmod(0o777)
    with caplog.at_level(logging.WARNING):
        take(data_dir).release()
    (record,) = caplog.records
    assert record.message == "data_directory.exposed"
    assert record.__dict__["fields"] == {"path": str(data_dir), "mode": "0777", "hint": f'chmod 700 "{data_dir}"'}
