"""Why something was not sent, or moved, in plain words."""

from __future__ import annotations

from reminders.catalogue.phrases import phrase, say
from reminders.domain.occurrence import Reason

REASON_WORDS = {
    Reason.QUIET: phrase("quiet time"),
    Reason.OUTSIDE_HOURS: phrase("outside its hours"),
    Reason.HOLIDAY: phrase("holiday"),
    Reason.PAUSED: phrase("paused"),
    Reason.AWAY: phrase("away"),
    Reason.BUSY: phrase("busy"),
    Reason.ALREADY_DONE: phrase("done already"),
    Reason.ON_PACE: phrase("on pace"),
    Reason.GAP: phrase("too close to another nudge"),
    Reason.DAILY_LIMIT: phrase("daily limit"),
    Reason.SUPERSEDED: phrase("another took its place"),
    Reason.UNSAFE: phrase("not known to be safe"),
    Reason.OFF: phrase("switched off"),
    Reason.EXPIRED_DOWN: phrase("the service was not awake or the clock was set"),
    Reason.EXPIRED_OFFLINE: phrase("no connection until it was over"),
    Reason.NO_CHANNEL: phrase("no channel"),
    Reason.DISK_FULL: phrase("disk full"),
}


def words_for(reason: Reason | str) -> str:
    """Return the plain words for a reason, or for its name."""
    return say(REASON_WORDS[Reason(reason)])
