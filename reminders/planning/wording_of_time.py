"""Moments and lengths of time in words: local for people, ISO 8601 with offset for programs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import overload
from zoneinfo import ZoneInfo

_MINUTE = 60
_HOUR = 3600
_DAY = 86400
_NOW_SECONDS = 30
_HOURS_AT_MOST = 48  # beyond that, days are easier to grasp


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """Return the local time: ``14:30``."""
    return f"{instant.astimezone(zone):%H:%M}"


def moment(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the local time with as much of a date as it needs: ``14:30``, ``tomorrow 07:45``, ``Sun 29 Mar 02:30``."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    near = {0: "", 1: "tomorrow ", -1: "yesterday "}
    if days in near:
        return f"{near[days]}{local:%H:%M}"
    year = f" {local:%Y}" if local.year != today.year else ""
    return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M}"


def relative(instant: datetime, now: datetime) -> str:
    """Return how far off an instant is: ``in 12 min``, ``2 h ago``, ``now``."""
    seconds = (instant - now).total_seconds()
    if abs(seconds) < _NOW_SECONDS:
        return "now"
    words = length(timedelta(seconds=abs(seconds)))
    return f"in {words}" if seconds > 0 else f"{words} ago"


def when(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return both: ``14:30 (in 12 min)``."""
    return f"{moment(instant, zone, now)} ({relative(instant, now)})"


def length(duration: timedelta) -> str:
    """Return a length of time to the minute: ``45 min``, ``1 h 30 min``, ``3 days``."""
    minutes = max(round(duration.total_seconds() / _MINUTE), 1)
    if minutes >= _HOURS_AT_MOST * _MINUTE:
        days = round(minutes * _MINUTE / _DAY)
        return f"{days} days"
    hours, rest = divmod(minutes, _MINUTE)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest else parts)


def heading(day: date) -> str:
    """Return a date as a heading: ``Tuesday 2026-03-24``."""
    return f"{day:%A} {day.isoformat()}"


@overload
def iso(instant: datetime, zone: ZoneInfo) -> str: ...
@overload
def iso(instant: datetime | None, zone: ZoneInfo) -> str | None: ...
def iso(instant: datetime | None, zone: ZoneInfo) -> str | None:
    """Return ISO 8601 with the local offset, to the second; None stays None."""
    return None if instant is None else instant.astimezone(zone).isoformat(timespec="seconds")
