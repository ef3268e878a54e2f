"""When to try a delivery again after a definite failure. Pure; the caller brings the random number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

# The upper bounds of the waits after the first, second, ... failure; the last one repeats.
CEILINGS = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 240, 300))
SHORTEST_WAIT = timedelta(seconds=1)
# A call may take this long, so the last one worth making starts this long before the nudge expires.
LAST_CALL = timedelta(seconds=15)


def next_wait(
    attempt: int, retry_after: timedelta | None, jitter: float, ceilings: Sequence[timedelta] = CEILINGS
) -> timedelta:
    """Return the wait after failure number ``attempt`` (from 1): full jitter under a growing ceiling.

    ``jitter`` is uniform in 0 to 1. ``retry_after`` is the least wait the other side asked for; None = none.
    ``ceilings`` are the upper bounds of the first, second, ... wait; the last one repeats.
    Raises ValueError for an attempt below 1 or a jitter outside 0 to 1.
    """
    if attempt < 1 or not 0.0 <= jitter <= 1.0:
        raise ValueError(f"attempt {attempt} with jitter {jitter} has no wait")
    ceiling = ceilings[min(attempt, len(ceilings)) - 1]
    return max(ceiling * jitter, SHORTEST_WAIT, retry_after or SHORTEST_WAIT)


def next_attempt_at(
    now: datetime, expires_at: datetime, attempt: int, retry_after: timedelta | None, jitter: float
) -> datetime:
    """Return the instant of the next attempt, at most ``expires_at``; ``expires_at`` itself means no attempt is left.

    A wait that would run past the end is cut to the last call, so that a network that comes back just before the
    end is still used. A wait the other side asked for is never cut short.
    """
    planned = now + next_wait(attempt, retry_after, jitter)
    last_call = expires_at - LAST_CALL
    if planned <= last_call:
        return planned
    earliest = now + max(retry_after or SHORTEST_WAIT, SHORTEST_WAIT)
    return last_call if earliest <= last_call else expires_at
