"""A dispatcher at work in virtual time: a memory log, scripted channels, a heartbeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reminders.delivery.dispatcher import Dispatcher, LinkFor
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from tests.delivery.memory_log import MemoryLog
from tests.delivery.scripted_channel import Act, ScriptedChannel
from tests.delivery.virtual_time import START, VirtualClock, run

BEAT_SECONDS = 15.0


def nudge(
    number: int = 1,
    *,
    send_to: tuple[str, ...] = ("phone",),
    fallback: tuple[str, ...] = (),
    lives: timedelta = timedelta(hours=1),
    resend_unknown: bool = False,
    created_at: datetime = START,
    habit: str = "hydration",
    kind: NudgeKind = NudgeKind.ASK,
    occurrence: str | None = None,
) -> Nudge:
    """Make a nudge with one ask; its id is n1, n2, ... and its occurrence o1, o2, ..."""
    asks = (Ask(occurrence_id=occurrence or f"o{number}", habit=habit, text="Drink a glass of water"),)
    return Nudge(
        id=f"n{number}",
        person="me",
        kind=kind,
        asks=() if kind is NudgeKind.SERVICE else asks,
        title="Drink",
        text="Drink a glass of water",
        discreet_text="Time for a short break",
        created_at=created_at,
        expires_at=created_at + lives,
        send_to=send_to,
        fallback=fallback,
        resend_unknown=resend_unknown,
    )


@dataclass(eq=False)
class Desk:
    """What a test holds in its hands. ``beating`` stops the heartbeat's pokes when False."""

    clock: VirtualClock
    log: MemoryLog = field(default_factory=MemoryLog)
    channels: dict[str, ScriptedChannel] = field(default_factory=dict)
    discreet: frozenset[str] = frozenset()
    beating: bool = True
    wakes: int = 0
    jitter: float = 1.0
    link_for: LinkFor = lambda _nudge, _now: None

    def __post_init__(self) -> None:
        self.dispatcher = self.new_dispatcher()

    def new_dispatcher(self) -> Dispatcher:
        return Dispatcher(
            self.channels,
            self.log,
            self.clock,
            self._wake,
            discreet=self.discreet,
            jitter=lambda: self.jitter,
            link_for=self.link_for,
        )

    def _wake(self) -> None:
        self.wakes += 1

    def channel(self, name: str, *script: Act, has_buttons: bool = False) -> ScriptedChannel:
        """Add a channel; call before ``working``."""
        made = ScriptedChannel(name=name, now=self.clock.now, script=list(script), has_buttons=has_buttons)
        self.channels[name] = made
        return made

    def put(self, *nudges: Nudge) -> None:
        """Write nudges into the log, as a turn does, and poke."""
        for one in nudges:
            self.log.record(one)
        self.dispatcher.poke()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Dispatcher]:
        """Run the dispatcher with its heartbeat for the length of the block."""
        self.dispatcher = self.new_dispatcher()
        self.dispatcher.start()
        beat = asyncio.ensure_future(self._beat())
        try:
            yield self.dispatcher
        finally:
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)
            await self.dispatcher.drain()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if self.beating:
                self.dispatcher.poke()

    async def passes(self, **duration: float) -> None:
        """Let virtual time pass."""
        await asyncio.sleep(timedelta(**duration).total_seconds())

    def delivery(self, nudge_id: str = "n1", channel: str = "phone") -> Delivery:
        return next(one for one in self.log.deliveries_of(nudge_id) if one.channel == channel)

    def states(self, nudge_id: str = "n1") -> dict[str, DeliveryState]:
        return {one.channel: one.state for one in self.log.deliveries_of(nudge_id)}


def at_the_desk(scenario: Callable[[Desk], Awaitable[None]]) -> None:
    """Run a scenario at a desk in virtual time, and check what must hold after every one of them."""
    desks: list[Desk] = []

    async def play(clock: VirtualClock) -> None:
        desks.append(Desk(clock=clock))
        await scenario(desks[0])

    run(play)
    desk = desks[0]
    assert all(channel.in_flight == 0 for channel in desk.channels.values())
    for one in desk.log.nudges.values():
        deliveries = desk.log.deliveries_of(one.id)
        took = any(delivery.state in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN) for delivery in deliveries)
        ends = {desk.log.occurrences[ask.occurrence_id] for ask in one.asks}
        if took:
            assert not {end for end in ends if end.startswith("missed")}
        elif all(delivery.state.is_terminal for delivery in deliveries):
            assert "planned" not in ends, f"{one.id} disappeared"
