"""How some days went, in numbers a person can look back on. Counts alone: no runs, no praise, no blame.

The rows come from the record, which lies above this package; ``Row`` is what is read of them. What the numbers suggest
stands in ``planning.suggestion``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from reminders.domain.answer import Answer, Verb
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.planning.waking_day import day_of

_ANSWERED = (OccurrenceState.DONE, OccurrenceState.SKIPPED)
ASKS_TO_COMPARE = 3  # fewer asks in an hour say nothing about that hour


class Row(Protocol):
    """One occurrence on record: what became of it. ``late`` marks a Done after its end."""

    @property
    def habit(self) -> str:
        """The habit's id."""

    @property
    def due_at(self) -> datetime:
        """The slot's instant."""

    @property
    def sent_at(self) -> datetime | None:
        """When it was put to the person; None = never."""

    @property
    def state(self) -> OccurrenceState:
        """Where it stands."""

    @property
    def reason(self) -> Reason | None:
        """Why it was suppressed or missed; None otherwise."""

    @property
    def answered_at(self) -> datetime | None:
        """When the verdict came; None without one."""

    @property
    def late(self) -> bool:
        """True for a Done after the end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HourTally:
    """What was put to the person within one hour of the local day: ``hour`` 10 is 10:00 until 11:00."""

    hour: int
    asked: int
    done: int
    lapsed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What became of one habit's occurrences; ``habit`` None = of all habits together.

    ``planned`` is the sum of ``done``, ``done_late``, ``skipped``, ``lapsed``, ``suppressed``, ``missed``, ``waiting``
    (put to the person, still open) and ``ahead`` (not put to them yet). ``asked`` is how many were put to the person,
    whatever became of them. ``unasked`` counts Dones said while nothing was open. ``days_done`` of ``days_asked`` are
    the days with a Done, of those on which something was asked or done. ``median_response`` is the time from sending
    to an answer that came in time; None = there was none.
    """

    habit: str | None
    planned: int
    asked: int
    done: int
    done_late: int
    unasked: int
    skipped: int
    lapsed: int
    waiting: int
    ahead: int
    suppressed: Mapping[Reason, int]
    missed: Mapping[Reason, int]
    days_asked: int
    days_done: int
    median_response: timedelta | None
    hours: tuple[HourTally, ...] = field(repr=False)

    @property
    def done_in_all(self) -> int:
        """Done, late ones included."""
        return self.done + self.done_late

    @property
    def answered(self) -> int:
        """Done or skipped, late ones included."""
        return self.done_in_all + self.skipped

    @property
    def settled(self) -> int:
        """How many were put to the person and are not open any more."""
        return self.asked - self.waiting

    @property
    def best_hour(self) -> HourTally | None:
        """The hour with the highest share done, of those with three asks or more; the busier one of equals.

        None = there are not two such hours, or they all went alike: then no hour is better than another.
        """
        hours = [hour for hour in self.hours if hour.asked >= ASKS_TO_COMPARE]
        shares = {hour.done / hour.asked for hour in hours}
        if len(shares) < 2:  # noqa: PLR2004  two things to compare
            return None
        return max(hours, key=lambda hour: (hour.done / hour.asked, hour.asked, -hour.hour))


@dataclass(frozen=True, kw_only=True, slots=True)
class DayTally:
    """One day as the person lives it: what was asked and done (late ones included), and drunk in millilitres."""

    day: date
    asked: int
    done: int
    drunk_ml: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """How some days went for one person; ``days`` are those asked for, oldest first."""

    together: Tally
    habits: tuple[Tally, ...]
    days: tuple[DayTally, ...]

    @property
    def days_lived(self) -> tuple[DayTally, ...]:
        """The days on which something was asked or drunk: before there was a record, nothing is known."""
        return tuple(day for day in self.days if day.asked or day.drunk_ml)

    def days_at(self, goal_ml: int) -> int:
        """Return on how many of the days the drinks came to the goal."""
        return sum(day.drunk_ml >= goal_ml for day in self.days)


def summarize(
    person: Person, zone: ZoneInfo, rows: Iterable[Row], answers: Iterable[Answer], days: Sequence[date] = ()
) -> Summary:
    """Sum up the rows and answers of one person, read in ``zone``; ``days`` are told day by day.

    ``answers`` are those of the same stretch, whether or not something was open. Habits come in the order of the file,
    those no longer in it last.
    """
    records, said = list(rows), [answer for answer in answers if answer.verb is Verb.DONE]
    unasked = [answer for answer in said if answer.occurrence_id is None]
    order = {habit.id: place for place, habit in enumerate(person.habits)}
    names = dict.fromkeys([*(row.habit for row in records), *(answer.habit for answer in unasked)])
    counting = _Counting(person, zone)
    return Summary(
        together=counting.tally(None, records, unasked),
        habits=tuple(
            counting.tally(
                name, [row for row in records if row.habit == name], [one for one in unasked if one.habit == name]
            )
            for name in sorted(names, key=lambda name: order.get(name, len(order)))
        ),
        days=counting.days(days, records, said),
    )


class _Counting:
    """Counts rows in one person's days and hours."""

    def __init__(self, person: Person, zone: ZoneInfo) -> None:
        self._person, self._zone = person, zone

    def _day(self, instant: datetime) -> date:
        return day_of(self._person, self._zone, instant)

    def tally(self, habit: str | None, rows: Sequence[Row], unasked: Sequence[Answer]) -> Tally:
        states = Counter(row.state for row in rows if not row.late)
        done_on = {self._day(row.due_at) for row in rows if _is_done(row)} | {self._day(one.at) for one in unasked}
        waiting = sum(row.sent_at is not None and not row.state.is_terminal for row in rows)
        return Tally(
            habit=habit,
            planned=len(rows),
            asked=sum(_is_asked(row) for row in rows),
            done=states[OccurrenceState.DONE],
            done_late=sum(row.late for row in rows),
            unasked=len(unasked),
            skipped=states[OccurrenceState.SKIPPED],
            lapsed=states[OccurrenceState.LAPSED],
            waiting=waiting,
            ahead=states[OccurrenceState.PLANNED] + states[OccurrenceState.SENT] - waiting,
            suppressed=_reasons(rows, OccurrenceState.SUPPRESSED),
            missed=_reasons(rows, OccurrenceState.MISSED),
            days_asked=len(done_on | {self._day(row.due_at) for row in rows if _is_asked(row)}),
            days_done=len(done_on),
            median_response=_median([wait for row in rows if (wait := _response(row)) is not None]),
            hours=self._hours([row for row in rows if _is_asked(row)]),
        )

    def _hours(self, asked: Sequence[Row]) -> tuple[HourTally, ...]:
        by_hour: dict[int, list[Row]] = {}
        for row in asked:
            by_hour.setdefault((row.sent_at or row.due_at).astimezone(self._zone).hour, []).append(row)
        return tuple(
            HourTally(
                hour=hour,
                asked=len(rows),
                done=sum(_is_done(row) for row in rows),
                lapsed=sum(row.state is OccurrenceState.LAPSED and not row.late for row in rows),
            )
            for hour, rows in sorted(by_hour.items())
        )

    def days(self, days: Sequence[date], rows: Sequence[Row], said: Sequence[Answer]) -> tuple[DayTally, ...]:
        asked = Counter(self._day(row.due_at) for row in rows if _is_asked(row))
        done = Counter(self._day(row.due_at) for row in rows if _is_done(row))
        drunk_ml: Counter[date] = Counter()
        for answer in said:
            drunk_ml[self._day(answer.at)] += answer.amount_ml or 0
        return tuple(DayTally(day=day, asked=asked[day], done=done[day], drunk_ml=drunk_ml[day]) for day in days)


def _is_asked(row: Row) -> bool:
    return row.sent_at is not None or row.late or row.state in _ANSWERED


def _is_done(row: Row) -> bool:
    return row.state is OccurrenceState.DONE or row.late


def _reasons(rows: Sequence[Row], state: OccurrenceState) -> Mapping[Reason, int]:
    """Return how many ended so for which reason, the commonest first."""
    found = Counter(row.reason for row in rows if row.state is state and not row.late)
    return {reason: number for reason, number in found.most_common() if reason is not None}


def _response(row: Row) -> timedelta | None:
    if row.late or row.sent_at is None or row.answered_at is None:
        return None
    return max(row.answered_at - row.sent_at, timedelta(0))


def _median(waits: list[timedelta]) -> timedelta | None:
    if not waits:
        return None
    waits.sort()
    middle = len(waits) // 2
    return waits[middle] if len(waits) % 2 else (waits[middle - 1] + waits[middle]) / 2
