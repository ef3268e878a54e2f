"""Why something was not sent, or moved, in plain words."""

from __future__ import annotations

from reminders.domain.occurrence import Reason

REASON_WORDS = {
    Reason.QUIET: "quiet time",
    Reason.OUTSIDE_HOURS: "outside its hours",
    Reason.HOLIDAY: "holiday",
    Reason.PAUSED: "paused",
    Reason.AWAY: "away",
    Reason.BUSY: "busy",
    Reason.ALREADY_DONE: "done already",
    Reason.ON_PACE: "on pace",
    Reason.GAP: "too close to another nudge",
    Reason.DAILY_LIMIT: "daily limit",
    Reason.SUPERSEDED: "another took its place",
    Reason.UNSAFE: "not known to be safe",
    Reason.OFF: "switched off",
    Reason.EXPIRED_DOWN: "the service was not awake",
    Reason.EXPIRED_OFFLINE: "no connection until it was over",
    Reason.NO_CHANNEL: "no channel",
    Reason.DISK_FULL: "disk full",
}


def words_for(reason: Reason | str) -> str:
    """Return the plain words for a reason, or for its name."""
    return REASON_WORDS[Reason(reason)]
