"""Asks nobody answered, from the first message to the last: put again elsewhere, dropped at an answer, counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.domain.habit import FollowUp
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState
from reminders.domain.schedule import BeforeTraining
from tests.scenarios.virtual_home import BERLIN, Home, live

AFTERNOON = datetime(2025, 3, 4, 18, 0, tzinfo=BERLIN)  # a Tuesday: the gym is at 18:30
MORNING = AFTERNOON.replace(hour=9)
REJECTED = SendResult(outcome=SendOutcome.REJECTED, detail="no such topic")
Scenario = Callable[[Home], Awaitable[None]]


def shown(external_id: str) -> Callable[[Message], SendResult]:
    return lambda _: SendResult(outcome=SendOutcome.ACCEPTED, external_id=external_id)


def with_warm_up(shipped: Household, times: int = 1, **more: object) -> Household:
    """Warm up twenty minutes before the gym, on the desktop; eight minutes later, on the phone."""
    again = FollowUp(after=timedelta(minutes=8), to=("phone",), times=times)
    alex = shipped.people[0]
    (warm_up,) = (habit for habit in alex.habits if habit.id == "warm_up")
    lead = BeforeTraining(lead=timedelta(minutes=20))
    changed = replace(warm_up, schedule=lead, follow_up=again, **more)  # type: ignore[arg-type]
    return replace(shipped, people=(replace(alex, habits=(changed,)),))


def told(home: Home, channel: str = "phone") -> list[str]:
    """Return ``HH:MM title`` of what arrived on a channel."""
    phone = home.others.get(channel, home.phone)
    return [f"{at.astimezone(BERLIN):%H:%M} {message.title}" for at, message in phone.arrived]


def state(home: Home) -> OccurrenceState:
    (row,) = home.history("warm_up")
    return row.state


def evening(folder: Path, household: Household, scenario: Scenario, start: datetime = AFTERNOON) -> None:
    live(folder, household, start, scenario, also=("phone", "mail"))


@pytest.mark.parametrize("pressed_on", ["phone", "desktop"])
def test_an_unanswered_warm_up_on_the_desktop_is_followed_up_on_the_phone(
    shipped: Household, tmp_path: Path, pressed_on: str
) -> None:
    async def unanswered(home: Home) -> None:
        home.phone.result_of, home.others["phone"].result_of = shown("17"), shown("5")
        await home.until(18, 20)
        (_, first), (_, second) = *home.phone.arrived, *home.others["phone"].arrived
        assert told(home, "desktop") == ["18:10 Warm-up"]
        assert told(home) == ["18:18 Warm-up (still open)"]
        assert (second.text, second.buttons) == (first.text, first.buttons)
        assert second.nudge_id != first.nudge_id
        assert home.phone.taken_back == home.others["phone"].taken_back == []
        message = second if pressed_on == "phone" else first
        home.service.heard(message.nudge_id, "done", pressed_on)
        await home.until(18, 29)
        assert (len(home.phone.arrived), len(home.others["phone"].arrived)) == (1, 1)
        assert (home.phone.taken_back, home.others["phone"].taken_back) == (["17"], ["5"])
        (row,) = home.history("warm_up")
        assert (row.state, row.via, len(row.follow_ups)) == (OccurrenceState.DONE, pressed_on, 1)

    evening(tmp_path, with_warm_up(shipped, times=2), unanswered)


def test_it_is_never_put_again_once_the_training_begins(shipped: Household, tmp_path: Path) -> None:
    async def unanswered(home: Home) -> None:
        await home.until(20)
        assert told(home) == ["18:18 Warm-up (still open)", "18:26 Warm-up (still open)"]
        assert state(home) is OccurrenceState.LAPSED

    evening(tmp_path, with_warm_up(shipped, times=9), unanswered)


def test_an_answer_in_time_leaves_nothing_to_follow_up(shipped: Household, tmp_path: Path) -> None:
    async def answered(home: Home) -> None:
        await home.until(18, 12)
        home.service.heard(home.phone.arrived[0][1].nudge_id, "skip", "desktop")
        await home.until(20)
        assert told(home) == []

    evening(tmp_path, with_warm_up(shipped), answered)


def test_a_pause_until_the_training_leaves_nothing_to_follow_up(shipped: Household, tmp_path: Path) -> None:
    async def paused(home: Home) -> None:
        await home.until(18, 12)
        now = home.clock.now()
        home.journal.pause("me", None, now, now + timedelta(hours=1), "me", "a call")
        await home.until(20)
        assert told(home) == []
        assert state(home) is OccurrenceState.LAPSED

    evening(tmp_path, with_warm_up(shipped), paused)


def test_a_restart_keeps_count(shipped: Household, tmp_path: Path) -> None:
    household = with_warm_up(shipped, times=2)

    async def before(home: Home) -> None:
        await home.until(18, 19)
        assert told(home) == ["18:18 Warm-up (still open)"]

    async def after(home: Home) -> None:
        await home.until(18, 29)
        assert told(home) == ["18:26 Warm-up (still open)"]
        (row,) = home.history("warm_up")
        assert len(row.follow_ups) == 2

    evening(tmp_path, household, before)
    evening(tmp_path, household, after, AFTERNOON.replace(minute=20))


def test_a_machine_that_slept_makes_up_for_several_with_one(shipped: Household, tmp_path: Path) -> None:
    async def asleep(home: Home) -> None:
        await home.until(18, 12)
        home.clock.suspend(timedelta(minutes=15))
        await home.until(18, 29)
        assert told(home) == ["18:27 Warm-up (still open)"]

    evening(tmp_path, with_warm_up(shipped, times=3), asleep)


def test_a_follow_up_refused_by_its_channel_goes_to_the_fallback(shipped: Household, tmp_path: Path) -> None:
    async def refused(home: Home) -> None:
        home.others["phone"].result_of = lambda _: REJECTED
        await home.until(18, 25)
        assert told(home, "mail") == ["18:18 Warm-up (still open)"]

    evening(tmp_path, with_warm_up(shipped, fallback=("mail",)), refused)


def test_a_follow_up_that_nobody_takes_leaves_the_first_message_to_answer(shipped: Household, tmp_path: Path) -> None:
    async def refused(home: Home) -> None:
        home.others["phone"].result_of = lambda _: REJECTED
        await home.until(18, 25)
        assert state(home) is OccurrenceState.SENT
        home.service.heard(home.phone.arrived[0][1].nudge_id, "done", "desktop")
        assert state(home) is OccurrenceState.DONE

    evening(tmp_path, with_warm_up(shipped), refused)


# -- intervals that count from the answer -----------------------------------------------------------------------------


def with_movement(shipped: Household, again: FollowUp | None = None) -> Household:
    """Move an hour after the last answer."""
    alex = shipped.people[0]
    (movement,) = (habit for habit in alex.habits if habit.id == "movement")
    return replace(shipped, people=(replace(alex, habits=(replace(movement, follow_up=again),), digest=None),))


def test_an_answer_to_the_follow_up_begins_the_interval_anew(shipped: Household, tmp_path: Path) -> None:
    async def morning(home: Home) -> None:
        await home.until(10, 12)
        assert told(home, "desktop") == ["10:00 Short break", "10:10 Short break (still open)"]
        home.service.heard(home.phone.arrived[1][1].nudge_id, "done", "desktop")
        await home.until(11, 15)
        assert told(home, "desktop")[2:] == ["11:12 Short break"]

    evening(tmp_path, with_movement(shipped, FollowUp(after=timedelta(minutes=10))), morning, MORNING)


def test_an_answer_that_comes_late_begins_the_interval_anew(shipped: Household, tmp_path: Path) -> None:
    async def morning(home: Home) -> None:
        await home.until(11, 5)
        assert told(home, "desktop") == ["10:00 Short break", "11:00 Short break"]
        home.service.heard(home.phone.arrived[0][1].nudge_id, "done", "desktop")
        await home.until(12, 10)
        assert told(home, "desktop")[2:] == ["12:05 Short break"]
        first, _ = home.history("movement")[:2]
        assert (first.state, first.late) == (OccurrenceState.LAPSED, True)

    evening(tmp_path, with_movement(shipped), morning, MORNING)


def test_who_heeds_nothing_on_friday_is_asked_less_often_on_monday(shipped: Household, tmp_path: Path) -> None:
    friday = datetime(2025, 3, 7, 14, 30, tzinfo=BERLIN)

    async def weekend(home: Home) -> None:
        for _ in range(3):
            await home.until(23)
        assert [line[:5] for line in told(home, "desktop")] == ["15:00", "16:00"]
        await home.until(13)
        assert [line[:5] for line in told(home, "desktop")[2:]] == ["10:30", "12:00"]
        home.service.heard(home.phone.arrived[-1][1].nudge_id, "done", "desktop")
        await home.until(14, 30)
        assert [line[:5] for line in told(home, "desktop")[4:]] == ["14:00"]

    live(tmp_path, with_movement(shipped), friday, weekend, beat=timedelta(minutes=10))
