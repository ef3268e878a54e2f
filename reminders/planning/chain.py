"""The slots of one interval habit through a day, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from reminders.planning.recurrence import Slot, Span
from reminders.planning.unheeded import Interval
from reminders.planning.wall_time import MINUTE

Name = Callable[[int], str]


class Chain(Protocol):
    """Where the next slot comes from."""

    def next(self) -> tuple[Slot, int] | None:
        """Return the next slot and the one after it (seconds), None at the end of the day."""

    def went(self, due: int, answered_at: int | None) -> None:
        """Hear where the last slot went; ``answered_at`` None = nobody answered it."""


class ClockChain:
    """Slots known beforehand; the last one is followed after ``step`` seconds."""

    def __init__(self, slots: list[Slot], step: int) -> None:
        """Take the day's slots in order."""
        self._slots, self._step, self._index = slots, step, 0

    def next(self) -> tuple[Slot, int] | None:
        """Return the next slot and the one after it (seconds), None at the end of the day."""
        if self._index == len(self._slots):
            return None
        slot = self._slots[self._index]
        self._index += 1
        following = slot.due + self._step
        return slot, min(following, self._slots[self._index].due) if self._index < len(self._slots) else following

    def went(self, due: int, answered_at: int | None) -> None:
        """Stay on the clock's grid, whatever happened."""


class UnheededChain:
    """The clock's slots of a habit whose asks nobody heeded for a while: then each is counted from the one before."""

    def __init__(
        self, name: Name, slots: list[Slot], windows: list[Span], today: Span, interval: Interval, dues: list[int]
    ) -> None:
        """Take the clock's slots of the date, and ``dues``, which are on record, to count on from the last of them."""
        self._name, self._slots, self._today = name, slots, today
        self._interval, self._dues = interval, dues
        self._windows = iter(windows)
        self._open_next()

    def _open_next(self) -> None:
        self._window = next(self._windows, None)
        if self._window is not None:
            held = (due for due in self._dues if self._window.holds(due))
            self._last = max(held, default=self._window.opens)

    def next(self) -> tuple[Slot, int] | None:
        """Return the next slot and the one after it (seconds), None at the end of the day."""
        while self._window is not None:
            slot = self._following(self._window)
            if slot is None or slot.due >= min(self._window.closes, self._today.closes):
                self._open_next()
            elif slot.due < self._today.opens:
                self._last = slot.due
            else:
                return slot, slot.due + self._interval.at(slot.due)
        return None

    def _following(self, window: Span) -> Slot | None:
        usual = self._usual(window, self._last + 1)
        if usual is None:
            return None
        due, is_usual = self._interval.due_after(self._last, usual.due)
        return self._usual(window, due) if is_usual else Slot(self._name(due), due, window.opens, window.closes)

    def _usual(self, window: Span, begin: int) -> Slot | None:
        return next((slot for slot in self._slots if slot.due >= begin and window.holds(slot.due)), None)

    def went(self, due: int, answered_at: int | None) -> None:
        """Count on from that slot; an answer brings the clock's own slots back."""
        self._last = max(self._last, due)
        if answered_at is not None:
            self._interval.note_answer(max(due, answered_at))


class AnswerChain:
    """Next slot = last answer or real break + interval; one that nobody answers counts from its own time."""

    def __init__(
        self, name: Name, windows: list[Span], today: Span, interval: Interval, anchors: list[tuple[int, int]]
    ) -> None:
        """Count from each window's opening, or from the last of the ``anchors`` (slot, moment) inside it."""
        self._name, self._today, self._interval, self._anchors = name, today, interval, sorted(anchors)
        self._windows = iter(windows)
        self._open_next()

    def _open_next(self) -> None:
        self._window = next(self._windows, None)
        if self._window is None:
            return
        self._last = self._window.opens
        for due, moment in self._anchors:
            if self._window.holds(due):
                self._count_from(due, moment)

    def next(self) -> tuple[Slot, int] | None:
        """Return the next slot of this date, on a whole minute, and the one after; None when no window is left."""
        while self._window is not None:
            due = self._due()
            if due >= min(self._window.closes, self._today.closes):
                self._open_next()
            elif due < self._today.opens:
                self._last = due
            else:
                return Slot(self._name(due), due, self._window.opens, self._window.closes), due + self._interval.at(due)
        return None

    def _due(self) -> int:
        usual = _whole_minute(self._last + self._interval.step)
        due, is_usual = self._interval.due_after(self._last, usual)
        return max(usual, _whole_minute(due)) if is_usual else due

    def went(self, due: int, answered_at: int | None) -> None:
        """Count on from the answer, or from the slot itself; never back to a slot that was."""
        self._count_from(due, answered_at)
        if answered_at is not None:
            self._interval.note_answer(max(due, answered_at))

    def _count_from(self, due: int, answered_at: int | None) -> None:
        early = answered_at is not None and answered_at + self._interval.step > due
        self._last = max(self._last, answered_at if early and answered_at is not None else due)


def _whole_minute(instant: int) -> int:
    return -(-instant // MINUTE) * MINUTE
