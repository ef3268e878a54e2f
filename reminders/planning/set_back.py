"""Intervals on a day whose wall clock was set back: true elapsed time, and a new name for each slot of the second pass.

Fixed times are not touched: one that was put to the person is on record under the name it would have again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from reminders.domain.facts import SetBack
from reminders.planning.recurrence import Slot, Span
from reminders.planning.wall_time import as_seconds, slot_key

_SECOND = timedelta(seconds=1)

IsKnown = Callable[[str], bool]


class SetBacks:
    """The stretches of time that the wall clock showed a second time."""

    def __init__(self, zone: ZoneInfo, set_back: Sequence[SetBack]) -> None:
        """Take the set-backs, oldest first."""
        self._zone, self._set_back = zone, set_back

    def name(self, due: int) -> str:
        """Name an interval slot by its wall time; with ``+2`` in the second pass, ``+3`` in the third."""
        passes = 1 + sum(_holds(back, due) for back in self._set_back)
        return slot_key(self._zone, due) + (f"+{passes}" if passes > 1 else "")

    def go_on(self, slots: list[Slot], step: int, today: Span, is_known: IsKnown) -> list[Slot]:
        """Return where the slots of an interval, ``step`` seconds apart, lie after all set-backs.

        In a window that was open the grid moves with the clock, up to the window's end; what was decided before, of
        which ``is_known`` tells, keeps its name.
        """
        for index, back in enumerate(self._set_back):
            named = SetBacks(self._zone, self._set_back[: index + 1])
            slots = [named._after(back, slot, is_known) for slot in slots]
            slots += named._further(back, slots, step, today)
        return sorted((slot for slot in slots if slot.due >= today.opens), key=lambda slot: slot.due)

    def _after(self, back: SetBack, slot: Slot, is_known: IsKnown) -> Slot:
        if not _moves(back, slot):
            return replace(slot, key=self.name(slot.due)) if _holds(back, slot.due) else slot
        due = slot.due - back.length // _SECOND
        is_decided = slot.due <= as_seconds(back.until) or is_known(slot.key)
        return replace(slot, due=due, key=slot.key if is_decided else self.name(due))

    def _further(self, back: SetBack, slots: Sequence[Slot], step: int, today: Span) -> list[Slot]:
        """Return the slots that fit in at the end of the window that was open."""
        last = max((slot for slot in slots if _moves(back, slot)), key=lambda slot: slot.due, default=None)
        if last is None:
            return []
        dues = range(last.due + step, min(last.closes, today.closes), step)
        return [replace(last, due=due, key=self.name(due)) for due in dues]


def _holds(back: SetBack, due: int) -> bool:
    return as_seconds(back.at) < due <= as_seconds(back.until)


def _moves(back: SetBack, slot: Slot) -> bool:
    return not back.is_correction and slot.opens <= as_seconds(back.at) < slot.closes
