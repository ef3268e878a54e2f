"""Deliveries: queued, begun, finished, abandoned; each change with its event."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from reminders.catalogue.phrases import phrase
from reminders.domain.delivery import Delivery, DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import MISSED_REASONS, Reason
from reminders.journal import event_log, nudge_log, occurrence_log
from reminders.journal.event_log import Columns
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of
from reminders.planning import answering

STARTABLE = frozenset({DeliveryState.QUEUED, DeliveryState.RETRY_WAIT})
FINISHES = frozenset({DeliveryState.ACCEPTED, DeliveryState.REJECTED, DeliveryState.UNKNOWN, DeliveryState.RETRY_WAIT})
_TAKEN = frozenset({DeliveryState.ACCEPTED, DeliveryState.UNKNOWN})
_DEFINITE_FAILURES = frozenset({SendOutcome.FAILED, SendOutcome.REJECTED})


def find(connection: sqlite3.Connection, delivery_id: int) -> Delivery:
    """Return a delivery; KeyError for an unknown id."""
    row = connection.execute(sql_of("delivery_by_id"), {"id": delivery_id}).fetchone()
    if row is None:
        raise KeyError(delivery_id)
    return from_row(row)


def select(connection: sqlite3.Connection, query: str, parameters: Mapping[str, object]) -> tuple[Delivery, ...]:
    """Return the deliveries that a named query finds."""
    return tuple(from_row(row) for row in connection.execute(sql_of(query), parameters))


def of_nudge(connection: sqlite3.Connection, nudge_id: str) -> tuple[Delivery, ...]:
    """Return every delivery of a nudge by position."""
    return select(connection, "deliveries_of", {"nudge_id": nudge_id})


def stranded_nudges(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the wanted nudges that no channel took and none has open, such as one just rejected everywhere."""
    return tuple(row["nudge_id"] for row in connection.execute(sql_of("nudges_stranded")))


def queue(
    connection: sqlite3.Connection, nudge_id: str, channel: str, position: int, at: datetime, first_attempt_at: datetime
) -> None:
    """Add a delivery that may begin at ``first_attempt_at``."""
    delivery = Delivery(
        id=0,
        nudge_id=nudge_id,
        channel=channel,
        state=DeliveryState.QUEUED,
        position=position,
        next_attempt_at=first_attempt_at,
    )
    row = connection.execute(sql_of("delivery_insert"), to_columns(delivery)).fetchone()
    added = replace(delivery, id=row["id"])
    _append(connection, "delivery.queued", added, to_columns(added), at)


def queue_first_channels(
    connection: sqlite3.Connection, nudge: Nudge, at: datetime, first_attempt_at: datetime
) -> bool:
    """Queue a nudge on its ``send_to`` channels, or else its first fallback; False when it has no channel at all."""
    for channel in dict.fromkeys(nudge.send_to):
        queue(connection, nudge.id, channel, 0, at, first_attempt_at)
    if not nudge.send_to and nudge.fallback:
        queue(connection, nudge.id, nudge.fallback[0], 1, at, first_attempt_at)
    return bool(nudge.send_to or nudge.fallback)


def begin(connection: sqlite3.Connection, delivery_id: int, now: datetime) -> bool:
    """Turn a delivery to sending and count the attempt; False when it is no longer queued or waiting.

    Raises KeyError for an unknown id.
    """
    row = connection.execute(sql_of("delivery_begin"), {"id": delivery_id, "now": to_text(now)}).fetchone()
    if row is None:
        find(connection, delivery_id)
        return False
    data: Columns = {
        "state": DeliveryState.SENDING.value,
        "attempt": row["attempt"],
        "began_at": to_text(now),
        "finished_at": None,
        "next_attempt_at": None,
    }
    event_log.append(connection, "delivery.begun", now, data, nudge_id=row["nudge_id"], delivery_id=delivery_id)
    return True


def finish(
    connection: sqlite3.Connection,
    delivery_id: int,
    result: SendResult,
    state: DeliveryState,
    now: datetime,
    next_attempt_at: datetime | None,
) -> None:
    """Record how an attempt ended; one that is not under way any more leaves an event and changes nothing.

    Raises ValueError for a state no attempt ends in, and when ``next_attempt_at`` is there without retry_wait or
    missing with it.
    """
    if state not in FINISHES or (next_attempt_at is not None) != (state is DeliveryState.RETRY_WAIT):
        raise ValueError(f'an attempt cannot end in "{state}" with the next one at {next_attempt_at}')
    before = find(connection, delivery_id)
    if before.state is not DeliveryState.SENDING:
        data: Columns = {"state": before.state.value, "outcome": result.outcome.value, "detail": result.detail}
        _append(connection, "attempt.ignored", before, data, now)
        return
    after = _finished(before, result, state, now, next_attempt_at)
    _save(connection, f"delivery.{state.value}", before, after, now)
    if state in _TAKEN:
        _mark_sent(connection, before.nudge_id, now)
    elif state is DeliveryState.RETRY_WAIT:
        abandon_unwanted(connection, before.nudge_id, now, phrase("no longer wanted"))


def _finished(
    before: Delivery, result: SendResult, state: DeliveryState, now: datetime, next_attempt_at: datetime | None
) -> Delivery:
    has_failed = result.outcome in _DEFINITE_FAILURES
    return replace(
        before,
        state=state,
        finished_at=now,
        next_attempt_at=next_attempt_at,
        first_failed_at=(before.first_failed_at or now) if has_failed else None,
        external_id=result.external_id or before.external_id,
        detail=result.detail,
    )


def _mark_sent(connection: sqlite3.Connection, nudge_id: str, now: datetime) -> None:
    for occurrence in occurrence_log.select(connection, "occurrences_on_their_way", {"nudge_id": nudge_id}):
        occurrence_log.save(connection, occurrence_log.SENT, occurrence, answering.taken(occurrence, now), now)


def abandon(connection: sqlite3.Connection, delivery_id: int, now: datetime, detail: str) -> None:
    """Close a delivery without an attempt; one under way or closed already stays as it is."""
    before = find(connection, delivery_id)
    if before.state in STARTABLE:
        after = replace(
            before, state=DeliveryState.ABANDONED, next_attempt_at=None, finished_at=now, detail=detail or before.detail
        )
        _save(connection, "delivery.abandoned", before, after, now)


def abandon_unwanted(connection: sqlite3.Connection, nudge_id: str, now: datetime, detail: str) -> None:
    """Close what is open of a nudge that no occurrence waits for any more."""
    if nudge_log.is_wanted(connection, nudge_id):
        return
    for delivery in of_nudge(connection, nudge_id):
        abandon(connection, delivery.id, now, detail)


def add_fallback(connection: sqlite3.Connection, nudge_id: str, channel: str, position: int, now: datetime) -> None:
    """Queue a wanted nudge on one more channel, unless it is there already. KeyError for an unknown nudge."""
    if not nudge_log.is_recorded(connection, nudge_id):
        raise KeyError(nudge_id)
    is_there = any(delivery.channel == channel for delivery in of_nudge(connection, nudge_id))
    if nudge_log.is_wanted(connection, nudge_id) and not is_there:
        queue(connection, nudge_id, channel, position, now, now)


def queue_again(connection: sqlite3.Connection, delivery_id: int, now: datetime) -> None:
    """Queue the one repeat of an unknown delivery; nothing happens when it was used or the nudge is not wanted."""
    before = find(connection, delivery_id)
    is_permitted = before.state is DeliveryState.UNKNOWN and not before.resent
    if is_permitted and nudge_log.is_wanted(connection, before.nudge_id):
        after = replace(before, state=DeliveryState.QUEUED, next_attempt_at=now, resent=True)
        _save(connection, "delivery.queued_again", before, after, now)


def miss(connection: sqlite3.Connection, nudge_id: str, reason: Reason, now: datetime) -> None:
    """End the occurrences on their way with a nudge as missed; nothing happens while an attempt is under way.

    One that was sent before stays sent.
    Raises ValueError for a reason that is a choice of ours and no miss.
    """
    if reason not in MISSED_REASONS:
        raise ValueError(f'"{reason}" is not a reason to miss')
    if answering.is_in_flight(of_nudge(connection, nudge_id)):
        return
    for occurrence in occurrence_log.select(connection, "occurrences_on_their_way", {"nudge_id": nudge_id}):
        after = answering.given_up(occurrence, reason)
        kind = occurrence_log.ended_kind(after.state) if after.state.is_terminal else occurrence_log.NOT_SENT_AGAIN
        occurrence_log.save(connection, kind, occurrence, after, now)
    abandon_unwanted(connection, nudge_id, now, phrase("given up"))


def replaced_external_id(connection: sqlite3.Connection, nudge_id: str, channel: str) -> str | None:
    """Return the external id of the newest older message about the same occurrences on that channel, or None."""
    parameters = {"nudge_id": nudge_id, "channel": channel}
    row = connection.execute(sql_of("replaced_external_id"), parameters).fetchone()
    return None if row is None else str(row["external_id"])


def external_ids_to_withdraw(connection: sqlite3.Connection, nudge_id: str) -> tuple[tuple[str, str], ...]:
    """Return (channel, external id) of every accepted message that carries an occurrence of this nudge."""
    rows = connection.execute(sql_of("external_ids_to_withdraw"), {"nudge_id": nudge_id})
    return tuple((row["channel"], row["external_id"]) for row in rows)


def external_ids(connection: sqlite3.Connection, channel: str) -> dict[str, str]:
    """Return external id -> nudge id of the accepted nudges that wait for an answer; the newest use of an id counts."""
    rows = connection.execute(sql_of("external_ids"), {"channel": channel})
    return {row["external_id"]: row["nudge_id"] for row in rows}


def external_ids_ended(connection: sqlite3.Connection, channel: str, since: datetime) -> tuple[str, ...]:
    """Return the external ids of accepted asks, made since then, that wait for no answer: answered, snoozed or over."""
    rows = connection.execute(sql_of("external_ids_ended"), {"channel": channel, "since": to_text(since)})
    return tuple(row["external_id"] for row in rows)


def taken_away(connection: sqlite3.Connection, channel: str, external_id: str, at: datetime) -> None:
    """Note that a message is shown no more: its external id stands for nothing."""
    for before in select(connection, "deliveries_shown", {"channel": channel, "external_id": external_id}):
        _save(connection, "delivery.taken_away", before, replace(before, external_id=None), at)


def shown_again(connection: sqlite3.Connection, nudge_id: str, channel: str, external_id: str, at: datetime) -> None:
    """Note that an accepted message is now known by another external id; nothing happens to any other delivery."""
    for before in of_nudge(connection, nudge_id):
        if before.channel == channel and before.state is DeliveryState.ACCEPTED:
            _save(connection, "delivery.shown_again", before, replace(before, external_id=external_id), at)


def _save(connection: sqlite3.Connection, kind: str, before: Delivery, after: Delivery, at: datetime) -> None:
    columns = to_columns(after)
    connection.execute(sql_of("delivery_update"), columns)
    _append(connection, kind, after, event_log.changed(to_columns(before), columns), at)


def _append(connection: sqlite3.Connection, kind: str, delivery: Delivery, data: Columns, at: datetime) -> None:
    event_log.append(connection, kind, at, data, nudge_id=delivery.nudge_id, delivery_id=delivery.id)


def to_columns(delivery: Delivery) -> Columns:
    """Return the row of a delivery."""
    return {
        "id": delivery.id,
        "nudge_id": delivery.nudge_id,
        "channel": delivery.channel,
        "state": delivery.state.value,
        "attempt": delivery.attempt,
        "position": delivery.position,
        "next_attempt_at": to_text(delivery.next_attempt_at),
        "began_at": to_text(delivery.began_at),
        "finished_at": to_text(delivery.finished_at),
        "first_failed_at": to_text(delivery.first_failed_at),
        "external_id": delivery.external_id,
        "resent": int(delivery.resent),
        "detail": delivery.detail,
    }


def from_row(row: sqlite3.Row) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(
        id=row["id"],
        nudge_id=row["nudge_id"],
        channel=row["channel"],
        state=DeliveryState(row["state"]),
        attempt=row["attempt"],
        position=row["position"],
        next_attempt_at=to_instant(row["next_attempt_at"]),
        began_at=to_instant(row["began_at"]),
        finished_at=to_instant(row["finished_at"]),
        first_failed_at=to_instant(row["first_failed_at"]),
        external_id=row["external_id"],
        resent=bool(row["resent"]),
        detail=row["detail"],
    )
