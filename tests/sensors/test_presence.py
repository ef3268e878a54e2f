"""Holds: the first that knows is believed, a lock over none; a source that fails or hangs costs only its own word."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import timedelta

import pytest

from reminders.clock import SystemClock
from reminders.domain.context import Presence
from reminders.sensors import sighting
from reminders.sensors.build import build_presence, session_bus
from reminders.sensors.presence import DesktopPresence, presence_words
from reminders.sensors.sighting import NOTHING, OneAtATime, Sighting

MINUTE = timedelta(minutes=1)


@dataclass
class Told:
    """A source that tells what it is told to, or raises it; None = it hangs."""

    name: str
    tells: Sighting | Exception | None
    asked: int = 0
    closed: bool = False

    async def look(self) -> Sighting:
        self.asked += 1
        if self.tells is None:
            await asyncio.Event().wait()
        if isinstance(self.tells, Exception):
            raise self.tells
        return self.tells or NOTHING

    def close(self) -> None:
        self.closed = True


def look(*sources: Told, times: int = 1) -> tuple[Presence, dict[str, str]]:
    async def ask() -> tuple[Presence, dict[str, str]]:
        presence = DesktopPresence(sources, SystemClock())
        for _ in range(times):
            found = await presence.look()
        told_by = dict(presence.told_by)
        await presence.close()
        return found, told_by

    return asyncio.run(ask())


def known(presence: Presence) -> tuple[timedelta | None, bool | None, bool | None]:
    return presence.idle, presence.locked, presence.do_not_disturb


def test_each_thing_is_told_by_the_first_that_knows_it() -> None:
    found, told_by = look(
        Told("X11", Sighting(idle=MINUTE)), Told("the desktop", Sighting(idle=2 * MINUTE, do_not_disturb=False))
    )
    assert known(found) == (MINUTE, None, False)
    assert told_by == {"idle": "X11", "do_not_disturb": "the desktop"}


@pytest.mark.parametrize("first", [True, False])
def test_a_lock_that_one_of_them_sees_is_a_lock(*, first: bool) -> None:
    found, told_by = look(Told("one", Sighting(locked=first)), Told("other", Sighting(locked=not first)))
    assert found.locked is True
    assert told_by == {"locked": "one" if first else "other"}


@pytest.mark.parametrize("error", [OSError("gone"), EOFError(), ValueError("no"), TimeoutError()])
def test_a_source_that_fails_costs_only_its_own_word(error: Exception) -> None:
    found, told_by = look(Told("X11", error), Told("logind", Sighting(locked=False)))
    assert known(found) == (None, False, None)
    assert told_by == {"locked": "logind"}


def test_a_source_that_hangs_is_unknown_and_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OneAtATime.ask, "__defaults__", (0.05,))
    hangs, well = Told("X11", None), Told("logind", Sighting(locked=False))
    found, _ = look(hangs, well, times=3)
    assert known(found) == (None, False, None)
    assert (hangs.asked, well.asked) == (1, 3)
    assert hangs.closed


def test_without_any_source_everything_is_unknown() -> None:
    found, told_by = look()
    assert found.is_unknown
    assert told_by == {}


def test_the_patience_is_that_of_seconds() -> None:
    assert OneAtATime.ask.__defaults__ == (sighting.ASK_SECONDS,)
    assert sighting.ASK_SECONDS < 15


def test_what_is_known_is_told_with_its_source() -> None:
    words = presence_words({"idle": "X11", "locked": "logind"})
    assert words == "idle time from X11, lock from logind, do-not-disturb unknown"
    assert presence_words({}) == "idle time unknown, lock unknown, do-not-disturb unknown"


# -- which sources a machine has --------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the sources of Linux")
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ["logind"]),
        ({"DISPLAY": ":0"}, ["X11", "logind"]),
        ({"DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/b"}, ["X11", "the desktop", "logind"]),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": "x"}, ["the desktop", "logind"]),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, ["logind"]),
    ],
)
def test_under_wayland_x11_is_not_asked(environment: dict[str, str], expected: list[str]) -> None:
    assert [source.name for source in build_presence(environment, SystemClock())._sources] == expected


def test_the_session_bus_is_that_of_the_environment() -> None:
    assert session_bus({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/b", "XDG_RUNTIME_DIR": "/nowhere"}) == "unix:path=/b"
    assert session_bus({"XDG_RUNTIME_DIR": "/nowhere"}) is None
    assert session_bus({}) is None
