"""What planning says about one occurrence: Send, Defer or Suppress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reminders.domain.occurrence import MISSED_REASONS, OccurrenceState, Reason, occurrence_id


@dataclass(frozen=True, slots=True)
class Send:
    """Send at ``at``, in the nudge named ``nudge_id``; ``reason`` says why the moment moved, None = it did not."""

    at: datetime
    nudge_id: str
    reason: Reason | None = None
    amount_ml: int | None = None


@dataclass(frozen=True, slots=True)
class Defer:
    """Decide again at ``until``."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Suppress:
    """Do not send; ``detail`` says more for the person, None = the reason says it all.

    ``at`` is when this is settled, where that is not the slot's own time: when the nudge it gave way to leaves.
    """

    reason: Reason
    detail: str | None = None
    at: datetime | None = None

    @property
    def state(self) -> OccurrenceState:
        """The terminal state this leads to: missed when we failed, suppressed when we chose."""
        return OccurrenceState.MISSED if self.reason in MISSED_REASONS else OccurrenceState.SUPPRESSED


Verdict = Send | Defer | Suppress


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict about one occurrence; ``due_at`` is the slot's instant and ``expires_at`` the end of its ask."""

    person: str
    habit: str
    slot_key: str
    due_at: datetime
    expires_at: datetime
    verdict: Verdict

    @property
    def occurrence_id(self) -> str:
        """The stable name of the occurrence decided on."""
        return occurrence_id(self.person, self.habit, self.slot_key)
