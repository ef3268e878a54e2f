"""Wall time to instants and back, with the rules for the two odd nights of the year.

Instants are whole seconds since the Unix epoch here: planning a year compares hundreds of thousands of them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = 60
HOUR = 3600
DAY = 86400

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_ONE_DAY = timedelta(days=1)


def as_instant(seconds: int) -> datetime:
    """Return the aware UTC datetime of an instant."""
    return datetime.fromtimestamp(seconds, UTC)


def as_seconds(instant: datetime) -> int:
    """Return whole seconds since the epoch, rounded down."""
    return int(instant.timestamp() // 1)


def _naive_seconds(day: date, minute: int) -> int:
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY + minute * MINUTE


def _offset_seconds(zone: ZoneInfo, day: date) -> int:
    offset = datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()
    return 0 if offset is None else offset.days * DAY + offset.seconds


@lru_cache(maxsize=4096)
def _steady_offset(zone: ZoneInfo, day: date) -> int | None:
    """Return the UTC offset in seconds when it is the same from this midnight to the one after next, else None."""
    first = _offset_seconds(zone, day)
    steady = first == _offset_seconds(zone, day + _ONE_DAY) == _offset_seconds(zone, day + 2 * _ONE_DAY)
    return first if steady else None


def resolve(zone: ZoneInfo, day: date, minute: int) -> int:
    """Return the instant of a wall time, ``minute`` minutes after ``day``'s midnight (may exceed 1440).

    A wall time the clocks skip becomes the first real instant after the gap; one they repeat, its first pass.
    """
    offset = _steady_offset(zone, day)
    if offset is not None:
        return _naive_seconds(day, minute) - offset
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall time has no zone
    early = int(wall.replace(tzinfo=zone, fold=0).timestamp())
    if datetime.fromtimestamp(early, zone).replace(tzinfo=None) == wall:
        return early
    return _end_of_gap(zone, int(wall.replace(tzinfo=zone, fold=1).timestamp()), early)


def next_showing(zone: ZoneInfo, minute: int, after: int) -> int:
    """Return the first instant after ``after`` at which the clock shows a time of day, today or tomorrow.

    Both passes of a repeated hour count; a time the clocks skip is the first real instant after the gap.
    """
    day = local_date(zone, after)
    first = resolve(zone, day, minute)
    if first > after:
        return first
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall time has no zone
    second = int(wall.replace(tzinfo=zone, fold=1).timestamp())  # the first again, unless the clocks repeat it
    return second if second > after else resolve(zone, day + _ONE_DAY, minute)


def _end_of_gap(zone: ZoneInfo, before: int, after: int) -> int:
    """Find the transition between two instants around it: fold 1 reads a skipped time with the later offset."""
    offset_before = datetime.fromtimestamp(before, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset_before:
            before = middle
        else:
            after = middle
    return after


def exists(zone: ZoneInfo, day: date) -> bool:
    """Tell whether the local date happened at all; a place that crosses the date line may skip one."""
    if _steady_offset(zone, day) is not None:
        return True
    return local_date(zone, resolve(zone, day, 12 * 60)) == day


def local_date(zone: ZoneInfo, seconds: int) -> date:
    """Return the local date of an instant."""
    return datetime.fromtimestamp(seconds, zone).date()


def slot_key(zone: ZoneInfo, seconds: int) -> str:
    """Name an instant by its local date and HH:MM; the second pass of a repeated hour has the suffix ``+2``."""
    local = datetime.fromtimestamp(seconds, zone)
    return local.isoformat()[:16] + ("+2" if local.fold else "")


def wall_key(day: date, minute: int) -> str:
    """Name a wall time the person wrote, whether or not the clocks show it that day."""
    return f"{day + timedelta(days=minute // 1440)}T{minute % 1440 // 60:02d}:{minute % 60:02d}"


def minute_of(value: time) -> int:
    """Return the minutes after midnight of a ``datetime.time``."""
    return value.hour * 60 + value.minute
