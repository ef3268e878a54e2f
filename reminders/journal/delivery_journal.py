"""The part of the journal that delivery writes: ``ports.DeliveryLog``."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime

from reminders.domain.answer_link import LinkTarget
from reminders.domain.delivery import Delivery, DeliveryState, SendResult
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Reason
from reminders.journal import delivery_log, link_log, nudge_log, topic_log
from reminders.journal.transaction import reading, together, writing


class DeliveryJournal:
    """Deliveries in one open journal; every method is one committed transaction, unless ``together``."""

    _connection: sqlite3.Connection

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        return writing(self._connection)

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return reading(self._connection)

    def together(self) -> AbstractContextManager[None]:
        """Make all that is called in the block one transaction: committed when it ends, or nothing of it is kept."""
        return together(self._connection)

    def open_deliveries(self, after: int = 0, limit: int = 2**31) -> tuple[Delivery, ...]:
        """Return the first ``limit`` deliveries that are not terminal and have a higher id than ``after``, by id."""
        with self._reading() as connection:
            return delivery_log.select(connection, "deliveries_open_after", {"after": after, "limit": limit})

    def stranded_nudges(self) -> tuple[str, ...]:
        """Return the nudges that are still to be sent but have no open delivery: a stop came before the next step."""
        with self._reading() as connection:
            return delivery_log.stranded_nudges(connection)

    def deliveries_of(self, nudge_id: str) -> tuple[Delivery, ...]:
        """Return every delivery of a nudge by position, terminal ones included."""
        with self._reading() as connection:
            return delivery_log.of_nudge(connection, nudge_id)

    def nudge(self, nudge_id: str) -> Nudge:
        """Return the nudge; KeyError for an unknown one."""
        with self._reading() as connection:
            return nudge_log.load(connection, nudge_id)

    def is_wanted(self, nudge_id: str) -> bool:
        """Tell whether any occurrence of the nudge still waits for it; a service nudge always does."""
        with self._reading() as connection:
            return nudge_log.is_wanted(connection, nudge_id)

    def begin(self, delivery_id: int, now: datetime) -> bool:
        """Commit ``sending`` and count the attempt; False when the delivery is no longer queued or waiting."""
        with self._writing() as connection:
            return delivery_log.begin(connection, delivery_id, now)

    def finish(
        self,
        delivery_id: int,
        result: SendResult,
        state: DeliveryState,
        now: datetime,
        next_attempt_at: datetime | None,
    ) -> None:
        """Commit how the attempt ended. Accepted or unknown makes the nudge's planned occurrences sent.

        An attempt that is no longer under way leaves an event and changes nothing. A retry nobody waits for any
        more is abandoned at once. Raises ValueError for a state no attempt ends in.
        """
        with self._writing() as connection:
            delivery_log.finish(connection, delivery_id, result, state, now, next_attempt_at)

    def abandon(self, delivery_id: int, now: datetime, detail: str) -> None:
        """Close a delivery that is no longer wanted, without an attempt; one under way stays."""
        with self._writing() as connection:
            delivery_log.abandon(connection, delivery_id, now, detail)

    def add_fallback(self, nudge_id: str, channel: str, position: int, now: datetime) -> None:
        """Queue the nudge on a fallback channel; nothing happens when it is there already or not wanted."""
        with self._writing() as connection:
            delivery_log.add_fallback(connection, nudge_id, channel, position, now)

    def queue_again(self, delivery_id: int, now: datetime) -> None:
        """Queue the one permitted repeat of a delivery whose outcome is unknown; otherwise nothing happens."""
        with self._writing() as connection:
            delivery_log.queue_again(connection, delivery_id, now)

    def miss(self, nudge_id: str, reason: Reason, now: datetime) -> None:
        """End the nudge's occurrences that no channel took as missed, unless an attempt is under way."""
        with self._writing() as connection:
            delivery_log.miss(connection, nudge_id, reason, now)

    def replaced_external_id(self, nudge_id: str, channel: str) -> str | None:
        """Return the external id of the newest older message about the same occurrences on that channel, or None."""
        with self._reading() as connection:
            return delivery_log.replaced_external_id(connection, nudge_id, channel)

    def external_ids_to_withdraw(self, nudge_id: str) -> tuple[tuple[str, str], ...]:
        """Return (channel, external id) of every accepted message that carries an occurrence of this nudge."""
        with self._reading() as connection:
            return delivery_log.external_ids_to_withdraw(connection, nudge_id)

    def external_ids(self, channel: str) -> dict[str, str]:
        """Return external id -> nudge id of the accepted nudges on a channel that wait for an answer."""
        with self._reading() as connection:
            return delivery_log.external_ids(connection, channel)

    def external_ids_ended(self, channel: str, since: datetime) -> tuple[str, ...]:
        """Return the external ids of asks accepted on a channel, made since then, that wait for no answer any more."""
        with self._reading() as connection:
            return delivery_log.external_ids_ended(connection, channel, since)

    def taken_away(self, channel: str, external_id: str, now: datetime) -> None:
        """Note that a message is shown no more, so that nobody takes it away twice."""
        with self._writing() as connection:
            delivery_log.taken_away(connection, channel, external_id, now)

    def shown_again(self, nudge_id: str, channel: str, external_id: str, now: datetime) -> None:
        """Note under which external id an accepted message is shown since a restart."""
        with self._writing() as connection:
            delivery_log.shown_again(connection, nudge_id, channel, external_id, now)

    def add_link(self, token_hash: str, nudge_id: str, expires_at: datetime) -> None:
        """Remember which nudge a token stands for, and until when."""
        with self._writing() as connection:
            link_log.add(connection, token_hash, nudge_id, expires_at)

    def link_target(self, token_hash: str) -> LinkTarget | None:
        """Return what a token stands for, dead or alive; None = unknown."""
        with self._reading() as connection:
            return link_log.find(connection, token_hash)

    def forget_dead_links(self, before: datetime) -> None:
        """Delete the links that died before that instant."""
        with self._writing() as connection:
            link_log.forget_dead(connection, before)

    def heard_up_to(self, channel: str) -> str | None:
        """Return the mark up to which a channel's answer topic was heard; None = nobody ever listened there."""
        with self._reading() as connection:
            return topic_log.mark(connection, channel)

    def note_heard_up_to(self, channel: str, mark: str) -> None:
        """Remember up to where a channel's answer topic was heard: the id of a message, or a Unix time."""
        with self._writing() as connection:
            topic_log.set_mark(connection, channel, mark)
