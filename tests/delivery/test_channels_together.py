"""Rules of several channels: lanes, fallback, breaker, removal, exchange, draining."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from reminders.delivery.breaker import BreakerState
from reminders.domain.delivery import DeliveryState, SendResult
from tests.delivery.desk import Desk, at_the_desk, nudge
from tests.delivery.scripted_channel import ACCEPTED, FAILED, REJECTED, UNKNOWN, Hang
from tests.delivery.virtual_time import START


def calls(desk: Desk, channel: str) -> list[float]:
    return [(at - START).total_seconds() for at in desk.channels[channel].times]


def test_hung_channel_holds_up_nobody_else() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", Hang())
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(*(nudge(number, send_to=("phone", "mail")) for number in range(1, 6)))
            await desk.passes(seconds=1)
            assert calls(desk, "mail") == [0] * 5

    at_the_desk(scenario)


def test_one_attempt_at_a_time_goes_to_a_channel() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", Hang())
        async with desk.working():
            desk.put(*(nudge(number) for number in range(1, 6)))
            for _ in range(50):
                desk.dispatcher.poke()
                await desk.passes(seconds=2)
        assert (phone.most_in_flight, len(phone.calls)) == (1, 5)

    at_the_desk(scenario)


def test_fallback_waits_until_every_first_channel_is_rejected() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", REJECTED)
        desk.channel("desktop", FAILED, REJECTED)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(nudge(send_to=("phone", "desktop"), fallback=("mail",)))
            await desk.passes(minutes=2)
        assert calls(desk, "mail") == pytest.approx([15], abs=0.1)
        assert desk.log.occurrences == {"o1": "sent"}

    at_the_desk(scenario)


def test_fallback_is_used_after_a_minute_of_definite_failures() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", FAILED)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.beating = False
            desk.put(nudge(fallback=("mail",)))
            await desk.passes(minutes=5)
        assert calls(desk, "mail") == pytest.approx([60], abs=0.1)

    at_the_desk(scenario)


def test_fallback_channels_are_tried_in_order() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", REJECTED)
        desk.channel("mail", FAILED)
        desk.channel("pager", ACCEPTED)
        async with desk.working():
            desk.put(nudge(fallback=("mail", "pager")))
            await desk.passes(minutes=5)
        assert calls(desk, "mail")[0] == 0
        assert calls(desk, "pager") == pytest.approx([60], abs=0.1)
        positions = [one.position for one in desk.log.deliveries_of("n1")]
        assert positions == [0, 1, 2]

    at_the_desk(scenario)


def test_first_channel_stops_trying_once_a_fallback_took_the_nudge() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", FAILED, FAILED, FAILED, ACCEPTED)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(nudge(fallback=("mail",)))
            await desk.passes(seconds=62)
            assert [health.waiting for health in desk.dispatcher.health()] == [0, 0]
            await desk.passes(minutes=30)
        assert desk.states() == {"phone": DeliveryState.ABANDONED, "mail": DeliveryState.ACCEPTED}
        assert len(calls(desk, "phone")) == 3

    at_the_desk(scenario)


def test_fallback_stops_trying_once_the_first_channel_took_the_nudge() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", FAILED, FAILED, FAILED, ACCEPTED)
        desk.channel("mail", FAILED)
        async with desk.working():
            desk.put(nudge(fallback=("mail",)))
            await desk.passes(minutes=30)
        assert desk.states() == {"phone": DeliveryState.ACCEPTED, "mail": DeliveryState.ABANDONED}
        assert calls(desk, "mail") == pytest.approx([60, 75, 105], abs=0.1)

    at_the_desk(scenario)


def test_ambiguous_first_channel_brings_no_fallback() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", UNKNOWN)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(nudge(fallback=("mail",)))
            await desk.passes(hours=2)
        assert calls(desk, "mail") == []

    at_the_desk(scenario)


def test_everything_rejecting_is_missed_at_once_and_the_dispatcher_lives_on() -> None:
    async def scenario(desk: Desk) -> None:
        for name in ("phone", "mail", "pager"):
            desk.channel(name, REJECTED, ACCEPTED)
        async with desk.working():
            desk.put(nudge(1, fallback=("mail", "pager")))
            await desk.passes(seconds=1)
            assert desk.log.occurrences == {"o1": "missed(no_channel)"}
            desk.put(nudge(2))
            await desk.passes(seconds=1)
        assert desk.log.occurrences["o2"] == "sent"

    at_the_desk(scenario)


def test_one_working_channel_is_enough() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", FAILED)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(nudge(send_to=("phone", "mail"), lives=timedelta(minutes=3)))
            await desk.passes(minutes=5)
        assert desk.log.occurrences == {"o1": "sent"}
        assert desk.states() == {"phone": DeliveryState.ABANDONED, "mail": DeliveryState.ACCEPTED}

    at_the_desk(scenario)


def test_breaker_opens_after_five_failures_and_one_probe_decides() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", *[FAILED] * 6, ACCEPTED)
        async with desk.working() as dispatcher:
            desk.put(nudge(1, lives=timedelta(hours=3)), nudge(2, lives=timedelta(hours=3)))
            await desk.passes(minutes=2)
            (health,) = dispatcher.health()
            assert (health.state, health.failures_in_a_row) == (BreakerState.OPEN, 5)
            assert (health.detail, health.waiting) == ("connection refused", 2)
            opened = phone.times[4]
            assert health.probe_at == pytest.approx(opened + timedelta(minutes=10), abs=timedelta(seconds=1))
            await desk.passes(minutes=12)
            assert phone.times[5] - opened == timedelta(minutes=10)
            assert len(phone.calls) == 6
            await desk.passes(minutes=12)
            assert phone.times[6] - phone.times[5] == timedelta(minutes=10)
            (health,) = dispatcher.health()
            assert (health.state, health.probe_at, health.detail) == (BreakerState.CLOSED, None, "")
        assert desk.log.occurrences == {"o1": "sent", "o2": "sent"}

    at_the_desk(scenario)


def test_nudge_goes_straight_to_its_fallback_while_the_breaker_is_open() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", FAILED)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(*(nudge(number, lives=timedelta(hours=3)) for number in range(1, 6)))
            await desk.passes(seconds=5)
            later = START + timedelta(seconds=5)
            desk.put(nudge(6, fallback=("mail",), created_at=later))
            await desk.passes(seconds=1)
        assert len(phone.calls) == 5
        assert desk.channels["mail"].times == [later]
        assert desk.states("n6") == {"phone": DeliveryState.ABANDONED, "mail": DeliveryState.ACCEPTED}

    at_the_desk(scenario)


def test_nudge_waiting_in_a_lane_goes_to_its_fallback_when_the_breaker_opens() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", FAILED)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.beating = False
            desk.put(*(nudge(number) for number in range(1, 6)), nudge(6, fallback=("mail",)))
            await desk.passes(seconds=1)
        assert len(phone.calls) == 5
        assert calls(desk, "mail") == [0]

    at_the_desk(scenario)


def test_dead_channel_leaves_the_others_alone_and_its_breaker_opens_once(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", FAILED)
        desk.channel("mail", ACCEPTED)
        desk.channel("desktop", ACCEPTED)
        async with desk.working():
            for number in range(1, 9):
                desk.put(nudge(number, send_to=("phone", "mail", "desktop"), created_at=desk.clock.now()))
                await desk.passes(minutes=30)
            states = [health.state for health in desk.dispatcher.health()]
            await desk.passes(hours=2)
        assert states[1:] == [BreakerState.CLOSED, BreakerState.CLOSED]
        assert len(calls(desk, "mail")) == len(calls(desk, "desktop")) == 8
        assert set(desk.log.occurrences.values()) == {"sent"}

    at_the_desk(scenario)
    assert caplog.text.count("breaker.opened") == 1


def test_delivery_to_a_channel_that_is_gone_is_rejected_with_the_reason() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(nudge(1, send_to=("pager",), fallback=("mail",)), nudge(2, send_to=("pager",)))
            await desk.passes(seconds=1)
        gone = desk.delivery("n1", "pager")
        assert (gone.state, gone.detail) == (DeliveryState.REJECTED, "channel was removed from the configuration")
        assert desk.log.occurrences == {"o1": "sent", "o2": "missed(no_channel)"}

    at_the_desk(scenario)


def test_exchange_of_channels_lets_the_attempt_in_flight_end() -> None:
    async def scenario(desk: Desk) -> None:
        old = desk.channel("phone", Hang())
        async with desk.working() as dispatcher:
            desk.put(nudge(1, habit="calcium_meal"), nudge(2))
            await desk.passes(seconds=5)
            new = desk.channel("phone", ACCEPTED)
            dispatcher.exchange_channels({"phone": new})
            await desk.passes(seconds=1)
            assert (desk.states("n1")["phone"], old.closed) == (DeliveryState.SENDING, 0)
            assert [message.nudge_id for message in new.messages] == ["n2"]
            await desk.passes(seconds=30)
            assert (desk.states("n1")["phone"], old.closed) == (DeliveryState.UNKNOWN, 1)
        assert len(old.calls) == 1

    at_the_desk(scenario)


def test_same_channel_keeps_its_lane_through_an_exchange() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", FAILED)
        async with desk.working() as dispatcher:
            desk.put(*(nudge(number) for number in range(1, 6)))
            await desk.passes(seconds=1)
            dispatcher.exchange_channels({"phone": phone, "mail": desk.channel("mail", ACCEPTED)})
            assert [health.state for health in dispatcher.health()] == [BreakerState.OPEN, BreakerState.CLOSED]
        assert phone.closed == 1

    at_the_desk(scenario)


def test_drain_begins_nothing_new_and_lets_what_is_in_flight_end() -> None:
    async def scenario(desk: Desk) -> None:
        answered = asyncio.get_running_loop().create_future()

        class Slow(type(desk.channel("phone", ACCEPTED))):  # type: ignore[misc]
            async def send(self, message: object, deadline_seconds: float) -> SendResult:
                await asyncio.shield(answered)
                return ACCEPTED

        desk.channels["phone"] = Slow(name="phone", now=desk.clock.now, script=[])
        async with desk.working() as dispatcher:
            desk.put(nudge(1), nudge(2))
            await desk.passes(seconds=1)
            asyncio.get_running_loop().call_later(3, answered.set_result, None)
            await dispatcher.drain()
            assert (desk.clock.now() - START).total_seconds() == pytest.approx(4, abs=0.1)
        assert desk.states("n1") == {"phone": DeliveryState.ACCEPTED}
        assert desk.states("n2") == {"phone": DeliveryState.QUEUED}

    at_the_desk(scenario)


def test_eight_hanging_sends_delay_the_end_by_ten_seconds_at_most_and_lose_nothing() -> None:
    async def scenario(desk: Desk) -> None:
        names = [f"channel{number}" for number in range(8)]
        for name in names:
            desk.channel(name, Hang())
        async with desk.working() as dispatcher:
            desk.put(nudge(1, send_to=tuple(names)))
            await desk.passes(seconds=1)
            before = desk.clock.now()
            await dispatcher.drain()
            assert desk.clock.now() - before <= timedelta(seconds=10)
        assert set(desk.states("n1").values()) == {DeliveryState.UNKNOWN}
        assert all(channel.closed for channel in desk.channels.values())

    at_the_desk(scenario)


def test_second_request_to_stop_ends_at_once() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", Hang())
        async with desk.working() as dispatcher:
            desk.put(nudge(1))
            await desk.passes(seconds=1)
            before = desk.clock.now()
            asyncio.get_running_loop().call_later(1, dispatcher.abort)
            await dispatcher.drain()
            assert desk.clock.now() - before < timedelta(seconds=2)
        assert desk.states("n1") == {"phone": DeliveryState.UNKNOWN}

    at_the_desk(scenario)


def test_idle_dispatcher_sets_no_timer() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", ACCEPTED)
        async with desk.working():
            desk.beating = False
            desk.put(nudge())
            await desk.passes(seconds=1)
            loop = asyncio.get_running_loop()
            timers = [handle for handle in loop._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]
            # The heartbeat of the desk is the one timer left.
            assert len(timers) == 1

    at_the_desk(scenario)


def test_storm_of_nudges_goes_out_in_order_and_lets_the_loop_breathe() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        breaths = 0

        async def breathe() -> None:
            nonlocal breaths
            while len(phone.calls) < 500:
                breaths += 1
                await asyncio.sleep(0)

        async with desk.working():
            desk.put(*(nudge(number) for number in range(1, 501)))
            await breathe()
            await desk.passes(seconds=1)
        assert [message.nudge_id for message in phone.messages] == [f"n{number}" for number in range(1, 501)]
        assert breaths >= 500
        assert set(desk.log.occurrences.values()) == {"sent"}

    at_the_desk(scenario)
