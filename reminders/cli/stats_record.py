"""What ``stats`` found out about one person, before it is shown or printed as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from reminders.domain.person import Person
from reminders.planning.adherence import Summary
from reminders.planning.suggestion import Suggestion

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """One week from Monday on, the last one as far as it has come."""

    monday: date
    asked: int
    done: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StatsRecord:
    """One person's last days in numbers.

    ``weeks`` is empty unless asked for. ``shows_water`` is False where it is nobody else's business, or there is none;
    ``goal_ml`` None = no goal. ``suggestion`` None = nothing worth saying.
    """

    person: Person
    zone: ZoneInfo
    summary: Summary
    weeks: tuple[Week, ...]
    shows_water: bool
    goal_ml: int | None
    suggestion: Suggestion | None
