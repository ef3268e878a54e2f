"""What forbids a moment: sleep, quiet times, pauses, training, safety."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import phrase
from reminders.domain.calendar import CalendarEvent
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.domain.pause import Pause
from reminders.domain.person import Person
from reminders.domain.schedule import AfterTraining, BeforeTraining, Every, Times, WithinKind
from reminders.planning.recurrence import Span, day_span, event_span, sessions, spans_of
from reminders.planning.wall_time import DAY, MINUTE, as_seconds

_ONE_DAY = timedelta(days=1)

_TOO_NEAR_SLEEP = phrase("none in the last {minutes} min before sleep")

Ban = tuple[Reason, str | None]


class Surroundings:
    """The stretches of a local date in which a person sleeps, is quiet, busy, trains, is free of work or has paused."""

    def __init__(
        self,
        person: Person,
        zone: ZoneInfo,
        day: date,
        pauses: Sequence[Pause],
        calendar: Sequence[CalendarEvent] = (),
    ) -> None:
        """Work out the stretches once for the day; ``calendar`` holds the events of the person's calendars."""
        over_midnight = person.awake.end_minute > DAY // MINUTE
        always = person.awake.is_always
        near = [day - _ONE_DAY, day, day + _ONE_DAY] if always else [day - _ONE_DAY, day] if over_midnight else [day]
        self.awake = _joined([span for d in near for span in spans_of((person.awake,), zone, d)])
        # A waking day that goes on after midnight meets the quiet times of the next date too.
        quiet_days = (day - _ONE_DAY, day, day + _ONE_DAY) if over_midnight or always else (day - _ONE_DAY, day)
        self.quiet = [s for d in quiet_days for s in spans_of(person.quiet, zone, d)] if person.quiet else []
        training = [span for d in (day - _ONE_DAY, day) for _, span in sessions(person, zone, d, calendar)]
        self.training = sorted(training, key=_opening)
        self.busy = _busy_times(calendar, zone, day) if calendar else []
        self._held = sorted([*self.training, *self.busy], key=_opening)
        self.holidays = _holidays(person, zone, day)
        self.pauses = [(p.habit, Span(as_seconds(p.starts_at), as_seconds(p.ends_at)), p) for p in pauses]
        self._shared_awake = spans_of((person.awake,), zone, day) if always else self.awake

    def awake_span(self, at: int) -> Span | None:
        """Return the awake stretch around the instant; None while the person sleeps."""
        return _around(self._shared_awake, at)

    def silence_after(self, at: int) -> int:
        """Return when the next silence begins after a waking instant (seconds)."""
        span = _around(self.awake, at)
        if not self.quiet:
            return at if span is None else span.closes
        ends = [span.opens for span in self.quiet if span.opens > at]
        return min(ends, default=at) if span is None else min([span.closes, *ends])

    def lasts_over(self, at: int) -> bool:
        """Tell whether somebody awake before the instant is still awake after it."""
        return any(span.opens < at < span.closes for span in self.awake)

    def forbids(self, habit: Habit, at: int) -> Ban | None:
        """Return why the habit must not be asked at that instant, or None; a busy time is not a ban."""
        if habit.unsafe is not None:
            return Reason.UNSAFE, habit.unsafe
        if _around(self.awake, at) is None:
            return Reason.OUTSIDE_HOURS, None
        if self.holidays and _keeps_to_work(habit) and _around(self.holidays, at) is not None:
            return Reason.HOLIDAY, None
        if _around(self.quiet, at) is not None:
            return Reason.QUIET, None
        for name, span, pause in self.pauses:
            if name in (None, habit.id) and span.holds(at):
                return Reason.PAUSED, pause.reason or None
        return self._too_near_sleep(habit, at) if habit.quiet_before_sleep else None

    def _too_near_sleep(self, habit: Habit, at: int) -> Ban | None:
        rest = int(habit.quiet_before_sleep.total_seconds())
        span = self.awake_span(at)
        if span is not None and at >= span.closes - rest and span.closes - span.opens < DAY:
            return Reason.OUTSIDE_HOURS, _TOO_NEAR_SLEEP.format(minutes=rest // MINUTE)
        return None

    def welcome_from(self, habit: Habit, at: int) -> int | None:
        """Return the first instant from ``at`` on at which a repeat is welcome; None = none that this date knows.

        Any training or event keeps one away, also from the habits around it.
        """
        while True:
            later = self._unwelcome_until(habit, at)
            if later is None or later == at:
                return later
            at = later

    def _unwelcome_until(self, habit: Habit, at: int) -> int | None:
        """Return the end of what forbids the instant, ``at`` when nothing does, None when no end is known."""
        awake = _around(self.awake, at)
        if awake is None:
            return min((span.opens for span in self.awake if span.opens > at), default=None)
        if habit.quiet_before_sleep and self._too_near_sleep(habit, at):
            return awake.closes
        pauses = [span for name, span, _ in self.pauses if name in (None, habit.id)]
        holidays = self.holidays if _keeps_to_work(habit) else []
        held = [span.closes for span in (*self.quiet, *self.training, *holidays, *pauses) if span.holds(at)]
        return max([*held, self.free_from(habit, at)])

    def free_from(self, habit: Habit, at: int) -> int:
        """Return the first instant from ``at`` on that is inside neither an event nor one's own training.

        What is asked before or after a training is not held back by it.
        """
        if not self._held:
            return at
        for span in self.busy if isinstance(habit.schedule, BeforeTraining | AfterTraining) else self._held:
            if span.opens <= at < span.closes:
                at = span.closes
        return at


def _opening(span: Span) -> int:
    return span.opens


def _busy_times(calendar: Sequence[CalendarEvent], zone: ZoneInfo, day: date) -> list[Span]:
    """Return the events around the date that make busy; none of them lasts a day."""
    today = day_span(zone, day)
    spans = [event_span(event) for event in calendar if event.training is None]
    return _joined([span for span in spans if span.closes > today.opens - DAY and span.opens < today.closes + DAY])


def _holidays(person: Person, zone: ZoneInfo, day: date) -> list[Span]:
    """Return the hours of work that fall on a holiday: the day's own, and last night's that reach over midnight."""
    work = person.work
    free = [d for d in (day - _ONE_DAY, day) if d in work.holidays and d.weekday() in work.days]
    return [span for d in free for span in spans_of(work.ranges, zone, d)]


def _keeps_to_work(habit: Habit) -> bool:
    """Tell whether the habit is due within the hours of work; named times stand for themselves."""
    return habit.within.kind is WithinKind.WORK and isinstance(habit.schedule, Every | Times)


def _around(spans: Sequence[Span], at: int) -> Span | None:
    for span in spans:
        if span.opens <= at < span.closes:
            return span
    return None


def _joined(spans: list[Span]) -> list[Span]:
    """Join stretches that touch, so that an endless day has no seam at midnight."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.opens):
        if joined and span.opens <= joined[-1].closes:
            joined[-1] = Span(joined[-1].opens, max(joined[-1].closes, span.closes))
        else:
            joined.append(span)
    return joined


def pause_end(pauses: Sequence[Pause], habit: str, at: int) -> int:
    """Return when every pause that covers the habit at the instant has ended; ``at`` itself when none does."""
    while True:
        # Whole seconds on both sides: an end between two seconds would else cover its own rounding for ever.
        ends = [
            end
            for p in pauses
            if p.habit in (None, habit) and as_seconds(p.starts_at) <= at < (end := as_seconds(p.ends_at))
        ]
        if not ends:
            return at
        at = max(ends)
