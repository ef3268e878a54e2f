"""A walk through one local date in order of time, as the daemon lives it: who leaves when, with whom, or why not.

Every moment is decided from what lies before it and from the slots ahead, never from a later decision. So a walk that
starts in the middle of the day, with the morning on record, goes the same way.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.domain.schedule import Anchor, Every, Times
from reminders.planning.candidate import Candidate, Group
from reminders.planning.chain import AnswerChain, Chain, ClockChain
from reminders.planning.day import Day
from reminders.planning.guards import Ban
from reminders.planning.limits import first_free_moment
from reminders.planning.recurrence import slots, touching_windows
from reminders.planning.wall_time import DAY

# (moment it is looked at, due time, rank, candidate, chain)
_Entry = tuple[int, int, tuple[int, int, int], Candidate, Chain]


class Walk:
    """One date's interval asks among its fixed ones; ``run`` walks once."""

    def __init__(self, day: Day, fixed: Sequence[Group], later: Sequence[int]) -> None:
        """Take the fixed-time groups of the date, and the moments of those just after it (seconds)."""
        self.day = day
        self.settled: list[Candidate] = []
        self._fixed = list(fixed)
        self._later = later
        self._taken = list(day.record.asked_at)
        self._left = day.person.limits.per_day - day.record.asked_today
        self._heap: list[_Entry] = []

    def run(self) -> list[Candidate]:
        """Walk to the end of the date and return every interval slot, decided."""
        for habit in self.day.person.habits:
            chain = self._chain(habit)
            if chain is not None:
                self._advance(habit, chain)
        while self._heap or self._fixed:
            if self._fixed and (not self._heap or self._fixed[0].at <= self._heap[0][0]):
                self._leave_fixed(self._fixed.pop(0))
            else:
                self._look_at(heapq.heappop(self._heap))
        return self.settled

    # -- slots --------------------------------------------------------------------------------------------------------

    def _chain(self, habit: Habit) -> Chain | None:
        day = self.day
        match habit.schedule:
            case Every(interval=interval, anchor=Anchor.ANSWER):
                parts = touching_windows(habit, day.person, day.zone, day.date)
                step, anchors = int(interval.total_seconds()), day.record.anchors(habit.id)
                return AnswerChain(day.zone, parts, day.span, step, anchors)
            case Every(interval=interval):
                step = int(interval.total_seconds())
            case Times(count=count):
                step = DAY // count
            case _:
                return None
        return ClockChain(slots(habit, day.person, day.zone, day.date), step)

    def _advance(self, habit: Habit, chain: Chain) -> None:
        """Put the chain's next slot that is to be decided into the heap."""
        while (found := chain.next()) is not None:
            slot, following = found
            if self.day.is_open(habit, slot):
                candidate = self.day.candidate(habit, slot, following)
                # One that waits was looked at before; its time goes on from there.
                heapq.heappush(self._heap, self._entry(max(slot.due, self._seen_until(candidate)), candidate, chain))
                return
            chain.went(slot.due, None)

    def _seen_until(self, candidate: Candidate) -> int:
        return self.day.since if self.day.record.is_waiting(candidate.habit.id, candidate.key) else candidate.due

    @staticmethod
    def _entry(moment: int, candidate: Candidate, chain: Chain) -> _Entry:
        return moment, candidate.due, candidate.rank, candidate, chain

    # -- moments ------------------------------------------------------------------------------------------------------

    def _leave_fixed(self, group: Group) -> None:
        """Send the fixed-time asks, with an interval's that is near; without any left, their place is free again."""
        for member in list(group.members):
            ban = self._ban_on_fixed(member, group.at)
            if ban is not None:
                group.members.remove(member)
                member.suppress(*ban, at=group.at)
        if group.members:
            self._leave(group, [], [entry for entry in self._near(group.at) if self._rides(entry[3], group)])
        else:
            self._heap = [self._entry(min(e[0], max(e[1], group.at)), e[3], e[4]) for e in self._heap]
            heapq.heapify(self._heap)

    def _ban_on_fixed(self, member: Candidate, at: int) -> Ban | None:
        if self._left <= 0:
            return Reason.DAILY_LIMIT, None
        on_pace = member.habit.goal_ml is not None and self.day.amount_ml(member.habit, at) is None
        return (Reason.ON_PACE, None) if on_pace else None

    def _look_at(self, entry: _Entry) -> None:
        """Decide about an interval ask at its moment: it leaves, waits or gives way."""
        moment, _, _, candidate, chain = entry
        ban = self.day.ban(candidate, moment)
        if ban is None:
            ride = self._ride_ahead(candidate)
            free = self._free_moment(candidate, moment) if ride is None else ride
            if ride is None:
                ban = self._ban_on_leading(candidate, moment, free)
            if ban is None and free > moment:
                heapq.heappush(self._heap, self._entry(free, candidate, chain))
                return
            if ban is None:
                self._lead(entry)
                return
        candidate.suppress(*ban, at=moment)
        self._settle(candidate, chain)

    def _lead(self, entry: _Entry) -> None:
        """Send a nudge of its own for the ask, and for the more specific ones among those near."""
        group = Group(entry[0])
        riders = [other for other in self._near(group.at) if self._rides(other[3], group, of_its_own=True)]
        self._leave(group, [entry], riders)

    def _leave(self, group: Group, first: list[_Entry], riders: list[_Entry]) -> None:
        """Take the riders out of the heap and send the group with the most specific of them all."""
        if riders:
            going = {id(entry[3]) for entry in riders}
            self._heap = [entry for entry in self._heap if id(entry[3]) not in going]
            heapq.heapify(self._heap)
        self._seat(group, [*first, *riders])

    def _seat(self, group: Group, entries: list[_Entry]) -> None:
        """Seat those entries, the most specific first, and send; one without a seat gives way."""
        for _, _, _, candidate, _ in sorted(entries, key=lambda entry: entry[2]):
            if group.has_room:
                group.take(candidate, self._why_moved(candidate))
            else:
                candidate.suppress(Reason.GAP, at=group.at)
        self.day.send(group)
        self._left -= 1
        self._taken.append(group.at)
        for _, _, _, candidate, chain in entries:
            self._settle(candidate, chain)

    def _settle(self, candidate: Candidate, chain: Chain) -> None:
        sent_at = candidate.send_at
        answered_at = sent_at if sent_at is not None and sent_at >= self.day.assumed_from else None
        self.settled.append(candidate)
        chain.went(candidate.due, answered_at)
        self._advance(candidate.habit, chain)

    # -- company ------------------------------------------------------------------------------------------------------

    def _near(self, at: int) -> Iterator[_Entry]:
        merge = self.day.merge
        return (entry for entry in self._heap if merge and abs(entry[1] - at) <= merge)

    def _rides(self, candidate: Candidate, group: Group, *, of_its_own: bool = False) -> bool:
        """Tell whether the ask would travel with a group that leaves; ``of_its_own`` = no fixed time leads it."""
        if group.asks_for(candidate.habit) or not self.day.may_leave(candidate, group.at):
            return False
        if candidate.due > group.at and self.day.ban(candidate, candidate.due) is not None:
            return False
        distance = self.day.merge + 1 if of_its_own or not group.has_room else abs(candidate.due - group.at)
        return not any(
            abs(other.at - candidate.due) < distance and other.has_room and self._could_join(candidate, other)
            for other in self._fixed
        )

    def _ride_ahead(self, candidate: Candidate) -> int | None:
        """Return the moment of the fixed-time nudge to wait for: one with room before a full one; None = none."""
        near = [group for group in self._fixed if self.day.merge and group.at - candidate.due <= self.day.merge]
        rides = [(not group.has_room, group.at) for group in near if self._could_join(candidate, group)]
        return min(rides)[1] if rides else None

    def _could_join(self, candidate: Candidate, group: Group) -> bool:
        return not group.asks_for(candidate.habit) and self.day.may_leave(candidate, group.at)

    def _free_moment(self, candidate: Candidate, moment: int) -> int:
        """Return the first instant from the moment on that keeps the gap and is outside one's own training."""
        taken = [*self._taken, *(group.at for group in self._fixed), *self._later]
        at, moved = -1, moment
        while at != moved:
            at = moved
            moved = first_free_moment(self.day.around.free_from(candidate.habit, at), taken, self.day.gap)
        return at

    def _ban_on_leading(self, candidate: Candidate, moment: int, free: int) -> Ban | None:
        """Return why the ask must not lead a nudge at its free moment; None = it may."""
        if self._left <= len(self._fixed):  # each fixed time to come keeps its place
            return Reason.DAILY_LIMIT, None
        if free == moment:
            return None
        if not candidate.fits(free):
            busy = self.day.around.free_from(candidate.habit, moment) != moment
            return Reason.BUSY if busy else Reason.GAP, None
        return self.day.ban(candidate, free)

    def _why_moved(self, candidate: Candidate) -> Reason:
        busy = self.day.around.free_from(candidate.habit, candidate.due) != candidate.due
        return Reason.BUSY if busy else Reason.GAP
