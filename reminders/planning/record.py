"""What is already on record around one local date, in the form the planning of it asks for. Instants are seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from reminders.domain.answer import Answer, Verb
from reminders.domain.context import RealBreak
from reminders.domain.facts import Facts
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Occurrence, OccurrenceState, Reason
from reminders.domain.schedule import Anchor, Every
from reminders.planning.attendance import AWAY_AFTER, FRESH_SECONDS
from reminders.planning.recurrence import Span
from reminders.planning.wall_time import DAY, MINUTE, as_seconds

_ON_TIME = MINUTE  # a nudge that left as late as that left at its slot
_UNNOTICED = FRESH_SECONDS  # so long after a break its end may still be unknown
_UNSENT = (OccurrenceState.SUPPRESSED, OccurrenceState.MISSED)


def is_deferred(occurrence: Occurrence) -> bool:
    """Tell whether the occurrence is on record but its sending still lies ahead, to be decided anew each time."""
    return occurrence.waiting and occurrence.nudge_id is None


class Ask(NamedTuple):
    """One ask that went out in the course of planning; ``answered`` tells whether it counts as Done at once."""

    habit: str
    due: int
    at: int
    amount_ml: int | None
    answered: bool


class DayRecord:
    """The recorded occurrences, answers and nudges around one local date, and the asks planned so far.

    ``drunk`` and ``offered`` hold (instant, ml): what was logged, and what was asked for without an answer.
    """

    def __init__(self, facts: Facts, today: Span) -> None:
        """Sort the facts by habit once for the day."""
        self.today = today
        self.asks: list[Ask] = []
        self.drunk: list[tuple[int, int]] = []
        self.offered: list[tuple[int, int]] = []
        self._settled: set[tuple[str, str]] = set()
        self._deferred: dict[tuple[str, str], Reason | None] = {}
        self._anchors: dict[str, list[tuple[int, int]]] = {}
        self._dues: dict[str, list[int]] = {}
        self._last_sends: dict[str, int] = {}
        self._credits: dict[str, list[tuple[int, int]]] = {}  # habit -> (instant, answer's id)
        self._spent: dict[int, str] = {}
        self._breaks = facts.breaks
        self._note_answers(facts.answers)
        for occurrence in sorted(facts.occurrences, key=lambda occurrence: occurrence.first_due_at):
            self._note_occurrence(occurrence)
        asked_at = [as_seconds(instant) for instant in facts.asked_at]
        self.asked_at = [at for at in asked_at if today.opens - DAY <= at < today.closes + DAY]
        self.asked_today = sum(today.holds(at) for at in asked_at)

    def _note_answers(self, answers: tuple[Answer, ...]) -> None:
        for answer in answers:
            at = as_seconds(answer.at)
            if answer.verb is Verb.SNOOZE or at >= self.today.closes:
                continue
            self._anchors.setdefault(answer.habit, []).append((at, at))
            if answer.amount_ml is not None:
                self.drunk.append((at, answer.amount_ml))
            # An amount drunk counts through the pace, so such a Done stands for no slot.
            elif answer.occurrence_id is None and answer.verb is Verb.DONE:
                self._credits.setdefault(answer.habit, []).append((at, answer.id))

    def _note_occurrence(self, occurrence: Occurrence) -> None:
        name = (occurrence.habit, occurrence.slot_key)
        if is_deferred(occurrence):
            self._deferred[name] = occurrence.reason
            return
        self._settled.add(name)
        due = as_seconds(occurrence.first_due_at)
        self._dues.setdefault(occurrence.habit, []).append(due)
        answered = occurrence.answered_at and not occurrence.answered_late
        self._anchors.setdefault(occurrence.habit, []).append(
            (due, as_seconds(occurrence.answered_at) if occurrence.answered_at and answered else due)
        )
        if occurrence.nudge_id is not None and occurrence.state not in _UNSENT:
            self._note_send(occurrence)
        if occurrence.reason is Reason.ALREADY_DONE:
            self._spend_credit(occurrence, due)

    def _note_send(self, occurrence: Occurrence) -> None:
        due = as_seconds(occurrence.first_due_at)
        was_repeated = occurrence.snoozes or occurrence.follow_ups
        at = as_seconds((occurrence.sent_at if was_repeated else occurrence.nudged_at) or occurrence.first_due_at)
        at = due if due <= at <= due + _ON_TIME else at
        self._last_sends[occurrence.habit] = max(at, self._last_sends.get(occurrence.habit, at))
        if occurrence.amount_ml is not None and occurrence.answered_at is None:
            self.offered.append((at, occurrence.amount_ml))

    def _spend_credit(self, occurrence: Occurrence, due: int) -> None:
        """Mark the Done that this occurrence was held back for."""
        expires = as_seconds(occurrence.expires_at)
        for at, answer in self._credits.get(occurrence.habit, []):
            if due - DAY < at < expires and answer not in self._spent:
                self._spent[answer] = occurrence.slot_key
                return

    def follow(self, before: DayRecord) -> None:
        """Go on from the planned evening before, for somebody who is awake over midnight."""
        for ask in before.asks:
            self.note_ask(ask)
            self.asked_at.append(ask.at)
            self._anchors.setdefault(ask.habit, []).append((ask.due, ask.at if ask.answered else ask.due))

    def note_ask(self, ask: Ask) -> None:
        """Take in an ask that the plan sends."""
        self.asks.append(ask)
        self._last_sends[ask.habit] = ask.at
        if ask.amount_ml is not None:
            (self.drunk if ask.answered else self.offered).append((ask.at, ask.amount_ml))

    def has(self, habit: str, key: str) -> bool:
        """Tell whether the slot was decided before."""
        return (habit, key) in self._settled

    def is_waiting(self, habit: str, key: str) -> bool:
        """Tell whether the slot is on record as deferred."""
        return (habit, key) in self._deferred

    def why_waiting(self, habit: str, key: str) -> Reason | None:
        """Return why the slot was deferred; None = it was not."""
        return self._deferred.get((habit, key))

    def dues(self, habit: str) -> list[int]:
        """Return when the habit's slots on record were due, and those of the evening before that the plan asks."""
        return [*self._dues.get(habit, []), *(ask.due for ask in self.asks if ask.habit == habit)]

    def anchors(self, habit: Habit) -> list[tuple[int, int]]:
        """Return (slot, moment) pairs an answer-anchored interval may count from.

        The moment is that of the answer, or the slot's own without one. A real break stands for itself.
        """
        breaks = [as_seconds(taken.ended) for taken in self._breaks if taken.length >= _length_for(habit)]
        return [*self._anchors.get(habit.id, []), *((at, at) for at in breaks)]

    def break_since(self, habit: Habit, due: int) -> RealBreak | None:
        """Return the real break that did what the habit asks for, after its slot fell due; None = none did."""
        return None if habit.break_length is None else break_around(self._breaks, habit, due)

    def is_credited(self, habit: Habit, due: int, key: str) -> bool:
        """Tell whether a Done said beforehand stands for this slot: the next one within one interval.

        A habit without an interval has its next slot of the same date credited. One that waits is credited by any
        later Done too. An answer-anchored interval has moved on already, so nothing of it is credited.
        """
        given = self._credits.get(habit.id)
        schedule = habit.schedule
        if not given or (isinstance(schedule, Every) and schedule.anchor is Anchor.ANSWER):
            return False
        after = due - int(schedule.interval.total_seconds()) if isinstance(schedule, Every) else self.today.opens - 1
        until = self.today.closes if self.is_waiting(habit.id, key) else due
        for at, answer in given:
            between = any(at <= other < due for other in self._dues.get(habit.id, []))
            if after < at <= until and not between and self._spent.setdefault(answer, key) == key:
                return True
        return False

    def is_too_soon(self, habit: Habit, at: int) -> bool:
        """Tell whether an interval habit would be asked for less than half its interval after it last was."""
        last = self._last_sends.get(habit.id)
        if last is None or not isinstance(habit.schedule, Every):
            return False
        return at - last < habit.schedule.interval.total_seconds() / 2


def break_around(breaks: Sequence[RealBreak], habit: Habit, due: int) -> RealBreak | None:
    """Return the first break, long enough for the habit, that was not over when the slot fell due; None = none."""
    return next(
        (one for one in breaks if one.length >= _length_for(habit) and as_seconds(one.ended) + _UNNOTICED > due), None
    )


def _length_for(habit: Habit) -> timedelta:
    return AWAY_AFTER if habit.break_length is None else habit.break_length
