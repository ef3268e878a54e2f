"""Rules of a lane: earliest due first, revived after a mistake, last calls past an open breaker."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from reminders.delivery.lane import Lane
from reminders.domain.delivery import Delivery, DeliveryState, SendOutcome
from tests.delivery.scripted_channel import ACCEPTED, ScriptedChannel
from tests.delivery.virtual_time import START, VirtualClock, run


def queued(number: int, seconds: float = 0.0, began_at_seconds: float | None = None) -> Delivery:
    return Delivery(
        id=number,
        nudge_id=f"n{number}",
        channel="phone",
        state=DeliveryState.QUEUED,
        next_attempt_at=START + timedelta(seconds=seconds),
        began_at=None if began_at_seconds is None else START + timedelta(seconds=began_at_seconds),
    )


class Worked:
    """A lane whose work is written down: which delivery, at which second."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.done: list[tuple[int, float]] = []
        self.mistakes = 0
        self.lane = Lane(ScriptedChannel(name="phone", now=clock.now, script=[ACCEPTED]), clock, self.work)
        self.lane.ensure_running()

    async def work(self, lane: Lane, deliveries: list[Delivery]) -> None:
        (delivery,) = deliveries
        if self.mistakes:
            self.mistakes -= 1
            raise LookupError("a mistake of ours")
        self.done.append((delivery.id, round((self.clock.now() - START).total_seconds(), 1)))

    async def ends(self) -> None:
        self.lane.retire()
        if self.lane.task is not None:
            await self.lane.task


async def passes(seconds: float) -> None:
    await asyncio.sleep(seconds)


def test_earliest_due_comes_first_and_none_early() -> None:
    async def scenario(clock: VirtualClock) -> None:
        worked = Worked(clock)
        for delivery in (queued(1, 30), queued(2, 10), queued(3, -5), queued(4, 20)):
            worked.lane.take(delivery)
        worked.lane.drop(4)
        await passes(60)
        await worked.ends()
        assert worked.done == [(3, 0.0), (2, 10.0), (1, 30.0)]

    run(scenario)


def test_newer_word_about_a_delivery_replaces_the_older() -> None:
    async def scenario(clock: VirtualClock) -> None:
        worked = Worked(clock)
        worked.lane.take(queued(1, 30))
        worked.lane.take(queued(1, 40))
        worked.lane.take(queued(1, 40))
        await passes(60)
        await worked.ends()
        assert worked.done == [(1, 40.0)]

    run(scenario)


def test_wait_begun_before_the_clock_was_set_back_is_over() -> None:
    async def scenario(clock: VirtualClock) -> None:
        worked = Worked(clock)
        worked.lane.take(queued(1, 3600 + 300, began_at_seconds=3600))
        worked.lane.take(queued(2, 300, began_at_seconds=-10))
        await passes(1)
        await worked.ends()
        assert worked.done == [(1, 0.0)]

    run(scenario)


def test_open_breaker_holds_everything_but_a_last_call() -> None:
    async def scenario(clock: VirtualClock) -> None:
        worked = Worked(clock)
        for _ in range(5):
            worked.lane.breaker.record(SendOutcome.FAILED, clock.boottime())
        worked.lane.take(queued(1), last_call_at=START + timedelta(seconds=100))
        worked.lane.take(queued(2), last_call_at=START + timedelta(hours=1))
        worked.lane.take(queued(3))
        worked.lane.take(queued(4, 200), last_call_at=START + timedelta(seconds=100))
        await passes(599)
        assert worked.done == [(1, 100.0), (4, 200.0)]
        await passes(2)
        await worked.ends()
        assert worked.done[2:] == [(2, 600.0), (3, 600.0)]

    run(scenario)


def test_lane_that_fell_over_is_revived_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(clock: VirtualClock) -> None:
        worked = Worked(clock)
        worked.mistakes = 1
        worked.lane.take(queued(1))
        await passes(1)
        assert worked.lane.task is not None
        assert worked.lane.task.done()
        worked.lane.take(queued(1))
        worked.lane.ensure_running()
        await passes(1)
        await worked.ends()
        assert worked.done == [(1, 1.0)]

    run(scenario)
    assert "lane.restarted" in caplog.text


def test_retired_lane_begins_nothing() -> None:
    async def scenario(clock: VirtualClock) -> None:
        worked = Worked(clock)
        await passes(1)
        worked.lane.retire()
        worked.lane.take(queued(1))
        worked.lane.ensure_running()
        await passes(1)
        assert worked.done == []

    run(scenario)
