"""What one turn decided about one person, to be recorded as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reminders.domain.decision import Decision
from reminders.domain.nudge import Nudge


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnRecord:
    """The decisions of one turn and the nudges they lead to; recorded in one transaction or not at all.

    Every ``Send`` names one of ``nudges``, and that nudge has an ask for the occurrence. ``planned_until`` is the
    instant up to which every due slot of the person is decided now. ``follow_ups`` are nudges of that kind, with asks
    for occurrences on record that wait for an answer.
    """

    person: str
    decided_at: datetime
    planned_until: datetime
    decisions: tuple[Decision, ...] = ()
    nudges: tuple[Nudge, ...] = ()
    follow_ups: tuple[Nudge, ...] = ()
