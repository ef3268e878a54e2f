"""The only reader of the wall clock, and of the machine's time zone."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import say
from reminders.domain.errors import StartRefused

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"})
UNKNOWN_TZ_DATA_YEAR = 2025  # the oldest data the project's dependencies allow

if sys.platform == "linux":
    BOOT_CLOCK = time.CLOCK_BOOTTIME
elif sys.platform == "darwin":
    BOOT_CLOCK = time.CLOCK_MONOTONIC  # on macOS this one counts sleep, and time.monotonic() does not


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the wall clock as an aware datetime in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never step and stand still while the machine sleeps (on Windows they run on)."""
        return time.monotonic()

    def boottime(self) -> float:
        """Return seconds that never step and run on while the machine sleeps."""
        if sys.platform in ("linux", "darwin"):
            return time.clock_gettime(BOOT_CLOCK)
        return time.monotonic()


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneName:
    """The machine's zone as an IANA name.

    ``fallback_reason`` is None when the machine names its zone, else why UTC stands in for it.
    """

    name: str
    fallback_reason: str | None = None

    @property
    def is_utc(self) -> bool:
        """True when the zone is UTC under any of its names, which is rarely where a person lives."""
        return self.name in UTC_NAMES


def machine_zone() -> ZoneName:
    """Return the machine's zone: the ``TZ`` variable, else what the system is set to, else UTC as a fallback."""
    wanted = os.environ.get("TZ", "").removeprefix(":")
    if wanted and not wanted.startswith("/"):
        return _zone_of_variable(wanted)
    return _zone_of_system()


def _zone_of_variable(wanted: str) -> ZoneName:
    try:
        load_zone(wanted)
    except StartRefused as error:
        why = say('the variable TZ is "{zone}": {reason}', zone=wanted, reason=error)
        return ZoneName(name="UTC", fallback_reason=why)
    return ZoneName(name=wanted)


def _zone_of_system() -> ZoneName:
    from zoneinfo import ZoneInfoNotFoundError  # noqa: PLC0415  commands that show no time do not need it

    import tzlocal  # noqa: PLC0415

    try:
        name = tzlocal.get_localzone_name()
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        why = say("the machine's zone cannot be read ({reason})", reason=type(error).__name__)
        return ZoneName(name="UTC", fallback_reason=why)
    if not name or name == "local":
        return ZoneName(name="UTC", fallback_reason=say("the machine has no zone set"))
    return ZoneName(name=name)


def load_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name. Raises StartRefused, naming the fix, when it or all zone data is missing."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise StartRefused(_missing_zone(name)) from None


def _missing_zone(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415
    from zoneinfo import available_timezones  # noqa: PLC0415

    known = available_timezones()
    if not known:
        return say('no time zone data for "{zone}" on this machine; install it: pip install tzdata', zone=name)
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return say('unknown time zone "{zone}"; did you mean "{near}"?', zone=name, near=close[0])
    return say('unknown time zone "{zone}"; use an IANA name such as "Europe/Berlin"', zone=name)


def tz_data_year() -> int:
    """Return the year of the installed time zone data."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return int(version("tzdata").partition(".")[0])
    except PackageNotFoundError:
        return UNKNOWN_TZ_DATA_YEAR
