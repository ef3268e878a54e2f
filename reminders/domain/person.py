"""A person: their hours, their health answers, their habits and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from reminders.domain.calendar import CalendarSpec
from reminders.domain.habit import Habit
from reminders.domain.schedule import LocalRange


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkHours:
    """Desk hours: ``ranges`` of wall time on ``days`` (weekdays, Monday is 0), but not on ``holidays`` (local dates).

    ``region`` is where they are holidays, such as "DE-BY", for people to read; None = nowhere in particular.
    """

    ranges: tuple[LocalRange, ...]
    days: frozenset[int]
    holidays: frozenset[date] = frozenset()
    region: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingSession:
    """A weekly training time; ``at`` is wall time, ``lasts`` elapsed time."""

    name: str
    days: frozenset[int]
    at: time
    lasts: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """When the week is summed up: ``weekday`` (Monday is 0) at the wall time ``at``."""

    weekday: int
    at: time


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """``per_day`` nudges a local date, at least ``gap`` apart; asks within ``merge`` of each other share a nudge."""

    per_day: int = 12
    gap: timedelta = timedelta(minutes=30)
    merge: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """Health answers; never shown to anyone but the person.

    ``conditions`` and ``medicines`` are codes of the catalogue. None = the question was not answered, which is not
    the same as the empty set ("none of them"). ``sex`` is "female", "male" or None; ``age_years`` None = adult.
    ``state`` is "none", "pregnant" or "lactating". ``avoid`` are avoid codes for moves.
    ``reference`` is the authority whose daily intakes count: "efsa", "us" or "uk".
    """

    diet: frozenset[str] = frozenset()
    allergies: frozenset[str] = frozenset()
    conditions: frozenset[str] | None = None
    medicines: frozenset[str] | None = None
    avoid: frozenset[str] = frozenset()
    sex: str | None = None
    age_years: int | None = None
    state: str = "none"
    reference: str = "efsa"


@dataclass(frozen=True, kw_only=True, slots=True)
class DailyIntake:
    """A person's own daily reference: drinks in ml, minerals in mg, and the authority they come from.

    Group values for healthy people, not personal medical targets. Source: the catalogue's intakes.
    """

    drinks_ml: int
    calcium_mg: int
    potassium_mg: int
    authority: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One person of the household; ``zone`` is an IANA name, None = follow the machine's zone.

    ``digest`` None = the week is not summed up. ``language`` is that of the texts, such as "en".
    ``off_habits`` names habits switched off in the file, so that a command can say so.
    """

    id: str
    name: str
    zone: str | None
    awake: LocalRange
    quiet: tuple[LocalRange, ...] = ()
    work: WorkHours
    profile: Profile = field(default_factory=Profile, repr=False)
    intake: DailyIntake
    habits: tuple[Habit, ...]
    off_habits: tuple[str, ...] = ()
    training: tuple[TrainingSession, ...] = ()
    calendars: tuple[CalendarSpec, ...] = ()
    limits: Limits = Limits()
    digest: Digest | None = None
    language: str = "en"

    def habit(self, habit_id: str) -> Habit | None:
        """Return the habit of that id; None when the person has none of that name switched on."""
        return next((habit for habit in self.habits if habit.id == habit_id), None)
