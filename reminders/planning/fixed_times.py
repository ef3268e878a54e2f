"""The fixed times of one local date: where they stand, and which of them travel together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from reminders.domain.occurrence import Reason
from reminders.domain.schedule import Every, Times
from reminders.planning.candidate import Candidate, Group
from reminders.planning.day import Day
from reminders.planning.guards import Ban
from reminders.planning.merge import merge_fixed
from reminders.planning.recurrence import slots
from reminders.planning.wall_time import DAY


def place_fixed(day: Day) -> tuple[list[Group], list[Candidate]]:
    """Return the nudges of the date's fixed times, in order of time, and every fixed slot still to be decided.

    A slot in an event or in one's own training moves to the end of it; then those near each other travel together.
    """
    candidates = list(_candidates(day))
    placed = [candidate for candidate in candidates if candidate.reason is None and _place(day, candidate)]
    return merge_fixed(placed, day.merge, partial(_may_travel, day)), candidates


def _candidates(day: Day) -> Iterator[Candidate]:
    for habit in day.person.habits:
        if isinstance(habit.schedule, Every | Times):
            continue
        found = slots(habit, day.person, day.zone, day.date, day.calendar)
        for index, slot in enumerate(found):
            following = found[index + 1].due if index + 1 < len(found) else slot.due + DAY
            if day.is_open(habit, slot):
                candidate = day.candidate(habit, slot, following)
                if following == slot.due:  # two wall times the clocks skip meet at the end of the gap
                    candidate.suppress(Reason.SUPERSEDED)
                yield candidate


def _place(day: Day, candidate: Candidate) -> bool:
    """Give the candidate its moment; False when it has none."""
    moment = max(candidate.due, candidate.not_before)
    ban = _lasting_ban(day, candidate, moment)
    free = day.around.free_from(candidate.habit, moment)
    if ban is None and free != moment:
        candidate.reason = Reason.BUSY
        ban = _lasting_ban(day, candidate, free) if candidate.fits(free) else (Reason.BUSY, None)
    if ban is not None:
        candidate.suppress(*ban)
        return False
    held = day.holds(candidate, moment) if free == moment else None
    if held is not None:
        candidate.hold(held, moment)
        return False
    # Who waits keeps the place of its slot among the others, so that the company does not change meanwhile.
    candidate.send_at = free if free != moment else day.around.free_from(candidate.habit, candidate.due)
    return True


def _may_travel(day: Day, candidate: Candidate, at: int) -> bool:
    if not candidate.fits(at) or day.around.free_from(candidate.habit, at) != at:
        return False
    return _lasting_ban(day, candidate, at) is None and day.holds(candidate, at) is None


def _lasting_ban(day: Day, candidate: Candidate, at: int) -> Ban | None:
    """Return the ban at a moment; being on pace is settled only when the moment comes."""
    ban = day.ban(candidate, at)
    return None if ban is not None and ban[0] is Reason.ON_PACE else ban
