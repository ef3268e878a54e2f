"""Rules of child processes: JSON in and out, a deadline, a memory cap, nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from reminders.daemon.child import REPLY_LIMIT_BYTES, run_child, run_child_now
from reminders.domain.errors import ChildFailed
from tests.daemon.children import write_modules

MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    write_modules(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))


def ask(name: str, request: object = None, *, seconds: float = 20.0, mib: int = 512) -> object:
    return run_child_now(f"child_{name}", request, deadline_seconds=seconds, memory_limit_bytes=mib * MIB)


def failure(name: str, request: object = None, *, seconds: float = 20.0, mib: int = 512) -> ChildFailed:
    with pytest.raises(ChildFailed) as caught:
        ask(name, request, seconds=seconds, mib=mib)
    return caught.value


def is_gone(pid: int) -> bool:
    """Wait until a killed process has left; its parent may still have to reap it."""
    try:
        psutil.Process(pid).wait(timeout=10)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return False
    return True


def test_request_comes_back_as_the_module_replies() -> None:
    request = {"text": "Größe 💧", "numbers": [1, 2.5, None], "long": "x" * 300_000}
    assert ask("echo", request) == request


def test_child_inherits_the_environment_and_writes_for_the_owner_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREETING", "good morning")
    assert ask("environment") == ["good morning", 0o077]


def test_limits_are_in_force_before_the_module_runs() -> None:
    memory, core, alarm_seconds = ask("limits", seconds=9.5, mib=300)  # type: ignore[misc]
    assert (memory, core) == (300 * MIB, 0)
    assert 10 <= alarm_seconds <= 12


def test_exit_code_is_a_crash_and_stderr_is_counted_but_not_shown() -> None:
    error = failure("crash")
    assert (error.kind, str(error)) == ("crash", "child_crash ended with exit code 7 (17 bytes on stderr, not shown)")


def test_signal_is_a_crash() -> None:
    error = failure("killed")
    assert (error.kind, "signal 9" in str(error)) == ("crash", True)


def test_memory_over_the_cap_is_a_crash() -> None:
    assert failure("greedy", mib=256).kind == "crash"


def test_unknown_module_is_a_crash() -> None:
    assert failure("that_does_not_exist").kind == "crash"


def test_exit_without_a_word_is_an_output_failure() -> None:
    assert failure("quiet_exit").kind == "output"


def test_reply_that_is_no_json_is_an_output_failure_and_not_repeated() -> None:
    error = failure("no_json")
    assert error.kind == "output"
    assert "secret" not in str(error)


def test_endless_reply_is_cut_off_at_the_limit() -> None:
    began = time.monotonic()
    error = failure("flood", seconds=60)
    assert (error.kind, str(REPLY_LIMIT_BYTES) in str(error)) == ("output", True)
    assert time.monotonic() - began < 30


def test_long_complaints_do_not_block_the_reply() -> None:
    assert ask("complain") == [1]


def test_child_that_does_not_listen_may_still_reply() -> None:
    assert ask("deaf", "x" * 2_000_000) == {}


def test_child_is_killed_and_reaped_at_its_deadline(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    error = failure("hang", str(note), seconds=3.0)
    assert (error.kind, str(error)) == ("deadline", "child_hang gave no reply within 3 s")
    assert is_gone(int(note.read_text(encoding="utf-8")))


def test_what_the_child_started_is_killed_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    assert failure("parent", str(note), seconds=3.0).kind == "deadline"
    assert is_gone(int(note.read_text(encoding="utf-8")))


def test_cancelled_call_kills_the_child(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    os.mkfifo(note)

    async def scenario() -> int:
        call = run_child("child_hang", str(note), deadline_seconds=60, memory_limit_bytes=512 * MIB)
        task = asyncio.ensure_future(call)
        pid = await asyncio.to_thread(note.read_text, encoding="utf-8")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return int(pid)

    assert is_gone(asyncio.run(scenario()))


def test_runaway_that_keeps_the_pipe_open_does_not_keep_us(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    began = time.monotonic()
    assert failure("runaway", str(note), seconds=3.0).kind == "deadline"
    assert time.monotonic() - began < 15
    os.kill(int(note.read_text(encoding="utf-8")), signal.SIGKILL)


def test_children_run_side_by_side() -> None:
    async def scenario() -> list[object]:
        calls = (
            run_child("child_echo", number, deadline_seconds=30, memory_limit_bytes=512 * MIB) for number in range(8)
        )
        return list(await asyncio.gather(*calls))

    assert asyncio.run(scenario()) == list(range(8))


def test_file_in_the_working_directory_does_not_pass_for_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert ask("echo", 1) == 1
