"""What a Linux desktop tells over D-Bus: GNOME, Plasma and others on the session's bus, logind on the system's.

GNOME's own do-not-disturb is a stored setting that nothing tells over D-Bus, so there it stays unknown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from reminders.catalogue.phrases import phrase
from reminders.ports import Clock
from reminders.sensors.dbus_call import PROPERTIES, BusLine
from reminders.sensors.sighting import OneAtATime, Sighting

NOTIFICATIONS = "org.freedesktop.Notifications"
NOTIFICATIONS_PATH = "/org/freedesktop/Notifications"
DUNST = "org.dunstproject.cmd0"
MUTTER = "org.gnome.Mutter.IdleMonitor"
MUTTER_PATH = "/org/gnome/Mutter/IdleMonitor/Core"
SCREEN_SAVER = "org.freedesktop.ScreenSaver"
PLASMA = "org.kde.screensaver"
LOGIND = "org.freedesktop.login1"
SESSION = "org.freedesktop.login1.Session"
OWN_SESSION = "/org/freedesktop/login1/session/auto"
GRAPHICAL = frozenset({"x11", "wayland", "mir"})
LOOKS_PER_LIST = 10  # so often a desktop is asked before it is looked at who is on its bus now
FACET_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Way:
    """A method that tells one thing; ``read`` makes of what it returns the value to know, None = it does not tell."""

    owner: str
    path: str
    interface: str
    member: str
    read: Callable[[Any], Any]
    signature: str = ""
    body: tuple[str, ...] = ()


def _milliseconds(found: Any) -> timedelta:
    return timedelta(milliseconds=int(found))


def _seconds(found: Any) -> timedelta:
    return timedelta(seconds=int(found))


def _property(interface: str, name: str) -> Way:
    return Way(NOTIFICATIONS, NOTIFICATIONS_PATH, PROPERTIES, "Get", _value, "ss", (interface, name))


def _value(found: Any) -> bool | None:
    return found.value if isinstance(found.value, bool) else None


def _idle_ways(names: frozenset[str], *, is_wayland: bool) -> Sequence[Way]:
    """Return who tells the idle time; Plasma's is in milliseconds and under Wayland always zero, others' in seconds."""

    def read(found: Any) -> timedelta | None:
        if is_wayland and not found:
            return None
        return _milliseconds(found) if PLASMA in names else _seconds(found)

    paths = ("/org/freedesktop/ScreenSaver", "/ScreenSaver")
    return (
        Way(MUTTER, MUTTER_PATH, MUTTER, "GetIdletime", _milliseconds),
        *(Way(SCREEN_SAVER, path, SCREEN_SAVER, "GetSessionIdleTime", read) for path in paths),
    )


_LOCK_PLACES = (
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    (SCREEN_SAVER, "/org/freedesktop/ScreenSaver"),
    (SCREEN_SAVER, "/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)
_LOCK_WAYS = tuple(Way(owner, path, owner, "GetActive", bool) for owner, path in _LOCK_PLACES)
_QUIET_WAYS = (_property(NOTIFICATIONS, "Inhibited"), _property(DUNST, "paused"))


class _Facet:
    """One thing to know, and the way that was found to tell it."""

    def __init__(self, bus: BusLine) -> None:
        """No way was found yet."""
        self._bus = bus
        self._ways: Sequence[Way] = ()
        self._line: OneAtATime[Any] = OneAtATime()

    def begin(self, ways: Sequence[Way]) -> None:
        """Try these ways from now on, in order; the first that tells is kept to."""
        self._ways = ways

    async def look(self) -> Any:
        """Return what there is to know; None = nobody tells it in time. Raises as ``BusLine.call``."""
        if not self._ways:
            return None
        try:
            return await self._line.ask(self._tell(), FACET_SECONDS)
        except TimeoutError:
            return None

    async def _tell(self) -> Any:
        for way in self._ways:
            found = await self._bus.call(way.owner, way.path, way.interface, way.member, way.signature, way.body)
            value = way.read(found[0]) if found else None
            if value is not None:
                self._ways = (way,)
                return value
        self._ways = ()
        return None


class SessionDesktop:
    """The desktop of one session, asked by the ways that its programs were found to have."""

    name = phrase("the desktop")

    def __init__(self, address: str, *, is_wayland: bool, tells_idle: bool) -> None:
        """Take the bus's address; ``tells_idle`` False = somebody else is asked how long it was not touched."""
        self._bus = BusLine(address)
        self._is_wayland, self._tells_idle = is_wayland, tells_idle
        self._idle, self._locked, self._quiet = (_Facet(self._bus) for _ in range(3))
        self._looks = 0

    async def look(self) -> Sighting:
        """Ask once; raises OSError, EOFError or ValueError when there is no bus."""
        if self._looks % LOOKS_PER_LIST == 0:
            await self._find_ways()
        self._looks += 1
        told = await asyncio.gather(self._idle.look(), self._locked.look(), self._quiet.look())
        if all(value is None for value in told):
            self._looks = 0  # what was there is gone, or nothing was: look who is there the next time
        return Sighting(idle=told[0], locked=told[1], do_not_disturb=told[2])

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    async def _find_ways(self) -> None:
        names = await self._bus.names()
        idle = _idle_ways(names, is_wayland=self._is_wayland) if self._tells_idle else ()
        for facet, ways in ((self._idle, idle), (self._locked, _LOCK_WAYS), (self._quiet, _QUIET_WAYS)):
            facet.begin([way for way in ways if way.owner in names])


class LoginSession:
    """What logind knows of the session that this process belongs to."""

    name = "logind"

    def __init__(self, address: str, clock: Clock) -> None:
        """Take the system bus's address; nothing is connected before ``look``."""
        self._bus, self._clock = BusLine(address), clock

    async def look(self) -> Sighting:
        """Ask once; raises OSError, EOFError or ValueError when there is no bus."""
        return sighting_of(await self._bus.properties(LOGIND, OWN_SESSION, SESSION), self._clock.now())

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()


def sighting_of(session: Mapping[str, Any], now: datetime) -> Sighting:
    """Read a session's properties. Not idle there may mean that nobody tells logind, so only idle counts."""
    if session.get("Type") not in GRAPHICAL:
        return Sighting()
    idle = None
    if session.get("IdleHint") is True and int(session.get("IdleSinceHint", 0)):
        since = datetime.fromtimestamp(int(session["IdleSinceHint"]) / 1_000_000, UTC)
        idle = max(now - since, timedelta(0))
    locked = session.get("LockedHint")
    return Sighting(idle=idle, locked=locked if isinstance(locked, bool) else None)
