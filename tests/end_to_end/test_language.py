"""Holds: one line in the file, and people are spoken to in German, what was missed included; a log is English."""

from __future__ import annotations

import json
import socket
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def german_home(home: Home) -> Home:
    """Return a home in a German terminal, with a file that names no language and calls for a warning."""
    home.environment |= {"LC_ALL": "de_DE.UTF-8", "REMINDERS_WEB__PORT": str(free_port())}
    home.config.write_text(
        "timezone: UTC\nchannels: {here: console://, phone: {url_file: /nonexistent}}\n"
        'habits: {eyes: {at: ["02:30"]}}\n'
    )
    return home


def test_who_starts_it_is_told_in_german_and_the_log_and_the_note_are_english(german_home: Home) -> None:
    home = german_home
    home.data_dir.mkdir(mode=0o700)
    (home.data_dir / "journal.db").symlink_to("elsewhere")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(home.environment["REMINDERS_WEB__PORT"])))
        taken.listen()
        daemon = home.start().armed()
        eventually((home.data_dir / "daemon.json").exists, "the note is there")
        note = json.loads((home.data_dir / "daemon.json").read_text())
    told, _, _ = daemon.complained.partition("\n{")
    assert "Warnung: eyes um 02:30 liegt außerhalb der Wachzeit" in told
    (page,) = daemon.log("page.unavailable")
    assert page["error"] == note["page_trouble"]
    assert page["error"].endswith("is taken by another program; choose another one with web: {port: ...}")
    (recovered,) = daemon.log("journal.recovered")
    assert recovered["error"].endswith("is a symbolic link, not a plain file")
    (unbuildable,) = daemon.log("channel.unbuildable")
    assert unbuildable["error"] == 'url_file "/nonexistent" cannot be opened: no such file or directory'
    logged = daemon.complained.removeprefix(told)
    assert not set("äöüß") & set(logged)
    second = home.call("run")
    assert (second.returncode, second.stderr.splitlines()[-1][:24]) == (3, "Fehler: läuft schon, PID")
    assert daemon.stop() == 0


def test_a_start_that_is_refused_late_is_still_refused_in_german(german_home: Home) -> None:
    home = german_home
    home.config.write_text(home.config.read_text() + "web: {required: true}\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(home.environment["REMINDERS_WEB__PORT"])))
        taken.listen()
        refused = home.call("run")
    assert refused.returncode == 3
    assert "Fehler: die Seite ist nicht erreichbar, und web.required verlangt sie: Port " in refused.stderr
    assert "page.unavailable" not in refused.stderr
