"""What happened to an occurrence, event by event, and what held at a moment, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reminders.composition.circumstances import Circumstance, Kind
from reminders.composition.inquiry import Absence, Neighbours, Slot
from reminders.domain.decision import Send
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.planning.reason_words import words_for
from reminders.planning.wording_of_time import moment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import EventRow, Explanation

_SAID = {"done": "you said done", "skip": "you said skip", "snooze": "you said snooze"}
_EVENTS = {
    "occurrence.nudged": "decided: send",
    "occurrence.deferred": "decided: wait",
    "occurrence.followed_up": "decided: ask again, as no answer had come",
    "occurrence.not_sent_again": "not sent once more, as no channel took it: the earlier message stands",
    "occurrence.suppressed": "decided: do not send",
    "occurrence.missed": "missed",
    "occurrence.lapsed": "its time was over, and no answer had come",
    "occurrence.set_back": "moved, because the clock was set back",
    "answer.undone": "answer taken back",
}
_DELIVERY = {
    "delivery.accepted": "accepted",
    "delivery.rejected": "rejected, for good",
    "delivery.unknown": "unknown, it may or may not have arrived",
    "delivery.retry_wait": "failed, to be tried again",
    "delivery.abandoned": "given up",
    "delivery.queued_again": "to be sent once more, as nobody knows whether it arrived",
    "delivery.shown_again": "shown anew after a restart",
}
_ABSENT = {
    Absence.OFF: "is switched off in the file",
    Absence.GONE: "is not in the file",
    Absence.UNSAFE: "is off, because it is not known to be safe",
    Absence.NOT_THAT_DAY: "is not planned on that day",
    Absence.NO_WORK: "is planned on days of work, which that day is not",
    Absence.NO_TRAINING: "is planned around training, and there was none that day",
    Absence.OUTSIDE_WINDOW: "is planned only within",
    Absence.BETWEEN: "was not due around then",
}
_HELD = {
    Kind.ASLEEP: "outside your waking hours",
    Kind.QUIET: "a quiet time",
    Kind.PAUSED: "paused",
    Kind.TRAINING: "your own training",
    Kind.BREAK: "a break counted,",
    Kind.BUSY: "an event in your calendar",
    Kind.MACHINE_ASLEEP: "the machine was asleep",
    Kind.STALLED: "the daemon was not let run by the machine",
    Kind.CLOCK_SET: "the clock was set",
    Kind.DOWN: "nothing was decided, the daemon was not awake",
    Kind.NEVER_PLANNED: "nothing was ever planned here, because no daemon ran on this data directory",
    Kind.BEFORE_RECORD: "before the record begins",
}


def timeline(explanation: Explanation, zone: ZoneInfo, now: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield what happened, oldest first; what another line says already is left out."""
    deliveries: dict[int, dict[str, Any]] = {}
    for event in explanation.events:
        delivery: Mapping[str, Any] = {}
        if event.delivery_id is not None:
            delivery = deliveries.setdefault(event.delivery_id, {})
            deliveries[event.delivery_id].update(event.data)
        words = _event_words(event, delivery, zone, now)
        if words:
            yield event.at, words


def _event_words(event: EventRow, delivery: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    if event.kind in _DELIVERY:
        return _delivery_words(event, delivery, zone, now)
    if event.kind == "answer.given":
        return _answer_words(event, zone, now)
    words, reason = _EVENTS.get(event.kind, ""), event.data.get("reason")
    if event.kind == "occurrence.nudged" and reason:
        return f"{words}, moved from its time: {words_for(reason)}"
    if event.kind == "occurrence.deferred":
        due_at = event.data.get("due_at")
        until = f" until {moment(datetime.fromisoformat(due_at), zone, now)}" if due_at else ""
        return f"{words}{until}{f': {words_for(reason)}' if reason else ''}"
    return words


def _delivery_words(event: EventRow, delivery: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    words = f"{delivery.get('channel', 'channel')}: {_DELIVERY[event.kind]}"
    attempt = delivery.get("attempt") or 0
    if event.kind in ("delivery.accepted", "delivery.rejected", "delivery.unknown", "delivery.retry_wait"):
        words += f", attempt {attempt}"
    if event.kind == "delivery.retry_wait" and delivery.get("next_attempt_at"):
        words += f", next {moment(datetime.fromisoformat(delivery['next_attempt_at']), zone, now)}"
    return f"{words} ({event.data['detail']})" if event.data.get("detail") else words


def _answer_words(event: EventRow, zone: ZoneInfo, now: datetime) -> str:
    data = event.data
    amount = f", {data['amount_ml']} ml" if data.get("amount_ml") else ""
    until = f", until {moment(datetime.fromisoformat(data['until_at']), zone, now)}" if data.get("until_at") else ""
    late = ", after its time" if data.get("outcome") == "late" else ""
    return f"{_SAID[data['verb']]} by {data['via']}{amount}{until}{late}"


def standing_words(occurrence: Occurrence) -> str:
    """Return where an occurrence stands: ``lapsed``, ``suppressed: daily limit``, ``sent, waits for an answer``."""
    late = ", done late" if occurrence.answered_late else ""
    if occurrence.state is OccurrenceState.SENT:
        return "sent, waits for an answer"
    if occurrence.state is OccurrenceState.PLANNED:
        if occurrence.waiting:
            return "snoozed" if occurrence.sent_at is not None else "waits to be sent"
        return "on its way"
    held = occurrence.state in (OccurrenceState.SUPPRESSED, OccurrenceState.MISSED)
    why = f": {words_for(occurrence.reason)}" if held and occurrence.reason is not None else ""
    return f"{occurrence.state.value}{why}{late}"


def circumstance_words(one: Circumstance, zone: ZoneInfo, now: datetime) -> str:
    """Return what held: ``paused (everything: a meeting) from 10:00 until 12:00``."""
    detail = f" ({one.detail})" if one.detail else ""
    since = f" {'at' if one.kind is Kind.CLOCK_SET else 'from'} {moment(one.since, zone, now)}" if one.since else ""
    until = f" until {moment(one.until, zone, now)}" if one.until else ""
    open_end = " on, and none runs now" if one.kind is Kind.DOWN and one.until is None else ""
    begins = one.kind is Kind.BEFORE_RECORD and one.until is not None
    if begins and one.until is not None:
        return f"{_HELD[one.kind]}, at {moment(one.until, zone, now)}"
    return f"{_HELD[one.kind]}{detail}{since}{until}{open_end}"


def neighbours_words(one: Neighbours, zone: ZoneInfo, now: datetime) -> str:
    """Return why a habit was not due, and its slots before and after."""
    within = f" {one.detail}" if one.absence is Absence.OUTSIDE_WINDOW else ""
    parts = [f"{_ABSENT[one.absence]}{within}"]
    parts += [f"before: {slot_words(one.before, zone, now)}"] if one.before else []
    parts += [f"next: {slot_words(one.after, zone, now)}"] if one.after else []
    return "; ".join(parts)


def slot_words(slot: Slot, zone: ZoneInfo, now: datetime) -> str:
    """Return a slot: ``11:00 (done)``, ``tomorrow 10:00 (would be sent)``, ``09:00 (would have been sent)``."""
    at = moment(slot.due_at, zone, now)
    if slot.occurrence is not None:
        return f"{at} ({standing_words(slot.occurrence)})"
    if slot.decision is None:
        return at
    verdict, be = slot.decision.verdict, "be" if slot.due_at > now else "have been"
    if isinstance(verdict, Send):
        later = "" if verdict.at == slot.due_at else f" at {moment(verdict.at, zone, now)}"
        return f"{at} (would {be} sent{later})"
    return f"{at} (would not {be} sent: {words_for(verdict.reason)})"
