"""A habit of one person: what is asked, when, and what happens to an ask nobody answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from reminders.domain.schedule import Schedule, Within

EVERY_DAY = frozenset(range(7))


class CatchUp(StrEnum):
    """What becomes of a slot that fell due while nobody could act."""

    SKIP = "skip"  # never made up
    LATEST = "latest"  # the newest unexpired slot is sent once
    NONE_AFTER_EVENT = "none_after_event"  # as latest, but never after the event it prepares for


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """Ask again when no answer came: ``after`` each message, at most ``times``, on the channels ``to``.

    ``to`` empty = where the first message went.
    """

    after: timedelta
    to: tuple[str, ...] = ()
    times: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """One habit of one person, with every default filled in.

    ``days`` are weekdays, Monday is 0. ``first_date`` and ``last_date`` are inclusive local dates; None = no bound.
    ``expire_after`` None = the default of planning. ``life_limit`` is the built-in's own bound on an ask's life,
    such as 90 minutes for a meal; None = no bound of its own.
    ``resend_unknown`` says whether an ambiguous delivery may be repeated once.
    ``say`` is a person's own text; None = texts from the catalogue, which exist for built-in habits only.
    ``goal_ml`` is the day's drinks goal in millilitres, for hydration only; None = no goal (ask without an amount).
    ``quiet_before_sleep`` keeps a habit out of the last stretch of the awake window; zero for most.
    ``break_length`` is how long a real break must last to do what this habit asks for; None = it is no break.
    ``follow_up`` None = an unanswered ask is left alone.
    ``unsafe`` is None, or why this habit must not be asked of this person, with what to do, in English for the record.
    """

    id: str
    schedule: Schedule
    built_in: bool
    within: Within = field(default_factory=Within)
    days: frozenset[int] = EVERY_DAY
    first_date: date | None = None
    last_date: date | None = None
    send_to: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()
    snooze: timedelta = timedelta(minutes=15)
    expire_after: timedelta | None = None
    life_limit: timedelta | None = None
    catch_up: CatchUp = CatchUp.LATEST
    resend_unknown: bool = False
    follow_up: FollowUp | None = None
    say: str | None = None
    goal_ml: int | None = None
    quiet_before_sleep: timedelta = timedelta(0)
    break_length: timedelta | None = None
    unsafe: str | None = None
