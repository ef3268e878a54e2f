"""A calendar's text, read as what matters of it: when one is busy, when one trains. Titles stay behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import phrase
from reminders.domain.calendar import CalendarEvent
from reminders.sensors.ics_event import BUSY, IcsEvent, understood
from reminders.sensors.ics_series import TOO_LONG, occurrences
from reminders.sensors.ics_text import events_of
from reminders.sensors.ics_time import NO_TIME, Moment, Unclear, Zones, instant

LOOK_BACK = timedelta(days=2)
HORIZON = timedelta(days=60)
OCCURRENCES_AT_MOST = 10_000
SERIES_AT_MOST = 2000  # each takes some milliseconds to work out
PUZZLES_AT_MOST = 5  # series that took all the time they may; after those, none is worked out any more
_ONE_DAY = timedelta(days=1)
_BEYOND = phrase("is beyond the first {count}")
_BEYOND_SERIES = phrase("is beyond the first {count} series")
_UNKNOWN_ZONE = phrase("names a time zone that nobody knows; its times are read in yours")


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarReading:
    """What was found, by start; ``left_out`` counts the events that could not be used, by what is wrong with them."""

    events: tuple[CalendarEvent, ...]
    left_out: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class _Group:
    """The events of one name: a series or single ones, and the times of the series that were changed."""

    whole: list[IcsEvent] = field(default_factory=list)
    changed: list[IcsEvent] = field(default_factory=list)


def read_calendar(
    data: bytes, *, now: datetime, zone: ZoneInfo, words: Sequence[str], is_busy: bool
) -> CalendarReading:
    """Return what matters from two days ago to sixty days ahead.

    ``zone`` is the person's: times without one, or with one that nobody knows, are read in it. ``words`` mark a
    training; ``is_busy`` = other events count too. Raises FeedUnreadable for what is no calendar.
    """
    return _Reader(now, zone, words, is_busy=is_busy).read(data)


class _Reader:
    def __init__(self, now: datetime, zone: ZoneInfo, words: Sequence[str], *, is_busy: bool) -> None:
        self._since, self._until = now - LOOK_BACK, now + HORIZON
        self._zones, self._words, self._is_busy = Zones(zone), words, is_busy
        self._left_out: Counter[str] = Counter()
        self._series = 0

    def read(self, data: bytes) -> CalendarReading:
        found: list[CalendarEvent] = []
        for group in self._groups(data):
            found += self._events(group)
        found.sort(key=lambda event: (event.starts_at, event.key))
        if len(found) > OCCURRENCES_AT_MOST:
            self._left_out[_BEYOND.format(count=OCCURRENCES_AT_MOST)] = len(found) - OCCURRENCES_AT_MOST
        return CalendarReading(events=tuple(found[:OCCURRENCES_AT_MOST]), left_out=tuple(self._left_out.items()))

    def _groups(self, data: bytes) -> list[_Group]:
        groups: dict[str, _Group] = {}
        for raw in events_of(data):
            unknown = self._zones.unknown
            try:
                event = understood(raw, self._zones, self._words, is_busy=self._is_busy)
            except (Unclear, OverflowError) as error:
                reason = str(error) if isinstance(error, Unclear) else NO_TIME
                self._left_out[reason] += 1
                continue
            if self._zones.unknown > unknown:
                self._left_out[_UNKNOWN_ZONE] += 1
            if self._may_matter(event):
                group = groups.setdefault(event.uid, _Group())
                (group.whole if event.replaces is None else group.changed).append(event)
        return list(groups.values())

    def _may_matter(self, event: IcsEvent) -> bool:
        """Tell whether an event can have to do with the days looked at; most of a calendar cannot."""
        if event.replaces is not None:
            return self._is_near(event.replaces) or self._is_near(event.starts)
        if not isinstance(event.starts, datetime) or event.starts > self._until:
            return False
        if event.repeats:
            return event.rule_ends is None or bool(event.more) or event.rule_ends > self._since - _ONE_DAY
        return event.meaning is not None and self._is_within(instant(event.starts), event.length)

    def _is_near(self, moment: Moment) -> bool:
        day = moment.date() if isinstance(moment, datetime) else moment
        return (self._since - _ONE_DAY).date() <= day <= (self._until + _ONE_DAY).date()

    def _is_within(self, starts_at: datetime, length: timedelta) -> bool:
        return starts_at < self._until and starts_at + length > self._since

    def _events(self, group: _Group) -> Iterator[CalendarEvent]:
        series = max((one for one in group.whole if one.repeats), key=lambda one: one.sequence, default=None)
        if series is None:
            single = max(group.whole, key=lambda one: one.sequence, default=None)
            for one in (single, *_newest(group.changed)):
                if one is not None and isinstance(one.starts, datetime):
                    yield from self._event(one, one.replaces, instant(one.starts))
            return
        self._series += 1
        if self._series > SERIES_AT_MOST or self._left_out[TOO_LONG] >= PUZZLES_AT_MOST:
            reason = TOO_LONG if self._series <= SERIES_AT_MOST else _BEYOND_SERIES.format(count=SERIES_AT_MOST)
            self._left_out[reason] += 1
            return
        try:
            times = occurrences(series, _newest(group.changed), self._since, self._until)
        except Unclear as error:
            self._left_out[str(error)] += 1
            return
        for event, stands_for, starts_at in times:
            assert isinstance(series.starts, datetime)  # noqa: S101  whole days are left out before
            yield from self._event(event, stands_for.astimezone(series.starts.tzinfo), starts_at)

    def _event(self, event: IcsEvent, stands_for: Moment | None, starts_at: datetime) -> Iterator[CalendarEvent]:
        if event.meaning is None or not self._is_within(starts_at, event.length):
            return
        yield CalendarEvent(
            uid=event.uid,
            recurrence_id=None if stands_for is None else _wall(stands_for),
            starts_at=starts_at,
            ends_at=(starts_at + event.length).astimezone(UTC),
            training=None if event.meaning == BUSY else event.meaning,
        )


def _newest(changed: Sequence[IcsEvent]) -> list[IcsEvent]:
    """Return the changes, of those to the same time the newest."""
    found: dict[Moment | None, IcsEvent] = {}
    for one in changed:
        name = instant(one.replaces) if isinstance(one.replaces, datetime) else one.replaces
        if name not in found or found[name].sequence <= one.sequence:
            found[name] = one
    return list(found.values())


def _wall(moment: Moment) -> str:
    """Write a moment of a series: the wall time in the zone of the series, or the date."""
    return moment.isoformat(timespec="minutes")[:16] if isinstance(moment, datetime) else moment.isoformat()
