"""Hours and days as people type them, and as the file has them: ``7-22``, ``Mo-Fr``, ``tue,thu 18:30``."""

from __future__ import annotations

import re

from reminders.catalogue.phrases import say, say_as
from reminders.cli.questions import is_none

_RANGE = re.compile(r"(\d{1,2})(:\d{2})?\s*[-\u2013]\s*(\d{1,2})(:\d{2})?", re.ASCII)
_DASH = re.compile(r"\s*[-\u2013]\s*")
EXAMPLE_RANGE = "07:00-22:00"


def range_as_written(text: str) -> str:
    """Check a range and write it as the file has it; hours alone are whole ones. Raises Mistake."""
    from reminders.settings.mistakes import FOUND, Mistake
    from reminders.settings.wall_times import parse_range

    match = _RANGE.fullmatch(text.strip())
    if match is None:
        hint = say("write a range such as {example}", example=EXAMPLE_RANGE)
        raise Mistake(say("{found} is not a range of times", found=FOUND), found=text.strip(), hint=hint)
    start, end = (_with_minutes(hour, minute) for hour, minute in (match.group(1, 2), match.group(3, 4)))
    parse_range(f"{start}-{end}")
    return f"{start}-{end}"


def ranges_or_none(text: str) -> str | None:
    """Check one range or several after commas, and write them as the file has them; ``none`` = None."""
    from reminders.settings.wall_times import parse_ranges

    if is_none(text):
        return None
    ranges = [range_as_written(part) for part in text.split(",") if part.strip()] or [range_as_written(text)]
    parse_ranges(ranges)
    return _as_list(ranges)


def days_as_written(text: str) -> str:
    """Check days of the week, named in English or in the language spoken; the file has them in English."""
    from reminders.settings.wall_times import parse_days

    until, also = say_as("typed", "to"), say_as("typed", "and")
    dashed = _DASH.sub("-", re.sub(rf"\s(?:to|{re.escape(until)})\s", "-", text.lower()))
    words = [word for word in re.split(r"[,\s]+", dashed) if word not in {"", "and", also}]
    days = ["-".join(map(_in_english, word.split("-"))) for word in words]
    parse_days(days)
    return _as_list(days)


def training_as_written(text: str) -> tuple[str, str] | None:
    """Read days and a time, such as ``tue,thu 18:30``; ``none`` or nothing = None."""
    from reminders.settings.mistakes import FOUND, Mistake
    from reminders.settings.wall_times import parse_time

    if is_none(text):
        return None
    days, _, at = text.strip().rpartition(" ")
    if not days:
        hint = say("write, for example, tue,thu 18:30")
        raise Mistake(say("{found} is not days and a time", found=FOUND), hint=hint)
    return days_as_written(days), f"{parse_time(at):%H:%M}"


def _with_minutes(hour: str, minutes: str | None) -> str:
    return f"{hour}{minutes}" if minutes else f"{int(hour):02d}:00"


def _as_list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def _in_english(word: str) -> str:
    """Return a day or a group of days as the file names it; what is neither stays as it is."""
    from reminders.settings.wall_times import day_names

    plain = word.rstrip(".")
    groups = {
        say_as("typed", "daily"): "daily",
        say_as("typed", "weekdays"): "weekdays",
        say_as("typed", "weekend"): "weekend",
    }
    known = {**day_names(), **groups}
    return known.get(plain) or known.get(plain.removesuffix("s")) or word
