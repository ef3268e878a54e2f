"""Durations as people write them: ``45min``, ``2h``, ``1h30min``, ``45s``."""

from __future__ import annotations

import re
from datetime import timedelta

from reminders.settings.mistakes import FOUND, Mistake

_SHAPE = re.compile(r"(?:(\d{1,15})\s*h)?\s*(?:(\d{1,15})\s*min)?\s*(?:(\d{1,15})\s*s)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_EXAMPLE = "write a duration such as 90min, 2h or 45s"


def parse_duration(value: object, least: timedelta, most: timedelta) -> timedelta:
    """Read a duration between the bounds, both included.

    Raises Mistake for a bare number, for anything that is not a duration, and outside the bounds.
    """
    bounds = f"{duration_text(least)} to {duration_text(most)}"
    if isinstance(value, str) and value.strip().startswith("-"):
        raise Mistake(f"{FOUND} is negative", hint=f"{_EXAMPLE} (allowed: {bounds})")
    if _is_number(value):
        raise Mistake(f"{FOUND} has no unit", hint=f"{_EXAMPLE} (allowed: {bounds})")
    match = _SHAPE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        raise Mistake(f"{FOUND} is not a duration", hint=f"{_EXAMPLE} (allowed: {bounds})")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total_seconds = hours * 3600 + minutes * 60 + seconds
    if total_seconds < least.total_seconds():
        raise Mistake(f"{FOUND} is too short", allowed=bounds)
    if total_seconds > most.total_seconds():
        raise Mistake(f"{FOUND} is too long", allowed=bounds)
    return timedelta(seconds=total_seconds)


def duration_text(duration: timedelta) -> str:
    """Write a duration as in the file: ``1h30min``; zero is ``0min``. Parts of a second are dropped."""
    seconds = int(duration.total_seconds())
    parts = ((seconds // 3600, "h"), (seconds % 3600 // 60, "min"), (seconds % 60, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0min"


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and bool(_NUMBER.fullmatch(value.strip())))
