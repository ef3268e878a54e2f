"""A slot on its way to a decision, and the group of them that leaves together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from math import log2

from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.domain.schedule import AfterTraining, At, BeforeTraining, Cron, Every, Times

ASKS_AT_MOST = 2
_ONE_HOUR = timedelta(hours=1)

Rank = tuple[int, int, int]


def rank_of(habit: Habit, position: int) -> Rank:
    """Order habits by how specific their schedule is, the most specific first; ``position`` breaks ties.

    A rarer interval is the more specific; intervals within about half an octave of each other count as alike, so that
    a break every 50 minutes does not give way to a look into the distance every 60.
    """
    match habit.schedule:
        case BeforeTraining() | AfterTraining():
            return (0, 0, position)
        case At() | Cron():
            return (1, 0, position)
        case Times(count=count):
            return (2, count, position)
        case Every(interval=interval):
            return (3, -round(log2(interval / _ONE_HOUR)), position)


@dataclass(slots=True, eq=False)
class Candidate:
    """One slot being placed; all instants in seconds.

    It may be sent from ``opens`` to before ``closes``; ``expires`` ends the ask itself. ``reason`` and ``detail``
    explain a suppression or a moved moment. ``settled_at`` is when a suppression is settled, None = at its due time.
    ``not_before`` is the present for one that waits already: its slot may be over, its sending is still to come.
    ``held`` is why it waits for somebody to be there, None = it does not.
    """

    habit: Habit
    key: str
    due: int
    opens: int
    closes: int
    expires: int
    rank: Rank
    send_at: int | None = None
    nudge: str | None = None
    amount_ml: int | None = None
    reason: Reason | None = None
    detail: str | None = None
    settled_at: int | None = None
    not_before: int = -(1 << 62)
    held: Reason | None = None

    def suppress(self, reason: Reason, detail: str | None = None, at: int | None = None) -> None:
        """Decide against sending; ``at`` is the moment that is settled."""
        self.send_at, self.amount_ml, self.reason, self.detail = None, None, reason, detail
        self.settled_at = None if at == self.due else at

    def hold(self, reason: Reason, at: int) -> None:
        """Wait from that moment on for somebody to be there, as long as there is time."""
        until = min(self.expires, self.closes)
        if until <= at:
            self.suppress(reason, at=at)
        else:
            self.held, self.expires = reason, until

    def fits(self, at: int) -> bool:
        """Tell whether the ask may leave at that instant."""
        return self.opens <= at < self.closes and at < self.expires


@dataclass(slots=True, eq=False)
class Group:
    """Asks that leave together at ``at`` (seconds)."""

    at: int
    members: list[Candidate] = field(default_factory=list)

    @property
    def has_room(self) -> bool:
        """True while another ask may join."""
        return len(self.members) < ASKS_AT_MOST

    def asks_for(self, habit: Habit) -> bool:
        """Tell whether one of the asks is this habit's already."""
        return any(member.habit is habit for member in self.members)

    def take(self, candidate: Candidate, reason: Reason | None) -> None:
        """Let the candidate travel with this group; ``reason`` says why its moment moved, None = it did not."""
        candidate.send_at = self.at
        candidate.reason = reason if candidate.due != self.at else None
        self.members.append(candidate)
