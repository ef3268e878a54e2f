"""After a clock that was hours behind was set right: what fell due in the time it jumped over is never sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reminders.catalogue.phrases import phrase
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.facts import SetForward
from reminders.domain.occurrence import Reason

NEVER_LIVED = phrase("the clock was set forward over it")
_GIVES_WAY = (Reason.GAP, Reason.DAILY_LIMIT, Reason.SUPERSEDED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lived:
    """``decisions`` with those of the skipped time ended; ``skipped`` names these.

    ``put_off`` travelled with one of these: they are to be decided anew, at once.
    """

    decisions: list[Decision]
    skipped: frozenset[str] = frozenset()
    put_off: tuple[Decision, ...] = ()


def without_skipped(decisions: list[Decision], stretches: Sequence[SetForward], now: datetime) -> Lived:
    """End as missed what fell due in a time that nobody lived. A stretch that ends after ``now`` counts no more."""
    counting = [stretch for stretch in stretches if stretch.until <= now]
    skipped = frozenset(
        one.occurrence_id
        for one in decisions
        if _leans_on_a_nudge(one) and any(stretch.holds(one.due_at) for stretch in counting)
    )
    if not skipped:
        return Lived(decisions=decisions)
    ended = [
        replace(one, verdict=Suppress(Reason.EXPIRED_DOWN, NEVER_LIVED)) if one.occurrence_id in skipped else one
        for one in decisions
    ]
    put_off = tuple(one for one in ended if isinstance(one.verdict, Send) and one.verdict.nudge_id in skipped)
    return Lived(decisions=[one for one in ended if one not in put_off], skipped=skipped, put_off=put_off)


def _leans_on_a_nudge(decision: Decision) -> bool:
    """Tell whether it would be sent, or gives way to what would: neither happened."""
    return not isinstance(decision.verdict, Suppress) or decision.verdict.reason in _GIVES_WAY
