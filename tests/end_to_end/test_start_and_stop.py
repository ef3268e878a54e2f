"""Holds: one daemon runs on a data directory, says what it runs on, and ends in time when told to."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.channels.servers import eventually, running_sink
from tests.end_to_end.home import Daemon, Home

LOOK_OUT = '  look_out: {at: ["10:00"], say: Look out of the window.}\n'
CONFIG = f"timezone: UTC\nchannels: {{here: console://}}\nhabits:\n{LOOK_OUT}"
DRAIN_SECONDS = 10.0


def is_pending(daemon: Daemon, number: signal.Signals) -> bool:
    lines = Path(f"/proc/{daemon.process.pid}/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return bool((int(fields["ShdPnd"], 16) | int(fields["SigPnd"], 16)) & 1 << number - 1)


def test_a_second_daemon_is_refused_and_told_who_runs(home: Home) -> None:
    home.config.write_text(CONFIG)
    first = home.start().armed()
    second = home.call("run")
    assert second.returncode == 3
    assert f"error: already running, pid {first.process.pid}" in second.stderr
    assert not first.has_ended()


def test_a_killed_daemon_leaves_nothing_in_the_way_of_the_next(home: Home) -> None:
    home.config.write_text(CONFIG)
    home.start().armed().kill()
    assert home.call("status").returncode == 1
    assert home.start().armed().stop() == 0


@pytest.fixture
def hanging(timed_home: Home) -> Daemon:
    """Start a daemon and let it send to a server that takes the request and says nothing."""
    with running_sink() as phone:
        phone.hangs()
        timed_home.config.write_text(CONFIG.replace("here: console://", f'phone: "{phone.url()}"'))
        running = timed_home.start().armed()
        timed_home.clock_reads("2026-11-24 10:00:00")
        eventually(lambda: phone.requests, "the request hangs")
        yield running


def test_told_to_stop_it_waits_for_a_hanging_send_at_most_ten_seconds(timed_home: Home, hanging: Daemon) -> None:
    asked_at = time.monotonic()
    assert hanging.stop() == 0
    assert time.monotonic() - asked_at <= DRAIN_SECONDS
    assert hanging.log("service.stopped")
    row = timed_home.record_of("look_out")
    assert [(one["channel"], one["state"]) for one in row["channels"]] == [("phone", "unknown")]
    assert row["state"] == "sent"


def test_told_twice_it_stops_at_once(timed_home: Home, hanging: Daemon) -> None:
    hanging.process.send_signal(signal.SIGTERM)
    eventually(lambda: not is_pending(hanging, signal.SIGTERM), "the first one is taken")  # two at once would be one
    asked_at = time.monotonic()
    assert hanging.stop() == 0
    assert time.monotonic() - asked_at <= DRAIN_SECONDS / 4
    assert timed_home.record_of("look_out")["channels"][0]["state"] == "unknown"


def test_ctrl_c_ends_it_like_sigterm(home: Home) -> None:
    home.config.write_text(CONFIG)
    running = home.start().armed()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(DRAIN_SECONDS) == 0
    assert "Traceback" not in running.complained


def test_without_any_configuration_the_starter_runs_and_the_console_stands_in(home: Home) -> None:
    running = home.start(places=False).armed()
    assert "no configuration file was found: the built-in starter runs" in running.complained
    (started,) = running.log("service.started")
    assert (started["config"], started["habits"], started["channels"]) == ("built-in starter", 6, ["desktop"])
    (failed,) = running.log("channel.unbuildable")
    assert failed["channel"] == "desktop"
    assert failed["error"] == "no desktop session bus: DBUS_SESSION_BUS_ADDRESS is not set"
    assert running.log("console.stood_in")
    assert (home.folder / ".local/state/reminders/journal.db").is_file()
    status = home.call("status", places=False)
    assert status.returncode == 0
    assert f"channel desktop cannot be used, so nothing goes there: {failed['error']}\n" in status.stdout
    assert "until a channel works, nudges are printed where the daemon runs\nhint: reminders doctor\n" in status.stdout
    assert home.call("status", "--healthy", places=False).stdout == "running, and well\n"
    assert running.stop() == 0


def test_a_channel_that_comes_to_life_is_no_longer_called_dead(home: Home) -> None:
    address = home.folder / "address"
    home.config.write_text(CONFIG.replace("channels: {", f"channels: {{phone: {{url_file: {address}}}, "))
    running = home.start().armed()
    dead = {one["name"]: one["unbuilt"] for one in home.json("status")["channels"]}
    assert dead == {"phone": f'url_file "{address}" cannot be opened: no such file or directory', "here": None}
    status = home.call("status").stdout
    assert f"channel phone cannot be used, so nothing goes there: {dead['phone']}\nhint: reminders doctor\n" in status
    address.write_text("json://127.0.0.1:9/")
    address.chmod(0o600)
    assert home.call("reload").returncode == 0
    eventually(
        lambda: all(one["unbuilt"] is None for one in home.json("status")["channels"]), "status calls no channel dead"
    )
    assert running.stop() == 0


def test_a_start_on_a_bad_configuration_is_refused_with_every_place(home: Home) -> None:
    home.config.write_text("habits:\n  hydration: {evry: 2h}\nlimits:\n  gap: 30\n")
    running = home.start()
    assert running.process.wait(30) == 3
    assert f"{home.config}:2:15  habits.hydration.evry\n" in running.complained
    assert f"{home.config}:4:8  limits.gap\n" in running.complained
    assert running.complained.endswith("2 problems, nothing was changed\n")
    assert "Traceback" not in running.complained
    assert not home.data_dir.exists()


def test_a_configuration_that_is_not_there_is_refused_by_name(home: Home) -> None:
    running = home.start()
    assert running.process.wait(30) == 3
    assert str(home.config) in running.complained
