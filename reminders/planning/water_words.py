"""How much was drunk, in words, and when it is plenty."""

from __future__ import annotations

from reminders.catalogue.phrases import phrase, say
from reminders.domain.person import Person
from reminders.planning.pace import PLENTY_IN_AN_HOUR_ML
from reminders.planning.wording_of_numbers import decimal

HYDRATION = "hydration"
PLENTY = phrase("that is plenty for now; there is no need to drink more for a while")
# EFSA, Scientific Opinion on Dietary Reference Values for water, 2010: 95th percentile of total water intake of adults.
# Few healthy people get this much even with what is in their food.
_HIGH_DAY_ML = 3100
_HIGH_DAY_MEN_ML = 4000
_STEP_ML = 100


def drunk_words(drunk_ml: int, goal_ml: int | None) -> str:
    """Return ``1.1 of 1.6 L today``, or without a goal ``1.1 L today``."""
    if goal_ml is None:
        return say("{litres} L today", litres=litres(drunk_ml))
    return say("{litres} of {goal} L today", litres=litres(drunk_ml), goal=litres(goal_ml))


def litres(millilitres: int) -> str:
    """Return litres with as many places as are needed: ``1.1``, ``1.25``."""
    return decimal(millilitres / 1000, 1 if millilitres % _STEP_ML == 0 else 2)


def is_plenty(person: Person, in_an_hour_ml: int, today_ml: int) -> bool:
    """Tell whether more went down than anybody should be encouraged in: a litre an hour, or a very high day."""
    high_day_ml = _HIGH_DAY_MEN_ML if person.profile.sex == "male" else _HIGH_DAY_ML
    return in_an_hour_ml > PLENTY_IN_AN_HOUR_ML or today_ml > high_day_ml
