"""A channel that does what it is told, one entry of its script a call, the last one for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reminders.domain.delivery import Message, SendOutcome, SendResult

ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED)
REJECTED = SendResult(outcome=SendOutcome.REJECTED, detail="401 from the server")
FAILED = SendResult(outcome=SendOutcome.FAILED, detail="connection refused")
UNKNOWN = SendResult(outcome=SendOutcome.UNKNOWN, detail="the connection broke after the request")


def wait_asked(seconds: int) -> SendResult:
    return SendResult(outcome=SendOutcome.FAILED, detail="429", retry_after=timedelta(seconds=seconds))


class Hang:
    """Never comes back by itself."""


Act = SendResult | Hang | Exception | Callable[[], SendResult]


@dataclass(eq=False)
class ScriptedChannel:
    """``calls`` lists the instant and message of every attempt; ``called`` is set at the first."""

    name: str
    now: Callable[[], datetime]
    script: list[Act]
    has_buttons: bool = False
    hears_presses: bool = False
    calls: list[tuple[datetime, Message]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    closed: int = 0

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        act = self.script[min(len(self.calls), len(self.script) - 1)]
        self.calls.append((self.now(), message))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if isinstance(act, Hang):
                await asyncio.get_running_loop().create_future()
            if isinstance(act, Exception):
                raise act
            return act if isinstance(act, SendResult) else act()  # type: ignore[operator]
        finally:
            self.in_flight -= 1

    async def withdraw(self, external_id: str) -> None:
        self.withdrawn.append(external_id)

    async def close(self) -> None:
        self.closed += 1

    @property
    def times(self) -> list[datetime]:
        return [at for at, _ in self.calls]

    @property
    def messages(self) -> list[Message]:
        return [message for _, message in self.calls]
