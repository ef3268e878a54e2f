"""Fixed-time asks that travel together: at most two in a nudge, the most specific."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from reminders.domain.occurrence import Reason
from reminders.planning.candidate import Candidate, Group

MayLeave = Callable[[Candidate, int], bool]


def merge_fixed(placed: Sequence[Candidate], merge_seconds: int, may_leave: MayLeave) -> list[Group]:
    """Put fixed-time candidates (each with its ``send_at``) into groups, in order of time.

    The most specific leads, the earliest among equals; another within ``merge_seconds`` of it travels along, and a
    further one is suppressed(gap). One that may not leave at the leader's moment keeps its own. A leader is chosen
    without a look at who has gone already, so what is left of a day groups as it did before.
    """
    groups: list[Group] = []
    waiting = deque(sorted(placed, key=lambda candidate: (candidate.rank[:2], _moment(candidate), candidate.rank)))
    while waiting:
        leader = waiting.popleft()
        group = Group(max(_moment(leader), leader.not_before))
        group.take(leader, leader.reason)
        if merge_seconds:
            waiting = deque(other for other in waiting if not _belongs(other, group, merge_seconds, may_leave))
        groups.append(group)
    groups.sort(key=lambda group: group.at)
    return groups


def _belongs(candidate: Candidate, group: Group, merge_seconds: int, may_leave: MayLeave) -> bool:
    """Settle a candidate near the group: it travels along, or gives way; False = it keeps its own place."""
    moment = _moment(candidate)
    if abs(moment - group.at) > merge_seconds or group.asks_for(candidate.habit):
        return False
    if moment != group.at and not may_leave(candidate, group.at):
        return False
    if group.has_room:
        group.take(candidate, candidate.reason or Reason.GAP)
    else:
        candidate.suppress(Reason.GAP, at=group.at)
    return True


def _moment(candidate: Candidate) -> int:
    return candidate.due if candidate.send_at is None else candidate.send_at
