"""Holds: on a real screen an empty chair is not asked, a hung screen holds up nobody, and do-not-disturb is kept."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reminders.daemon.lock import running_daemon
from reminders.sensors.x11_idle import X11Idle
from tests.channels.desktop.session import Desktop, SessionBus, running_bus, running_desktop
from tests.channels.servers import eventually, need
from tests.end_to_end.home import Daemon, Home, somebodys_home
from tests.faults.machine import QUICK
from tests.sensors.screens import Screen, running_screen

pytestmark = pytest.mark.desktop

CONFIG = """\
timezone: UTC
me: {awake: "06:00-23:00", work: {hours: "09:00-17:30", days: daily}}
channels: {desktop: desktop://}
web: off
habits:
  movement:
"""
LONG_ENOUGH = timedelta(minutes=6)
TEN_SECONDS_BEFORE = "2026-11-24 09:59:50"


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionBus]:
    with running_bus(tmp_path_factory.mktemp("session")) as place:
        yield place


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory, bus: SessionBus) -> Iterator[Desktop]:
    with running_desktop(tmp_path_factory.mktemp("desktop"), bus) as place:
        yield place


@pytest.fixture
def rooms(tmp_path_factory: pytest.TempPathFactory, bus: SessionBus, desktop: Desktop) -> Iterator[Any]:
    """Return what makes a home whose daemon looks at a screen; notifications come to another one."""
    with ExitStack() as stack:

        def make(screen: Screen) -> tuple[Home, Daemon]:
            session = {"DBUS_SESSION_BUS_ADDRESS": bus.address, "DISPLAY": screen.display}
            folder = tmp_path_factory.mktemp("home")
            home = stack.enter_context(somebodys_home(folder, session, own_clock=True))
            home.config.write_text(CONFIG)
            home.clock_reads("2026-11-24 09:50:00")
            return home, started(home).armed()

        yield make
    desktop.ask("set-paused", "false")
    desktop.ask("close-all")


def started(home: Home) -> Daemon:
    """Start a daemon with a quick heart, which looks at the desk every two seconds."""
    out, err = home.folder / "out.log", home.folder / "err.log"
    command = [sys.executable, "-c", QUICK.format(beat_seconds=0.5, files=0), "run", *home.places]
    with out.open("wb") as printed, err.open("wb") as complained:
        process = subprocess.Popen(
            command, cwd=home.folder, env=home.environment, stdin=subprocess.DEVNULL, stdout=printed, stderr=complained
        )
    home.daemons.append(Daemon(process, out, err))
    return home.daemons[-1]


def idle(screen: Screen) -> timedelta:
    source = X11Idle({"DISPLAY": screen.display})

    async def look() -> timedelta:
        found = await source.look()
        source.close()
        assert found.idle is not None
        return found.idle

    return asyncio.run(look())


def knows(home: Home, words: str) -> None:
    def told() -> bool:
        daemon = running_daemon(home.data_dir)
        return daemon is not None and words in (daemon.presence or "")

    eventually(told, f'it says "{words}"', 30)


def becomes(home: Home, state: str, reason: str | None) -> dict[str, Any]:
    def row() -> dict[str, Any] | None:
        found = [one for one in home.record() if one["habit"] == "movement"]
        return next((one for one in found if (one["state"], one["reason"]) == (state, reason)), None)

    return dict(eventually(row, f"the break is {state}, {reason}", 40))


@contextmanager
def left_for(folder: Path, length: timedelta) -> Iterator[Screen]:
    """Run a screen whose time jumps ahead once, so that nobody has touched it for so long."""
    need("faketime")
    library = min(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    ahead = folder / "ahead"
    ahead.write_text("+0")
    with running_screen(
        "env", f"LD_PRELOAD={library}", f"FAKETIME_TIMESTAMP_FILE={ahead}", "FAKETIME_NO_CACHE=1"
    ) as one:
        ahead.write_text(f"+{length.total_seconds():.0f}")
        eventually(lambda: idle(one) >= length, "nobody touched it for so long")
        yield one


def test_an_empty_chair_is_not_asked_and_who_comes_back_has_had_a_break(
    rooms: Any, desktop: Desktop, tmp_path: Path
) -> None:
    with left_for(tmp_path, LONG_ENOUGH) as screen:
        home, daemon = rooms(screen)
        knows(home, "idle time from X11")
        home.clock_reads(TEN_SECONDS_BEFORE)
        assert becomes(home, "planned", "away")["sent_at"] is None
        assert desktop.shown() == 0
        screen.touch()
        row = becomes(home, "suppressed", "away")
        assert row["detail"].startswith("a break from 09:")
        assert row["answer"] is None
        (person,) = home.json("history")
        assert [list(one) for one in person["breaks"]] == [["started", "ended"]]
        assert "a break counted, from 09:" in home.call("why", "movement").stdout
        assert daemon.stop() == 0


def test_a_screen_that_hangs_is_unknown_and_the_ask_goes_out_on_time(rooms: Any, desktop: Desktop) -> None:
    with running_screen() as screen:
        home, daemon = rooms(screen)
        knows(home, "idle time from X11")
        with screen.hung():
            knows(home, "idle time unknown")
            home.clock_reads(TEN_SECONDS_BEFORE)
            eventually(lambda: desktop.shown() == 1, "it is shown", 40)
            (sent,) = daemon.log("nudge.sent")
            assert sent["time"][:17] == "2026-11-24T10:00:"
            assert "presence: idle time unknown" in home.call("status").stdout
        knows(home, "idle time from X11")
        assert daemon.stop() == 0


def test_do_not_disturb_keeps_it_until_it_is_off(rooms: Any, desktop: Desktop) -> None:
    with running_screen() as screen:
        home, _ = rooms(screen)
        knows(home, "do-not-disturb from the desktop")
        desktop.ask("set-paused", "true")
        home.clock_reads(TEN_SECONDS_BEFORE)
        becomes(home, "planned", "busy")
        desktop.ask("set-paused", "false")
        eventually(lambda: desktop.shown() == 1, "it is shown", 40)
        becomes(home, "sent", "busy")
