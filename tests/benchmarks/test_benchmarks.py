"""The benchmarks run, at a scale that proves nothing about speed; no figure is asserted."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.benchmarks.figure import Figure
from tests.benchmarks.place import zone_where_it_is_night

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks read /proc")
def test_every_benchmark_runs_and_prints_its_figures() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--tiny"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    for quantity in (
        "idle memory",
        "wake-ups",
        "start to armed",
        "status",
        "done",
        "planning",
        "lateness",
        "growth",
        "every page was visited",
        "lateness p50, 16 visitors at Today",
        "storm",
        "on record",
    ):
        assert quantity in finished.stdout


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        pytest.param(Figure(name="a", unit="ms", ours=3, theirs=2, at_most=1.5), "ok", id="a ratio at its target"),
        pytest.param(Figure(name="a", unit="ms", ours=3.1, theirs=2, at_most=1.5), "OVER", id="a ratio above it"),
        pytest.param(Figure(name="a", unit="/min", ours=5, at_most=5), "ok", id="a number at its target"),
        pytest.param(Figure(name="a", unit="/min", ours=6, at_most=5), "OVER", id="a number above it"),
        pytest.param(Figure(name="a", unit="ms", ours=6, theirs=1), "", id="no target"),
    ],
)
def test_a_figure_is_judged_by_its_ratio_where_there_is_something_to_compare_with(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_the_idle_daemon_is_watched_in_a_zone_where_nobody_is_awake() -> None:
    for hours in range(24):
        now = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(hours=hours, minutes=59)
        assert now.astimezone(ZoneInfo(zone_where_it_is_night(now))).hour == 1
