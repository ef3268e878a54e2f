"""One channel's queue and the one task that works through it, so that a hung endpoint holds up nobody else."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reminders.delivery.breaker import Breaker, BreakerState
from reminders.domain.delivery import Delivery
from reminders.ports import Channel, Clock

CLOCK_SLACK = timedelta(seconds=2)
GROUP_MOST = 32
GROUP_SECONDS = 0.02
logger = logging.getLogger("reminders.delivery")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelHealth:
    """How a channel does, for people. ``probe_at`` is when an open breaker lets a nudge through; None = not open.

    ``detail`` is what the last attempt said, "" when it was accepted or there was none.
    """

    name: str
    state: BreakerState
    failures_in_a_row: int
    waiting: int
    probe_at: datetime | None
    detail: str


class Lane:
    """Takes deliveries of one channel and works on one after the other, the earliest due first.

    ``work`` gets several at once while the channel takes them so fast that the journal would be what they wait for:
    as many as it took in ``GROUP_SECONDS`` of late. A channel on the network gets one. ``work`` must not raise; when
    it does, the lane says so in the log and goes on at the next ``ensure_running``.
    """

    def __init__(self, channel: Channel, clock: Clock, work: Callable[[Lane, list[Delivery]], Awaitable[None]]) -> None:
        """Prepare; nothing runs before ``ensure_running``."""
        self.channel = channel
        self.breaker = Breaker()
        self.in_flight: frozenset[int] = frozenset()
        self._group = 1
        self.detail = ""
        self._clock = clock
        self._work = work
        self._waiting: dict[int, tuple[datetime, Delivery]] = {}
        self._last_calls: dict[int, datetime] = {}
        self._order: list[tuple[datetime, int]] = []
        self._changed = asyncio.Event()
        self._is_open = True
        self.task: asyncio.Task[None] | None = None

    @property
    def is_broken(self) -> bool:
        """True while the breaker keeps every nudge away."""
        return self.breaker.state(self._clock.boottime()) is BreakerState.OPEN

    def ensure_running(self) -> None:
        """Start the task, or start it again after it ended by a mistake of ours."""
        if not self._is_open or (self.task is not None and not self.task.done()):
            return
        if self.task is not None and not self.task.cancelled():
            logger.error(
                "lane.restarted", exc_info=self.task.exception(), extra={"fields": {"channel": self.channel.name}}
            )
        self.task = asyncio.get_running_loop().create_task(self._run(), name=f"lane {self.channel.name}")

    def take(self, delivery: Delivery, last_call_at: datetime | None = None) -> None:
        """Queue a delivery, in place of what was queued of it before, and look at the clock again.

        From ``last_call_at`` on an open breaker does not keep it away, for it would expire before the probe;
        None = it can wait for the probe.
        """
        due_at = self._due_at(delivery)
        if self._waiting.get(delivery.id) != (due_at, delivery):
            self._waiting[delivery.id] = (due_at, delivery)
            heapq.heappush(self._order, (due_at, delivery.id))
        if last_call_at is not None:
            self._last_calls[delivery.id] = max(last_call_at, due_at)
        self._changed.set()

    def drop(self, delivery_id: int) -> None:
        """Forget a delivery that was closed."""
        self._waiting.pop(delivery_id, None)
        self._last_calls.pop(delivery_id, None)

    def note_pace(self, calls: int, seconds: float) -> None:
        """Take note that so many calls were all accepted within ``seconds``; 0 = one was not."""
        fitting = calls * GROUP_SECONDS / seconds if seconds > 0 else GROUP_MOST
        self._group = max(1, int(min(GROUP_MOST, fitting, 4 * calls)))

    def clear(self) -> None:
        """Forget everything queued; the journal still knows it."""
        self._waiting.clear()
        self._last_calls.clear()
        self._order.clear()

    def retire(self) -> None:
        """Begin nothing more; the attempt in flight goes on."""
        self._is_open = False
        self._changed.set()

    def health(self) -> ChannelHealth:
        """Return how the channel does now."""
        seconds = self._clock.boottime()
        wait = self.breaker.seconds_to_probe(seconds)
        return ChannelHealth(
            name=self.channel.name,
            state=self.breaker.state(seconds),
            failures_in_a_row=self.breaker.failures_in_a_row,
            waiting=len(self._waiting),
            probe_at=self._clock.now() + timedelta(seconds=wait) if wait else None,
            detail=self.detail,
        )

    async def _run(self) -> None:
        while self._is_open:
            self._changed.clear()
            deliveries = self._next_group()
            if not deliveries:
                await self._rest()
                continue
            await self._work(self, deliveries)
            await asyncio.sleep(0)  # nor must what was not wanted any more

    def _next_group(self) -> list[Delivery]:
        most = 1 if self.breaker.failures_in_a_row else self._group
        due = (self._next_due() for _ in range(most))
        return [delivery for delivery in due if delivery is not None]

    def _next_due(self) -> Delivery | None:
        due = self._last_call() if self._seconds_to_probe() > 0 else self._earliest()
        if due is None or due[0] > self._clock.now():
            return None
        delivery = self._waiting[due[1]][1]
        self.drop(delivery.id)
        return delivery

    def _last_call(self) -> tuple[datetime, int] | None:
        """Return when the first delivery can wait for the probe no longer."""
        return min(((at, delivery_id) for delivery_id, at in self._last_calls.items()), default=None)

    def _seconds_to_probe(self) -> float:
        return self.breaker.seconds_to_probe(self._clock.boottime())

    def _earliest(self) -> tuple[datetime, int] | None:
        """Return when the first delivery falls due, past the entries that were replaced or dropped."""
        while self._order:
            due_at, delivery_id = self._order[0]
            if delivery_id in self._waiting and self._waiting[delivery_id][0] == due_at:
                return due_at, delivery_id
            heapq.heappop(self._order)
        return None

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._seconds_to_rest()):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _seconds_to_rest(self) -> float | None:
        now, blocked_seconds = self._clock.now(), self._seconds_to_probe()
        waits = []
        if due := self._earliest():
            waits.append(max((due[0] - now).total_seconds(), blocked_seconds, 0.0))
        if blocked_seconds and (last_call := self._last_call()):
            waits.append(max((last_call[0] - now).total_seconds(), 0.0))
        return min(waits, default=None)

    def _due_at(self, delivery: Delivery) -> datetime:
        now = self._clock.now()
        if delivery.next_attempt_at is None or delivery.next_attempt_at <= now:
            return delivery.next_attempt_at or now
        # Begun in the future: the clock was set back, and the wait it began means nothing any more.
        was_set_back = delivery.began_at is not None and delivery.began_at > now + CLOCK_SLACK
        return now if was_set_back else delivery.next_attempt_at
