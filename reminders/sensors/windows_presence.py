"""Whether somebody is at a Windows desktop: the last input, the locked screen, a presentation or a game in full screen.

Untried: written after Microsoft's documentation, without a Windows machine to run it on.
"""

from __future__ import annotations

import ctypes
from datetime import timedelta
from typing import Any

from reminders.sensors.sighting import Sighting

_WRAPS_AT = 1 << 32  # both counters are 32 bits of milliseconds
_READ_OBJECTS = 0x0001  # DESKTOP_READOBJECTS
# QUERY_USER_NOTIFICATION_STATE: busy, a game in full screen, a presentation, the quiet time after a first sign-in.
_WANTS_QUIET = frozenset({2, 3, 4, 6})


class _LastInput(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("ticks", ctypes.c_uint32)]


class WindowsDesktop:
    """The session of this user."""

    name = "Windows"

    async def look(self) -> Sighting:
        """Ask once; raises OSError where a call fails."""
        libraries: Any = ctypes.windll  # type: ignore[attr-defined,unused-ignore]
        return Sighting(idle=_idle(libraries), locked=_is_locked(libraries), do_not_disturb=_wants_quiet(libraries))

    def close(self) -> None:
        """Nothing is held open."""


def idle_between(last_input_ticks: int, now_ticks: int) -> timedelta:
    """Return the time between two counts of milliseconds that begin again after 49 days."""
    return timedelta(milliseconds=(now_ticks - last_input_ticks) % _WRAPS_AT)


def _idle(libraries: Any) -> timedelta:
    last = _LastInput(ctypes.sizeof(_LastInput), 0)
    if not libraries.user32.GetLastInputInfo(ctypes.byref(last)):
        raise OSError("the last input is not known")
    return idle_between(last.ticks, libraries.kernel32.GetTickCount() % _WRAPS_AT)


def _is_locked(libraries: Any) -> bool:
    """Return whether the screen is locked: then its desktop is one that a program of the user must not open."""
    desktop = libraries.user32.OpenInputDesktop(0, False, _READ_OBJECTS)
    if not desktop:
        return True
    libraries.user32.CloseDesktop(desktop)
    return False


def _wants_quiet(libraries: Any) -> bool | None:
    """Return True when the desktop keeps notifications away; None = it may still do so by focus assist."""
    state = ctypes.c_int(0)
    if libraries.shell32.SHQueryUserNotificationState(ctypes.byref(state)):
        return None
    return True if state.value in _WANTS_QUIET else None
