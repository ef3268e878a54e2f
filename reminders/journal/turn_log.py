"""A turn on record: decisions become occurrences, nudges and queued deliveries, all in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from reminders.domain.decision import Decision, Defer, Send
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import Occurrence, OccurrenceState, Reason
from reminders.domain.turn_record import TurnRecord
from reminders.journal import delivery_log, event_log, follow_up_log, nudge_log, occurrence_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of


@dataclass(frozen=True, slots=True)
class _Taken:
    """A decision that counts, and the waiting occurrence it is about; None = it is new."""

    decision: Decision
    waiting: Occurrence | None

    def nudge_id(self) -> str | None:
        """Return the nudge it is sent with; None = it is not sent."""
        verdict = self.decision.verdict
        return verdict.nudge_id if isinstance(verdict, Send) else None


def record(connection: sqlite3.Connection, turn: TurnRecord) -> tuple[str, ...]:
    """Write a turn and return the ids of the occurrences it took.

    A decision about an occurrence on record counts only while that one waits (snoozed or deferred). A nudge loses
    the asks of decisions that do not count; one without any is not written. Steps:

    1. tell which decisions count;
    2. write their nudges;
    3. write the occurrences, then the asks, which refer to both;
    4. queue the deliveries. Those of an older nudge were closed when its occurrence began to wait;
    5. put again what waits for an answer.

    Raises ValueError for a turn that contradicts itself.
    """
    _refuse_contradictions(turn)
    taken = _taken(connection, turn.decisions)
    nudges = _kept_nudges(turn.nudges, taken)
    for nudge in nudges:
        nudge_log.write(connection, nudge, turn.decided_at)
    for item in taken.values():
        _save(connection, item, turn.decided_at)
    for nudge in nudges:
        nudge_log.write_asks(connection, nudge)
        _queue(connection, nudge, taken, turn.decided_at)
    again = [name for nudge in turn.follow_ups for name in follow_up_log.record(connection, nudge, turn.decided_at)]
    recorded = (*taken, *again)
    _advance(connection, turn, recorded)
    return recorded


def _refuse_contradictions(turn: TurnRecord) -> None:
    nudged = {nudge.person for nudge in (*turn.nudges, *turn.follow_ups)}
    named = nudged | {decision.person for decision in turn.decisions}
    strangers = named - {turn.person}
    if strangers:
        raise ValueError(f'a turn of "{turn.person}" holds decisions or nudges of {sorted(strangers)}')
    asked = {(nudge.id, ask.occurrence_id) for nudge in turn.nudges for ask in nudge.asks}
    for decision in turn.decisions:
        verdict = decision.verdict
        if isinstance(verdict, Send) and (verdict.nudge_id, decision.occurrence_id) not in asked:
            raise ValueError(f'nudge "{verdict.nudge_id}" has no ask for "{decision.occurrence_id}"')


def _taken(connection: sqlite3.Connection, decisions: Iterable[Decision]) -> dict[str, _Taken]:
    taken: dict[str, _Taken] = {}
    for decision in decisions:
        known = occurrence_log.find(connection, decision.occurrence_id)
        if (known is None or known.waiting) and decision.occurrence_id not in taken:
            taken[decision.occurrence_id] = _Taken(decision, known)
    return taken


def _kept_nudges(nudges: Iterable[Nudge], taken: Mapping[str, _Taken]) -> tuple[Nudge, ...]:
    kept = (_with_asks_taken(nudge, taken) for nudge in nudges)
    return tuple(nudge for nudge in kept if nudge.asks)


def _with_asks_taken(nudge: Nudge, taken: Mapping[str, _Taken]) -> Nudge:
    asks = tuple(
        ask for ask in nudge.asks if ask.occurrence_id in taken and taken[ask.occurrence_id].nudge_id() == nudge.id
    )
    put_before = [_was_put_before(taken[ask.occurrence_id].waiting) for ask in asks]
    kind = NudgeKind.RESEND if all(put_before) else nudge.kind
    return replace(nudge, asks=asks, kind=kind)


def _was_put_before(occurrence: Occurrence | None) -> bool:
    return occurrence is not None and occurrence.sent_at is not None


def _save(connection: sqlite3.Connection, item: _Taken, at: datetime) -> None:
    known = item.waiting or _add(connection, item.decision, at)
    kind, after = _decided(known, item.decision, at)
    occurrence_log.save(connection, kind, known, after, at)


def _add(connection: sqlite3.Connection, decision: Decision, at: datetime) -> Occurrence:
    planned = Occurrence(
        person=decision.person,
        habit=decision.habit,
        slot_key=decision.slot_key,
        first_due_at=decision.due_at,
        due_at=decision.due_at,
        expires_at=decision.expires_at,
        state=OccurrenceState.PLANNED,
    )
    return occurrence_log.save(connection, occurrence_log.PLANNED, None, planned, at)


def _decided(known: Occurrence, decision: Decision, at: datetime) -> tuple[str, Occurrence]:
    verdict = decision.verdict
    if isinstance(verdict, Send):
        nudged = replace(
            known,
            waiting=False,
            expires_at=decision.expires_at,
            nudge_id=verdict.nudge_id,
            nudged_at=at,
            reason=verdict.reason,
            detail=None,
            amount_ml=known.amount_ml if verdict.amount_ml is None else verdict.amount_ml,
        )
        return occurrence_log.NUDGED, nudged
    if isinstance(verdict, Defer):
        deferred = replace(
            known,
            waiting=True,
            due_at=verdict.until,
            expires_at=decision.expires_at,
            reason=verdict.reason,
            detail=None,
        )
        return occurrence_log.DEFERRED, deferred
    held = replace(known, state=verdict.state, waiting=False, reason=verdict.reason, detail=verdict.detail)
    return occurrence_log.ended_kind(held.state), held


def _queue(connection: sqlite3.Connection, nudge: Nudge, taken: Mapping[str, _Taken], at: datetime) -> None:
    sends = (taken[ask.occurrence_id].decision.verdict for ask in nudge.asks)
    first_attempt_at = max(at, *(verdict.at for verdict in sends if isinstance(verdict, Send)))
    if not delivery_log.queue_first_channels(connection, nudge, at, first_attempt_at):
        delivery_log.miss(connection, nudge.id, Reason.NO_CHANNEL, at)


def _advance(connection: sqlite3.Connection, turn: TurnRecord, taken: tuple[str, ...]) -> None:
    planned_until = to_text(turn.planned_until)
    connection.execute(sql_of("meta_set"), {"key": _key(turn.person), "value": planned_until})
    if taken:
        data = {"occurrences": taken, "planned_until": planned_until}
        event_log.append(connection, "turn.recorded", turn.decided_at, data, person=turn.person)


def planned_until(connection: sqlite3.Connection, person: str) -> datetime | None:
    """Return the instant up to which every due slot of the person is decided; None = nothing was ever planned."""
    row = connection.execute(sql_of("meta_get"), {"key": _key(person)}).fetchone()
    return None if row is None else to_instant(row["value"])


def _key(person: str) -> str:
    return f"planned_until/{person}"


def record_notice(connection: sqlite3.Connection, nudge: Nudge) -> None:
    """Write and queue a message about the service itself; nothing happens when it is on record already.

    Raises ValueError for another kind of nudge, or one with asks.
    """
    if nudge.kind is not NudgeKind.SERVICE or nudge.asks:
        raise ValueError(f'nudge "{nudge.id}" is no service message without asks')
    if nudge_log.is_recorded(connection, nudge.id):
        return
    nudge_log.write(connection, nudge, nudge.created_at)
    at = nudge.created_at
    if not delivery_log.queue_first_channels(connection, nudge, at, at):
        event_log.append(connection, "nudge.undeliverable", at, {}, person=nudge.person, nudge_id=nudge.id)
