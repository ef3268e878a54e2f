"""Holds: what each desktop tells over D-Bus is understood, and what none tells, or hangs, stays unknown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from reminders.clock import SystemClock
from reminders.sensors import dbus_presence
from reminders.sensors.dbus_presence import LOOKS_PER_LIST, LoginSession, SessionDesktop, sighting_of
from reminders.sensors.sighting import NOTHING, Sighting, Source
from tests.channels.desktop.session import SessionBus, running_desktop
from tests.sensors.desktops import StandIn, dunst, gnome, logind, other_saver, plasma, standing

pytestmark = pytest.mark.desktop
Result = TypeVar("Result")
SIX_MINUTES = timedelta(minutes=6)


def beside(bus: SessionBus, source: Source, question: Callable[[], Awaitable[Result]], *programs: StandIn) -> Result:
    """Ask while these programs stand on the bus."""

    async def ask() -> Result:
        connections = await standing(bus.address, *programs)
        try:
            return await question()
        finally:
            source.close()
            for connection in connections:
                connection.disconnect()

    return asyncio.run(ask())


def seen(bus: SessionBus, *programs: StandIn, is_wayland: bool = True, tells_idle: bool = True) -> Sighting:
    source = SessionDesktop(bus.address, is_wayland=is_wayland, tells_idle=tells_idle)
    return beside(bus, source, source.look, *programs)


@pytest.mark.parametrize("locked", [True, False])
def test_gnome_tells_idle_time_and_lock_and_no_do_not_disturb(bus: SessionBus, *, locked: bool) -> None:
    assert seen(bus, gnome(360_000, locked=locked)) == Sighting(idle=SIX_MINUTES, locked=locked)


@pytest.mark.parametrize("inhibited", [True, False])
def test_plasma_tells_all_three_and_its_idle_time_in_milliseconds(bus: SessionBus, *, inhibited: bool) -> None:
    found = seen(bus, plasma(360_000, locked=True, inhibited=inhibited), is_wayland=False)
    assert found == Sighting(idle=SIX_MINUTES, locked=True, do_not_disturb=inhibited)


@pytest.mark.parametrize("idle_ms", [0, None])
def test_plasma_under_wayland_does_not_know_the_idle_time(bus: SessionBus, idle_ms: int | None) -> None:
    found = seen(bus, plasma(idle_ms, locked=False, inhibited=False))
    assert found == Sighting(locked=False, do_not_disturb=False)


def test_every_other_screen_saver_tells_seconds(bus: SessionBus) -> None:
    assert seen(bus, other_saver(360, locked=True), is_wayland=False) == Sighting(idle=SIX_MINUTES, locked=True)


@pytest.mark.parametrize("paused", [True, False])
def test_dunst_tells_whether_it_is_paused(bus: SessionBus, *, paused: bool) -> None:
    assert seen(bus, dunst(paused=paused)) == Sighting(do_not_disturb=paused)


def test_where_somebody_else_tells_the_idle_time_nobody_is_asked_for_it(bus: SessionBus) -> None:
    program = gnome(360_000, locked=False)
    assert seen(bus, program, tells_idle=False) == Sighting(locked=False)
    assert not [call for call in program.calls if "Idle" in call]


def test_an_empty_bus_tells_nothing(bus: SessionBus) -> None:
    assert seen(bus) == NOTHING


def test_a_way_that_was_found_is_kept_to_and_what_nobody_tells_is_asked_once(bus: SessionBus) -> None:
    program = plasma(None, locked=False, inhibited=False)
    source = SessionDesktop(bus.address, is_wayland=True, tells_idle=True)

    async def looks() -> None:
        await source.look()
        program.calls.clear()
        for _ in range(LOOKS_PER_LIST - 1):
            await source.look()

    beside(bus, source, looks, program)
    asked = {call.partition(" ")[2] for call in program.calls}
    assert asked == {
        "org.freedesktop.ScreenSaver.GetActive",
        "org.freedesktop.DBus.Properties.Get org.freedesktop.Notifications Inhibited",
    }
    assert len(program.calls) == 2 * (LOOKS_PER_LIST - 1)


def test_a_program_that_comes_later_is_found(bus: SessionBus) -> None:
    source = SessionDesktop(bus.address, is_wayland=True, tells_idle=True)

    async def looks() -> Sighting:
        assert await source.look() == NOTHING
        (connection,) = await standing(bus.address, gnome(360_000, locked=False))
        try:
            return await source.look()
        finally:
            connection.disconnect()

    assert beside(bus, source, looks) == Sighting(idle=SIX_MINUTES, locked=False)


def test_a_program_that_hangs_is_unknown_asked_once_and_holds_up_no_other(
    bus: SessionBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbus_presence, "FACET_SECONDS", 0.3)
    hung = dunst(paused=True)
    hung.hangs = True
    source = SessionDesktop(bus.address, is_wayland=True, tells_idle=True)

    async def looks() -> list[Sighting]:
        return [await source.look() for _ in range(3)]

    other = gnome(360_000, locked=False)
    other.names = other.names[:2]
    found = beside(bus, source, looks, hung, other)
    assert found == [Sighting(idle=SIX_MINUTES, locked=False)] * 3
    assert len(hung.calls) == 1


def test_a_bus_that_ended_is_said_and_one_that_came_back_is_used(bus: SessionBus) -> None:
    source = SessionDesktop(bus.address, is_wayland=True, tells_idle=True)

    async def looks() -> Sighting:
        await source.look()
        await asyncio.to_thread(bus.stop)
        with pytest.raises((OSError, EOFError)):
            await source.look()
        await asyncio.to_thread(bus.start)
        (connection,) = await standing(bus.address, gnome(360_000, locked=False))
        try:
            return await source.look()
        finally:
            connection.disconnect()

    assert beside(bus, source, looks) == Sighting(idle=SIX_MINUTES, locked=False)


# -- logind -----------------------------------------------------------------------------------------------------------


def of_logind(bus: SessionBus, program: StandIn) -> Sighting:
    source = LoginSession(bus.address, SystemClock())
    return beside(bus, source, source.look, program)


def test_logind_tells_since_when_a_session_is_idle_and_whether_it_is_locked(bus: SessionBus) -> None:
    since = SystemClock().now() - SIX_MINUTES
    found = of_logind(bus, logind("wayland", idle_since_us=int(since.timestamp() * 1e6), locked=True))
    assert found.locked is True
    assert found.idle is not None
    assert SIX_MINUTES <= found.idle < SIX_MINUTES + timedelta(minutes=1)


def test_a_session_that_is_not_idle_there_may_be_one_that_nobody_tells_about(bus: SessionBus) -> None:
    assert of_logind(bus, logind("x11", idle_since_us=None, locked=False)) == Sighting(locked=False)


@pytest.mark.parametrize("kind", ["tty", "unspecified"])
def test_a_session_without_a_screen_tells_nothing(bus: SessionBus, kind: str) -> None:
    assert of_logind(bus, logind(kind, idle_since_us=1, locked=True)) == NOTHING


def test_without_logind_nothing_is_known(bus: SessionBus) -> None:
    source = LoginSession(bus.address, SystemClock())
    assert beside(bus, source, source.look) == NOTHING
    absent = LoginSession("unix:path=/nowhere/bus", SystemClock())
    with pytest.raises(OSError, match="No such file"):
        asyncio.run(absent.look())


def test_an_idle_time_in_the_future_is_none_at_all() -> None:
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    session = {"Type": "x11", "IdleHint": True, "IdleSinceHint": int((now + SIX_MINUTES).timestamp() * 1e6)}
    assert sighting_of(session, now) == Sighting(idle=timedelta(0))


def test_the_real_dunst_tells_it(tmp_path: Path, bus: SessionBus) -> None:
    with running_desktop(tmp_path, bus) as desktop:
        for paused in (True, False):
            desktop.ask("set-paused", str(paused).lower())
            assert seen(bus) == Sighting(do_not_disturb=paused)
