"""Holds: one line in the file, and a whole daemon speaks German, what was missed included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.servers import eventually
from tests.end_to_end.home import Home, somebodys_home

CONFIG = """\
timezone: UTC
language: de
me: {awake: "00:00-24:00"}
channels: {here: console://}
web: off
habits:
  eyes: {at: ["09:30", "10:00", "10:30"]}
  movement: {at: ["11:00"]}
"""


@pytest.fixture
def timed_home(tmp_path: Path) -> Iterator[Home]:
    with somebodys_home(tmp_path / "home", own_clock=True) as home:
        yield home


def test_after_a_morning_without_a_daemon_the_nudge_is_in_german(timed_home: Home) -> None:
    timed_home.config.write_text(CONFIG)
    timed_home.start().armed().kill()
    timed_home.clock_reads("2026-11-24 11:00:00")
    again = timed_home.start().armed()
    eventually(lambda: again.log("nudge.sent"), "the nudge is sent")
    assert again.stop() == 0
    assert "Bewegungspause" in again.printed
    assert "Hör auf bei stechendem, neuem oder ausstrahlendem Schmerz" in again.printed
    assert "weil dieser Dienst nicht wach war.)" in again.printed
    assert "antworten mit: reminders done " in again.printed
    assert "answer with" not in again.printed


def test_the_plan_is_in_german_as_well(timed_home: Home) -> None:
    timed_home.config.write_text(CONFIG)
    (row,) = [row for row in timed_home.json("plan", "--from", "2026-11-24") if row["habit"] == "movement"]
    assert "Wenn du magst: " in row["text"]
