"""The slots of one interval habit through a day, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from reminders.planning.recurrence import Slot, Span
from reminders.planning.wall_time import MINUTE


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


class AnswerChain:
    """Next slot = last answer or real break + interval; one that nobody answers counts from its own time."""

    def __init__(
        self, name: Callable[[int], str], windows: list[Span], today: Span, step: int, anchors: list[tuple[int, int]]
    ) -> None:
        """Count from each window's opening, or from the last of the ``anchors`` (slot, moment) inside it."""
        self._name, self._today, self._step, self._anchors = name, today, step, sorted(anchors)
        self._windows = iter(windows)
        self._open_next()

    def _open_next(self) -> None:
        self._window = next(self._windows, None)
        if self._window is None:
            return
        self._last = self._window.opens
        for due, moment in self._anchors:
            if self._window.holds(due):
                self.went(due, moment)

    def next(self) -> tuple[Slot, int] | None:
        """Return the next slot of this date, on a whole minute, and the one after; None when no window is left."""
        while self._window is not None:
            due = -(-(self._last + self._step) // MINUTE) * MINUTE
            if due >= min(self._window.closes, self._today.closes):
                self._open_next()
            elif due < self._today.opens:
                self._last = due
            else:
                return Slot(self._name(due), due, self._window.opens, self._window.closes), due + self._step
        return None

    def went(self, due: int, answered_at: int | None) -> None:
        """Count on from the answer, or from the slot itself; never back to a slot that was."""
        early = answered_at is not None and answered_at + self._step > due
        self._last = max(self._last, answered_at if early and answered_at is not None else due)
