"""Wall times, ranges and days as people write them: ``22:30``, ``07:00-22:30``, ``mon-fri``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from functools import cache, partial

from reminders.catalogue.phrases import in_every_language, phrase, say
from reminders.domain.schedule import MINUTES_PER_DAY, LocalRange
from reminders.settings.mistakes import FOUND, Mistake, meant, nearest, parse_each

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_RANGE = re.compile(r"(\S+?)\s*[-\u2013]\s*(\S+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LAST_HOUR, _LAST_MINUTE = 23, 59
_LEAST_DIGITS = 100  # "7" is an hour, a minute or a mistake
_RANGES_AT_MOST = 12

_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {name: index for names in (_DAY_NAMES, _LONG_DAY_NAMES) for index, name in enumerate(names)}
_GROUPS = {"daily": range(7), "weekdays": range(5), "weekend": range(5, 7)}
_DAYS_HINT = phrase("write days such as mon-fri, [tue, thu], daily, weekdays or weekend")
_DAY_HINT = phrase("write one day, such as sun")


def parse_time(value: object) -> time:
    """Read ``HH:MM``; raise Mistake for anything else, a base-60 number included."""
    minute = _minute(value)
    if minute == MINUTES_PER_DAY:
        hint = say("the day ends at 23:59; write 00:00 for midnight")
        raise Mistake(say("{found} is not a time of day", found=FOUND), hint=hint)
    return time(minute // 60, minute % 60)


def parse_times(value: object, most: int) -> tuple[time, ...]:
    """Read one time or a list of them, sorted; raise Mistake for doubles, an empty list or too many."""
    items = value if isinstance(value, list) else [value]
    if not 0 < len(items) <= most:
        allowed = say("1 to {most} times", most=most)
        raise Mistake(say("{count} times are listed", count=len(items)), allowed=allowed)
    times = parse_each(items, parse_time)
    if len(set(times)) < len(times):
        raise Mistake(say("the same time is listed twice"))
    return tuple(sorted(times))


def parse_range(value: object) -> LocalRange:
    """Read ``07:00-22:30``; over midnight is fine, ``00:00-24:00`` is always. Raises Mistake."""
    match = _RANGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        hint = say("write a range such as {example}", example="07:00-22:30")
        raise Mistake(say("{found} is not a range of times", found=FOUND), hint=hint)
    start, end = (_minute(part) for part in match.groups())
    if start in (end, MINUTES_PER_DAY):
        raise Mistake(say("{found} covers no time", found=FOUND), hint=say("write 00:00-24:00 for always"))
    return LocalRange(start_minute=start, end_minute=end if end > start else end + MINUTES_PER_DAY)


def parse_ranges(value: object) -> tuple[LocalRange, ...]:
    """Read one range or a list of ranges, sorted; raise Mistake when two of them overlap."""
    items = value if isinstance(value, list) else [value]
    if len(items) > _RANGES_AT_MOST:
        allowed = say("at most {most}", most=_RANGES_AT_MOST)
        raise Mistake(say("{count} ranges are listed", count=len(items)), allowed=allowed)
    ranges = sorted(parse_each(items, parse_range), key=lambda one: one.start_minute)
    for index, one in enumerate(ranges):
        following = ranges[(index + 1) % len(ranges)]
        start = following.start_minute + (MINUTES_PER_DAY if index + 1 == len(ranges) else 0)
        if len(ranges) > 1 and one.end_minute > start:
            raise Mistake(say("two of the ranges overlap"), hint=say("join them, or leave a pause between them"))
    return tuple(ranges)


def parse_days(value: object) -> frozenset[int]:
    """Read weekdays (Monday is 0) from ``mon-fri``, ``[tue, thu]``, ``daily``, ``weekdays`` or ``weekend``."""
    return _days_of(value, _DAYS_HINT)


def parse_weekday(value: object) -> int:
    """Read one weekday, Monday is 0; raise Mistake for several."""
    days = _days_of(value, _DAY_HINT)
    if len(days) > 1:
        raise Mistake(say("{count} days are named", count=len(days)), hint=say(_DAY_HINT))
    return min(days)


def parse_date(value: object) -> date:
    """Read ``2026-03-01``; raise Mistake for anything else."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Mistake(say("{found} is not in the calendar", found=FOUND)) from None
    raise Mistake(say("{found} is not a date", found=FOUND), hint=say("write a date such as 2026-03-01"))


def _days_of(value: object, hint: str) -> frozenset[int]:
    """Read weekdays; ``hint`` is the phrase for what is none and near to none."""
    items = value if isinstance(value, list) else [value]
    if not items:
        raise Mistake(say("no day is listed"), hint=say(hint))
    return frozenset[int]().union(*parse_each(items, partial(_days_of_item, hint)))


def _days_of_item(hint: str, item: object) -> set[int]:
    if not isinstance(item, str):
        raise Mistake(say("{found} is not a day", found=FOUND), hint=say(hint))
    return set[int]().union(*(_days(word.strip().lower(), hint) for word in item.split(",")))


def _days(word: str, hint: str) -> set[int]:
    if word in _GROUPS:
        return set(_GROUPS[word])
    first, dash, last = (part.strip() for part in word.partition("-"))
    for part in (first, last) if dash else (first,):
        if part not in _NUMBERS:
            near = _day_meant(part)
            known = say(hint) if near is None else meant(near)
            raise Mistake(say("{found} is not a day", found=FOUND), found=part, hint=known)
    start = _NUMBERS[first]
    length = (_NUMBERS[last] - start) % 7 if dash else 0
    return {(start + offset) % 7 for offset in range(length + 1)}


def _day_meant(word: str) -> str | None:
    """Return how the file names a day that was misspelt, or named in one of the languages that people are spoken to."""
    named = day_names()
    if word in named:
        return named[word]
    if (near := nearest(word, [*_NUMBERS, *_GROUPS])) is not None:
        return near
    near = nearest(word, named)
    return None if near is None else named[near]


@cache
def day_names() -> Mapping[str, str]:
    """Return the short names in the file by the long and short ones in every language, in small letters."""
    from reminders.planning.wording_of_time import WEEKDAYS, WEEKDAYS_IN_SHORT  # noqa: PLC0415  for a slip alone

    found: dict[str, str] = {}
    for names in (WEEKDAYS, WEEKDAYS_IN_SHORT):
        for name, english in zip(_DAY_NAMES, names, strict=True):
            for said in in_every_language(english):
                found.setdefault(said.lower(), name)
    return found


def _minute(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        raise Mistake(say("{found} is a number, not a time", found=FOUND), found=value, hint=_meant(value))
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise Mistake(say("{found} is not a time", found=FOUND), found=value, hint=say('write a time such as "07:45"'))
    hour, minute = (int(part) for part in match.groups())
    if (hour > _LAST_HOUR and (hour, minute) != (24, 0)) or minute > _LAST_MINUTE:
        hint = say("allowed: 00:00 to 23:59")
        raise Mistake(say("{found} is not a time of day", found=FOUND), found=value, hint=hint)
    return hour * 60 + minute


def _meant(number: int) -> str:
    """Suggest 07:45 for 745; where the digits are no time, they may be one in base 60, as YAML 1.1 reads 7:45."""
    for hour, minute in (divmod(number, 100), divmod(number, 60)):
        if 0 <= hour <= _LAST_HOUR and minute <= _LAST_MINUTE and number >= _LEAST_DIGITS:
            return say('if {time} was meant, write "{time}"', time=f"{hour:02d}:{minute:02d}")
    return say('write a time such as "07:45"')
