"""When a person's week is summed up: once a week at their wall time, at a welcome moment, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.calendar import CalendarEvent
from reminders.domain.pause import Pause
from reminders.domain.person import Digest, Person
from reminders.planning.guards import Surroundings
from reminders.planning.wall_time import DAY, as_instant, as_seconds, local_date, minute_of, resolve

_ONE_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)
_WORTH_SAYING = DAY  # seconds after its moment, then it is dropped


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekDigest:
    """The summing up of the week from ``since`` until ``due_at``, to be delivered before ``expires_at``.

    ``id`` names the person and the ISO week, so that it is the same before and after a restart.
    """

    id: str
    since: datetime
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestLook:
    """``ready`` is to be sent now, None = nothing is; ``next_at`` is when to look again, None = never."""

    ready: WeekDigest | None
    next_at: datetime | None


def look(
    person: Person,
    zone: ZoneInfo,
    pauses: Sequence[Pause],
    now: datetime,
    settled: str | None = None,
    calendar: Sequence[CalendarEvent] = (),
) -> DigestLook:
    """Return what is to be summed up at this moment; ``settled`` is the id of the last one dealt with.

    A moment asleep, in a quiet time, a pause, an event or one's own training waits until that ends. What waited for a
    day is dropped. A wall time that the clocks skip is the first real instant after the gap, a repeated one its first
    pass. ``calendar`` holds the events of the person's calendars.
    """
    if person.digest is None or not person.habits:
        return DigestLook(ready=None, next_at=None)
    moment = as_seconds(now)
    dues = list(_dues(person.digest, zone, local_date(zone, moment)))
    newest = max((pair for pair in dues if pair[1] <= moment), key=lambda pair: pair[1])
    next_at = min(due for _, due in dues if due > moment)
    name = _name(person, newest[0])
    drop_at = newest[1] + _WORTH_SAYING
    if name == settled or moment >= drop_at:
        return DigestLook(ready=None, next_at=as_instant(next_at))

    def around(at: int) -> Surroundings:
        return Surroundings(person, zone, local_date(zone, at), pauses, calendar)

    welcome = _welcome_from(around, zone, moment, drop_at)
    if welcome > moment:
        return DigestLook(ready=None, next_at=as_instant(min(welcome, next_at)))
    silence = around(moment).silence_after(moment)
    digest = WeekDigest(
        id=name,
        since=as_instant(resolve(zone, newest[0] - _A_WEEK, minute_of(person.digest.at))),
        due_at=as_instant(newest[1]),
        expires_at=as_instant(min(drop_at, silence)),
    )
    return DigestLook(ready=digest, next_at=as_instant(next_at))


def _name(person: Person, day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"digest/{person.id}/{year}-W{week:02d}"


def _dues(digest: Digest, zone: ZoneInfo, today: date) -> Iterator[tuple[date, int]]:
    """Yield the digest's dates and instants around today: one before this moment at least, and one after it."""
    for offset in range(-8, 9):
        day = today + offset * _ONE_DAY
        if day.weekday() == digest.weekday:
            yield day, resolve(zone, day, minute_of(digest.at))


def _welcome_from(around: Callable[[int], Surroundings], zone: ZoneInfo, at: int, end: int) -> int:
    """Return the first instant from ``at`` on at which a message is welcome; ``end`` or later = none before it."""
    while at < end:
        later = _past_silence(around(at), zone, at)
        if later == at:
            return at
        at = later
    return at


def _past_silence(around: Surroundings, zone: ZoneInfo, at: int) -> int:
    """Return when what makes the instant unwelcome ends; the instant itself when nothing does."""
    if around.awake_span(at) is None:
        midnight = resolve(zone, local_date(zone, at) + _ONE_DAY, 0)
        return min([span.opens for span in around.awake if span.opens > at], default=midnight)
    held = [*around.quiet, *around.training, *around.busy]
    silent = [*held, *(span for habit, span, _ in around.pauses if habit is None)]
    return max([span.closes for span in silent if span.holds(at)], default=at)
