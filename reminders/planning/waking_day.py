"""The day as a person lives it: it ends at midnight, or where a waking day that crosses midnight ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.person import Person
from reminders.domain.schedule import MINUTES_PER_DAY
from reminders.planning.recurrence import spans_of
from reminders.planning.wall_time import as_instant, as_seconds, local_date, resolve


def day_of(person: Person, zone: ZoneInfo, instant: datetime) -> date:
    """Return the date of the waking day that an instant belongs to."""
    return local_date(zone, as_seconds(instant - timedelta(minutes=_turn_minute(person))))


def start_of(person: Person, zone: ZoneInfo, day: date) -> datetime:
    """Return the instant, in UTC, at which a person's day begins."""
    return as_instant(resolve(zone, day, _turn_minute(person)))


def is_awake(person: Person, zone: ZoneInfo, instant: datetime) -> bool:
    """Tell whether the instant lies in the person's waking hours."""
    seconds = as_seconds(instant)
    day = local_date(zone, seconds)
    near = (day - timedelta(days=1), day)
    return any(span.holds(seconds) for one in near for span in spans_of((person.awake,), zone, one))


def _turn_minute(person: Person) -> int:
    return max(person.awake.end_minute - MINUTES_PER_DAY, 0)
