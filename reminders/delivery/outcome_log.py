"""What the log says of an attempt that has ended."""

from __future__ import annotations

import logging
from datetime import datetime

from reminders.domain.delivery import Delivery, SendOutcome, SendResult
from reminders.domain.nudge import Nudge

LEVELS = {SendOutcome.ACCEPTED: logging.INFO}
EVENTS = {
    SendOutcome.ACCEPTED: "nudge.sent",
    SendOutcome.REJECTED: "delivery.rejected",
    SendOutcome.FAILED: "delivery.failed",
    SendOutcome.UNKNOWN: "delivery.left_unknown",
}
logger = logging.getLogger("reminders.delivery")


def who(nudge: Nudge) -> dict[str, object]:
    """Return the fields that name a nudge."""
    return {"person": nudge.person, "nudge": nudge.id, "habits": [ask.habit for ask in nudge.asks]}


def say_outcome(
    nudge: Nudge, delivery: Delivery, result: SendResult, now: datetime, next_attempt_at: datetime | None
) -> None:
    """Log how the attempt that ``delivery`` counts ended; ``next_attempt_at`` None = there is no further one."""
    fields = {
        **who(nudge),
        "channel": delivery.channel,
        "attempt": delivery.attempt,
        "late_seconds": round((now - nudge.created_at).total_seconds(), 1),
    }
    if result.detail:
        fields["detail"] = result.detail
    if next_attempt_at is not None:
        fields["next_attempt_seconds"] = round((next_attempt_at - now).total_seconds(), 1)
    logger.log(LEVELS.get(result.outcome, logging.WARNING), EVENTS[result.outcome], extra={"fields": fields})
