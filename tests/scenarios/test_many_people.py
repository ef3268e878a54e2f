"""A house of many: a turn serves a few people at a time, everybody in the end, and answers are heard in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from reminders.daemon.round import PEOPLE_AT_ONCE
from reminders.domain.habit import Habit
from reminders.domain.household import Household
from reminders.domain.schedule import At
from tests.scenarios.virtual_home import BERLIN, Home, live

TUESDAY = datetime(2025, 3, 4, 6, 0, tzinfo=BERLIN)
MANY = 2 * PEOPLE_AT_ONCE + 1


def house(shipped: Household, count: int) -> Household:
    pill = Habit(
        id="pill", schedule=At(times=(time(8), time(12))), built_in=False, say="Take your pill.", send_to=("desktop",)
    )
    plain = replace(shipped.people[0], training=(), habits=(pill,))
    return replace(shipped, people=tuple(replace(plain, id=f"p{number:03}", name="P") for number in range(count)))


def test_everybody_is_served_at_the_same_moment(shipped: Household, tmp_path: Path) -> None:
    async def day(home: Home) -> None:
        await home.until(12, 0, 5)
        assert home.arrivals() == ["08:00 Pill"] * MANY + ["12:00 Pill"] * MANY
        assert len({nudge.person for nudge in home.nudges()}) == MANY
        assert home.service.degraded is None

    live(tmp_path, house(shipped, MANY), TUESDAY, day)


def test_the_loop_is_free_between_a_few_people_and_the_next(shipped: Household, tmp_path: Path) -> None:
    async def day(home: Home) -> None:
        await home.passes(minutes=1)
        taken: list[int] = []
        record = home.journal.record
        home.journal.record = lambda turn: (taken.append(1), record(turn))[1]  # type: ignore[method-assign]
        home.service.look_soon()
        seen = []
        while len(taken) < MANY:
            await home.passes(seconds=0)
            seen.append(len(taken))
        assert max(after - before for before, after in zip([0, *seen], seen, strict=False)) <= PEOPLE_AT_ONCE

    live(tmp_path, house(shipped, MANY), TUESDAY, day)


def test_pokes_without_end_keep_nobody_out_of_turn(shipped: Household, tmp_path: Path) -> None:
    async def day(home: Home) -> None:
        await home.until(7, 59, 59)
        for _ in range(60):
            home.service.look_soon()
            await home.passes(seconds=0.05)
        assert len(home.phone.arrived) == MANY

    live(tmp_path, house(shipped, MANY), TUESDAY, day)
