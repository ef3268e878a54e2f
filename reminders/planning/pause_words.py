"""What people read of a pause."""

from __future__ import annotations

from reminders.catalogue.phrases import phrase, say

FLARE_REASON = phrase("a bad day")  # put down as the reason of a pause that was given none, on such a day


def pause_reason(reason: str) -> str:
    """Return the reason of a pause as the person gave it; the one put down for them is told in their language."""
    return say(FLARE_REASON) if reason == FLARE_REASON else reason
