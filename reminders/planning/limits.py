"""Not too close and not too many: the gap between nudges and their number a day."""

from __future__ import annotations

from collections.abc import Iterable

from reminders.domain.occurrence import Reason
from reminders.planning.candidate import Group


def first_free_moment(at: int, taken: Iterable[int], gap_seconds: int) -> int:
    """Return the first instant from ``at`` on that keeps the gap to every taken one; all in seconds."""
    for other in sorted(taken):
        if abs(other - at) < gap_seconds:
            at = other + gap_seconds
    return at


def drop_surplus(groups: list[Group], nudges_left: int) -> list[Group]:
    """Return the fixed-time groups that today's limit leaves room for; the latest are suppressed(daily_limit)."""
    kept = max(nudges_left, 0)
    for group in groups[kept:]:
        for member in group.members:
            member.suppress(Reason.DAILY_LIMIT, at=group.at)
    return groups[:kept]
