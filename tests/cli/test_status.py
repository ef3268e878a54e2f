"""``status``: what comes next, what waits, what is off, and that no daemon runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

import reminders
from reminders.daemon.lock import DaemonLock, acquire
from reminders.domain.delivery import SendOutcome
from tests.cli.desk import NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_without_a_daemon_it_says_so_and_how_to_start_it(desk: Desk) -> None:
    result = desk.run("status")
    assert result.exit_code == 1
    assert result.stdout.startswith("not running, so nothing is sent\nhint: start it with: reminders run\n")


def test_it_shows_what_comes_next_and_what_waits(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(minutes=20))
    desk.put("warm_up", NOW - timedelta(minutes=10))
    desk.run("snooze", "warm_up")
    desk.run("done", "hydration", "300ml")
    desk.run("pause", "hydration", "2h", "--reason", "meeting")
    lines = lines_of(desk.run("status").stdout)
    assert f"config: {desk.config}" in lines
    assert "channels: here" in lines
    assert "Alex (Europe/Berlin)" in lines
    assert [line for line in lines if line.startswith("next ")] == ["next movement, 12:00 (in 40 min)"]
    assert "waiting movement, for an answer until 12:00 (in 40 min)" in lines
    assert "snoozed warm_up, until 11:35 (in 15 min)" in lines
    assert "water 0.3 of 1.6 L today" in lines
    assert "paused hydration, until 13:20 (in 2 h): meeting" in lines
    assert "off potassium_meal, not known to be safe" in lines
    assert any(line.startswith("hint: potassium ideas stay off until both health questions") for line in lines)


def test_json_has_a_stable_shape(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(minutes=20))
    desk.run("pause", "hydration", "2h")
    found = desk.json("status")
    (person,) = found.pop("people")
    assert found == {
        "running": False,
        "pid": None,
        "since": None,
        "version": None,
        "degraded": None,
        "refused": None,
        "page": None,
        "page_trouble": None,
        "presence": None,
        "config": str(desk.config),
        "problems": 0,
        "channels": [{"name": "here", "kind": "console", "trouble": None, "unbuilt": None, "unheard": None}],
    }
    assert list(person) == ["person", "zone", "next", "open", "water", "pauses", "unsafe", "calendars"]
    assert list(person["next"]) == ["habit", "send_at"]
    assert person["next"]["send_at"].endswith("+01:00")
    assert person["open"] == [
        {
            "habit": "movement",
            "slot_key": "2026-03-24T10:00",
            "sent_at": "2026-03-24T11:00:00+01:00",
            "snoozed_until": None,
            "expires_at": "2026-03-24T12:00:00+01:00",
            "amount_ml": None,
        }
    ]
    assert person["water"] == {"drunk_ml": 0, "goal_ml": 1600}
    assert person["pauses"] == [
        {
            "habit": "hydration",
            "starts_at": "2026-03-24T11:20:00+01:00",
            "ends_at": "2026-03-24T13:20:00+01:00",
            "author": "me",
            "reason": "",
            "flare": False,
        }
    ]
    assert [one["habit"] for one in person["unsafe"]] == ["potassium_meal"]


def test_a_channel_that_turned_the_last_nudge_away_is_named_until_it_takes_one(desk: Desk) -> None:
    refused = {"outcome": SendOutcome.REJECTED, "detail": "its server answered 401"}
    desk.put("movement", NOW - timedelta(minutes=40), **refused)
    lines = desk.run("status").stdout.splitlines()
    assert "channel here turned the last nudge away: its server answered 401" in lines
    assert "hint: reminders send-test here" in lines
    (channel,) = desk.json("status")["channels"]
    assert channel["trouble"] == {"state": "rejected", "detail": "its server answered 401"}
    desk.put("movement", NOW - timedelta(minutes=20))
    assert "turned the last nudge away" not in desk.run("status").stdout


def test_a_channel_that_failed_more_than_a_day_ago_is_not_named(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(days=1, minutes=1), outcome=SendOutcome.REJECTED)
    assert "turned the last nudge away" not in desk.run("status").stdout


def test_a_shared_view_keeps_health_to_the_person(household: Desk) -> None:
    household.run("pause", "--person", "sam", "--reason", "a bad day")
    shared, own = household.run("status").stdout, household.run("status", "--person", "sam").stdout
    assert "Alex (Europe/Berlin)" in shared
    assert "Sam (America/New_York)" in shared
    for private in ("a bad day", "potassium", "water"):
        assert private not in shared
        assert private in own
    assert "Alex" not in own


def test_an_unknown_person_is_refused(household: Desk) -> None:
    result = household.run("status", "--person", "kim")
    assert result.exit_code == 2
    assert 'unknown person "kim"; there are: alex, sam' in result.stderr


@pytest.fixture
def held(desk: Desk) -> Iterator[DaemonLock]:
    """Hold the data directory as a daemon does that has just started."""
    lock = acquire(desk.data_dir, config=str(desk.config), started_at=NOW)
    yield lock
    lock.release()


def seconds_ago(seconds: float) -> float:
    # freezegun stops the monotonic clock as well, at the moment that the command will see.
    return time.monotonic() - seconds


def is_well(lock: DaemonLock) -> None:
    lock.pulse.beat(seconds_ago(15))


def is_still(lock: DaemonLock) -> None:
    lock.pulse.beat(seconds_ago(61))


def is_degraded(lock: DaemonLock) -> None:
    is_well(lock)
    lock.report({"degraded": "the disk is full"})


def has_not_begun(lock: DaemonLock) -> None:
    del lock


@pytest.mark.parametrize(
    ("so_it_is", "said", "code"),
    [
        (is_well, "running, and well", 0),
        (is_still, "it cannot do its work now: it has not moved for 1 min", 1),
        (is_degraded, "it cannot do its work now: the disk is full", 1),
        (has_not_begun, "running, just started", 1),
    ],
)
def test_healthy_is_the_daemon_that_can_do_its_work(
    desk: Desk, held: DaemonLock, so_it_is: Callable[[DaemonLock], None], said: str, code: int
) -> None:
    so_it_is(held)
    result = desk.run("status", "--healthy")
    assert (result.stdout, result.exit_code) == (f"{said}\n", code)
    assert desk.run("status").exit_code == 0


def test_a_channel_that_the_daemon_could_not_build_is_told_with_what_happens_meanwhile(
    desk: Desk, held: DaemonLock
) -> None:
    is_well(held)
    reason = "no desktop session bus: DBUS_SESSION_BUS_ADDRESS is not set"
    held.report({"unbuilt": {"here": reason}, "is_printing": True})
    told = desk.run("status").stdout.splitlines()
    at = told.index(f"channel here cannot be used, so nothing goes there: {reason}")
    assert told[at + 1 : at + 3] == [
        "until a channel works, nudges are printed where the daemon runs",
        "hint: reminders doctor",
    ]
    (channel,) = desk.json("status")["channels"]
    assert channel["unbuilt"] == reason
    assert desk.run("status", "--healthy").exit_code == 0
    held.report({"unbuilt": {"here": reason}, "is_printing": False})
    assert "nudges are printed" not in desk.run("status").stdout
    held.report({"unbuilt": {}})
    assert "cannot be used" not in desk.run("status").stdout


def test_of_several_pauses_the_end_that_counts_is_shown(desk: Desk) -> None:
    for words in (["2h"], ["30min"], ["movement", "1h"], ["hydration", "3h"], ["hydration", "4h"]):
        desk.run("pause", *words)
    paused = [line for line in lines_of(desk.run("status").stdout) if line.startswith("paused ")]
    assert paused == ["paused everything, until 13:20 (in 2 h)", "paused hydration, until 15:20 (in 4 h)"]
    assert len(desk.json("status")["people"][0]["pauses"]) == 5


def test_a_daemon_that_does_not_run_is_not_healthy(desk: Desk) -> None:
    result = desk.run("status", "--healthy")
    assert (result.stdout, result.exit_code) == ("not running, so nothing is sent\n", 1)


@pytest.mark.parametrize("more", [["--json"], ["--person", "me"]])
def test_healthy_takes_no_other_view_beside_it(desk: Desk, more: list[str]) -> None:
    result = desk.run("status", "--healthy", *more)
    assert result.exit_code == 2
    assert "--healthy stands alone" in result.stderr


def test_since_when_it_runs_is_told_by_the_machines_clock_and_names_it_where_a_persons_differs(
    desk: Desk, held: DaemonLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_well(held)
    told = f"pid {os.getpid()}, version {reminders.__version__}"
    assert desk.run("status").stdout.startswith(f"running since 2026-03-24 11:20 (now), {told}\n")
    monkeypatch.setenv("TZ", "America/New_York")
    assert desk.run("status").stdout.startswith(f"running since 2026-03-24 06:20 (America/New_York, now), {told}\n")
    monkeypatch.setenv("TZ", "Europe/Rome")
    assert desk.run("status").stdout.startswith(f"running since 2026-03-24 11:20 (now), {told}\n")
