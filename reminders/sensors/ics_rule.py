"""The rules by which events repeat: those that a person lives by are passed on, those that are a trap refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from reminders.catalogue.phrases import phrase
from reminders.sensors.ics_text import Line
from reminders.sensors.ics_time import Unclear, Zones, read_moment

TIMES_A_DAY_AT_MOST = 24
_NO_RULE = phrase("repeats by a rule that is none")
_TOO_MANY = phrase("repeats more than {count} times a day")
_LETTERS_AT_MOST = 1000
_INTERVAL_AT_MOST = 10_000
_FREQUENCIES = frozenset({"HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
_NUMBERS = re.compile(r"[+-]?\d{1,3}(,[+-]?\d{1,3})*", re.ASCII)
_DAYS = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU))*", re.ASCII)
_COUNT = re.compile(r"\d{1,7}", re.ASCII)
_BY_NUMBER = frozenset({"BYSECOND", "BYMINUTE", "BYHOUR", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"})
_ONE_DAY = timedelta(days=1)


def rule_of(line: Line, starts: datetime, zones: Zones) -> tuple[str, datetime | None]:
    """Return a rule written anew, and the instant after which it gives nothing; None = it never ends so.

    ``starts`` is the event's own start. Raises Unclear for a rule that is none, and for one that repeats by the minute
    or more than 24 times a day.
    """
    parts = _parts(line.value)
    frequency = parts.pop("FREQ", "")
    if frequency in _TOO_OFTEN:
        raise Unclear(phrase("repeats by the minute or the second"))
    if frequency not in _FREQUENCIES:
        raise Unclear(_NO_RULE)
    until = _until(parts.pop("UNTIL", None), starts, zones)
    count = parts.pop("COUNT", None)
    kept = [f"FREQ={frequency}", *(f"{name}={_checked(name, value)}" for name, value in parts.items())]
    _refuse_too_often(parts, is_hourly=frequency == "HOURLY")
    if until is not None:
        kept.append(f"UNTIL={until:%Y%m%dT%H%M%SZ}")
    elif count is not None:
        if not _COUNT.fullmatch(count) or not int(count):
            raise Unclear(_NO_RULE)
        kept.append(f"COUNT={int(count)}")
    return ";".join(kept), until


def _parts(text: str) -> dict[str, str]:
    if len(text) > _LETTERS_AT_MOST:
        raise Unclear(phrase("repeats by a rule that is too long"))
    pairs = [part.partition("=") for part in text.strip().upper().split(";") if part]
    if len({name for name, _, _ in pairs}) < len(pairs):
        raise Unclear(_NO_RULE)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _checked(name: str, value: str) -> str:
    is_good = False
    if name == "INTERVAL":
        is_good = bool(_COUNT.fullmatch(value)) and 0 < int(value) <= _INTERVAL_AT_MOST
    elif name in ("BYDAY", "WKST"):
        is_good = bool(_DAYS.fullmatch(value))
    elif name in _BY_NUMBER:
        is_good = bool(_NUMBERS.fullmatch(value))
    if not is_good:
        raise Unclear(_NO_RULE)
    return value


def _refuse_too_often(parts: dict[str, str], *, is_hourly: bool) -> None:
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        listed = len(parts[name].split(",")) if name in parts else 1
        times *= 24 if is_hourly and name == "BYHOUR" else listed
    if times > TIMES_A_DAY_AT_MOST:
        raise Unclear(_TOO_MANY.format(count=TIMES_A_DAY_AT_MOST))


def _until(value: str | None, starts: datetime, zones: Zones) -> datetime | None:
    """Return the last instant; a date lasts until its end, a time without a zone is one of the event's own zone."""
    if value is None:
        return None
    moment = read_moment(Line({}, value), zones, like=starts)
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=starts.tzinfo) + _ONE_DAY - timedelta(seconds=1)
    return moment.astimezone(UTC)
