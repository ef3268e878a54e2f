"""Dates and times as calendars write them, read as instants; whole days stay dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from reminders.catalogue.phrases import phrase
from reminders.sensors.ics_text import Line

# What an event of another age says may be read, but nobody's calendar reaches beyond these.
_YEARS = range(1900, 2501)
_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
_LENGTH = re.compile(r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?")
_LAST_SECOND = 59
NO_TIME = phrase("names a time that is none")

Moment = datetime | date


class Unclear(ValueError):
    """an event does not say properly when it is; the text says what is wrong, without the event's words."""


class Zones:
    """The zones that a calendar names. One that nobody knows is read as the person's, like a time without any."""

    def __init__(self, own: ZoneInfo) -> None:
        """Take the person's zone."""
        self.own = own
        self._known: dict[str, ZoneInfo] = {}
        self._unknown: set[str] = set()

    def named(self, name: str) -> ZoneInfo:
        """Return the zone of that name; what the calendar itself says about it does not count."""
        if name not in self._known:
            found = _zone_name(name)
            if found is None:
                self._unknown.add(name)
            self._known[name] = self.own if found is None else ZoneInfo(found)
        return self._known[name]

    @property
    def unknown(self) -> int:
        """How many zones were read as the person's."""
        return len(self._unknown)


def _zone_name(name: str) -> str | None:
    """Return the name in the system's zone data; programs put a path before it, or write it as Windows does."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415  the child only

    zones = available_timezones()
    parts = name.strip().strip("/").split("/")
    for begin in range(len(parts)):
        candidate = "/".join(parts[begin:])
        if candidate in zones:
            return candidate
    found = WINDOWS_TO_OLSON.get(name.strip())
    return found if found in zones else None


def read_moment(line: Line, zones: Zones, value: str | None = None, like: Moment | None = None) -> Moment:
    """Return the date, or the aware datetime, that a line (or one ``value`` of its list) names. Raises Unclear.

    A time without a zone is one of the zone that ``like`` is in, None = of the person's.
    """
    match = _MOMENT.fullmatch((line.value if value is None else value).strip().upper())
    if match is None or int(match[1]) not in _YEARS:
        raise Unclear(NO_TIME)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day
        second = min(int(match[6]), _LAST_SECOND)  # a leap second is none of ours
        wall = datetime(day.year, day.month, day.day, int(match[4]), int(match[5]), second, tzinfo=UTC)
    except ValueError:
        raise Unclear(NO_TIME) from None
    if match[7]:
        return wall
    name = line.parameters.get("TZID")
    zone = like.tzinfo if isinstance(like, datetime) else zones.own
    return wall.replace(tzinfo=zone if name is None else zones.named(name))


def read_length(line: Line) -> timedelta:
    """Return a length of time that is not negative. Raises Unclear."""
    match = _LENGTH.fullmatch(line.value.strip().upper())
    if match is None or not any(match.groups()[1:]) or match[1] == "-":
        raise Unclear(phrase("has a length that is none"))
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def instant(moment: datetime) -> datetime:
    """Return a moment in UTC; one that the clocks skip is read with the offset before the gap."""
    return moment.astimezone(UTC)


def written(moment: Moment) -> tuple[str, str]:
    """Return a moment as calendars write it: the parameters, with their semicolon, and the value."""
    if not isinstance(moment, datetime):
        return ";VALUE=DATE", f"{moment:%Y%m%d}"
    if moment.tzinfo is UTC:
        return "", f"{moment:%Y%m%dT%H%M%SZ}"
    return f";TZID={moment.tzinfo}", f"{moment:%Y%m%dT%H%M%S}"
