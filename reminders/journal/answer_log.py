"""Answers on record: given through a nudge or for a habit, and taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reminders.catalogue.phrases import phrase, say
from reminders.domain.answer import UNDO_WINDOW, Answer, AnswerOutcome, AnswerReceipt, Verb
from reminders.domain.delivery import Delivery
from reminders.domain.occurrence import Occurrence, OccurrenceState, Reason
from reminders.journal import delivery_log, event_log, expiry_log, occurrence_log
from reminders.journal.event_log import Columns
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of
from reminders.planning import answering
from reminders.planning.answering import AnswerEffect

_REACH = timedelta(days=2)  # no ask lives longer than one
_KINDS = {
    (Verb.DONE, AnswerOutcome.COUNTED): "occurrence.done",
    (Verb.SKIP, AnswerOutcome.COUNTED): "occurrence.skipped",
    (Verb.SNOOZE, AnswerOutcome.COUNTED): occurrence_log.SNOOZED,
    (Verb.DONE, AnswerOutcome.LATE): occurrence_log.ANSWERED_LATE,
}
_TAKEN_BACK = {
    Verb.DONE: phrase("done taken back"),
    Verb.SKIP: phrase("skip taken back"),
    Verb.SNOOZE: phrase("snooze taken back"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a person said, when and through which door; ``amount_ml`` None = not told."""

    verb: Verb
    at: datetime
    via: str
    amount_ml: int | None = None
    snooze_for: timedelta = answering.SNOOZE_UNLESS_SAID

    def __post_init__(self) -> None:
        """Refuse an amount that cannot be drunk."""
        if self.amount_ml is not None and self.amount_ml < 0:
            raise ValueError(f"an amount of {self.amount_ml} ml is less than nothing")


def answer_nudge(
    connection: sqlite3.Connection, nudge_id: str, said: Said, only: str | None = None
) -> tuple[AnswerReceipt, ...]:
    """Answer the occurrences of a nudge; an amount goes to the first ask with an amount, else to the first.

    ``only`` names the one that is meant; None = every one. Who answers a nudge has seen it: when an attempt of it was
    begun, its occurrences count as sent, whatever became of the attempt. A nudge nobody asked anything with is unknown.
    """
    asked = occurrence_log.select(connection, "occurrences_asked", {"nudge_id": nudge_id})
    meant = tuple(occurrence for occurrence in asked if only in (None, occurrence.id))
    if not meant:
        return (_unknown(say("no such nudge")),)
    current = [_seen(connection, occurrence, nudge_id, said.at) for occurrence in meant]
    effects = [answering.answer(item, said.verb, said.at, snooze_for=said.snooze_for) for item in current]
    with_amount = next((item for item in current if item.amount_ml is not None), current[0])
    act: int | None = None
    receipts = []
    for before, effect in zip(current, effects, strict=True):
        own = said if before is with_amount else replace(said, amount_ml=None)
        act, receipt = _apply(connection, before, effect, own, act)
        receipts.append(receipt)
    return tuple(receipts)


def answer_occurrence(connection: sqlite3.Connection, occurrence_id: str, said: Said) -> AnswerReceipt:
    """Answer one occurrence by its name, which proves nothing of a message: before one was taken, it was not sent."""
    occurrence = occurrence_log.find(connection, occurrence_id)
    if occurrence is None:
        return _unknown(say("no such occurrence"))
    before = expiry_log.end(connection, occurrence, said.at)
    effect = answering.answer(before, said.verb, said.at, snooze_for=said.snooze_for)
    return _apply(connection, before, effect, said, None)[1]


def _unknown(detail: str) -> AnswerReceipt:
    return AnswerReceipt(outcome=AnswerOutcome.UNKNOWN, person="", habit=None, detail=detail)


def _seen(connection: sqlite3.Connection, occurrence: Occurrence, nudge_id: str, now: datetime) -> Occurrence:
    is_proof = occurrence.nudge_id == nudge_id and answering.is_on_its_way(occurrence)
    if is_proof and any(_was_begun(delivery) for delivery in delivery_log.of_nudge(connection, nudge_id)):
        sent = answering.taken(occurrence, now)
        occurrence = occurrence_log.save(connection, occurrence_log.SENT, occurrence, sent, now)
    return expiry_log.end(connection, occurrence, now)


def _was_begun(delivery: Delivery) -> bool:
    return delivery.began_at is not None


def answer_habit(
    connection: sqlite3.Connection, person: str, habit: str, said: Said, interval: timedelta | None = None
) -> AnswerReceipt:
    """Answer every open ask of a habit; an amount goes to the newest. With none open only Done counts.

    It is late for one that just lapsed, too late for one just skipped, and else a credit. ``interval`` None = the
    habit has fixed times. A new snooze takes the place of one that still runs.
    """
    parameters = {"person": person, "habit": habit}
    pending = [
        expiry_log.end(connection, occurrence, said.at)
        for occurrence in occurrence_log.select(connection, "occurrences_open", parameters)
    ]
    answerable = [occurrence for occurrence in pending if answering.is_answerable(occurrence)]
    if not answerable:
        is_over = all(occurrence.state.is_terminal for occurrence in pending)
        last = _last_asked(connection, person, habit, said.at, interval) if is_over else None
        if said.verb is Verb.DONE and last is not None and not _is_extra(last, said):
            effect = answering.answer(last, said.verb, said.at, snooze_for=said.snooze_for)
            return _apply(connection, last, effect, said, None)[1]
        return _credit(connection, person, habit, pending, said)
    act: int | None = None
    receipts = []
    for before in reversed(answerable):
        effect = answering.answer(before, said.verb, said.at, snooze_for=said.snooze_for, replace_snooze=True)
        own = said if before is answerable[-1] else replace(said, amount_ml=0 if before.amount_ml else None)
        act, receipt = _apply(connection, before, effect, own, act)
        receipts.append(receipt)
    return next((receipt for receipt in receipts if receipt.outcome is AnswerOutcome.COUNTED), receipts[0])


def _last_asked(
    connection: sqlite3.Connection, person: str, habit: str, now: datetime, interval: timedelta | None
) -> Occurrence | None:
    """Return the last ask of a habit when a Done said now is about it; at fixed times no slot lies between."""
    reach = {"since": to_text(now - _REACH - (interval or timedelta(0))), "until": to_text(now)}
    found = occurrence_log.select(
        connection, "occurrences_of_habit_before", {"person": person, "habit": habit, **reach}
    )
    asked = (one for one in found if interval is None or one.sent_at is not None)
    last = next(asked, None)
    return last if last is not None and answering.is_meant(last, now, interval) else None


def _is_extra(last: Occurrence, said: Said) -> bool:
    """Tell whether something was drunk all the same after a skip."""
    return last.state is OccurrenceState.SKIPPED and said.amount_ml is not None


def _credit(
    connection: sqlite3.Connection, person: str, habit: str, pending: list[Occurrence], said: Said
) -> AnswerReceipt:
    if said.verb is not Verb.DONE:
        detail = say("nothing is open to answer")
        return AnswerReceipt(outcome=AnswerOutcome.NOT_SENT, person=person, habit=habit, detail=detail)
    _insert(connection, _columns(person, habit, said, AnswerOutcome.CREDITED, said.amount_ml))
    for occurrence in pending:
        _hold_back(connection, occurrence, said.at)
    return AnswerReceipt(
        outcome=AnswerOutcome.CREDITED, person=person, habit=habit, standing=Verb.DONE, amount_ml=said.amount_ml
    )


def _hold_back(connection: sqlite3.Connection, occurrence: Occurrence, now: datetime) -> None:
    """Keep a nudge at home that is on its way for what is done already.

    One that is being sent at this moment, or has something else to ask, goes out as it is.
    """
    nudge_id = occurrence.nudge_id
    if nudge_id is None or not answering.is_on_its_way(occurrence):
        return
    carried = occurrence_log.select(connection, "occurrences_on_their_way", {"nudge_id": nudge_id})
    if len(carried) == 1 and not answering.is_in_flight(delivery_log.of_nudge(connection, nudge_id)):
        held = replace(occurrence, state=OccurrenceState.SUPPRESSED, reason=Reason.ALREADY_DONE)
        occurrence_log.save(connection, occurrence_log.ended_kind(held.state), occurrence, held, now)
        delivery_log.abandon_unwanted(connection, nudge_id, now, phrase("done already"))


def _apply(
    connection: sqlite3.Connection, before: Occurrence, effect: AnswerEffect, said: Said, act: int | None
) -> tuple[int | None, AnswerReceipt]:
    amount_ml = None
    if effect.is_recorded:
        amount_ml = _amount(before, said)
        columns = _columns(before.person, before.habit, said, effect.outcome, amount_ml)
        before_columns: Columns = {
            "occurrence_id": before.id,
            "until_at": to_text(effect.until),
            "said_with": act,
            "was_waiting": int(before.waiting),
            "due_before": to_text(before.due_at),
        }
        answer_id = _insert(connection, {**columns, **before_columns})
        act = act or answer_id
        kind = _KINDS[said.verb, effect.outcome]
        occurrence_log.save(connection, kind, before, effect.occurrence, said.at)
        if before.nudge_id is not None:
            delivery_log.abandon_unwanted(connection, before.nudge_id, said.at, phrase("answered"))
    return act, AnswerReceipt(
        outcome=effect.outcome,
        person=before.person,
        habit=before.habit,
        standing=effect.standing,
        until=effect.until,
        amount_ml=amount_ml,
        detail=effect.detail,
    )


def _amount(occurrence: Occurrence, said: Said) -> int | None:
    if said.verb is not Verb.DONE:
        return None
    return occurrence.amount_ml if said.amount_ml is None else said.amount_ml


def _columns(person: str, habit: str, said: Said, outcome: AnswerOutcome, amount_ml: int | None) -> Columns:
    return {
        "person": person,
        "habit": habit,
        "verb": said.verb.value,
        "at": to_text(said.at),
        "via": said.via,
        "outcome": outcome.value,
        "occurrence_id": None,
        "amount_ml": amount_ml,
        "until_at": None,
        "said_with": None,
        "was_waiting": 0,
        "due_before": None,
    }


def _insert(connection: sqlite3.Connection, columns: Columns) -> int:
    answer_id = int(connection.execute(sql_of("answer_insert"), columns).fetchone()["id"])
    data: Columns = {**columns, "id": answer_id, "undone_at": None}
    _append(connection, "answer.given", columns, data, str(columns["at"]))
    return answer_id


def _append(connection: sqlite3.Connection, kind: str, answer: Columns | sqlite3.Row, data: Columns, at: str) -> None:
    event_log.append(
        connection,
        kind,
        to_instant(at),
        data,
        person=str(answer["person"]),
        habit=str(answer["habit"]),
        occurrence_id=None if answer["occurrence_id"] is None else str(answer["occurrence_id"]),
    )


def undo(connection: sqlite3.Connection, person: str, habit: str | None, now: datetime) -> AnswerReceipt | None:
    """Take the newest answer back, with all that one press answered; None when there is none young enough.

    ``habit`` None = whichever was answered last.
    """
    since = to_text(now - UNDO_WINDOW)
    bounds = {"person": person, "habit": habit, "since": since}
    newest = connection.execute(sql_of("answer_newest"), bounds).fetchone()
    return None if newest is None else _take_back(connection, newest, habit, since, now)


def undo_nudge(connection: sqlite3.Connection, nudge_id: str, now: datetime) -> AnswerReceipt | None:
    """Take the newest answer to what a nudge asked back, as ``undo``."""
    since = to_text(now - UNDO_WINDOW)
    newest = undoable(connection, nudge_id, now)
    return None if newest is None else _take_back(connection, newest, None, since, now)


def undoable(connection: sqlite3.Connection, nudge_id: str, now: datetime) -> sqlite3.Row | None:
    """Return the newest answer to what a nudge asked that can be taken back; None = there is none."""
    bounds = {"nudge_id": nudge_id, "since": to_text(now - UNDO_WINDOW)}
    row: sqlite3.Row | None = connection.execute(sql_of("answer_newest_of_nudge"), bounds).fetchone()
    return row


def _take_back(
    connection: sqlite3.Connection, newest: sqlite3.Row, habit: str | None, since: str, now: datetime
) -> AnswerReceipt:
    act = newest["said_with"] or newest["id"]
    bounds = {"person": newest["person"], "habit": habit, "since": since, "act": act}
    for row in connection.execute(sql_of("answers_said_with"), bounds).fetchall():
        _withdraw(connection, row, now)
    occurrence = _occurrence_of(connection, newest)
    return AnswerReceipt(
        outcome=AnswerOutcome.COUNTED,
        person=newest["person"],
        habit=newest["habit"],
        standing=None if occurrence is None else answering.standing_verb(occurrence),
        amount_ml=newest["amount_ml"],
        detail=say(_TAKEN_BACK[Verb(newest["verb"])]),
    )


def _withdraw(connection: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> None:
    undone: Columns = {"id": row["id"], "undone_at": to_text(now)}
    connection.execute(sql_of("answer_undo"), undone)
    _append(connection, "answer.undone", row, undone, to_text(now))
    before = _occurrence_of(connection, row)
    if before is None:
        return
    after = answering.withdrawn(
        before, Verb(row["verb"]), was_waiting=bool(row["was_waiting"]), due_before=to_instant(row["due_before"])
    )
    occurrence_log.save(connection, occurrence_log.RESTORED, before, after, now)
    expiry_log.end(connection, after, now)


def _occurrence_of(connection: sqlite3.Connection, row: sqlite3.Row) -> Occurrence | None:
    return None if row["occurrence_id"] is None else occurrence_log.find(connection, row["occurrence_id"])


def select(connection: sqlite3.Connection, query: str, parameters: Mapping[str, object]) -> tuple[Answer, ...]:
    """Return the answers that a named query finds."""
    return tuple(from_row(row) for row in connection.execute(sql_of(query), parameters))


def water_ml(connection: sqlite3.Connection, person: str, since: datetime, until: datetime) -> int:
    """Return what the person said was drunk in [since, until), in millilitres."""
    parameters = {"person": person, "since": to_text(since), "until": to_text(until)}
    return int(connection.execute(sql_of("water_ml"), parameters).fetchone()["total"])


def from_row(row: sqlite3.Row) -> Answer:
    """Return the answer of a row."""
    return Answer(
        id=row["id"],
        person=row["person"],
        habit=row["habit"],
        verb=Verb(row["verb"]),
        at=to_instant(row["at"]),
        via=row["via"],
        occurrence_id=row["occurrence_id"],
        amount_ml=row["amount_ml"],
        until=to_instant(row["until_at"]),
    )
