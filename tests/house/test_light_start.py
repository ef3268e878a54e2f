"""What is heavy is imported where it is used: not by a daemon that has nothing to say yet, not by a quick command."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

# Nothing is due while the test runs, whatever time of whichever day that is.
CONFIG = """\
timezone: UTC
digest: off
me: {{awake: "00:00-24:00"}}
channels: {{here: console://}}
habits: {{hydration: {{at: ["{time}"]}}}}
"""
HEAVY = {"apprise", "dbus_fast", "pydantic", "pydantic_core", "rich", "ruamel", "yaml"}
NOT_YET = {"cronsim", "reminders.catalogue.content", "reminders.planning.wording"}


def _reminders(*arguments: str) -> list[str]:
    return [sys.executable, "-X", "importtime", "-m", "reminders", *arguments]


def _imported(stderr: Iterator[str], until: str | None = None) -> set[str]:
    names = set()
    for line in stderr:
        if until is not None and until in line:
            break
        if line.startswith("import time:"):
            names.add(line.rpartition("|")[2].strip())
    return names


@contextmanager
def _daemon(where: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(_reminders("run", *where), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


@pytest.fixture
def where(tmp_path: Path) -> list[str]:
    config, data = tmp_path / "reminders.yaml", tmp_path / "data"
    config.write_text(CONFIG.format(time=f"{datetime.now(UTC) + timedelta(hours=9):%H:%M}"), encoding="utf-8")
    data.mkdir(mode=0o700)
    return ["--config", str(config), "--data-dir", str(data)]


@pytest.mark.skipif(sys.platform == "win32", reason="ends the daemon by a signal")
def test_a_daemon_without_a_nudge_to_compose_holds_no_catalogue_no_parser_and_no_sender(where: list[str]) -> None:
    for _ in range(2):  # the second start finds the configuration compiled
        with _daemon(where) as process:
            assert process.stderr is not None
            names = _imported(process.stderr, until="service.started")
            assert "reminders.daemon.service" in names
            assert {name.partition(".")[0] for name in names} & HEAVY == set()
            assert names & (NOT_YET | {"reminders.journal.read_models"}) == set()


@pytest.mark.parametrize("verb", [["status"], ["done", "hydration"], ["stats"]], ids=["status", "done", "stats"])
def test_a_quick_command_imports_no_event_loop_and_nothing_heavy(where: list[str], verb: list[str]) -> None:
    subprocess.run(_reminders("done", "hydration", *where), capture_output=True, check=True)
    finished = subprocess.run(_reminders(*verb, *where), capture_output=True, text=True, check=False)
    names = _imported(iter(finished.stderr.splitlines()))
    assert "reminders.journal.sqlite_journal" in names
    tops = {name.partition(".")[0] for name in names}
    assert tops & (HEAVY | {"apscheduler", "asyncio"}) == set()
    assert names & (NOT_YET | {"logging"}) == set()
