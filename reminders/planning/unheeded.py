"""Asks that nobody heeds come less often: after two lapses in a row a habit's interval is half as long again.

It stays so until the next answer. What was suppressed or missed in between counts neither way. Instants are seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

from reminders.domain.answer import Answer
from reminders.domain.facts import Facts
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.domain.schedule import Every
from reminders.planning.recurrence import Span
from reminders.planning.wall_time import MINUTE, as_seconds

LAPSES_IN_A_ROW = 2
_FOR_EVER = 1 << 62


def longer(step: int) -> int:
    """Return the length of an interval whose asks nobody heeds."""
    return step * 3 // 2


def stretches(lapses: Sequence[int], answers: Sequence[int]) -> list[Span]:
    """Return the stretches in which nobody heeded: from a second lapse in a row until just after the next answer."""
    found: list[Span] = []
    in_a_row = 0
    for at, is_answer in sorted([*((at, False) for at in lapses), *((at, True) for at in answers)]):
        if is_answer and in_a_row >= LAPSES_IN_A_ROW:
            found[-1].closes = at + 1
        in_a_row = 0 if is_answer else in_a_row + 1
        if in_a_row == LAPSES_IN_A_ROW:
            found.append(Span(at, _FOR_EVER))
    return found


class Interval:
    """The interval of one habit, and when it is the longer one."""

    def __init__(self, step: int, unheeded: list[Span]) -> None:
        """Take the usual length and the stretches of the longer one; ``note_answer`` shortens them."""
        self.step, self._unheeded = step, unheeded

    @property
    def is_usual(self) -> bool:
        """True when it was never the longer one in the time on record."""
        return not self._unheeded

    def at(self, instant: int) -> int:
        """Return its length for a slot at that instant."""
        return self.step if self._around(instant) is None else longer(self.step)

    def due_after(self, last: int, usual: int) -> tuple[int, bool]:
        """Return when the slot after ``last`` is due, and whether that is its usual place.

        ``usual`` is where it would be. When an answer came between that and the later slot, the return is the
        instant after that answer: the usual slots go on from there.
        """
        around = self._around(usual)
        if around is None:
            return usual, True
        later = -(-(last + longer(self.step)) // MINUTE) * MINUTE
        return (later, False) if self._around(later) is not None else (around.closes, True)

    def note_answer(self, at: int) -> None:
        """Take in that an ask of the plan is answered."""
        around = self._around(at)
        if around is not None:
            around.closes = at + 1

    def _around(self, instant: int) -> Span | None:
        for stretch in self._unheeded:
            if stretch.holds(instant):
                return stretch
        return None


class Unheeded:
    """What the record tells of each habit's unheeded stretches; the plan's own answers are added as it goes on."""

    def __init__(self, facts: Facts) -> None:
        """Sort the lapses by habit; what an answer ended is found when it is asked for."""
        self._lapses: dict[str, list[int]] = {}
        self._found: dict[str, list[Span]] = {}
        self._answers: Sequence[Answer] = facts.answers
        for occurrence in facts.occurrences:
            if occurrence.state is OccurrenceState.LAPSED:
                self._lapses.setdefault(occurrence.habit, []).append(_ended_at(occurrence))

    def of(self, habit: Habit) -> list[Span]:
        """Return the habit's unheeded stretches, which ``Interval.note_answer`` may shorten; most habits have none."""
        if len(self._lapses.get(habit.id, ())) < LAPSES_IN_A_ROW or not isinstance(habit.schedule, Every):
            return []
        if habit.id not in self._found:
            answers = [as_seconds(answer.at) for answer in self._answers if answer.habit == habit.id]
            self._found[habit.id] = stretches(self._lapses[habit.id], answers)
        return self._found[habit.id]

    def still_since(self, habits: Sequence[Habit]) -> int | None:
        """Return when the first stretch, of those habits, began that no answer has ended; None = there is none."""
        if not self._lapses:
            return None
        open_ones = (stretch for habit in habits for stretch in self.of(habit) if stretch.closes == _FOR_EVER)
        return min((stretch.opens for stretch in open_ones), default=None)


def _ended_at(occurrence: Occurrence) -> int:
    return as_seconds(occurrence.expires_at)
