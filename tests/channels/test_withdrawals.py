"""Holds: withdrawals go together, one call after the other, and never hit what is sent in the same place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from reminders.channels.withdrawals import Withdrawals


class Place:
    """Where messages are taken back from; ``open`` lets the call under way end."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.at_once = 0
        self.open = asyncio.Event()
        self.begun = asyncio.Event()
        self.withdrawals = Withdrawals(self._take_back)

    async def _take_back(self, external_ids: Sequence[str]) -> None:
        self.calls.append(list(external_ids))
        self.at_once += 1
        assert self.at_once == 1
        self.begun.set()
        await self.open.wait()
        self.at_once -= 1


def play(scenario: Callable[[Place], Awaitable[None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(5):
            await scenario(Place())

    asyncio.run(run())


def test_what_comes_while_one_is_under_way_goes_together() -> None:
    async def scenario(place: Place) -> None:
        first = asyncio.create_task(place.withdrawals.add("a"))
        await place.begun.wait()
        rest = [asyncio.create_task(place.withdrawals.add(name)) for name in "bcd"]
        await asyncio.sleep(0)
        place.open.set()
        await asyncio.gather(first, *rest)
        assert place.calls == [["a"], ["b", "c", "d"]]

    play(scenario)


def test_more_than_twenty_go_in_further_calls_and_each_caller_waits_for_its_own() -> None:
    async def scenario(place: Place) -> None:
        names = [str(number) for number in range(45)]

        async def one(name: str) -> None:
            await place.withdrawals.add(name)
            assert any(name in call for call in place.calls)

        callers = asyncio.gather(*map(one, names))
        await place.begun.wait()
        await asyncio.sleep(0)
        place.open.set()
        await callers
        assert [name for call in place.calls for name in call] == names
        assert max(map(len, place.calls)) == 20

    play(scenario)


def test_what_is_being_sent_in_that_place_is_not_taken_back() -> None:
    async def scenario(place: Place) -> None:
        place.open.set()
        with place.withdrawals.sending("a"), place.withdrawals.sending("a"):
            await place.withdrawals.add("a")
            await place.withdrawals.add("b")
        assert place.calls == [["b"]]
        await place.withdrawals.add("a")
        assert place.calls == [["b"], ["a"]]

    play(scenario)


def test_a_message_sent_anew_drops_the_withdrawal_that_waits_and_waits_for_the_one_under_way() -> None:
    async def scenario(place: Place) -> None:
        first = asyncio.create_task(place.withdrawals.add("a"))
        await place.begun.wait()
        second = asyncio.create_task(place.withdrawals.add("b"))
        await asyncio.sleep(0)
        with place.withdrawals.sending("b"):
            await place.withdrawals.settle("b")
        settled = asyncio.create_task(place.withdrawals.settle("a"))
        await asyncio.sleep(0)
        assert not settled.done()
        place.open.set()
        await asyncio.gather(first, second, settled)
        assert place.calls == [["a"]]

    play(scenario)


def test_a_caller_that_gives_up_leaves_the_others_their_turn() -> None:
    async def scenario(place: Place) -> None:
        first = asyncio.create_task(place.withdrawals.add("a"))
        await place.begun.wait()
        second, third = (asyncio.create_task(place.withdrawals.add(name)) for name in "bc")
        await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        place.at_once = 0
        place.open.set()
        await asyncio.gather(first, second, third, return_exceptions=True)
        assert "c" in place.calls[-1]

    play(scenario)
