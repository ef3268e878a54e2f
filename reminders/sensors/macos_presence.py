"""Whether somebody is at a Mac: the time since the last key or mouse, and whether the screen is locked.

Untried: written after Apple's documentation, without a Mac to run it on. Do-not-disturb is told to nobody there.
"""

from __future__ import annotations

import ctypes
from ctypes.util import find_library
from datetime import timedelta
from typing import Any

from reminders.sensors.sighting import Sighting

_HARDWARE = 1  # kCGEventSourceStateHIDSystemState: what hands did, not what programs sent
_ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_LOCKED_KEY = b"CGSSessionScreenIsLocked"


class MacDesktop:
    """The session of this user."""

    name = "macOS"

    def __init__(self) -> None:
        """Load nothing before ``look``."""
        self._graphics: Any = None
        self._foundation: Any = None

    async def look(self) -> Sighting:
        """Ask once; raises OSError where the frameworks cannot be loaded."""
        if self._graphics is None:
            self._load()
        seconds = float(self._graphics.CGEventSourceSecondsSinceLastEventType(_HARDWARE, _ANY_INPUT))
        return Sighting(idle=timedelta(seconds=max(seconds, 0.0)), locked=self._is_locked())

    def close(self) -> None:
        """Nothing is held open."""

    def _load(self) -> None:
        graphics = ctypes.CDLL(find_library("CoreGraphics") or "CoreGraphics")
        foundation = ctypes.CDLL(find_library("CoreFoundation") or "CoreFoundation")
        graphics.CGEventSourceSecondsSinceLastEventType.restype = ctypes.c_double
        graphics.CGEventSourceSecondsSinceLastEventType.argtypes = [ctypes.c_int32, ctypes.c_uint32]
        graphics.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
        foundation.CFStringCreateWithCString.restype = ctypes.c_void_p
        foundation.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
        foundation.CFDictionaryGetValue.restype = ctypes.c_void_p
        foundation.CFDictionaryGetValue.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        foundation.CFBooleanGetValue.restype = ctypes.c_bool
        foundation.CFBooleanGetValue.argtypes = [ctypes.c_void_p]
        foundation.CFRelease.argtypes = [ctypes.c_void_p]
        self._graphics, self._foundation = graphics, foundation

    def _is_locked(self) -> bool | None:
        """Return whether the screen is locked; the key is there only while it is. None = no session of a screen."""
        session = self._graphics.CGSessionCopyCurrentDictionary()
        if not session:
            return None
        key = self._foundation.CFStringCreateWithCString(None, _LOCKED_KEY, _UTF8)
        try:
            value = self._foundation.CFDictionaryGetValue(session, key)
            return bool(value) and bool(self._foundation.CFBooleanGetValue(value))
        finally:
            self._foundation.CFRelease(key)
            self._foundation.CFRelease(session)
