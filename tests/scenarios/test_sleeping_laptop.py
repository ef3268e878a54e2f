"""A laptop that sleeps through a week: what its person finds on waking it up, and what is on record."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.scenarios.virtual_home import BERLIN, Home, live

MONDAY_EVENING = datetime(2025, 3, 24, 19, 0, tzinfo=BERLIN)  # the clocks go forward on the Sunday in between
WAKING_UP = datetime(2025, 3, 31, 10, 20, tzinfo=BERLIN)


def test_the_laptop_sleeps_through_a_week_and_wakes_to_two_calm_nudges_not_forty(
    shipped: Household, tmp_path: Path
) -> None:
    async def week(home: Home) -> None:
        await home.passes(minutes=30)
        before = len(home.phone.arrived)
        home.clock.suspend(WAKING_UP - home.clock.now())
        await home.passes(minutes=5)
        assert 1 <= len(home.phone.arrived) - before <= 2
        assert all(line[:5] == "10:20" for line in home.arrivals(WAKING_UP))
        *_, last = home.nudges()
        slept = [row for row in home.history() if MONDAY_EVENING < row.due_at < WAKING_UP]
        ends = Counter((row.state, row.reason) for row in slept)
        unsent = sum(number for (state, _), number in ends.items() if state is not OccurrenceState.SENT)
        missed = ends[OccurrenceState.MISSED, Reason.EXPIRED_DOWN]
        assert missed >= 40
        assert unsent >= 80
        assert last.text.splitlines()[-1].startswith(f"({missed} earlier nudges were missed")
        assert Counter(row.habit for row in slept)["calcium_meal"] == 7
        assert Counter(row.habit for row in slept)["warm_up"] == 2
        assert all(row.state.is_terminal or row.state is OccurrenceState.SENT for row in slept)
        await home.until(22, 30)
        today = home.arrivals(WAKING_UP + timedelta(minutes=5))
        assert len(today) <= shipped.people[0].limits.per_day - 1
        assert len(today) >= 5

    live(tmp_path, shipped, MONDAY_EVENING, week)
