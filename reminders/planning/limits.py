"""Not too close: the gap between nudges. Their number a day is counted by the walk."""

from __future__ import annotations

from collections.abc import Iterable


def first_free_moment(at: int, taken: Iterable[int], gap_seconds: int) -> int:
    """Return the first instant from ``at`` on that keeps the gap to every taken one; all in seconds."""
    for other in sorted(taken):
        if abs(other - at) < gap_seconds:
            at = other + gap_seconds
    return at
