"""Ten thousand habits due at the same moment: a person is not buried, and neither is the daemon."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

import psutil
import pytest

from reminders.domain.habit import Habit
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState
from reminders.domain.person import Limits
from reminders.domain.schedule import At, Every, Schedule
from tests.scenarios.virtual_home import BERLIN, Home, live

HABITS = 10_000
MIB = 1024 * 1024
NINE = At(times=(wall_time(9, 0),))
EVERY_TWO_HOURS = Every(interval=timedelta(hours=2))  # nine o'clock as well: the day begins at seven


def crowd(household: Household, schedule: Schedule, limits: Limits) -> Household:
    """Give one person ten thousand habits of their own, all due at nine."""
    habits = tuple(
        Habit(id=f"habit_{number}", schedule=schedule, built_in=False, say=f"Do {number}", send_to=("desktop",))
        for number in range(HABITS)
    )
    return replace(household, people=(replace(household.people[0], habits=habits, training=(), limits=limits),))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("schedule", "limits"),
    [
        pytest.param(NINE, Limits(), id="fixed"),
        pytest.param(NINE, Limits(merge=timedelta(0), gap=timedelta(0)), id="fixed-each-alone"),
        pytest.param(EVERY_TWO_HOURS, Limits(), id="interval"),
    ],
)
def test_fault_65_ten_thousand_habits_at_nine_are_few_nudges_and_all_on_record(
    shipped: Household, tmp_path: Path, schedule: Schedule, limits: Limits
) -> None:
    household = crowd(shipped, schedule, limits)
    process = psutil.Process(os.getpid())
    resident, seconds = [], []

    async def morning(home: Home) -> None:
        await home.until(8, 59)
        gc.collect()
        resident.append(process.memory_info().rss)
        began = time.process_time()
        await home.until(9, 30)
        seconds.append(time.process_time() - began)
        gc.collect()
        resident.append(process.memory_info().rss)
        assert 1 <= len(home.phone.arrived) <= household.people[0].limits.per_day
        ends = Counter((row.state, row.reason) for row in home.history())
        assert sum(ends.values()) == HABITS
        assert sum(number for (state, _), number in ends.items() if state is OccurrenceState.SENT) <= 24
        print({f"{state}/{reason}": number for (state, reason), number in ends.items()})  # noqa: T201

    live(tmp_path, household, datetime(2025, 3, 4, 8, 50, tzinfo=BERLIN), morning)
    print(f"{seconds[0]:.1f} s of CPU, {(resident[1] - resident[0]) / MIB:+.1f} MiB")  # noqa: T201
    assert resident[1] - resident[0] < 200 * MIB
