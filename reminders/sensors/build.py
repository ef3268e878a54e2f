"""Which sources this machine has for a desktop, the most trusted first. Nothing is connected here."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from reminders.ports import Clock
from reminders.sensors.presence import DesktopPresence
from reminders.sensors.sighting import Source

SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket"


def build_presence(environment: Mapping[str, str], clock: Clock) -> DesktopPresence:
    """Return what looks at the desktop that the environment belongs to; with no source at all everything is Unknown."""
    return DesktopPresence(_sources(environment, clock), clock)


def _sources(environment: Mapping[str, str], clock: Clock) -> list[Source]:
    if sys.platform == "darwin":
        from reminders.sensors.macos_presence import MacDesktop  # noqa: PLC0415  each system imports its own

        return [MacDesktop()]
    if sys.platform == "win32":
        from reminders.sensors.windows_presence import WindowsDesktop  # noqa: PLC0415

        return [WindowsDesktop()]
    return _linux_sources(environment, clock)


def _linux_sources(environment: Mapping[str, str], clock: Clock) -> list[Source]:
    from reminders.sensors.dbus_presence import LoginSession, SessionDesktop  # noqa: PLC0415
    from reminders.sensors.x11_idle import X11Idle  # noqa: PLC0415

    is_wayland = bool(environment.get("WAYLAND_DISPLAY")) or environment.get("XDG_SESSION_TYPE") == "wayland"
    has_screen = bool(environment.get("DISPLAY")) and not is_wayland
    sources: list[Source] = [X11Idle(environment)] if has_screen else []
    address = session_bus(environment)
    if address is not None:
        sources.append(SessionDesktop(address, is_wayland=is_wayland, tells_idle=not has_screen))
    sources.append(LoginSession(environment.get("DBUS_SYSTEM_BUS_ADDRESS") or SYSTEM_BUS, clock))
    return sources


def session_bus(environment: Mapping[str, str]) -> str | None:
    """Return the address of the session's bus; None = there is none."""
    address = environment.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address
    folder = environment.get("XDG_RUNTIME_DIR")
    return f"unix:path={folder}/bus" if folder and (Path(folder) / "bus").is_socket() else None
