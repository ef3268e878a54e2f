"""Not too close: the gap between nudges. Their number a day is counted by the walk."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


def first_free_moment(at: int, taken: Sequence[int], gap_seconds: int) -> int:
    """Return the first instant from ``at`` on that keeps the gap to every one of ``taken``, sorted; all in seconds."""
    index = bisect_right(taken, at - gap_seconds)
    while index < len(taken) and taken[index] - at < gap_seconds:
        at = max(at, taken[index] + gap_seconds)
        index += 1
    return at
