"""Rules of the breaker: five definite failures in a row, ten minutes, one probe."""

from __future__ import annotations

from reminders.delivery.breaker import FAILURES_TO_OPEN, OPEN_SECONDS, Breaker, BreakerState
from reminders.domain.delivery import SendOutcome

FAILED, REJECTED = SendOutcome.FAILED, SendOutcome.REJECTED
ACCEPTED, UNKNOWN = SendOutcome.ACCEPTED, SendOutcome.UNKNOWN


def after(*outcomes: SendOutcome, seconds: float = 0.0) -> Breaker:
    breaker = Breaker()
    for outcome in outcomes:
        breaker.record(outcome, seconds)
    return breaker


def test_four_failures_leave_it_closed_and_the_fifth_opens_it_once() -> None:
    breaker = after(*[FAILED] * (FAILURES_TO_OPEN - 1))
    assert breaker.state(0.0) is BreakerState.CLOSED
    assert breaker.record(REJECTED, 0.0)
    assert breaker.state(0.0) is BreakerState.OPEN
    assert not breaker.record(FAILED, OPEN_SECONDS)


def test_accepted_nudge_ends_the_row() -> None:
    assert after(*[FAILED] * 4, ACCEPTED, *[FAILED] * 4).state(0.0) is BreakerState.CLOSED


def test_ambiguous_outcome_neither_counts_nor_ends_the_row() -> None:
    assert after(*[FAILED] * 4, *[UNKNOWN] * 9).state(0.0) is BreakerState.CLOSED
    assert after(*[FAILED] * 4, UNKNOWN, FAILED).state(0.0) is BreakerState.OPEN


def test_after_ten_minutes_one_probe_is_due() -> None:
    breaker = after(*[FAILED] * 5, seconds=100.0)
    assert breaker.seconds_to_probe(100.0) == OPEN_SECONDS
    assert breaker.state(100.0 + OPEN_SECONDS - 1) is BreakerState.OPEN
    assert breaker.state(100.0 + OPEN_SECONDS) is BreakerState.HALF_OPEN


def test_accepted_probe_closes_and_any_other_opens_for_another_ten_minutes() -> None:
    for outcome, state in [(ACCEPTED, BreakerState.CLOSED), (FAILED, BreakerState.OPEN), (UNKNOWN, BreakerState.OPEN)]:
        breaker = after(*[FAILED] * 5)
        breaker.record(outcome, OPEN_SECONDS)
        assert breaker.state(OPEN_SECONDS + 1) is state
