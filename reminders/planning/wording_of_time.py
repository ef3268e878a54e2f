"""Moments and lengths of time in words: local and in the language spoken for people, ISO 8601 for programs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import overload
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import phrase, say, say_many

WEEKDAYS = (
    phrase("Monday"),
    phrase("Tuesday"),
    phrase("Wednesday"),
    phrase("Thursday"),
    phrase("Friday"),
    phrase("Saturday"),
    phrase("Sunday"),
)
WEEKDAYS_IN_SHORT = (
    phrase("Mon"),
    phrase("Tue"),
    phrase("Wed"),
    phrase("Thu"),
    phrase("Fri"),
    phrase("Sat"),
    phrase("Sun"),
)
MONTHS_IN_SHORT = (
    phrase("Jan"),
    phrase("Feb"),
    phrase("Mar"),
    phrase("Apr"),
    phrase("May"),
    phrase("Jun"),
    phrase("Jul"),
    phrase("Aug"),
    phrase("Sep"),
    phrase("Oct"),
    phrase("Nov"),
    phrase("Dec"),
)
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
    time = f"{local:%H:%M}"
    match (local.date() - today).days:
        case 0:
            return time
        case 1:
            return say("tomorrow {time}", time=time)
        case -1:
            return say("yesterday {time}", time=time)
    weekday, month = weekday_in_short(local), say(MONTHS_IN_SHORT[local.month - 1])
    if local.year == today.year:
        return say("{weekday} {day} {month} {time}", weekday=weekday, day=local.day, month=month, time=time)
    return say(
        "{weekday} {day} {month} {year} {time}", weekday=weekday, day=local.day, month=month, year=local.year, time=time
    )


def weekday_in_short(day: date) -> str:
    """Return the day of the week: ``Tue``."""
    return say(WEEKDAYS_IN_SHORT[day.weekday()])


def relative(instant: datetime, now: datetime) -> str:
    """Return how far off an instant is: ``in 12 min``, ``2 h ago``, ``now``."""
    seconds = (instant - now).total_seconds()
    if abs(seconds) < _NOW_SECONDS:
        return say("now")
    duration = timedelta(seconds=abs(seconds))
    if (days := _whole_days(duration)) is not None:
        if seconds > 0:
            return say_many("in {count} day", "in {count} days", days)
        return say_many("{count} day ago", "{count} days ago", days)
    if seconds > 0:
        return say("in {words}", words=length(duration))
    return say("{words} ago", words=length(duration))


def when(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return both: ``14:30 (in 12 min)``."""
    return f"{moment(instant, zone, now)} ({relative(instant, now)})"


def length(duration: timedelta) -> str:
    """Return a length of time to the minute: ``45 min``, ``1 h 30 min``, ``3 days``."""
    if (days := _whole_days(duration)) is not None:
        return say_many("{count} day", "{count} days", days)
    hours, rest = divmod(_whole_minutes(duration), _MINUTE)
    if not hours:
        return say("{minutes} min", minutes=rest)
    return say("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else say("{hours} h", hours=hours)


def _whole_minutes(duration: timedelta) -> int:
    return max(round(duration.total_seconds() / _MINUTE), 1)


def _whole_days(duration: timedelta) -> int | None:
    """Return the length in days; None = it is short enough to be told in hours."""
    minutes = _whole_minutes(duration)
    return round(minutes * _MINUTE / _DAY) if minutes >= _HOURS_AT_MOST * _MINUTE else None


def heading(day: date) -> str:
    """Return a date as a heading: ``Tuesday 2026-03-24``."""
    parts = {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}
    return say("{weekday} {year}-{month}-{day}", weekday=say(WEEKDAYS[day.weekday()]), **parts)


@overload
def iso(instant: datetime, zone: ZoneInfo) -> str: ...
@overload
def iso(instant: datetime | None, zone: ZoneInfo) -> str | None: ...
def iso(instant: datetime | None, zone: ZoneInfo) -> str | None:
    """Return ISO 8601 with the local offset, to the second; None stays None."""
    return None if instant is None else instant.astimezone(zone).isoformat(timespec="seconds")
