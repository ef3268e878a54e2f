"""What the page costs: memory once it was visited, and how late nudges leave while visitors crowd in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.benchmarks.figure import Figure, Skipped, middle
from tests.benchmarks.measure import Results, Scale
from tests.benchmarks.place import ROOT, Place
from tests.benchmarks.proc import resident
from tests.benchmarks.running import daemon

WRK_INSTALL = "apt-get install wrk"
CONNECTIONS = 16
ROUNDS = 5
PATHS = ("/", "/history", "/channels", "/configuration")
ANSWER = """
wrk.method = "POST"
wrk.body = "verb=done"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""
COUNTS = """
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() taken, refused = 0, 0 end
function response(status) if status == 429 then refused = refused + 1 else taken = taken + 1 end end
function done()
  local taken, refused = 0, 0
  for _, thread in ipairs(threads) do
    taken, refused = taken + thread:get("taken"), refused + thread:get("refused")
  end
  print(string.format("taken=%d refused=%d", taken, refused))
end
"""


def page(place: Place, scale: Scale) -> Results:
    """Measure the daemon before and after its first visitors, then the alarm without and with a crowd at the door."""
    return [*_memory(place, scale), *_lateness(place, scale)]


def _memory(place: Place, scale: Scale) -> Results:
    before, after = [], []
    for _ in range(scale.rounds):
        with daemon(place) as pid:
            time.sleep(scale.settle_seconds)
            before.append(resident(pid).rss)
            for path in PATHS:
                with urllib.request.urlopen(place.page + path) as reply:
                    reply.read()
            time.sleep(scale.settle_seconds)
            after.append(resident(pid).rss)
    name = "memory once every page was visited, RSS"
    return [Figure(name=name, unit="MB", ours=middle(after), theirs=middle(before), comparator="never visited")]


def _lateness(place: Place, scale: Scale) -> Results:
    if shutil.which("wrk") is None:
        return [Skipped(name="lateness while the page is crowded", install=WRK_INSTALL)]
    alone: list[float] = []
    crowds: dict[str, list[float]] = {"Today": [], "answers": []}
    worst: dict[str, float] = {"alone": 0.0, "Today": 0.0, "answers": 0.0}
    counts: dict[str, str] = {}
    fires = max(scale.fires // ROUNDS, 2)
    with _alarm_and_page(place) as (process, told):
        targets = {"Today": ("/", COUNTS), "answers": (f"/a/{told['token']}", ANSWER + COUNTS)}
        for _ in range(ROUNDS):
            alone.append(_fires(process, fires, worst, "alone"))
            for name, (path, script) in targets.items():
                crowd = _crowd(place, f"http://127.0.0.1:{told['port']}{path}", script, scale)
                crowds[name].append(_fires(process, fires, worst, name))
                counts[name] = _said(crowd)
    figures: Results = []
    for name, lateness in crowds.items():
        figures.append(
            Figure(
                name=f"lateness p50, {CONNECTIONS} visitors at {name}",
                unit="ms",
                ours=middle(lateness),
                theirs=middle(alone),
                comparator=f"nobody there; {counts[name]} in the last round",
            )
        )
        figures.append(
            Figure(name=f"worst lateness, visitors at {name}", unit="ms", ours=worst[name], theirs=worst["alone"])
        )
    return figures


@contextmanager
def _alarm_and_page(place: Place) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = place.module("page_fires", str(place.folder / "visited"))
    with subprocess.Popen(
        command, env=place.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        try:
            yield process, _line(process)
        finally:
            process.stdin.close()


def _line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def _fires(process: subprocess.Popen[str], count: int, worst: dict[str, float], name: str) -> float:
    assert process.stdin is not None
    process.stdin.write(f"{count}\n")
    process.stdin.flush()
    found = _line(process)
    worst[name] = max(worst[name], found["worst_ms"])
    return float(found["p50_ms"])


def _crowd(place: Place, url: str, script: str, scale: Scale) -> subprocess.Popen[str]:
    """Begin to press at the door; it ends by itself a little after the fires."""
    path = place.folder / "crowd.lua"
    path.write_text(script, encoding="ascii")
    seconds = max(2, round(scale.fires / ROUNDS * 0.03) + 1)
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(path), url]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def _said(crowd: subprocess.Popen[str]) -> str:
    printed, _ = crowd.communicate()
    found = re.search(r"taken=(\d+) refused=(\d+)", printed)
    return "no count" if found is None else f"{found[1]} served, {found[2]} told to slow down"
