"""Holds: what every channel promises the dispatcher, for the real ones and for the fake of the other tests."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from reminders.channels.console_channel import ConsoleChannel
from reminders.channels.desktop_channel import DesktopChannel
from reminders.domain.delivery import SendOutcome, SendResult


class FakeChannel:
    """A channel that keeps what it is given; ``outcomes`` are used up in turn, then everything is accepted."""

    def __init__(self, name: str = "phone", outcomes: Any = (), *, has_buttons: bool = False) -> None:
        self.name = name
        self.has_buttons = self.hears_presses = has_buttons
        self.outcomes = list(outcomes)
        self.sent = []
        self.withdrawn = []

    async def send(self, message: Any, deadline_seconds: float) -> Any:
        self.sent.append(message)
        outcome = self.outcomes.pop(0) if self.outcomes else SendOutcome.ACCEPTED
        return SendResult(outcome=outcome, external_id=str(len(self.sent)))

    async def withdraw(self, external_id: str) -> None:
        self.withdrawn.append(external_id)

    async def close(self) -> None:
        pass


@pytest.fixture(params=["fake", "console", "apprise", pytest.param("desktop", marks=pytest.mark.desktop)])
def make(request: pytest.FixtureRequest) -> Any:
    """Return a coroutine function that makes a working channel named "here"."""
    if request.param == "apprise":
        sink, phone = request.getfixturevalue("sink"), request.getfixturevalue("phone")
        made = phone(sink.url())
    elif request.param == "desktop":
        request.getfixturevalue("desktop")
        made = DesktopChannel("phone", lambda *_: None)
    else:
        made = FakeChannel("phone") if request.param == "fake" else ConsoleChannel("phone", io.StringIO())

    async def start() -> Any:
        if request.param == "desktop":
            await made.connect()
        return made

    return start


def test_a_channel_keeps_its_promises(make: Any, a_message: Any) -> None:
    async def use() -> None:
        channel = await make()
        assert channel.name == "phone"
        assert isinstance(channel.has_buttons, bool)
        assert isinstance(channel.hears_presses, bool)
        first = await channel.send(a_message(), 5)
        repeat = await channel.send(a_message(again=True), 5)
        replacing = await channel.send(a_message(nudge_id="n8", replaces=first.external_id or "gone"), 5)
        for result in (first, repeat, replacing):
            assert result.outcome is SendOutcome.ACCEPTED, result.detail
            assert result.retry_after is None
            assert result.external_id is None or isinstance(result.external_id, str)
        for external_id in (first.external_id or "gone", "gone", ""):
            await channel.withdraw(external_id)
        await channel.close()
        await channel.close()

    asyncio.run(use())


def test_sending_can_be_cancelled(make: Any, a_message: Any) -> None:
    async def use() -> None:
        channel = await make()
        sending = asyncio.create_task(channel.send(a_message(), 5))
        await asyncio.sleep(0)
        sending.cancel()
        (ended,) = await asyncio.gather(sending, return_exceptions=True)
        assert isinstance(ended, asyncio.CancelledError | SendResult)
        again = await channel.send(a_message(nudge_id="n8"), 5)
        assert again.outcome is SendOutcome.ACCEPTED, again.detail
        await channel.close()

    asyncio.run(use())


def test_several_sends_at_once_do_not_mix(make: Any, a_message: Any) -> None:
    async def use() -> None:
        channel = await make()
        results = await asyncio.gather(*(channel.send(a_message(nudge_id=f"n{i}"), 10) for i in range(4)))
        assert [result.outcome for result in results] == [SendOutcome.ACCEPTED] * 4
        ids = [result.external_id for result in results if result.external_id is not None]
        assert len(set(ids)) == len(ids)
        await channel.close()

    asyncio.run(use())
