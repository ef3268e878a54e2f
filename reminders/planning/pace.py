"""How much to ask for: a day's drinks spread evenly, never more than is sensible in an hour.

Amounts are millilitres, instants seconds since the epoch. Sources: facts of the catalogue's intakes (EFSA 2010 for the
goal; NIOSH 2017 and ACSM 2007 behind the hourly caps, which stay well below theirs).
"""

from __future__ import annotations

from collections.abc import Sequence

from reminders.planning.recurrence import Span
from reminders.planning.wall_time import HOUR

STEP_ML = 50
LEAST_ML = 150
MOST_ML = 250
HOURLY_CAP_ML = 500
PLENTY_IN_AN_HOUR_ML = 1000
_REST_AFTER_PLENTY = 2 * HOUR
_TAPER = 2 * HOUR

Drunk = Sequence[tuple[int, int]]


def target_ml(goal_ml: int, awake: Span, at: int) -> float:
    """Return what should have been drunk by ``at``: linear from waking to two hours before sleep."""
    rising = max(awake.closes - _TAPER - awake.opens, HOUR)
    return goal_ml * min(max((at - awake.opens) / rising, 0.0), 1.0)


def ask_ml(goal_ml: int, awake: Span, at: int, drunk: Drunk, offered: Drunk = ()) -> int | None:
    """Return the amount to ask for at ``at``, 150 to 250 ml in steps of 50; None when the person is on pace.

    ``drunk`` holds (instant, ml) of what was logged; only what lies in the awake span counts towards the goal.
    ``offered`` holds what was asked for and is not answered: it may have been drunk, so it counts in the hour.
    """
    total = this_hour = 0
    for when, ml in drunk:
        total += ml if awake.opens <= when <= at else 0
        this_hour += ml if at - HOUR < when <= at else 0
    shortfall = target_ml(goal_ml, awake, at) - total
    room = HOURLY_CAP_ML - this_hour - _in_the_hour_before(offered, at)
    amount = min(int(shortfall / STEP_ML + 0.5), room // STEP_ML, MOST_ML // STEP_ML) * STEP_ML
    return amount if amount >= LEAST_ML and not had_plenty(drunk, at) else None


def had_plenty(drunk: Drunk, at: int) -> bool:
    """Tell whether more than a litre went down within one hour of the last two: then water is not mentioned."""
    recent = [(when, ml) for when, ml in drunk if at - _REST_AFTER_PLENTY - HOUR < when <= at]
    if sum(ml for _, ml in recent) <= PLENTY_IN_AN_HOUR_ML:
        return False
    ends = [when for when, _ in recent if when > at - _REST_AFTER_PLENTY]
    return any(_in_the_hour_before(recent, end) > PLENTY_IN_AN_HOUR_ML for end in ends)


def _in_the_hour_before(drunk: Drunk, at: int) -> int:
    return sum(ml for when, ml in drunk if at - HOUR < when <= at)
