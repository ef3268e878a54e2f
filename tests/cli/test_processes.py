"""The commands as processes: exit codes, what a quick verb imports, and a daemon that hears them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from reminders.cli import main
from tests.cli.desk import FILE, Desk

HEAVY = ["pydantic", "pydantic_settings", "ruamel", "rich", "apprise", "yaml", "asyncio", "apscheduler", "dbus_fast"]
QUICK = f"""
import sys
from reminders.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""
DEADLINE_SECONDS = 30


def call(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reminders", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False)


def until(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not met():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def test_the_module_is_the_command() -> None:
    result = call("--version")
    assert result.returncode == 0
    assert result.stdout.startswith("reminders ")
    assert "Usage: reminders " in call("--help").stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["check"], 0),
        (["status"], 1),
        (["skip", "movement"], 1),
        (["done", "nothing"], 2),
        (["plan", "--days", "0"], 2),
        (["send-test", "nowhere"], 2),
        (["nonsense"], 2),
    ],
)
def test_exit_codes_reach_the_shell(desk: Desk, words: list[str], code: int) -> None:
    places = () if words == ["nonsense"] else desk.places
    assert call(*words, *places).returncode == code


def test_a_refused_configuration_is_3_for_the_shell(at_desk_of: Callable[[str], Desk]) -> None:
    desk = at_desk_of("habits: {hydration: {evry: 2h}}\n")
    for verb in ("check", "run", "plan"):
        assert call(verb, *desk.places).returncode == 3


def test_no_traceback_when_the_journal_cannot_be_read(desk: Desk) -> None:
    (desk.data_dir / "journal.db").write_text("this is no journal", encoding="utf-8")
    for words in (["done", "movement"], ["history"], ["status"]):
        result = call(*words, *desk.places)
        assert result.returncode in (1, 3)
        assert result.stderr.startswith("error: ")
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [["status"], ["done", "movement"], ["done", "hydration", "300ml"]])
def test_a_quick_verb_imports_nothing_heavy(desk: Desk, words: list[str]) -> None:
    call("done", "movement", *desk.places)  # keeps the compiled configuration
    command = [sys.executable, "-c", QUICK, *words, *desk.places]
    result = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.fixture
def daemon(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """Run a daemon on the desk."""
    command = [sys.executable, "-m", "reminders", "run", *desk.places]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: process.poll() is not None or call("status", "--healthy", *desk.places).returncode == 0)
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_daemon_is_seen_hears_answers_and_stops_when_told(desk: Desk, daemon: subprocess.Popen[str]) -> None:
    found = json.loads(call("status", "--json", *desk.places).stdout)
    assert (found["running"], found["pid"]) == (True, daemon.pid)
    assert found["config"] == str(desk.config)
    assert f"pid {daemon.pid}, version " in call("status", *desk.places).stdout

    # Without --config a verb follows the daemon's file.
    assert call("status", "--data-dir", str(desk.data_dir)).stdout.count(str(desk.config)) == 1

    second = call("run", *desk.places)
    assert second.returncode == 3
    assert f"error: already running, pid {daemon.pid}" in second.stderr

    assert call("done", "movement", *desk.places).returncode == 0
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(DEADLINE_SECONDS) == 0
    assert call("status", *desk.places).returncode == 1


def test_a_running_daemon_is_told_of_even_when_its_file_is_broken_by_now(
    desk: Desk, daemon: subprocess.Popen[str]
) -> None:
    desk.config.write_text(FILE + "nonsense: 1\n", encoding="utf-8")
    result = call("status", *desk.places)
    assert result.returncode == 0
    assert f"pid {daemon.pid}" in result.stdout
    assert "the configuration cannot be read any more, problems: 1" in result.stdout
    assert "hint: reminders check" in result.stdout


def test_warnings_are_shown_at_the_start_and_do_not_refuse_it(at_desk_of: Callable[[str], Desk]) -> None:
    desk = at_desk_of(FILE.replace('"12:15"', '"05:15"'))
    command = [sys.executable, "-m", "reminders", "run", *desk.places]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: process.poll() is not None or call("status", "--healthy", *desk.places).returncode == 0)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "warning: potassium_meal" in errors


def test_nothing_is_coloured() -> None:
    assert "\x1b" not in call("--help").stdout
    assert os.environ.get("FORCE_COLOR") is None
    assert main.name == "main"
