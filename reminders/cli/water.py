"""What was drunk today, in words. A day ends at midnight, or where a waking day that crosses midnight ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reminders.domain.person import Person
from reminders.domain.schedule import MINUTES_PER_DAY

if TYPE_CHECKING:
    from reminders.journal.sqlite_journal import SqliteJournal

HYDRATION = "hydration"
_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)  # what is said at this very moment counts as well
# EFSA, Scientific Opinion on Dietary Reference Values for water, 2010: 95th percentile of total water intake of adults.
# Few healthy people get this much even with what is in their food.
_HIGH_DAY_ML = 3100
_HIGH_DAY_MEN_ML = 4000
_STEP_ML = 100


def drunk_today_ml(journal: SqliteJournal, person: Person, zone: ZoneInfo, now: datetime) -> int:
    """Return what the person logged since their day began, in millilitres."""
    return journal.water_ml(person.id, _day_start(person, zone, now), now + _INSTANT)


def _day_start(person: Person, zone: ZoneInfo, now: datetime) -> datetime:
    from reminders.planning.wall_time import as_instant, as_seconds, local_date, resolve

    turn = max(person.awake.end_minute - MINUTES_PER_DAY, 0)
    day = local_date(zone, as_seconds(now - timedelta(minutes=turn)))
    return as_instant(resolve(zone, day, turn))


def drunk_words(drunk_ml: int, goal_ml: int | None) -> str:
    """Return ``1.1 of 1.6 L today``, or without a goal ``1.1 L today``."""
    of_goal = "" if goal_ml is None else f" of {_litres(goal_ml)}"
    return f"{_litres(drunk_ml)}{of_goal} L today"


def _litres(millilitres: int) -> str:
    return f"{millilitres / 1000:.1f}" if millilitres % _STEP_ML == 0 else f"{millilitres / 1000:.2f}"


def is_plenty(journal: SqliteJournal, person: Person, zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether more went down than anybody should be encouraged in: a litre an hour, or a very high day."""
    from reminders.planning.pace import PLENTY_IN_AN_HOUR_ML

    high_day_ml = _HIGH_DAY_MEN_ML if person.profile.sex == "male" else _HIGH_DAY_ML
    in_an_hour_ml = journal.water_ml(person.id, now - _HOUR, now + _INSTANT)
    return in_an_hour_ml > PLENTY_IN_AN_HOUR_ML or drunk_today_ml(journal, person, zone, now) > high_day_ml
