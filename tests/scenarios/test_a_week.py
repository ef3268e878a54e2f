"""Holds: a week for Alex is summed up once, on Sunday evening, in plain lines, whatever the daemon went through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from reminders.domain.delivery import Message
from reminders.domain.household import Household
from reminders.domain.nudge import NudgeKind
from reminders.domain.person import Digest
from reminders.domain.schedule import LocalRange
from tests.scenarios.virtual_home import BERLIN, Home, live

BEAT = timedelta(minutes=10)
MONDAY = datetime(2026, 11, 16, 6, 0, tzinfo=BERLIN)
SUNDAY = datetime(2026, 11, 22, tzinfo=BERLIN)

WEEK_OF_ALEX = """\
Water: 41 of 41 done
Short break: 35 of 40 done
Warm-up: 2 of 2 done
Cool-down: 2 of 2 done
Calcium idea: 4 of 7 done
Potassium idea: 7 of 7 done
Most got done between 11:00 and 12:00: 12 of 12.
Short break between 14:00 and 15:00 was left open 5 of 5 times. Around 10:00 more got done."""


def summed_up(household: Household) -> Household:
    """Return the household with the week summed up on Sunday at six in the evening."""
    people = tuple(replace(who, digest=Digest(weekday=6, at=time(18))) for who in household.people)
    return replace(household, people=people)


def alex_answers(home: Home) -> Callable[[Message], None]:
    """Alex says Done after four minutes; not at two in the afternoon, and skips the meal idea at the weekend."""

    def heard(message: Message) -> None:
        nudge = home.journal.nudge(message.nudge_id)
        local = home.clock.now().astimezone(BERLIN)
        habits = {ask.habit for ask in nudge.asks}
        if nudge.kind is NudgeKind.SERVICE or (local.hour == 14 and "movement" in habits):
            return
        verb = "skip" if "calcium_meal" in habits and local.weekday() >= 4 else "done"
        asyncio.get_running_loop().call_later(240, home.service.heard, nudge.id, verb, "desktop")

    return heard


def digests(home: Home) -> list[tuple[str, Message]]:
    """Return when each summing up arrived, in Berlin's time, and what it said."""
    arrived = [(at, message) for at, message in home.phone.arrived if message.nudge_id.startswith("digest/")]
    return [(f"{at.astimezone(BERLIN):%Y-%m-%d %H:%M}", message) for at, message in arrived]


def when(home: Home) -> list[str]:
    """Return when each summing up arrived."""
    return [at for at, _ in digests(home)]


@pytest.fixture
def lives(tmp_path: Path, shipped: Household) -> Callable[..., Home]:
    """Return what runs a daemon on one and the same journal from a moment of Berlin's on, for some hours."""

    def run(start: datetime, hours: float, who: Household | None = None, pause_hours: float = 0) -> Home:
        async def scenario(home: Home) -> None:
            if pause_hours:
                now = home.clock.now()
                home.journal.pause("me", None, now, now + timedelta(hours=pause_hours), "me", "guests")
            await home.passes(hours=hours)

        return live(tmp_path, who or summed_up(shipped), start.astimezone(UTC), scenario, beat=BEAT)

    return run


def test_a_week_for_alex(tmp_path: Path, shipped: Household) -> None:
    async def scenario(home: Home) -> None:
        home.phone.heard = alex_answers(home)
        await home.passes(days=7)

    home = live(tmp_path, summed_up(shipped), MONDAY.astimezone(UTC), scenario, beat=BEAT)
    ((at, digest),) = digests(home)
    assert (at, digest.title, digest.buttons) == ("2026-11-22 18:00", "Your week", ())
    assert digest.text == WEEK_OF_ALEX


def test_it_counts_nowhere_and_leaves_the_day_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, shipped: Household
) -> None:
    plain = replace(shipped, people=tuple(replace(who, digest=None) for who in shipped.people))

    async def scenario(home: Home) -> None:
        await home.passes(hours=30)

    with_it, without = (
        live(tmp_path_factory.mktemp("day"), who, SUNDAY.replace(hour=7).astimezone(UTC), scenario, beat=BEAT)
        for who in (summed_up(shipped), plain)
    )
    assert len(with_it.arrivals()) == len(without.arrivals()) + 1
    assert [line for line in with_it.arrivals() if "Your week" not in line] == without.arrivals()


def test_a_restart_on_the_day_does_not_send_it_again(lives: Callable[..., Home]) -> None:
    assert when(lives(SUNDAY.replace(hour=7), 11.1)) == ["2026-11-22 18:00"]
    assert when(lives(SUNDAY.replace(hour=18, minute=20), 20)) == []


def test_a_stop_before_it_sends_it_at_the_next_start_once(lives: Callable[..., Home]) -> None:
    assert when(lives(SUNDAY.replace(hour=7), 10)) == []
    assert when(lives(SUNDAY.replace(hour=21, minute=15), 0.5)) == ["2026-11-22 21:15"]
    assert when(lives(SUNDAY.replace(hour=21, minute=50), 20)) == []


def test_it_lets_a_nudge_of_the_same_moment_go_first(lives: Callable[..., Home]) -> None:
    assert when(lives(SUNDAY.replace(hour=7), 10)) == []
    late = lives(SUNDAY.replace(hour=20, minute=15), 1)
    assert late.arrivals() == ["20:15 Water", "20:25 Your week"]


def test_after_downtime_it_comes_the_next_day_if_less_than_a_day_is_gone(lives: Callable[..., Home]) -> None:
    assert when(lives(SUNDAY.replace(hour=7), 10)) == []
    assert when(lives(SUNDAY + timedelta(days=1, hours=17, minutes=40), 5)) == ["2026-11-23 17:50"]


def test_after_a_day_of_downtime_it_is_dropped_until_the_next_week(lives: Callable[..., Home]) -> None:
    assert when(lives(SUNDAY.replace(hour=7), 10)) == []
    assert when(lives(SUNDAY + timedelta(days=1, hours=18, minutes=1), 24 * 6)) == ["2026-11-29 18:00"]


def test_a_pause_holds_it_back_until_its_end(lives: Callable[..., Home]) -> None:
    assert when(lives(SUNDAY.replace(hour=7), 10)) == []
    assert when(lives(SUNDAY.replace(hour=17, minute=30), 5, pause_hours=2)) == ["2026-11-22 19:30"]


def test_a_week_in_which_nothing_was_asked_is_not_summed_up(lives: Callable[..., Home]) -> None:
    home = lives(SUNDAY.replace(hour=17, minute=30), 1)
    assert when(home) == []


@pytest.mark.parametrize(
    ("sunday", "arrives", "utc"),
    [
        (datetime(2026, 3, 29, tzinfo=BERLIN), "2026-03-29 03:00", "01:00"),
        (datetime(2026, 10, 25, tzinfo=BERLIN), "2026-10-25 02:30", "00:30"),
    ],
    ids=["skipped", "repeated"],
)
def test_on_the_night_the_clocks_change_it_comes_once(
    lives: Callable[..., Home], shipped: Household, sunday: datetime, arrives: str, utc: str
) -> None:
    always = LocalRange(start_minute=0, end_minute=1440)
    people = tuple(replace(who, awake=always, digest=Digest(weekday=6, at=time(2, 30))) for who in shipped.people)
    home = lives(sunday - timedelta(hours=16), 24, replace(shipped, people=people))
    assert when(home) == [arrives]
    (arrived,) = [at for at, message in home.phone.arrived if message.nudge_id.startswith("digest/")]
    assert f"{arrived:%H:%M}" == utc
