"""Holds: what looks at a Mac and at Windows reads here, and counts as its documentation says. Untried on those."""

from __future__ import annotations

import asyncio
import ctypes
import sys
from datetime import timedelta
from typing import Any

import pytest

from reminders.clock import SystemClock
from reminders.sensors import build, macos_presence, windows_presence
from reminders.sensors.macos_presence import MacDesktop
from reminders.sensors.sighting import Sighting
from reminders.sensors.windows_presence import WindowsDesktop, idle_between


@pytest.mark.parametrize(("system", "expected"), [("darwin", ["macOS"]), ("win32", ["Windows"])])
def test_each_system_has_a_source_of_its_own(system: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert [source.name for source in build.build_presence({}, SystemClock())._sources] == expected


def test_the_milliseconds_of_windows_begin_again_after_49_days() -> None:
    assert idle_between(1_000, 361_000) == timedelta(minutes=6)
    assert idle_between((1 << 32) - 1_000, 359_000) == timedelta(minutes=6)


class WindowsLibraries:
    """What Windows answers: the last input at ``last``, now ``now``; whether the desktop opens, and its state."""

    def __init__(self, last: int, now: int, desktop: int, state: int) -> None:
        self.user32 = self.kernel32 = self.shell32 = self
        self.last, self.now, self.desktop, self.state = last, now, desktop, state
        self.closed: list[int] = []

    def GetLastInputInfo(self, info: Any) -> int:  # noqa: N802
        info._obj.ticks = self.last
        return 1

    def GetTickCount(self) -> int:  # noqa: N802
        return self.now

    def OpenInputDesktop(self, _flags: int, _inherit: bool, _access: int) -> int:  # noqa: FBT001, N802
        return self.desktop

    def CloseDesktop(self, desktop: int) -> None:  # noqa: N802
        self.closed.append(desktop)

    def SHQueryUserNotificationState(self, state: Any) -> int:  # noqa: N802
        state._obj.value = self.state
        return 0


@pytest.mark.parametrize(
    ("desktop", "state", "expected"),
    [
        (7, 5, Sighting(idle=timedelta(minutes=6), locked=False)),
        (0, 5, Sighting(idle=timedelta(minutes=6), locked=True)),
        (7, 4, Sighting(idle=timedelta(minutes=6), locked=False, do_not_disturb=True)),
    ],
)
def test_windows_tells_what_its_calls_return(
    desktop: int, state: int, expected: Sighting, monkeypatch: pytest.MonkeyPatch
) -> None:
    libraries = WindowsLibraries(1_000, 361_000, desktop, state)
    monkeypatch.setattr(ctypes, "windll", libraries, raising=False)
    assert asyncio.run(WindowsDesktop().look()) == expected
    assert libraries.closed == ([desktop] if desktop else [])


def test_a_mac_without_its_frameworks_says_so() -> None:
    if sys.platform == "darwin":
        pytest.skip("they are there")
    with pytest.raises(OSError, match="CoreGraphics"):
        asyncio.run(MacDesktop().look())


class MacLibraries:
    """What a Mac answers; ``session`` 0 = there is none, ``value`` 0 = the key is not there."""

    def __init__(self, seconds: float, session: int, value: int, *, truth: bool) -> None:
        self.seconds, self.session, self.value, self.truth = seconds, session, value, truth
        self.released: list[int] = []

    def CGEventSourceSecondsSinceLastEventType(self, _state: int, _kind: int) -> float:  # noqa: N802
        return self.seconds

    def CGSessionCopyCurrentDictionary(self) -> int:  # noqa: N802
        return self.session

    def CFStringCreateWithCString(self, _allocator: None, text: bytes, _encoding: int) -> int:  # noqa: N802
        assert text == b"CGSSessionScreenIsLocked"
        return 2

    def CFDictionaryGetValue(self, _session: int, _key: int) -> int:  # noqa: N802
        return self.value

    def CFBooleanGetValue(self, _value: int) -> bool:  # noqa: N802
        return self.truth

    def CFRelease(self, thing: int) -> None:  # noqa: N802
        self.released.append(thing)


@pytest.mark.parametrize(
    ("session", "value", "truth", "locked"), [(1, 3, True, True), (1, 0, False, False), (0, 0, False, None)]
)
def test_a_mac_tells_what_its_calls_return(
    session: int,
    value: int,
    truth: bool,  # noqa: FBT001
    locked: bool | None,  # noqa: FBT001
) -> None:
    libraries = MacLibraries(360.0, session, value, truth=truth)
    desktop = MacDesktop()
    desktop._graphics = desktop._foundation = libraries
    assert asyncio.run(desktop.look()) == Sighting(idle=timedelta(minutes=6), locked=locked)
    assert libraries.released == ([2, 1] if session else [])


def test_both_say_that_they_are_untried() -> None:
    for module in (macos_presence, windows_presence):
        assert "Untried" in (module.__doc__ or "")
