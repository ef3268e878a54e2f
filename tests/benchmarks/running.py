"""Programs that keep running while they are measured: the daemon, bare Python, Workrave on a screen of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.place import ROOT, Place

START_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.1
WORKRAVE_NEEDS = ("workrave", "Xvfb", "dbus-run-session")
WORKRAVE_INSTALL = "apt-get install workrave xvfb dbus"


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A program that has said its word; ``cpu_seconds`` is what its main thread took until then."""

    pid: int
    wall_seconds: float
    cpu_seconds: float


@contextmanager
def started(command: list[str], word: str, place: Place) -> Iterator[Started]:
    """Run a program until it writes ``word`` to stderr, give its figures, and end it afterwards."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, env=place.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        with _killed_after(process, START_SECONDS):
            _wait_for(word, process)
            wall_seconds = time.perf_counter() - begin
        yield Started(pid=process.pid, wall_seconds=wall_seconds, cpu_seconds=_cpu_seconds(process.pid))
    finally:
        _end(process)


def _wait_for(word: str, process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        if word in line:
            return
        said.append(line)
    raise RuntimeError(f"{process.args!r} never said {word!r}:\n{''.join(said)}")


@contextmanager
def _killed_after(process: subprocess.Popen[str], seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cpu_seconds(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def daemon_command(place: Place) -> list[str]:
    return place.reminders("run", *place.where())


@contextmanager
def daemon(place: Place) -> Iterator[int]:
    """Give the pid of an armed daemon."""
    with started(daemon_command(place), "service.started", place) as running:
        yield running.pid


@contextmanager
def bare_python(place: Place) -> Iterator[int]:
    """Give the pid of a process that holds asyncio and an open SQLite file and nothing else."""
    with started(place.module("bare_process", str(place.folder / "bare.db")), "started", place) as running:
        yield running.pid


def workrave_is_here() -> bool:
    return all(shutil.which(program) for program in WORKRAVE_NEEDS)


@contextmanager
def workrave(place: Place) -> Iterator[int]:
    """Give the pid of Workrave on a virtual screen, with a session bus and a home of its own."""
    with ExitStack() as stack:
        number = stack.enter_context(_screen())
        home = place.folder / "workrave"
        home.mkdir(exist_ok=True)
        environment = place.environment | {"DISPLAY": f":{number}", "HOME": str(home)}
        session = subprocess.Popen(
            ["dbus-run-session", "--", "workrave"], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        stack.callback(_end, session)
        pid = _child_named("workrave", session.pid)
        stack.callback(_end_first, pid, session)
        yield pid


@contextmanager
def _screen() -> Iterator[str]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"], pass_fds=[writing],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="ascii") as numbers, _killed_after(server, START_SECONDS):
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb gave no display")
        yield number
    finally:
        _end(server)


def _child_named(name: str, parent: int) -> int:
    """Wait until a direct child of ``parent`` has become the program."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        for path in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split():
            if Path(f"/proc/{path}/comm").read_text(encoding="utf-8").strip() == name:
                return int(path)
        time.sleep(LOOK_AGAIN_SECONDS)
    raise RuntimeError(f"{name} did not start")


def _end_first(pid: int, session: subprocess.Popen[str]) -> None:
    """End the program and let its session follow by itself: it takes its bus with it then."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        session.wait(timeout=15)
