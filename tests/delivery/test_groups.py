"""Rules of a lane whose channel is instant: fewer commits, the same promises."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from reminders.delivery.pages import PAGE
from reminders.domain.delivery import DeliveryState, SendResult
from tests.delivery.desk import Desk, at_the_desk, nudge
from tests.delivery.scripted_channel import ACCEPTED, FAILED, Hang

MANY = 60


def put_many(desk: Desk, count: int = MANY) -> None:
    desk.put(*(nudge(number, lives=timedelta(hours=2)) for number in range(1, count + 1)))


def states(desk: Desk) -> list[DeliveryState]:
    return [one.state for number in range(1, MANY + 1) for one in desk.log.deliveries_of(f"n{number}")]


def test_every_attempt_is_on_record_before_its_call() -> None:
    async def scenario(desk: Desk) -> None:
        seen: list[DeliveryState] = []

        def accept() -> SendResult:
            seen.append(desk.delivery(f"n{len(phone.calls)}").state)
            return ACCEPTED

        phone = desk.channel("phone", accept)
        async with desk.working():
            put_many(desk)
            await desk.passes(seconds=1)
        assert seen == [DeliveryState.SENDING] * MANY
        assert states(desk) == [DeliveryState.ACCEPTED] * MANY

    at_the_desk(scenario)


def test_after_a_failure_the_rest_of_a_group_is_not_called_and_tried_again_later() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", *[ACCEPTED] * 30, FAILED, ACCEPTED)
        async with desk.working():
            put_many(desk)
            await desk.passes(seconds=1)
            waiting = [one for one in desk.log.open_deliveries() if one.state is DeliveryState.RETRY_WAIT]
            assert len(waiting) > 1
            assert {one.detail for one in waiting[1:]} == {"not tried: the channel failed the message before"}
            await desk.passes(minutes=10)
        assert sorted({message.nudge_id for message in phone.messages}) == sorted(f"n{n}" for n in range(1, MANY + 1))
        assert len(phone.calls) == MANY + 1
        assert states(desk) == [DeliveryState.ACCEPTED] * MANY

    at_the_desk(scenario)


def test_a_group_cut_off_leaves_one_in_doubt_and_the_rest_to_send() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", *[ACCEPTED] * 30, Hang())
        async with desk.working() as dispatcher:
            put_many(desk)
            await desk.passes(seconds=1)
            dispatcher.abort()
            await desk.passes(seconds=1)
        found = Counter(states(desk))
        assert (found[DeliveryState.ACCEPTED], len(phone.calls)) == (30, 31)
        assert desk.delivery("n31").began_at is not None
        assert found[DeliveryState.RETRY_WAIT] > 1
        assert found[DeliveryState.RETRY_WAIT] + found[DeliveryState.QUEUED] == MANY - 31

    at_the_desk(scenario)


def test_a_channel_that_takes_its_time_is_given_one_at_a_time() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", Hang())
        async with desk.working():
            put_many(desk)
            await desk.passes(seconds=5)
            assert states(desk).count(DeliveryState.SENDING) == len(phone.calls) == 1

    at_the_desk(scenario)


def test_more_than_a_page_goes_out_and_later_ones_are_found() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        async with desk.working():
            put_many(desk, PAGE + 10)
            await desk.passes(seconds=1)
            assert len(phone.calls) == PAGE + 10
            desk.put(nudge(PAGE + 11))
            await desk.passes(seconds=1)
            assert len(phone.calls) == PAGE + 11

    at_the_desk(scenario)
