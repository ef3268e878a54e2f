"""``reload``: a daemon takes a good file while it runs; a bad one changes nothing and is told with its place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from reminders.cli import main
from reminders.composition import running
from reminders.composition.renewal import NotRenewed, renew
from reminders.daemon.lock import acquire
from tests.cli.desk import FILE, Desk

DEADLINE_SECONDS = 30
EYES = FILE.replace("  walk: off\n", "  walk: off\n  eyes:\n")
BROKEN = FILE.replace("every: 2h", "evry: 2h")


@contextmanager
def daemon_on(desk: Desk, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run a daemon on the desk until it is ready, and end it afterwards."""
    command = [sys.executable, "-m", "reminders", "run", *desk.places]
    log = Path("daemon.log")
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, text=True, env={**os.environ, **environment}
        )
    try:
        until(lambda: process.poll() is not None or "service.started" in log.read_text(encoding="utf-8"))
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield process
    finally:
        process.kill()
        process.wait()


def until(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not met():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def test_without_a_daemon_there_is_nothing_to_reload(desk: Desk) -> None:
    result = desk.run("reload")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: no daemon is running, so there is nothing to reload\nhint: start it with: reminders run\n"
    )


def test_a_bad_file_is_3_with_or_without_a_daemon(at_desk_of: Callable[[str], Desk]) -> None:
    desk = at_desk_of(BROKEN)
    result = desk.run("reload")
    assert result.exit_code == 3
    assert result.stderr.startswith("reminders.yaml:9:15  habits.hydration.evry\n")
    assert result.stderr.endswith("1 problem, nothing was changed\n")


def test_a_daemon_takes_a_good_file_and_keeps_its_own_over_a_bad_one(at_desk_of: Callable[[str], Desk]) -> None:
    desk = at_desk_of(FILE)
    with daemon_on(desk) as process:
        desk.config.write_text(EYES, encoding="utf-8")
        result = desk.run("reload")
        assert (result.exit_code, result.stdout) == (0, "reloaded: 5 habits, 1 channel\n"), result.output

        desk.config.write_text(BROKEN, encoding="utf-8")
        result = desk.run("reload")
        assert result.exit_code == 3
        assert result.stderr.endswith("1 problem, nothing was changed\nthe one that is running stays\n")
        assert process.poll() is None

        # Without --config it is the daemon's file.
        desk.config.write_text(FILE, encoding="utf-8")
        assert CliRunner().invoke(main, ["reload", "--data-dir", str(desk.data_dir)]).stdout == (
            "reloaded: 4 habits, 1 channel\n"
        )

        other = Path("other.yaml")
        other.write_text(FILE, encoding="utf-8")
        refused = Desk(config=other, data_dir=desk.data_dir).run("reload")
        assert refused.exit_code == 2
        assert f'the daemon runs on "{desk.config.absolute()}", not on "other.yaml"' in refused.stderr


def test_a_variable_added_to_the_users_file_needs_no_new_start(
    at_desk_of: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    desk = at_desk_of(FILE)
    with daemon_on(desk):
        kept = tmp_path / "xdg" / "reminders" / "environment"
        kept.parent.mkdir(parents=True)
        kept.touch(0o600)
        kept.write_text("THEIR_NAME=Alex\n", encoding="utf-8")
        desk.config.write_text(FILE.replace("name: Alex", "name: ${THEIR_NAME}"), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "reminders", "reload", *desk.places], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "reloaded: 4 habits, 1 channel\n"), done.stderr


def test_what_the_daemon_alone_refuses_is_told_and_shown_by_status(
    at_desk_of: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk_of(FILE)
    with daemon_on(desk):
        desk.config.write_text(FILE.replace("name: Alex", "name: ${THEIR_NAME}"), encoding="utf-8")
        monkeypatch.setenv("THEIR_NAME", "Alex")
        result = desk.run("reload")
        assert result.exit_code == 3
        assert "error: the daemon refused it: reminders.yaml:3:" in result.stderr
        assert "hint: the one that is running stays; the file is fine from here" in result.stderr
        shown = desk.run("status").stdout
        assert "it goes on with what it has, because the file was refused: reminders.yaml:3:" in shown
        assert "hint: reminders check, then reminders reload" in shown
        found = json.loads(desk.run("status", "--json").stdout)
        assert found["refused"].startswith("reminders.yaml:3:")
        assert found["degraded"] is None


def test_a_daemon_that_does_not_answer_is_not_waited_for_without_end(desk: Desk) -> None:
    # Pokes are ignored by a process that holds the lock and has not begun to listen.
    lock = acquire(desk.data_dir, config=None, started_at=datetime.now(UTC))
    try:
        before = running(desk.data_dir)
        assert before is not None
        with pytest.raises(NotRenewed, match=r"has not answered within 0\.2 s"):
            renew(desk.data_dir, before, wait_seconds=0.2)
        lock.report({"degraded": "the journal: the disk is full"})
        shown = desk.run("status").stdout
        assert "it cannot do its work now: the journal: the disk is full\nhint: reminders doctor\n" in shown
    finally:
        lock.release()


def test_a_daemon_that_is_gone_cannot_be_told(desk: Desk) -> None:
    lock = acquire(desk.data_dir, config=None, started_at=datetime.now(UTC))
    before = running(desk.data_dir)
    lock.release()
    assert before is not None
    with pytest.raises(NotRenewed):
        renew(desk.data_dir, before)
