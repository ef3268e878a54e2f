"""Holds: a button of the notification is an answer, also after a crash, and an answer elsewhere takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.channels.desktop.session import Desktop, SessionBus, running_bus, running_desktop
from tests.channels.servers import eventually
from tests.end_to_end.home import Daemon, Home, somebodys_home

pytestmark = pytest.mark.desktop

CONFIG = """\
timezone: UTC
me: {awake: "06:00-23:00"}
channels: {desktop: desktop://}
habits:
  look_out: {at: ["10:00"], say: Look out of the window.}
"""
SOONER_THAN_A_HEARTBEAT_SECONDS = 6.0
NUDGE = "me/look_out/2026-11-24T10:00"


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionBus]:
    with running_bus(tmp_path_factory.mktemp("session")) as place:
        yield place


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory, bus: SessionBus) -> Iterator[Desktop]:
    with running_desktop(tmp_path_factory.mktemp("desktop"), bus) as place:
        yield place


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, bus: SessionBus, desktop: Desktop) -> Iterator[Home]:
    """Make a home on that desktop, with its own clock."""
    session = {"DBUS_SESSION_BUS_ADDRESS": bus.address}
    with somebodys_home(tmp_path_factory.mktemp("home"), session, own_clock=True) as place:
        place.config.write_text(CONFIG)
        yield place
    desktop.ask("close-all")


@pytest.fixture
def daemon(home: Home, desktop: Desktop) -> Daemon:
    """Start a daemon and let its nudge come to the screen."""
    running = home.start().armed()
    (started,) = running.log("service.started")
    # Heartbeats keep their grid of 15 s from the start on: after an hour and a little, the next one is well ahead.
    soon_after_a_beat = datetime.fromisoformat(started["time"]) + timedelta(hours=1, seconds=2)
    home.clock_reads(f"{soon_after_a_beat:%Y-%m-%d %H:%M:%S}")
    eventually(lambda: desktop.shown() == 1, "the nudge is shown")
    eventually(lambda: running.log("nudge.sent"), "it is on record")
    return running


def is_answered(home: Home, state: str) -> bool:
    return home.record_of("look_out")["state"] == state


def test_done_is_on_record_and_the_notification_goes(home: Home, desktop: Desktop, daemon: Daemon) -> None:
    assert home.record_of("look_out")["state"] == "sent"
    desktop.press(f"done:{NUDGE}")
    eventually(lambda: is_answered(home, "done"), "Done is on record")
    eventually(lambda: desktop.shown() == 0, "the notification is gone")
    row = home.record_of("look_out")
    assert (row["answer"], row["via"]) == ("done", "desktop")
    assert row["answered_at"].startswith("2026-11-24T10:00")


def test_skip_is_on_record_and_the_notification_goes(home: Home, desktop: Desktop, daemon: Daemon) -> None:
    desktop.press(f"skip:{NUDGE}")
    eventually(lambda: is_answered(home, "skipped"), "Skip is on record")
    eventually(lambda: desktop.shown() == 0, "the notification is gone")


def test_a_snoozed_one_goes_and_comes_back_a_quarter_of_an_hour_later(
    home: Home, desktop: Desktop, daemon: Daemon
) -> None:
    desktop.press(f"snooze:{NUDGE}")
    eventually(lambda: is_answered(home, "planned"), "Snooze is on record")
    eventually(lambda: desktop.shown() == 0, "the notification is gone")
    (standing,) = home.json("status")["people"]
    assert standing["open"][0]["snoozed_until"].startswith("2026-11-24T10:15")
    home.clock_reads("2026-11-24 10:15:03")
    eventually(lambda: desktop.shown() == 1, "it is shown again")
    eventually(lambda: is_answered(home, "sent"), "it is on record as sent again")
    desktop.press(f"done:{daemon.log('nudge.sent')[-1]['nudge']}")
    eventually(lambda: is_answered(home, "done"), "Done counts for the repeated one")


def test_a_press_counts_after_the_daemon_was_killed_and_started_again(
    home: Home, desktop: Desktop, daemon: Daemon
) -> None:
    daemon.kill()
    assert desktop.shown() == 1
    again = home.start().armed()
    # Until then the notification service reports a press to the connection that is gone.
    eventually(lambda: again.log("nudge.shown_again"), "the daemon has taken over what is on the screen")
    desktop.press(f"done:{NUDGE}")
    eventually(lambda: is_answered(home, "done"), "Done is on record")
    eventually(lambda: desktop.shown() == 0, "the notification is gone")
    assert again.log("nudge.sent") == []


@pytest.mark.parametrize("verb", ["done", "skip", "snooze"])
def test_an_answer_by_command_takes_the_notification_away_before_the_next_heartbeat(
    home: Home, desktop: Desktop, daemon: Daemon, verb: str
) -> None:
    result = home.call(verb, "look_out")
    assert result.returncode == 0, result.stderr
    eventually(lambda: desktop.shown() == 0, "the notification is gone", SOONER_THAN_A_HEARTBEAT_SECONDS)


def test_an_answer_given_while_no_daemon_ran_takes_the_notification_away_at_the_next_start(
    home: Home, desktop: Desktop, daemon: Daemon
) -> None:
    daemon.kill()
    assert home.call("done", "look_out").returncode == 0
    assert desktop.shown() == 1
    home.start().armed()
    eventually(lambda: desktop.shown() == 0, "the notification is gone")


def test_a_snoozed_one_does_not_come_back_early_because_the_daemon_was_started_again(
    home: Home, desktop: Desktop, daemon: Daemon
) -> None:
    assert home.call("snooze", "look_out").returncode == 0
    eventually(lambda: desktop.shown() == 0, "the notification is gone")
    daemon.kill()
    again = home.start().armed()
    assert home.json("status")["people"][0]["open"][0]["snoozed_until"]
    assert desktop.shown() == 0
    home.clock_reads("2026-11-24 10:15:03")
    eventually(lambda: again.log("nudge.sent"), "it is sent again")
    assert desktop.shown() == 1
    again.kill()
    home.start().armed()
    assert home.call("done", "look_out").returncode == 0
    eventually(lambda: desktop.shown() == 0, "the notification is gone, and no double of it is left")
