"""The measurements: each takes both sides turn by turn, A/B/A/B, and gives medians."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from tests.benchmarks.figure import Figure, Skipped, middle
from tests.benchmarks.place import ROOT, Place
from tests.benchmarks.proc import Resident, resident, wake_ups
from tests.benchmarks.running import (
    LOOK_AGAIN_SECONDS,
    START_SECONDS,
    WORKRAVE_INSTALL,
    bare_python,
    daemon,
    daemon_command,
    started,
    workrave,
    workrave_is_here,
)
from tests.channels.ntfy_stand_in import NtfyServer, running_ntfy

APPRISE = [sys.executable, "-c", "from apprise.cli import main; main()", "--version"]
Results = list[Figure | Skipped]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How much is measured."""

    rounds: int = 3
    starts: int = 15
    settle_seconds: float = 8.0
    idle_seconds: float = 120.0
    fires: int = 200
    days: int = 365
    stored: int = 100_000
    due: int = 10_000
    long_record: int = 1_000_000


TINY = Scale(
    rounds=1, starts=1, settle_seconds=0.2, idle_seconds=0.5, fires=2, days=7, stored=200, due=20, long_record=500
)


def memory(place: Place, scale: Scale) -> Results:
    """Compare the idle daemon with Workrave and with bare Python, one after the other in every round."""
    programs: dict[str, Callable[[Place], AbstractContextManager[int]]] = {"ours": daemon, "bare": bare_python}
    if workrave_is_here():
        programs["workrave"] = workrave
    seen: dict[str, list[Resident]] = {name: [] for name in programs}
    for _ in range(scale.rounds):
        for name, program in programs.items():
            with program(place) as pid:
                time.sleep(scale.settle_seconds)
                seen[name].append(resident(pid))
    return [*_beside_workrave(seen), *_compared("bare Python", "asyncio + sqlite3", seen["ours"], seen["bare"], None)]


def _beside_workrave(seen: dict[str, list[Resident]]) -> Results:
    if "workrave" not in seen:
        return [Skipped(name="idle memory beside Workrave", install=WORKRAVE_INSTALL)]
    return _compared("Workrave", f"Workrave {_version('workrave')}", seen["ours"], seen["workrave"], 0.4)


def _compared(
    short: str, comparator: str, ours: list[Resident], theirs: list[Resident], at_most: float | None
) -> Results:
    figures: Results = []
    for kind, name in (("rss", "RSS"), ("pss", "PSS"), ("anonymous", "anonymous")):
        figure = Figure(
            name=f"idle memory beside {short}, {name}",
            unit="MB",
            ours=middle([getattr(one, kind) for one in ours]),
            theirs=middle([getattr(one, kind) for one in theirs]),
            comparator=comparator,
            at_most=at_most if kind == "rss" else None,
        )
        figures.append(figure)
    return figures


def _version(package: str) -> str:
    query = ["dpkg-query", "-W", "-f=${Version}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout or "of unknown version"


def idle(place: Place, scale: Scale) -> Results:
    """Count wake-ups over the same minutes, of the daemon, of one that follows an answer topic, and of Workrave."""
    with ExitStack() as stack:
        server = stack.enter_context(running_ntfy())
        listening = place.beside("listening", f"{{here: console://, phone: {server.url('phone-topic')}}}")
        pids = [stack.enter_context(daemon(place)), stack.enter_context(daemon(listening))]
        if workrave_is_here():
            pids.append(stack.enter_context(workrave(place)))
        _wait_until_followed(server)
        time.sleep(scale.settle_seconds)
        before = [wake_ups(pid) for pid in pids]
        begin = time.monotonic()
        time.sleep(scale.idle_seconds)
        a_minute = 60 / (time.monotonic() - begin)
        rates = [(wake_ups(pid) - count) * a_minute for pid, count in zip(pids, before, strict=True)]
    figures: Results = [
        Figure(name="wake-ups while idle", unit="/min", ours=rates[0], at_most=5),
        Figure(name="wake-ups while idle, with answer topic", unit="/min", ours=rates[1], at_most=8),
    ]
    if len(rates) > len(figures):
        beside = Figure(
            name="wake-ups beside Workrave", unit="/min", ours=rates[0], theirs=rates[-1], comparator="same minutes"
        )
        figures.append(beside)
    return figures


def _wait_until_followed(server: NtfyServer) -> None:
    until = time.monotonic() + START_SECONDS
    while not server.streams:
        if time.monotonic() > until:
            raise RuntimeError("nobody follows the answer topic")
        time.sleep(LOOK_AGAIN_SECONDS)


def start(place: Place, scale: Scale) -> Results:
    """Time from the start of the process until armed, the file unchanged; the first pair only fills the caches."""
    walls: tuple[list[float], list[float]] = [], []
    cpus: tuple[list[float], list[float]] = [], []
    commands = (daemon_command(place), "service.started"), (place.module("ten_cron_jobs"), "started")
    for index in range(scale.starts + 1):
        for side, (command, word) in enumerate(commands):
            with started(command, word, place) as running:
                if index:
                    walls[side].append(running.wall_seconds * 1000)
                    cpus[side].append(running.cpu_seconds * 1000)
    comparator = "AsyncIOScheduler with ten cron jobs"
    return [
        Figure(
            name="start to armed", unit="ms", ours=middle(walls[0]), theirs=middle(walls[1]), comparator=comparator,
            at_most=1.5,
        ),
        Figure(
            name="start to armed, CPU", unit="ms", ours=middle(cpus[0]), theirs=middle(cpus[1]), comparator=comparator
        ),
    ]  # fmt: skip


def commands(place: Place, scale: Scale) -> Results:
    """Time ``status`` and ``done`` while a daemon runs, and ``apprise --version`` in between."""
    ours = {
        "status": place.reminders("status", *place.where()),
        "done hydration": place.reminders("done", "hydration", *place.where()),
    }
    taken: dict[str, list[float]] = {"apprise": [], **{name: [] for name in ours}}
    with daemon(place):
        for index in range(scale.starts + 1):
            for name, command in (*ours.items(), ("apprise", APPRISE)):
                milliseconds = _timed(command, place)
                if index:
                    taken[name].append(milliseconds)
    theirs = middle(taken["apprise"])
    return [
        Figure(
            name=f"reminders {name}", unit="ms", ours=middle(taken[name]), theirs=theirs,
            comparator="apprise --version", at_most=0.5,
        )
        for name in ours
    ]  # fmt: skip


def _timed(command: list[str], place: Place) -> float:
    begin = time.perf_counter()
    subprocess.run(command, env=place.environment, cwd=ROOT, capture_output=True, check=True)
    return (time.perf_counter() - begin) * 1000


def planning(place: Place, scale: Scale) -> Results:
    """Plan a person-year in a fresh process each time, so that no cache of an earlier year helps."""
    command = place.module("planned_year", str(place.config), str(place.data), str(scale.days))
    replies = [json.loads(place.output_of(command)) for _ in range(scale.rounds)]
    return [
        Figure(
            name=f"planning {scale.days} days ({replies[0]['nudges'] / scale.days:.1f} nudges a day), CPU",
            unit="ms",
            ours=middle([reply["cpu_ms"] for reply in replies]),
            at_most=100,
        )
    ]


def lateness(place: Place, scale: Scale) -> Results:
    reply = json.loads(place.output_of(place.module("fires", str(scale.fires))))
    return [
        Figure(
            name="lateness p50 of the alarm", unit="ms", ours=reply["ours_ms"], theirs=reply["theirs_ms"],
            comparator="asyncio.sleep", at_most=2,
        )
    ]  # fmt: skip


def growth(place: Place, scale: Scale) -> Results:
    """Show what the first nudge's words cost for good, and what a simulated year adds to that."""
    data = place.folder / "year"
    data.mkdir(mode=0o700)
    command = place.module("simulated_year", str(place.config), str(data), str(scale.days))
    seen = json.loads(place.output_of(command))
    return [
        Figure(name="memory kept after the first nudge", unit="MB", ours=seen["first"] - seen["nothing"]),
        Figure(
            name=f"growth over {scale.days} days, {seen['nudges']} nudges",
            unit="MB",
            ours=seen["end"] - seen["settled"],
            at_most=1,
        ),
    ]


ALL = {
    "memory": memory,
    "idle": idle,
    "start": start,
    "commands": commands,
    "planning": planning,
    "lateness": lateness,
    "growth": growth,
}
