"""Where a nudge goes next, decided from its deliveries alone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from reminders.domain.delivery import Delivery, DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Reason
from reminders.planning.answering import is_in_flight, why_missed
from reminders.planning.backoff import next_attempt_at

FAILING_BEFORE_FALLBACK = timedelta(seconds=60)
CLOCK_SLACK = timedelta(seconds=2)
TAKEN = frozenset({DeliveryState.ACCEPTED, DeliveryState.UNKNOWN})

IsBroken = Callable[[str], bool]


def after_attempt(
    nudge: Nudge, delivery: Delivery, result: SendResult, now: datetime, jitter: float
) -> tuple[DeliveryState, datetime | None]:
    """Return the state that the result leads to, and the instant of the next attempt (None = there is none).

    ``delivery`` counts the attempt that just ended.
    """
    if result.outcome is SendOutcome.FAILED:
        wait_until = next_attempt_at(now, nudge.expires_at, delivery.attempt, result.retry_after, jitter)
        return DeliveryState.RETRY_WAIT, wait_until
    return DeliveryState(result.outcome.value), None


def may_repeat(nudge: Nudge, delivery: Delivery, now: datetime) -> bool:
    """Tell whether an ambiguous delivery is put once more: where allowed, once, in the first half of its life."""
    half_time = nudge.created_at + (nudge.expires_at - nudge.created_at) / 2
    return nudge.resend_unknown and not delivery.resent and now <= half_time


def is_settled_by(nudge: Nudge, result: SendResult) -> bool:
    """Tell whether the one delivery that a nudge can have was accepted, so that nothing is left to decide."""
    return result.outcome is SendOutcome.ACCEPTED and len(nudge.send_to) == 1 and not nudge.fallback


def surplus(deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Return the open deliveries that nobody needs any more: ``send_to`` once a fallback took the nudge, or reverse."""
    takers = {delivery.position for delivery in deliveries if delivery.state in TAKEN}
    fallback_took, send_to_took = any(takers), 0 in takers
    return tuple(
        delivery
        for delivery in deliveries
        if not delivery.state.is_terminal
        and delivery.state is not DeliveryState.SENDING
        and (fallback_took or (send_to_took and delivery.position > 0))
    )


def is_taken(deliveries: Sequence[Delivery]) -> bool:
    """Tell whether some channel took the nudge, or may have."""
    return any(delivery.state in TAKEN for delivery in deliveries)


def gives_up_at(delivery: Delivery) -> datetime | None:
    """Return when a failing delivery has failed long enough to try elsewhere; None when it is not failing."""
    if delivery.first_failed_at is None or delivery.state.is_terminal:
        return None
    return delivery.first_failed_at + FAILING_BEFORE_FALLBACK


def next_fallback(
    nudge: Nudge, deliveries: Sequence[Delivery], now: datetime, is_broken: IsBroken
) -> tuple[str, int] | None:
    """Return the fallback channel to try now and its position; None when it is too early or none is left."""
    if is_taken(deliveries) or not all(_is_given_up(delivery, now, is_broken) for delivery in deliveries):
        return None
    used = {delivery.channel for delivery in deliveries}
    return next(((name, place) for place, name in enumerate(nudge.fallback, start=1) if name not in used), None)


def _is_given_up(delivery: Delivery, now: datetime, is_broken: IsBroken) -> bool:
    if delivery.state is DeliveryState.SENDING:
        return False
    if delivery.state is DeliveryState.REJECTED or is_broken(delivery.channel):
        return True
    until = gives_up_at(delivery)
    # A first failure in the future means that the clock was set back: how long ago it was is not known.
    return until is not None and (now >= until or until - FAILING_BEFORE_FALLBACK > now + CLOCK_SLACK)


def missed_reason(deliveries: Sequence[Delivery]) -> Reason | None:
    """Return why a nudge is missed whose time is over; None = it was taken, or an attempt is in flight."""
    return None if is_taken(deliveries) or is_in_flight(deliveries) else why_missed(deliveries)
