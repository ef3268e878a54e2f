"""Takes what the journal has queued to the channels and closes what no channel took.

Every change goes through the journal: begin-commit, call, finish-commit. At most one recorded attempt is in flight per
nudge and channel; after a crash it is found as ``sending`` and recorded as unknown. Who calls: the daemon, with
``poke`` after new rows, at every heartbeat, and when somebody pokes the process.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain, repeat
from typing import Any

from reminders.catalogue.phrases import phrase
from reminders.delivery import routing
from reminders.delivery.commits import PendingCommits
from reminders.delivery.lane import ChannelHealth, Lane
from reminders.delivery.look import NextLook
from reminders.delivery.message import compose
from reminders.delivery.outcome_log import say_outcome, who
from reminders.delivery.pages import Pages
from reminders.delivery.sender import CLOSE_SECONDS, close_channel, send_message, withdraw_message
from reminders.domain.answer_link import AnswerLink
from reminders.domain.delivery import Delivery, DeliveryState, Message, SendOutcome, SendResult
from reminders.domain.errors import JournalUnavailable
from reminders.domain.nudge import Nudge
from reminders.domain.service_words import ENGLISH, ServiceWords
from reminders.planning.backoff import LAST_CALL
from reminders.ports import Channel, Clock, DeliveryLog

REMOVED = SendResult(outcome=SendOutcome.REJECTED, detail=phrase("channel was removed from the configuration"))
STOPPED = SendResult(outcome=SendOutcome.UNKNOWN, detail=phrase("the service stopped during the attempt"))
NOT_TRIED = SendResult(outcome=SendOutcome.FAILED, detail=phrase("not tried: the channel failed the message before"))
DRAIN_SECONDS = 9.0  # a supervisor kills after ten, and the journal and the interpreter have to close as well
logger = logging.getLogger("reminders.delivery")

LinkFor = Callable[[Nudge, datetime], AnswerLink | None]


class Dispatcher:
    """Sends nudges, one lane per channel.

    ``wake`` is called after the journal changed in a way that planning may care about, and when it cannot be used;
    then ``trouble`` says why, until an attempt can begin again. ``discreet`` names the channels that get neutral text.
    ``jitter`` returns a number from 0 to 1 for each wait. ``link_for`` gives the link that a nudge's messages carry,
    inside the begin-commit and recorded with it; ``words_of`` what is said around the nudge. For one thread only.
    """

    def __init__(
        self,
        channels: Mapping[str, Channel],
        log: DeliveryLog,
        clock: Clock,
        wake: Callable[[], None],
        *,
        discreet: frozenset[str] = frozenset(),
        jitter: Callable[[], float] = random.random,
        link_for: LinkFor = lambda _nudge, _now: None,
        words_of: Callable[[Nudge], ServiceWords] = lambda _nudge: ENGLISH,
    ) -> None:
        """Prepare; nothing is sent before ``start``."""
        self._log, self._clock, self._wake, self._jitter = log, clock, wake, jitter
        self._discreet, self._link_for, self._words_of = discreet, link_for, words_of
        self._lanes = {name: Lane(channel, clock, self._work) for name, channel in channels.items()}
        self._retired: set[Lane] = set()
        self._commits = PendingCommits(log.together)
        self._pages = Pages(log)
        self._background: set[asyncio.Task[None]] = set()
        self._is_running = self._is_held = self._knows_stranded = False
        self._unsettled: dict[str, Nudge] = {}  # concluded while on hold
        self.trouble: str | None = None
        self._review_handle: asyncio.Handle | None = None
        self._next_look = NextLook(self._look_now)

    def start(self) -> None:
        """Begin, with what the journal holds from before. Needs a running event loop."""
        self._is_running = True
        self._look_through()

    def poke(self) -> None:
        """Look into the journal for new deliveries soon, and for all of them when that is some time ago.

        Many pokes in a row make one look.
        """
        if self._is_running and self._review_handle is None:
            self._review_handle = asyncio.get_running_loop().call_soon(self._review)

    def hold(self) -> None:
        """Send and close nothing until ``release``, because the clock cannot be right."""
        self._is_held = True
        for lane in self._lanes.values():
            lane.clear()

    def release(self) -> None:
        """Go on after ``hold``."""
        if self._is_held:
            self._is_held = False
            self._look_through()
        self.poke()

    def exchange_channels(self, channels: Mapping[str, Channel], discreet: frozenset[str] = frozenset()) -> None:
        """Use other channels from now on; one that is the same object keeps its lane. What is in flight ends there."""
        for name, lane in list(self._lanes.items()):
            if channels.get(name) is not lane.channel:
                self._retired.add(self._lanes.pop(name))
                self._spawn(self._see_off(lane))
        for name, channel in channels.items():
            self._lanes.setdefault(name, Lane(channel, self._clock, self._work))
        self._discreet = discreet
        self._look_through()

    def withdraw(self, nudge_id: str) -> None:
        """Take back, in the background, what was shown about the occurrences of an answered nudge.

        Raises JournalUnavailable.
        """
        for name, external_id in self._log.external_ids_to_withdraw(nudge_id):
            if name in self._lanes:
                self._spawn(withdraw_message(self._lanes[name].channel, external_id))

    def health(self) -> tuple[ChannelHealth, ...]:
        """Return how every channel does, in the order of the file."""
        return tuple(lane.health() for lane in self._lanes.values())

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Begin nothing more, let what is in flight end, close the channels; takes at most ``seconds`` in all.

        What has not ended by then is cancelled and recorded as unknown. What was queued stays queued.
        """
        self._stop_claiming()
        await _ended(self._running_tasks(), seconds - 2 * CLOSE_SECONDS)
        self.abort()
        await _ended(self._running_tasks(), CLOSE_SECONDS)
        self._commits.flush()
        closing = [self._spawn(close_channel(lane.channel)) for lane in (*self._lanes.values(), *self._retired)]
        await _ended(closing, CLOSE_SECONDS)

    def abort(self) -> None:
        """Cancel what is in flight; it is recorded as unknown. For a second request to stop."""
        self._stop_claiming()
        for task in self._running_tasks():
            task.cancel()

    # What the journal holds

    def _review(self) -> None:
        self._review_handle = None
        if self._is_held or not self._is_running:
            return
        for lane in self._lanes.values():
            lane.ensure_running()
        if not self._commits.flush():
            return
        try:
            stranded = () if self._knows_stranded else self._log.stranded_nudges()
            deliveries, is_idle = self._pages.read(self._clock.boottime())
            for nudge_id in (*stranded, *self._unsettled, *self._take_plain(deliveries)):
                self._settle(self._log.nudge(nudge_id))
                self._unsettled.pop(nudge_id, None)
            self._knows_stranded = True
        except JournalUnavailable as error:
            self._pages.begin_anew()
            self._note_trouble(error)
            return
        if is_idle:
            self.trouble = None
        if self._pages.has_more:
            self.poke()

    def _look_through(self) -> None:
        self._pages.begin_anew()
        self.poke()

    def _take_plain(self, deliveries: tuple[Delivery, ...]) -> list[str]:
        """Hand fresh deliveries to their lanes at once; return the nudges that need a closer look.

        Ten thousand due together must not stop the loop, so what is fresh costs no further query.
        """
        troubled: dict[str, None] = {}
        for delivery in deliveries:
            lane = self._lanes.get(delivery.channel)
            is_fresh = delivery.state is DeliveryState.QUEUED and delivery.attempt == 0
            if is_fresh and lane is not None and not lane.is_broken:
                lane.take(delivery)
            else:
                troubled[delivery.nudge_id] = None
        return list(troubled)

    def _is_in_flight(self, delivery: Delivery) -> bool:
        return delivery.state is DeliveryState.SENDING and (
            delivery.id in self._commits
            or any(delivery.id in lane.in_flight for lane in (*self._lanes.values(), *self._retired))
        )

    # Attempts

    async def _work(self, lane: Lane, deliveries: list[Delivery]) -> None:
        """Begin all, call for one after the other, record all; after one that was not accepted no more is called."""
        try:
            with self._log.together():
                begun = [one for delivery in deliveries if (one := self._begin(lane, delivery)) is not None]
        except JournalUnavailable as error:
            lane.clear()  # the next look brings it all back
            self._pages.begin_anew()
            self._note_trouble(error)
            return
        self.trouble = None
        if begun:
            await self._call(lane, begun)

    async def _call(self, lane: Lane, begun: list[tuple[Nudge, Delivery, Message]]) -> None:
        results: list[SendResult] = []
        lane.in_flight = frozenset(delivery.id for _, delivery, _ in begun)
        seconds = 0.0  # of the channel alone: what the loop does between two calls is not its pace
        try:
            for _, _, message in begun:
                results.append(STOPPED)  # until it says otherwise
                began_at = self._clock.monotonic()
                results[-1] = await send_message(lane.channel, message)
                seconds += self._clock.monotonic() - began_at
                if results[-1].outcome is not SendOutcome.ACCEPTED:
                    break
                await asyncio.sleep(0)  # a channel that never waits must not keep the loop to itself
        finally:
            lane.in_flight = frozenset()
            is_fast = results[-1].outcome is SendOutcome.ACCEPTED
            lane.note_pace(len(results) if is_fast else 0, seconds)
            for result in results:
                self._note_health(lane, result)
            self._conclude(zip(begun, chain(results, repeat(NOT_TRIED)), strict=False))

    def _begin(self, lane: Lane, delivery: Delivery) -> tuple[Nudge, Delivery, Message] | None:
        """Make the begin-commit where the nudge is still wanted in time; None = there is nothing to send."""
        nudge = self._log.nudge(delivery.nudge_id)
        now = self._clock.now()
        if now >= nudge.expires_at or not self._log.is_wanted(nudge.id):
            self._settle(nudge)
            return None
        if not self._log.begin(delivery.id, now):
            return None
        message = compose(
            nudge,
            discreet=lane.channel.name in self._discreet,
            again=delivery.resent,
            replaces=self._log.replaced_external_id(nudge.id, lane.channel.name),
            link=self._link_for(nudge, now),
            words=self._words_of(nudge),
        )
        begun = replace(delivery, state=DeliveryState.SENDING, attempt=delivery.attempt + 1, began_at=now)
        return nudge, begun, message

    def _note_trouble(self, error: JournalUnavailable) -> None:
        """Remember why nothing is sent; at the first time, wake whoever can tell people."""
        logger.error("delivery.postponed", extra={"fields": {"why": str(error)}})
        is_news, self.trouble = self.trouble is None, str(error)
        if is_news:
            self._wake()

    def _note_health(self, lane: Lane, result: SendResult) -> None:
        lane.detail = "" if result.outcome is SendOutcome.ACCEPTED else result.detail
        if result is not STOPPED and lane.breaker.record(result.outcome, self._clock.boottime()):
            fields = {"channel": lane.channel.name, "failures_in_a_row": lane.breaker.failures_in_a_row}
            logger.warning("breaker.opened", extra={"fields": fields})
            self._look_through()  # other nudges waiting in this lane may go to a fallback now

    def _conclude(self, ended: Iterable[tuple[tuple[Nudge, Delivery, Message], SendResult]]) -> None:
        for (nudge, delivery, _), result in ended:
            self._record(nudge, delivery, result)
        self._commits.flush()
        self._wake()

    def _record(self, nudge: Nudge, delivery: Delivery, result: SendResult) -> None:
        """Say how an attempt ended, for the next flush; what the journal cannot take then is kept until later."""
        now = self._clock.now()
        state, next_attempt_at = routing.after_attempt(nudge, delivery, result, now, self._jitter())
        say_outcome(nudge, delivery, result, now, next_attempt_at)
        self._commits.add(delivery.id, partial(self._log.finish, delivery.id, result, state, now, next_attempt_at))
        if result.outcome is SendOutcome.UNKNOWN and routing.may_repeat(nudge, delivery, now):
            self._commits.add(delivery.id, partial(self._log.queue_again, delivery.id, now))
        if not routing.is_settled_by(nudge, result):
            self._commits.add(delivery.id, partial(self._settle, nudge))

    # One nudge

    def _settle(self, nudge: Nudge) -> None:
        """Decide about all deliveries of a nudge together: close, fall back, wait, or give the nudge up as missed."""
        if self._is_held:
            self._unsettled[nudge.id] = nudge
            return
        now = self._clock.now()
        deliveries = self._tidy(nudge, now)
        for _ in nudge.fallback:
            fallback = routing.next_fallback(nudge, deliveries, now, self._is_broken)
            if fallback is None or now >= nudge.expires_at:
                break
            channel, position = fallback
            self._log.add_fallback(nudge.id, channel, position, now)
            logger.info("fallback.queued", extra={"fields": {**who(nudge), "channel": channel}})
            deliveries = self._tidy(nudge, now)
        still_open = [delivery for delivery in deliveries if not delivery.state.is_terminal]
        if still_open and now < nudge.expires_at:
            self._wait_for(nudge, still_open, now)
        else:
            self._give_up(nudge, deliveries, now)

    def _tidy(self, nudge: Nudge, now: datetime) -> tuple[Delivery, ...]:
        """Close what can have no further attempt for a reason of its own; return the deliveries as they are then."""
        deliveries = self._log.deliveries_of(nudge.id)
        is_wanted = self._log.is_wanted(nudge.id)
        surplus = routing.surplus(deliveries)
        closed = 0
        for delivery in deliveries:
            if delivery.state.is_terminal or self._is_in_flight(delivery):
                continue
            closed += 1
            if delivery.state is DeliveryState.SENDING:
                self._record(nudge, delivery, STOPPED)
                self._commits.flush()
            elif not is_wanted:
                self._abandon(delivery, now, phrase("no longer waited for"))
            elif delivery.channel not in self._lanes:
                self._log.begin(delivery.id, now)  # only what was begun can be rejected
                self._log.finish(delivery.id, REMOVED, DeliveryState.REJECTED, now, None)
            elif delivery in surplus:
                self._abandon(delivery, now, phrase("another channel took it"))
            else:
                closed -= 1
        return self._log.deliveries_of(nudge.id) if closed else deliveries

    def _abandon(self, delivery: Delivery, now: datetime, why: str) -> None:
        self._log.abandon(delivery.id, now, why)
        if delivery.channel in self._lanes:
            self._lanes[delivery.channel].drop(delivery.id)

    def _wait_for(self, nudge: Nudge, still_open: list[Delivery], now: datetime) -> None:
        for delivery in still_open:
            if delivery.state is not DeliveryState.SENDING:
                self._lanes[delivery.channel].take(delivery, last_call_at=nudge.expires_at - LAST_CALL)
        moments = [nudge.expires_at, *(routing.gives_up_at(delivery) for delivery in still_open)]
        self._look_at(min(moment for moment in moments if moment is not None and moment > now), now)

    def _give_up(self, nudge: Nudge, deliveries: tuple[Delivery, ...], now: datetime) -> None:
        """Record a miss where nothing was taken. First the miss, so that a crash between the two repeats it."""
        if (reason := routing.missed_reason(deliveries)) is not None and self._log.is_wanted(nudge.id):
            self._log.miss(nudge.id, reason, now)
            logger.warning("nudge.missed", extra={"fields": {**who(nudge), "reason": reason.value}})
        for delivery in deliveries:
            if not delivery.state.is_terminal and delivery.state is not DeliveryState.SENDING:
                self._abandon(delivery, now, phrase("expired before the channel took it"))
        self._wake()

    def _is_broken(self, channel: str) -> bool:
        return channel in self._lanes and self._lanes[channel].is_broken

    # Timers and tasks

    def _look_at(self, instant: datetime, now: datetime) -> None:
        if self._is_running:
            self._next_look.at_latest_in((instant - now).total_seconds())

    def _look_now(self) -> None:
        self._pages.begin_anew()
        self._review()

    def _stop_claiming(self) -> None:
        self._is_running = False
        self._next_look.cancel()
        if self._review_handle is not None:
            self._review_handle.cancel()
        self._review_handle = None
        for lane in self._lanes.values():
            lane.retire()

    def _running_tasks(self) -> list[asyncio.Task[None]]:
        lanes = [lane.task for lane in (*self._lanes.values(), *self._retired) if lane.task is not None]
        return [task for task in (*lanes, *self._background) if not task.done()]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _see_off(self, lane: Lane) -> None:
        lane.retire()
        if lane.task is not None:
            await asyncio.wait([lane.task])
        self._retired.discard(lane)
        await close_channel(lane.channel)


async def _ended(tasks: list[asyncio.Task[None]], seconds: float) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=max(seconds, 0.0))
