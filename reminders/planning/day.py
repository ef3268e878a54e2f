"""One local date of one person: what was, what forbids a moment, and how a slot becomes a candidate."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.facts import Facts
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.domain.schedule import BeforeTraining, Every
from reminders.planning import pace
from reminders.planning.attendance import Attendance
from reminders.planning.candidate import Candidate, Group, rank_of
from reminders.planning.guards import Ban, Surroundings
from reminders.planning.record import Ask, DayRecord
from reminders.planning.recurrence import Slot, day_span
from reminders.planning.set_back import SetBacks
from reminders.planning.stillness import break_words
from reminders.planning.wall_time import DAY, MINUTE

_SECOND = timedelta(seconds=1)
_ALWAYS = -(1 << 62)


class Day:
    """What planning knows about one local date; grows with every ask that is sent."""

    def __init__(
        self, person: Person, zone: ZoneInfo, day: date, facts: Facts, assumed_from: int | None, since: int | None
    ) -> None:
        """Take the day's facts; see ``agenda`` for the two instants (seconds)."""
        self.person, self.zone, self.date = person, zone, day
        self.span = day_span(zone, day)
        self.calendar = facts.calendar
        self.around = Surroundings(person, zone, day, facts.pauses, facts.calendar)
        self.record = DayRecord(facts, self.span)
        self.assumed_from = _ALWAYS if assumed_from is None else assumed_from
        self.since = _ALWAYS if since is None else since
        self.attendance = Attendance(facts.context, self.assumed_from)
        self.set_backs = SetBacks(zone, facts.set_back)
        self.gap = int(person.limits.gap.total_seconds())
        self.merge = int(person.limits.merge.total_seconds())
        self._amounts: dict[tuple[str, int, int, int], int | None] = {}
        self.ranks = {habit.id: rank_of(habit, index) for index, habit in enumerate(person.habits)}

    def is_open(self, habit: Habit, slot: Slot) -> bool:
        """Tell whether the slot is still to be decided."""
        if self.record.has(habit.id, slot.key):
            return False
        return slot.due > self.since or self.record.is_waiting(habit.id, slot.key)

    def go_on(self, habit: Habit, slots: list[Slot], step: int) -> list[Slot]:
        """Return where the slots of an interval lie, should the clock have been set back."""

        def is_known(key: str) -> bool:
            return self.record.has(habit.id, key) or self.record.is_waiting(habit.id, key)

        return self.set_backs.go_on(slots, step, self.span, is_known)

    def candidate(self, habit: Habit, slot: Slot, following: int) -> Candidate:
        """Return the slot with the bounds of its sending and of its ask; ``following`` is the habit's next slot."""
        due = slot.due
        own = habit.expire_after or habit.life_limit
        expires = min(following, due + DAY if own is None else due + int(own / _SECOND))
        if isinstance(habit.schedule, BeforeTraining):
            expires = min(expires, slot.closes)
        expires = max(expires, due + MINUTE)
        silence = self.around.silence_after(due)
        if silence > due:
            expires = min(expires, silence)
        opens, closes = max(slot.opens, self.span.opens), min(slot.closes, self.span.closes)
        found = Candidate(habit, slot.key, due, opens, closes, expires, self.ranks[habit.id])
        if self.record.is_waiting(habit.id, slot.key):
            found.not_before = self.assumed_from
        return found

    def ban(self, candidate: Candidate, at: int) -> Ban | None:
        """Return why the candidate must not leave at ``at``, or None."""
        return self.ban_on(candidate.habit, candidate.key, candidate.due, at)

    def ban_on(self, habit: Habit, key: str, due: int, at: int) -> Ban | None:
        """Return why the slot's ask must not leave at ``at``, or None."""
        ban = self.around.forbids(habit, at)
        if ban is not None:
            return ban
        if self.record.is_credited(habit, due, key):
            return Reason.ALREADY_DONE, None
        taken = self.record.break_since(habit, due) if self.record.is_waiting(habit.id, key) else None
        if taken is not None:
            return Reason.AWAY, break_words(taken, self.zone)
        if isinstance(habit.schedule, Every) and self.record.is_too_soon(habit, at):
            return Reason.SUPERSEDED, None
        if habit.goal_ml is not None and self.amount_ml(habit, at) is None:
            return Reason.ON_PACE, None
        return None

    def may_leave(self, candidate: Candidate, at: int) -> bool:
        """Tell whether the candidate could be sent at ``at``."""
        if not candidate.fits(at) or self.around.free_from(candidate.habit, at) != at:
            return False
        return self.ban(candidate, at) is None and self.holds(candidate, at) is None

    def holds(self, candidate: Candidate, at: int) -> Reason | None:
        """Return why an ask that may leave would reach nobody; None = it would, or nobody can tell.

        Only the present is known. What was to leave before it and did not is the business of catching up.
        """
        is_waiting = self.record.is_waiting(candidate.habit.id, candidate.key)
        is_now = at <= self.assumed_from and (is_waiting or at >= self.assumed_from - MINUTE)
        return self.attendance.forbids(candidate.habit) if is_now else None

    def amount_ml(self, habit: Habit, at: int) -> int | None:
        """Return how much a habit with a goal asks for; None without a goal, or on pace."""
        record = self.record
        span = self.around.awake_span(at)
        if habit.goal_ml is None or span is None:
            return None
        known = (habit.id, at, len(record.drunk), len(record.offered))
        if known not in self._amounts:
            self._amounts[known] = pace.ask_ml(habit.goal_ml, span, at, record.drunk, record.offered)
        return self._amounts[known]

    def send(self, group: Group) -> None:
        """Let the group leave: its asks count from now on, as answered when they still lie ahead."""
        answered = group.at >= self.assumed_from
        leader = group.members[0]
        name = f"{self.person.id}/{leader.habit.id}/{leader.key}"
        for member in group.members:
            member.nudge = name
            if member.habit.goal_ml is not None:
                member.amount_ml = self.amount_ml(member.habit, group.at)
            self.record.note_ask(Ask(member.habit.id, member.due, group.at, member.amount_ml, answered))
