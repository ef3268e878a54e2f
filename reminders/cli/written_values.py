"""Dates, instants, durations and amounts as people type them; a slip is refused with what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import phrase, say
from reminders.cli.refusal import Refusal

Result = TypeVar("Result")

Start = date | datetime

_DAYS = re.compile(r"(\d{1,3})\s*d(?:ays?)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LEAST = timedelta(minutes=1)
_MOST = timedelta(days=90)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_UNTIL = "until"
_TIME = re.compile(r"\d{1,2}:\d{2}", re.ASCII)
_MOMENT_HINT = phrase(
    "write a time of today such as 14:30, 2026-03-29 14:30, or an instant such as 2026-03-29T02:30+01:00"
)
_START_HINT = phrase(
    "write a date such as 2026-03-29, or an instant such as 2026-03-29T02:30 (local) or 2026-03-29T02:30+01:00"
)


def looks_like_time(word: str) -> bool:
    """Tell whether a word begins a length or an end of time rather than names a habit."""
    return word[:1].isdigit() or word == _UNTIL


def end_of(words: Sequence[str], zone: ZoneInfo, now: datetime, unless_said: timedelta) -> datetime:
    """Return when ``45min``, ``3d`` or ``until 14:30`` from now is over; nothing said = ``unless_said``.

    A time of day already over today is tomorrow's. Raises Refusal.
    """
    if not words:
        return now + unless_said
    if words[0] == _UNTIL:
        return _next_time_of_day(" ".join(words[1:]), zone, now)
    return now + parse_length(" ".join(words))


def parse_length(text: str) -> timedelta:
    """Read ``45min``, ``2h``, ``1h30min`` or ``3d``, a minute to 90 days. Raises Refusal."""
    from reminders.settings.durations import parse_duration

    days = _DAYS.fullmatch(text.strip())
    if days is not None and _LEAST <= timedelta(days=int(days.group(1))) <= _MOST:
        return timedelta(days=int(days.group(1)))
    if days is not None:
        is_long = int(days.group(1)) > 0
        refused = say('"{text}" is too long', text=text) if is_long else say('"{text}" is too short', text=text)
        raise Refusal(refused, hint=say("allowed: 1min to 90d"))
    hint = say("write a duration such as 90min, 2h or 3d (allowed: 1min to 90d)")
    return _read(text, lambda value: parse_duration(value, _LEAST, _MOST), hint, say("allowed: 1min to 90d"))


def parse_amount_ml(text: str) -> int:
    """Read ``300ml`` or ``0.3l`` in millilitres. Raises Refusal."""
    from reminders.settings.amounts import DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML, parse_volume_ml

    least, most = DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML
    hint = say("write an amount such as 300ml or 0.3l (allowed: {least}ml to {most}ml)", least=least, most=most)
    return _read(text, lambda value: parse_volume_ml(value.replace(",", "."), least, most), hint)


def _next_time_of_day(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    from reminders.planning.wall_time import as_instant, as_seconds, minute_of, next_showing
    from reminders.settings.wall_times import parse_time

    minute = minute_of(_read(text, parse_time))
    return as_instant(next_showing(zone, minute, as_seconds(now)))


def _read(text: str, parse: Callable[[str], Result], hint: str | None = None, bounds: str | None = None) -> Result:
    """Read a text; ``hint`` and ``bounds`` (for what is out of bounds) are said in the place of the parser's own."""
    from reminders.settings.mistakes import FOUND, Mistake, shown

    try:
        return parse(text)
    except Mistake as mistake:
        allowed = say("allowed: {allowed}", allowed=mistake.allowed) if mistake.allowed else None
        further = (bounds if mistake.allowed else None) or hint or mistake.hint or allowed
        raise Refusal(mistake.message.replace(FOUND, shown(text)), hint=further) from None


def parse_start(text: str) -> Start:
    """Read ``2026-03-29`` as a date, or an instant with or without offset. Raises Refusal."""
    start = _start(text)
    if start is None:
        raise Refusal(say('"{text}" is neither a date nor an instant', text=text), hint=say(_START_HINT))
    if not _is_near(start):
        years = say("allowed: the years {first} to {last}", first=_FIRST_YEAR, last=_LAST_YEAR)
        raise Refusal(say('"{text}" is out of bounds', text=text), hint=years)
    return start


def _start(text: str) -> Start | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_near(start: Start) -> bool:
    return _FIRST_YEAR <= start.year <= _LAST_YEAR


def parse_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Read ``14:30`` (today), ``2026-03-29 14:30`` (local) or an instant with an offset; in UTC. Raises Refusal."""
    if _TIME.fullmatch(text.strip()):
        from reminders.settings.wall_times import parse_time

        time_of_day = _read(text.strip(), parse_time, say(_MOMENT_HINT))
        return day_minute(now.astimezone(zone).date(), zone, time_of_day.hour * 60 + time_of_day.minute)
    start = _start(text.strip())
    if start is None:
        raise Refusal(say('"{text}" is no moment', text=text.strip()), hint=say(_MOMENT_HINT))
    if not _is_near(start):
        raise Refusal(say('"{text}" is out of bounds', text=text.strip()), hint=say(_MOMENT_HINT))
    if not isinstance(start, datetime):
        raise Refusal(say('"{text}" has no time', text=text), hint=say(_MOMENT_HINT))
    return start_in(start, zone)


def parse_day(text: str) -> date:
    """Read ``2026-03-29``. Raises Refusal."""
    start = parse_start(text) if _DAY.fullmatch(text) else None
    if start is None:
        raise Refusal(say('"{text}" is not a date', text=text), hint=say("write a date such as 2026-03-29"))
    return start


def start_in(start: Start, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC: local midnight of a date, the local reading of an instant without offset."""
    if isinstance(start, datetime) and start.tzinfo is not None:
        return start.astimezone(UTC)
    day = start.date() if isinstance(start, datetime) else start
    minute = start.hour * 60 + start.minute if isinstance(start, datetime) else 0
    second = start.second if isinstance(start, datetime) else 0
    return day_minute(day, zone, minute) + timedelta(seconds=second)


def day_minute(day: date, zone: ZoneInfo, minute: int = 0) -> datetime:
    """Return the instant of a wall time; one that the clocks skip is the first real instant after the gap."""
    from reminders.planning.wall_time import as_instant, resolve

    return as_instant(resolve(zone, day, minute))
