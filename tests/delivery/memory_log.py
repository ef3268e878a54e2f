"""The part of the journal that delivery writes, in memory; passes the same contract suite as the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from reminders.domain.delivery import Delivery, DeliveryState, SendOutcome, SendResult
from reminders.domain.errors import JournalUnavailable
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import Reason

STARTABLE = (DeliveryState.QUEUED, DeliveryState.RETRY_WAIT)
TAKEN = (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN)
WANTED = ("planned", "sent")


@dataclass
class MemoryLog:
    """``occurrences`` holds the state word of each occurrence; ``broken`` makes every method refuse."""

    nudges: dict[str, Nudge] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    occurrences: dict[str, str] = field(default_factory=dict)
    carrier: dict[str, str] = field(default_factory=dict)
    links: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    broken: bool = False
    commits: int = 0

    def record(self, nudge: Nudge) -> None:
        self.nudges[nudge.id] = nudge
        for ask in nudge.asks:
            if nudge.kind is not NudgeKind.FOLLOW_UP:
                self.occurrences[ask.occurrence_id] = "planned"
            self.carrier[ask.occurrence_id] = nudge.id
        for channel in nudge.send_to:
            self._queue(nudge.id, channel, 0, nudge.created_at)

    def answer(self, occurrence_id: str) -> None:
        self.occurrences[occurrence_id] = "done"

    @contextmanager
    def together(self) -> Iterator[None]:
        self._check()
        before = [dict(kept) for kept in (self.nudges, self.deliveries, self.occurrences, self.carrier, self.links)]
        try:
            yield
        except BaseException:
            self.nudges, self.deliveries, self.occurrences, self.carrier, self.links = before
            raise

    def open_deliveries(self, after: int = 0, limit: int = 2**31) -> tuple[Delivery, ...]:
        self._check()
        found = [one for number, one in self.deliveries.items() if number > after and not one.state.is_terminal]
        return tuple(found[:limit])

    def stranded_nudges(self) -> tuple[str, ...]:
        waiting = {self.carrier[name] for name, state in self.occurrences.items() if state == "planned"}
        sent = {self.carrier[name] for name, state in self.occurrences.items() if state == "sent"}
        waiting |= {name for name in sent if self.nudges[name].kind is NudgeKind.FOLLOW_UP}
        taken = {one.nudge_id for one in self.deliveries.values() if one.state in TAKEN}
        return tuple(sorted(waiting - taken - {delivery.nudge_id for delivery in self.open_deliveries()}))

    def deliveries_of(self, nudge_id: str) -> tuple[Delivery, ...]:
        self._check()
        found = [delivery for delivery in self.deliveries.values() if delivery.nudge_id == nudge_id]
        return tuple(sorted(found, key=lambda delivery: (delivery.position, delivery.id)))

    def nudge(self, nudge_id: str) -> Nudge:
        self._check()
        return self.nudges[nudge_id]

    def is_wanted(self, nudge_id: str) -> bool:
        self._check()
        nudge = self.nudges[nudge_id]
        return nudge.kind is NudgeKind.SERVICE or any(
            self.occurrences[ask.occurrence_id] in WANTED and self.carrier[ask.occurrence_id] == nudge_id
            for ask in nudge.asks
        )

    def begin(self, delivery_id: int, now: datetime) -> bool:
        self._commit()
        before = self.deliveries[delivery_id]
        if before.state not in STARTABLE:
            return False
        self.deliveries[delivery_id] = replace(
            before,
            state=DeliveryState.SENDING,
            attempt=before.attempt + 1,
            began_at=now,
            finished_at=None,
            next_attempt_at=None,
        )
        return True

    def finish(
        self,
        delivery_id: int,
        result: SendResult,
        state: DeliveryState,
        now: datetime,
        next_attempt_at: datetime | None,
    ) -> None:
        self._commit()
        before = self.deliveries[delivery_id]
        if (next_attempt_at is not None) != (state is DeliveryState.RETRY_WAIT):
            raise ValueError(f"an attempt cannot end in {state} with the next one at {next_attempt_at}")
        if before.state is not DeliveryState.SENDING:
            return
        has_failed = result.outcome in (SendOutcome.FAILED, SendOutcome.REJECTED)
        self.deliveries[delivery_id] = replace(
            before,
            state=state,
            finished_at=now,
            next_attempt_at=next_attempt_at,
            first_failed_at=(before.first_failed_at or now) if has_failed else None,
            external_id=result.external_id or before.external_id,
            detail=result.detail,
        )
        if state in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN):
            self._end_planned(before.nudge_id, "sent")

    def add_link(self, token_hash: str, nudge_id: str, expires_at: datetime) -> None:
        self._commit()
        self.links.setdefault(token_hash, (nudge_id, expires_at))

    def abandon(self, delivery_id: int, now: datetime, detail: str) -> None:
        self._commit()
        before = self.deliveries[delivery_id]
        if before.state in STARTABLE:
            self.deliveries[delivery_id] = replace(
                before, state=DeliveryState.ABANDONED, next_attempt_at=None, finished_at=now, detail=detail
            )

    def add_fallback(self, nudge_id: str, channel: str, position: int, now: datetime) -> None:
        self._commit()
        if channel not in [delivery.channel for delivery in self.deliveries_of(nudge_id)] and self.is_wanted(nudge_id):
            self._queue(nudge_id, channel, position, now)

    def queue_again(self, delivery_id: int, now: datetime) -> None:
        self._commit()
        before = self.deliveries[delivery_id]
        if before.state is DeliveryState.UNKNOWN and not before.resent and self.is_wanted(before.nudge_id):
            self.deliveries[delivery_id] = replace(before, state=DeliveryState.QUEUED, next_attempt_at=now, resent=True)

    def miss(self, nudge_id: str, reason: Reason, now: datetime) -> None:
        self._commit()
        if any(delivery.state is DeliveryState.SENDING for delivery in self.deliveries_of(nudge_id)):
            return
        self._end_planned(nudge_id, f"missed({reason.value})")

    def replaced_external_id(self, nudge_id: str, channel: str) -> str | None:
        self._check()
        first = min(delivery.id for delivery in self.deliveries_of(nudge_id))
        shared = {ask.occurrence_id for ask in self.nudges[nudge_id].asks}
        others = {name for name, state in self.occurrences.items() if state in WANTED} - shared
        kept = {
            delivery.external_id
            for delivery in self.deliveries.values()
            if delivery.channel == channel and others & self._asked(delivery)
        }
        older = [
            delivery
            for delivery in self.deliveries.values()
            if delivery.channel == channel
            and delivery.external_id is not None
            and delivery.external_id not in kept
            and delivery.id < first
            and shared & self._asked(delivery)
        ]
        return max(older, key=lambda delivery: delivery.id).external_id if older else None

    def external_ids_to_withdraw(self, nudge_id: str) -> tuple[tuple[str, str], ...]:
        self._check()
        shared = {ask.occurrence_id for ask in self.nudges[nudge_id].asks}
        open_ones = {name for name, state in self.occurrences.items() if state in WANTED}
        found = {
            (delivery.channel, delivery.external_id)
            for delivery in self.deliveries.values()
            if delivery.state is DeliveryState.ACCEPTED
            and delivery.external_id is not None
            and shared & self._asked(delivery)
            and (delivery.nudge_id == nudge_id or not open_ones & self._asked(delivery))
        }
        return tuple(sorted(found))

    def _asked(self, delivery: Delivery) -> set[str]:
        return {ask.occurrence_id for ask in self.nudges[delivery.nudge_id].asks}

    def _queue(self, nudge_id: str, channel: str, position: int, at: datetime) -> None:
        number = len(self.deliveries) + 1
        self.deliveries[number] = Delivery(
            id=number,
            nudge_id=nudge_id,
            channel=channel,
            state=DeliveryState.QUEUED,
            position=position,
            next_attempt_at=at,
        )

    def _end_planned(self, nudge_id: str, state: str) -> None:
        for ask in self.nudges[nudge_id].asks:
            if self.occurrences[ask.occurrence_id] == "planned" and self.carrier[ask.occurrence_id] == nudge_id:
                self.occurrences[ask.occurrence_id] = state

    def _check(self) -> None:
        if self.broken:
            raise JournalUnavailable("the disk is full")

    def _commit(self) -> None:
        self._check()
        self.commits += 1
