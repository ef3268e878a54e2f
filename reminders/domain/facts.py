"""What the journal knows about one person around a moment: the input of planning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reminders.domain.answer import Answer
from reminders.domain.occurrence import Occurrence
from reminders.domain.pause import Pause


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The record that planning builds on.

    ``occurrences`` are all recorded ones whose slot may touch the days planned; ``answers`` those not undone, Snooze
    included; ``pauses`` those not ended early. ``breaks`` are instants at which a real break ended.
    ``asked_at`` are the instants at which nudges of kind ask were decided; re-sends and service notices are not among
    them. ``planned_until`` is the instant up to which every due slot was decided; None = nothing was ever planned, so
    nothing before now can have been missed.
    """

    occurrences: tuple[Occurrence, ...] = ()
    answers: tuple[Answer, ...] = ()
    pauses: tuple[Pause, ...] = ()
    breaks: tuple[datetime, ...] = ()
    asked_at: tuple[datetime, ...] = ()
    planned_until: datetime | None = None
