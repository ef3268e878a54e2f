"""When a channel that keeps failing is left alone. Pure: ``seconds`` come from a clock that never steps."""

from __future__ import annotations

from enum import StrEnum

from reminders.domain.delivery import SendOutcome

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 600.0


class BreakerState(StrEnum):
    """Closed = in use; open = left alone; half_open = the next nudge is the probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Opens after five definite failures in a row for ten minutes; then one probe decides."""

    def __init__(self) -> None:
        """Begin closed."""
        self.failures_in_a_row = 0
        self._opened_at: float | None = None

    def state(self, seconds: float) -> BreakerState:
        """Return the state at that moment."""
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self.seconds_to_probe(seconds) > 0 else BreakerState.HALF_OPEN

    def seconds_to_probe(self, seconds: float) -> float:
        """Return how long the channel must still be left alone; 0 = it may be called."""
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._opened_at + OPEN_SECONDS - seconds)

    def record(self, outcome: SendOutcome, seconds: float) -> bool:
        """Take note of an attempt; return True when it made the breaker open from closed.

        An ambiguous outcome neither counts nor ends the row, but it does not pass for a probe that worked.
        """
        if outcome is SendOutcome.ACCEPTED:
            self.failures_in_a_row, self._opened_at = 0, None
            return False
        if outcome is not SendOutcome.UNKNOWN:
            self.failures_in_a_row += 1
        was_closed = self._opened_at is None
        if not was_closed or self.failures_in_a_row >= FAILURES_TO_OPEN:
            self._opened_at = seconds
        return was_closed and self._opened_at is not None
