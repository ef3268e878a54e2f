"""A walk through one local date in order of time, as the daemon lives it: who leaves when, with whom, or why not.

Every moment is decided from what lies before it and from the slots ahead, never from a later decision. So a walk that
starts in the middle of the day, with the morning on record, goes the same way.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Iterator, Sequence
from itertools import takewhile

from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.domain.schedule import Anchor, Every, Times
from reminders.planning.candidate import Candidate, Group
from reminders.planning.chain import AnswerChain, Chain, ClockChain, UnheededChain
from reminders.planning.day import Day
from reminders.planning.guards import Ban
from reminders.planning.limits import first_free_moment
from reminders.planning.recurrence import Slot, Span, is_endless, slots, touching_windows
from reminders.planning.unheeded import Interval, Unheeded
from reminders.planning.wall_time import DAY

# (moment it is looked at, due time, rank, candidate, chain)
_Entry = tuple[int, int, tuple[int, int, int], Candidate, Chain]


class Walk:
    """One date's interval asks among its fixed ones; ``run`` walks once."""

    def __init__(self, day: Day, fixed: Sequence[Group], later: Sequence[int], unheeded: Unheeded) -> None:
        """Take the fixed-time groups of the date, and the moments of those just after it (seconds)."""
        self.day = day
        self._unheeded = unheeded
        self.settled: list[Candidate] = []
        self._fixed = list(fixed)
        # Every moment an interval's own nudge keeps the gap to, in order.
        self._taken = sorted([*day.record.asked_at, *(group.at for group in fixed), *later])
        self._left = day.person.limits.per_day - day.record.asked_today
        self._heap: list[_Entry] = []
        self._somebody_waits = False

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
        match habit.schedule:
            case Every(anchor=Anchor.ANSWER) as schedule:
                return self._answer_chain(habit, self._interval(habit, schedule))
            case Every() as schedule:
                return self._clock_chain(habit, self._interval(habit, schedule))
            case Times(count=count):
                return ClockChain(self._slots(habit), DAY // count)
            case _:
                return None

    def _interval(self, habit: Habit, schedule: Every) -> Interval:
        return Interval(int(schedule.interval.total_seconds()), self._unheeded.of(habit))

    def _answer_chain(self, habit: Habit, interval: Interval) -> Chain:
        day = self.day
        windows = self._windows(habit, interval)
        return AnswerChain(day.set_backs.name, windows, day.span, interval, day.record.anchors(habit))

    def _clock_chain(self, habit: Habit, interval: Interval) -> Chain:
        day = self.day
        usual = day.go_on(habit, self._slots(habit), interval.step)
        if interval.is_usual:
            return ClockChain(usual, interval.step)
        windows, dues = self._windows(habit, interval), day.record.dues(habit.id)
        return UnheededChain(day.set_backs.name, usual, windows, day.span, interval, dues)

    def _slots(self, habit: Habit) -> list[Slot]:
        return slots(habit, self.day.person, self.day.zone, self.day.date)

    def _windows(self, habit: Habit, interval: Interval) -> list[Span]:
        """Return the habit's windows; one without an end has opened at the last slot before the date."""
        day = self.day
        found = touching_windows(habit, day.person, day.zone, day.date)
        if found and not interval.is_usual and is_endless(habit, day.person):
            opens = found[0].opens
            before = (due for due in day.record.dues(habit.id) if opens - interval.step < due < opens)
            found[0] = Span(max(before, default=opens), found[0].closes)
        return found

    def _advance(self, habit: Habit, chain: Chain) -> None:
        """Put the chain's next slot that is to be decided into the heap."""
        while (found := chain.next()) is not None:
            slot, following = found
            if self.day.is_open(habit, slot):
                candidate = self.day.candidate(habit, slot, following)
                moment = max(slot.due, candidate.not_before)
                heapq.heappush(self._heap, (moment, slot.due, candidate.rank, candidate, chain))
                return
            chain.went(slot.due, None)

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
            self._taken.remove(group.at)
            self._look_again(group.at)

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
                heapq.heappush(self._heap, (free, *entry[1:]))
                self._somebody_waits = True
                return
            if ban is None:
                held = self.day.holds(candidate, moment)
                if held is None:
                    self._lead(entry)
                    return
                candidate.hold(held, moment)
        if ban is not None:
            candidate.suppress(*ban, at=moment)
        self._settle(candidate, chain)

    def _lead(self, entry: _Entry) -> None:
        """Send a nudge of its own for the ask, and for the more specific ones among those near."""
        group = Group(entry[0])
        riders = [other for other in self._near(group.at) if self._rides(other[3], group, of_its_own=True)]
        insort(self._taken, group.at)
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
                group.take(candidate, None if candidate.due == group.at else self._why_moved(candidate))
            else:
                candidate.suppress(Reason.GAP, at=group.at)
        self.day.send(group)
        self._left -= 1
        self._look_again(group.at)
        for _, _, _, candidate, chain in entries:
            self._settle(candidate, chain)

    def _look_again(self, at: int) -> None:
        """Have another look at those that wait: what happened at that moment may have freed or settled theirs."""
        if self._somebody_waits:
            self._somebody_waits = False
            self._heap = [(max(entry[1], at), *entry[1:]) if entry[1] <= at else entry for entry in self._heap]
            heapq.heapify(self._heap)

    def _settle(self, candidate: Candidate, chain: Chain) -> None:
        sent_at = candidate.send_at
        answered_at = sent_at if sent_at is not None and sent_at >= self.day.assumed_from else None
        self.settled.append(candidate)
        chain.went(candidate.due, answered_at)
        self._advance(candidate.habit, chain)

    # -- company ------------------------------------------------------------------------------------------------------

    def _near(self, at: int) -> Iterator[_Entry]:
        merge = self.day.merge
        return (entry for entry in self._heap if merge and self._distance(entry[3], at) <= merge)

    def _distance(self, candidate: Candidate, at: int) -> int:
        """Return how far a moment is from the slot, or from the end of the event or training that the slot lies in."""
        return min(abs(candidate.due - at), abs(self._wanted(candidate) - at))

    def _wanted(self, candidate: Candidate) -> int:
        return self.day.around.free_from(candidate.habit, candidate.due)

    def _rides(self, candidate: Candidate, group: Group, *, of_its_own: bool = False) -> bool:
        """Tell whether the ask would travel with a group that leaves; ``of_its_own`` = no fixed time leads it."""
        if group.asks_for(candidate.habit) or not self.day.may_leave(candidate, group.at):
            return False
        if candidate.due > group.at and self.day.ban(candidate, candidate.due) is not None:
            return False
        distance = self.day.merge + 1 if of_its_own or not group.has_room else self._distance(candidate, group.at)
        return not any(
            self._distance(candidate, other.at) < distance and other.has_room and self._could_join(candidate, other)
            for other in self._fixed
        )

    def _ride_ahead(self, candidate: Candidate) -> int | None:
        """Return the moment of the fixed-time nudge to wait for: one with room before a full one; None = none."""
        latest = self._wanted(candidate) + self.day.merge
        near = takewhile(lambda group: group.at <= latest, self._fixed if self.day.merge else ())
        rides = [(not group.has_room, group.at) for group in near if self._could_join(candidate, group)]
        return min(rides)[1] if rides else None

    def _could_join(self, candidate: Candidate, group: Group) -> bool:
        return not group.asks_for(candidate.habit) and self.day.may_leave(candidate, group.at)

    def _free_moment(self, candidate: Candidate, moment: int) -> int:
        """Return the first instant from the moment on that keeps the gap and is outside events and training."""
        while True:
            free = self.day.around.free_from(candidate.habit, moment)
            moved = first_free_moment(free, self._taken, self.day.gap)
            if moved == moment:
                return moment
            moment = moved

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
        waited_for = self.day.record.why_waiting(candidate.habit.id, candidate.key)
        if waited_for in (Reason.AWAY, Reason.BUSY):
            return waited_for
        return Reason.BUSY if self._wanted(candidate) != candidate.due else Reason.GAP
