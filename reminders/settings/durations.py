"""Durations as people write them: ``45min``, ``2h``, ``1h30min``, ``45s``."""

from __future__ import annotations

import re
from datetime import timedelta

from reminders.catalogue.phrases import say
from reminders.settings.mistakes import FOUND, Mistake

_SHAPE = re.compile(r"(?:(\d{1,15})\s*h)?\s*(?:(\d{1,15})\s*min)?\s*(?:(\d{1,15})\s*s)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def parse_duration(value: object, least: timedelta, most: timedelta) -> timedelta:
    """Read a duration between the bounds, both included.

    Raises Mistake for a bare number, for anything that is not a duration, and outside the bounds.
    """
    bounds = say("{least} to {most}", least=duration_text(least), most=duration_text(most))
    hint = say("write a duration such as 90min, 2h or 45s (allowed: {bounds})", bounds=bounds)
    if isinstance(value, str) and value.strip().startswith("-"):
        raise Mistake(say("{found} is negative", found=FOUND), hint=hint)
    if _is_number(value):
        raise Mistake(say("{found} has no unit", found=FOUND), hint=hint)
    match = _SHAPE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        raise Mistake(say("{found} is not a duration", found=FOUND), hint=hint)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total_seconds = hours * 3600 + minutes * 60 + seconds
    if total_seconds < least.total_seconds():
        raise Mistake(say("{found} is too short", found=FOUND), allowed=bounds)
    if total_seconds > most.total_seconds():
        raise Mistake(say("{found} is too long", found=FOUND), allowed=bounds)
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
