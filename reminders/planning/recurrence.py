"""From a schedule to the slots of one local date: when a habit is due, before anything else is asked.

A slot belongs to the local date its instant lies on, whichever day its window opened. The chain of a habit that is
anchored on answers is grown by the agenda, from ``windows``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from reminders.domain.calendar import CalendarEvent
from reminders.domain.habit import Habit
from reminders.domain.person import Person
from reminders.domain.schedule import (
    MINUTES_PER_DAY,
    AfterTraining,
    At,
    BeforeTraining,
    Cron,
    Every,
    LocalRange,
    Times,
    WithinKind,
)
from reminders.planning.wall_time import DAY, MINUTE, as_seconds, exists, minute_of, resolve, slot_key, wall_key

_ONE_DAY = timedelta(days=1)
# A window without an end has no opening to count from; this local midnight stands in for it.
_ENDLESS_FROM = date(2024, 1, 1)


@dataclass(slots=True)
class Slot:
    """One due moment: its key, its instant in seconds, and the bounds its sending must stay in (seconds)."""

    key: str
    due: int
    opens: int
    closes: int


@dataclass(slots=True)
class Span:
    """A half-open stretch of time in seconds."""

    opens: int
    closes: int

    def holds(self, seconds: int) -> bool:
        """Tell whether the instant lies inside."""
        return self.opens <= seconds < self.closes


def day_span(zone: ZoneInfo, day: date) -> Span:
    """Return the local date as a stretch of time; 23 to 25 hours, as the clocks have it."""
    return Span(resolve(zone, day, 0), resolve(zone, day + _ONE_DAY, 0))


def spans_of(ranges: tuple[LocalRange, ...], zone: ZoneInfo, day: date) -> list[Span]:
    """Return the wall-time ranges that open on the day, leaving out what the clocks skip entirely."""
    spans = [Span(resolve(zone, day, r.start_minute), resolve(zone, day, r.end_minute)) for r in ranges]
    return [span for span in spans if span.opens < span.closes]


def is_on(habit: Habit, day: date) -> bool:
    """Tell whether the habit's weekdays and dates include the local date."""
    if habit.first_date is not None and day < habit.first_date:
        return False
    if habit.last_date is not None and day > habit.last_date:
        return False
    return day.weekday() in habit.days


def ranges_of(habit: Habit, person: Person) -> tuple[LocalRange, ...]:
    """Return the wall-time ranges that bound the habit."""
    if habit.within.kind is WithinKind.RANGES:
        return habit.within.ranges
    return person.work.ranges if habit.within.kind is WithinKind.WORK else (person.awake,)


def windows(habit: Habit, person: Person, zone: ZoneInfo, day: date) -> list[Span]:
    """Return the habit's windows that open on the day; none on a day it is off or the person does not work."""
    if not is_on(habit, day) or not exists(zone, day):
        return []
    if habit.within.kind is WithinKind.WORK and day.weekday() not in person.work.days:
        return []
    return spans_of(ranges_of(habit, person), zone, day)


def touching_windows(habit: Habit, person: Person, zone: ZoneInfo, day: date) -> list[Span]:
    """Return the windows that overlap the local date: the day's own, and last night's that reach over midnight."""
    if is_endless(habit, person):
        return _endless_window(habit, zone, day)
    today = windows(habit, person, zone, day)
    if all(r.end_minute <= MINUTES_PER_DAY for r in ranges_of(habit, person)):
        return today
    midnight = resolve(zone, day, 0)
    return [w for w in windows(habit, person, zone, day - _ONE_DAY) if w.closes > midnight] + today


def _endless_window(habit: Habit, zone: ZoneInfo, day: date) -> list[Span]:
    """Return the day as a window that opened at the last slot of the endless grid before it."""
    if not isinstance(habit.schedule, Every) or not is_on(habit, day) or not exists(zone, day):
        return []
    step, today = int(habit.schedule.interval.total_seconds()), day_span(zone, day)
    return [Span(_first_on_grid(zone, step, today.opens) - step, today.closes)]


def _first_on_grid(zone: ZoneInfo, step: int, at: int) -> int:
    """Return the first slot from the instant on of an interval that runs through every midnight."""
    origin = resolve(zone, _ENDLESS_FROM, 0)
    return origin - (origin - at) // step * step


def is_endless(habit: Habit, person: Person) -> bool:
    """Tell whether the habit's window never closes, so that its interval runs through midnight."""
    return any(r.is_always for r in ranges_of(habit, person))


def slots(
    habit: Habit, person: Person, zone: ZoneInfo, day: date, calendar: Sequence[CalendarEvent] = ()
) -> list[Slot]:
    """Return the slots due on the local date, in order, each key once; an answer anchor is read as the clock's.

    ``calendar`` holds the events of the person's calendars.
    """
    match habit.schedule:
        case Every():
            found = list(_every(habit, habit.schedule, person, zone, day))
        case At(times=times):
            found = _fixed(habit, zone, day, [minute_of(time) for time in times])
        case Times(count=count):
            found = list(_times(habit, count, person, zone, day))
        case Cron(expression=expression):
            found = _fixed(habit, zone, day, list(_cron_minutes(expression, day)))
        case BeforeTraining() | AfterTraining():
            found = list(_training(habit, person, zone, day, calendar))
    if len(found) <= 1:
        return found
    found.sort(key=lambda slot: (slot.due, slot.key))
    return list({slot.key: slot for slot in reversed(found)}.values())[::-1]


def _every(habit: Habit, schedule: Every, person: Person, zone: ZoneInfo, day: date) -> Iterator[Slot]:
    step = int(schedule.interval.total_seconds())
    today = day_span(zone, day)
    if is_endless(habit, person):
        if is_on(habit, day) and exists(zone, day):
            for due in range(_first_on_grid(zone, step, today.opens), today.closes, step):
                yield Slot(slot_key(zone, due), due, today.opens, today.closes)
        return
    for window in touching_windows(habit, person, zone, day):
        for due in range(window.opens + step, min(window.closes, today.closes), step):
            if due >= today.opens:
                yield Slot(slot_key(zone, due), due, window.opens, window.closes)


def _times(habit: Habit, count: int, person: Person, zone: ZoneInfo, day: date) -> Iterator[Slot]:
    today = day_span(zone, day)
    for origin in (day - _ONE_DAY, day):
        parts = _before_rest(habit, person, zone, origin, windows(habit, person, zone, origin))
        total = sum(part.closes - part.opens for part in parts)
        for index in range(count):
            due = _along(parts, total * (2 * index + 1) // (2 * count)) // MINUTE * MINUTE if parts else -1
            if today.holds(due):
                part = next(p for p in parts if p.opens - MINUTE < due < p.closes)
                yield Slot(slot_key(zone, due), due, part.opens, part.closes)


def _before_rest(habit: Habit, person: Person, zone: ZoneInfo, day: date, parts: list[Span]) -> list[Span]:
    """Cut the stretch before sleep off that the habit keeps quiet in; nothing is cut where nothing would be left."""
    rest = int(habit.quiet_before_sleep.total_seconds())
    if not rest or person.awake.is_always:
        return parts
    nights = [span.closes for near in (day - _ONE_DAY, day) for span in spans_of((person.awake,), zone, near)]
    cut = [Span(p.opens, min([p.closes, *(night - rest for night in nights if night > p.opens)])) for p in parts]
    return [part for part in cut if part.opens < part.closes] or parts


def _along(parts: list[Span], seconds: int) -> int:
    """Return the instant that many seconds into the parts laid end to end."""
    for part in parts:
        if seconds < part.closes - part.opens:
            return part.opens + seconds
        seconds -= part.closes - part.opens
    return parts[-1].closes - 1


def _fixed(habit: Habit, zone: ZoneInfo, day: date, minutes: list[int]) -> list[Slot]:
    if not is_on(habit, day) or not exists(zone, day):
        return []
    today = day_span(zone, day)
    return [Slot(wall_key(day, m), resolve(zone, day, m), today.opens, today.closes) for m in minutes]


@lru_cache(maxsize=512)
def _cron_month(expression: str, year: int, month: int) -> tuple[tuple[int, int], ...]:
    """Return (day of month, minute) of every match in the month; the wall clock is stepped through without a zone."""
    from cronsim import CronSim  # noqa: PLC0415  only habits with a cron expression need it

    start = datetime(year, month, 1)  # noqa: DTZ001 - wall time
    found = []
    for match in CronSim(expression, start - timedelta(minutes=1)):
        if (match.year, match.month) != (year, month):
            break
        found.append((match.day, match.hour * 60 + match.minute))
    return tuple(found)


def _cron_minutes(expression: str, day: date) -> Iterator[int]:
    return (minute for number, minute in _cron_month(expression, day.year, day.month) if number == day.day)


def sessions(
    person: Person, zone: ZoneInfo, day: date, calendar: Sequence[CalendarEvent] = ()
) -> list[tuple[str, Span]]:
    """Return (key, start and end) of the training sessions that begin on the local date.

    What the file and the ``calendar`` tell of the same time is one session, under the file's name for it.
    """
    own = list(_weekly_sessions(person, zone, day))
    events = [event for event in calendar if event.training is not None]
    if not events:
        return own
    near = [one for distance in (-1, 1) for one in _weekly_sessions(person, zone, day + distance * _ONE_DAY)]
    today = day_span(zone, day)
    return [(key, span) for key, span in _joined([*own, *near], events) if today.holds(span.opens)]


def _weekly_sessions(person: Person, zone: ZoneInfo, day: date) -> Iterator[tuple[str, Span]]:
    for session in person.training:
        if day.weekday() in session.days and exists(zone, day):
            start = resolve(zone, day, minute_of(session.at))
            key = f"{session.name}@{wall_key(day, minute_of(session.at))}"
            yield key, Span(start, start + int(session.lasts.total_seconds()))


def _joined(known: list[tuple[str, Span]], events: list[CalendarEvent]) -> list[tuple[str, Span]]:
    """Add the events to the sessions; one that overlaps a session belongs to it and may make it longer."""
    for event in sorted(events, key=lambda event: (event.starts_at, event.key)):
        span = event_span(event)
        for _, other in known:
            if other.opens < span.closes and span.opens < other.closes:
                other.opens, other.closes = min(other.opens, span.opens), max(other.closes, span.closes)
                break
        else:
            known.append((event.key, span))
    return known


def event_span(event: CalendarEvent) -> Span:
    """Return an event's stretch of time."""
    return Span(as_seconds(event.starts_at), as_seconds(event.ends_at))


def _training(
    habit: Habit, person: Person, zone: ZoneInfo, day: date, calendar: Sequence[CalendarEvent]
) -> Iterator[Slot]:
    today = day_span(zone, day)
    for distance in _days_around(habit, person, calendar):
        near = day + distance * _ONE_DAY
        for key, span in sessions(person, zone, near, calendar) if is_on(habit, near) else ():
            slot = around_session(habit, key, span)
            if today.holds(slot.due):
                yield slot


def _days_around(habit: Habit, person: Person, calendar: Sequence[CalendarEvent]) -> range:
    """Return how far from a date, in days, the sessions can lie that put a slot on it."""
    if isinstance(habit.schedule, BeforeTraining):
        return range(2 + habit.schedule.lead // _ONE_DAY)
    lag = habit.schedule.lag if isinstance(habit.schedule, AfterTraining) else timedelta(0)
    weekly = max((session.lasts for session in person.training), default=timedelta(0))
    # As events may make a session longer, all of one day's count together.
    longest = weekly + (_ONE_DAY if any(event.training is not None for event in calendar) else timedelta(0))
    return range(-1 - (lag + longest) // _ONE_DAY, 1)


def around_session(habit: Habit, key: str, span: Span) -> Slot:
    """Return the slot that a habit around training has by a session."""
    match habit.schedule:
        case BeforeTraining(lead=lead):
            seconds = int(lead.total_seconds())
            return Slot(f"{key}-{seconds // MINUTE}min", span.opens - seconds, span.opens - seconds, span.opens)
        case AfterTraining(lag=lag):
            seconds = int(lag.total_seconds())
            return Slot(f"{key}+{seconds // MINUTE}min", span.closes + seconds, span.closes, span.closes + DAY)
        case _:
            raise AssertionError(habit.schedule)
