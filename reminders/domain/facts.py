"""What the journal knows about one person around a moment: the input of planning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reminders.domain.answer import Answer
from reminders.domain.calendar import CalendarEvent
from reminders.domain.context import Context, RealBreak
from reminders.domain.occurrence import Occurrence
from reminders.domain.pause import Pause

# A larger step back is no adjustment of a clock that was about right: the time before it was wrong.
LARGEST_ADJUSTMENT = timedelta(hours=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class SetBack:
    """The wall clock was set back from ``until`` to ``at``, so that it shows the time between them twice.

    Raises ValueError when ``until`` is not after ``at``.
    """

    at: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a step forward."""
        if self.until <= self.at:
            raise ValueError(f"from {self.until} to {self.at} is no step back")

    @property
    def length(self) -> timedelta:
        """How far it was set back."""
        return self.until - self.at

    @property
    def is_correction(self) -> bool:
        """True when the time before was wrong, rather than adjusted."""
        return self.length > LARGEST_ADJUSTMENT


@dataclass(frozen=True, kw_only=True, slots=True)
class SetForward:
    """The wall clock, hours behind, was set right from ``since`` to ``until``: nobody lived the time between them.

    Raises ValueError when ``until`` is not after ``since``.
    """

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a step back."""
        if self.until <= self.since:
            raise ValueError(f"from {self.since} to {self.until} is no step forward")

    def holds(self, instant: datetime) -> bool:
        """Tell whether the instant lies in what was skipped."""
        return self.since < instant < self.until


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The record that planning builds on.

    ``occurrences`` are all recorded ones whose slot may touch the days planned, and older ones that lapsed and were
    followed by no answer to their habit; ``answers`` those not undone, Snooze included; ``pauses`` those not ended
    early. ``breaks`` are the real breaks taken.
    ``asked_at`` are the instants at which nudges of kind ask were decided; repeats and service notices are not among
    them. ``planned_until`` is the instant up to which every due slot was decided; None = nothing was ever planned, so
    nothing before now can have been missed. All instants are in the terms of the clock as it is now; ``set_back``
    tells, oldest first, when it was set back, and ``set_forward`` by how much it was corrected forward. ``calendar``
    holds the events of the person's calendars: all trainings known, busy times around the days planned.
    ``context`` is what is known of the person right now; None = nothing is.
    """

    occurrences: tuple[Occurrence, ...] = ()
    answers: tuple[Answer, ...] = ()
    pauses: tuple[Pause, ...] = ()
    breaks: tuple[RealBreak, ...] = ()
    asked_at: tuple[datetime, ...] = ()
    planned_until: datetime | None = None
    set_back: tuple[SetBack, ...] = ()
    set_forward: tuple[SetForward, ...] = ()
    calendar: tuple[CalendarEvent, ...] = ()
    context: Context | None = None
