"""What happened to an occurrence, event by event, and what held at a moment, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.retelling import retold
from reminders.composition.circumstances import Circumstance, Kind
from reminders.composition.inquiry import Absence, Neighbours, Slot
from reminders.domain.decision import Decision, Send
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.planning.reason_words import words_for
from reminders.planning.record_words import state_words, way_words
from reminders.planning.wording_of_time import moment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import EventRow, Explanation

_SAID = {
    "done": phrase("you said done by {way}"),
    "skip": phrase("you said skip by {way}"),
    "snooze": phrase("you said snooze by {way}"),
}
_EVENTS = {
    "occurrence.nudged": phrase("decided: send"),
    "occurrence.deferred": phrase("decided: wait"),
    "occurrence.followed_up": phrase("decided: ask again, as no answer had come"),
    "occurrence.not_sent_again": phrase("not sent once more, as no channel took it: the earlier message stands"),
    "occurrence.suppressed": phrase("decided: do not send"),
    "occurrence.missed": phrase("missed"),
    "occurrence.lapsed": phrase("its time was over, and no answer had come"),
    "occurrence.set_back": phrase("moved, because the clock was set back"),
    "answer.undone": phrase("answer taken back"),
}
_DELIVERY = {
    "delivery.accepted": phrase("accepted"),
    "delivery.rejected": phrase("rejected, for good"),
    "delivery.unknown": phrase("unknown, it may or may not have arrived"),
    "delivery.retry_wait": phrase("failed, to be tried again"),
    "delivery.abandoned": phrase("given up"),
    "delivery.queued_again": phrase("to be sent once more, as nobody knows whether it arrived"),
    "delivery.shown_again": phrase("shown anew after a restart"),
}
_ABSENT = {
    Absence.OFF: phrase("is switched off in the file"),
    Absence.GONE: phrase("is not in the file"),
    Absence.UNSAFE: phrase("is off, because it is not known to be safe"),
    Absence.NOT_THAT_DAY: phrase("is not planned on that day"),
    Absence.NO_WORK: phrase("is planned on days of work, which that day is not"),
    Absence.NO_TRAINING: phrase("is planned around training, and there was none that day"),
    Absence.OUTSIDE_WINDOW: phrase("is planned only within {hours}"),
    Absence.BETWEEN: phrase("was not due around then"),
}
_HELD = {
    Kind.ASLEEP: phrase("outside your waking hours"),
    Kind.QUIET: phrase("a quiet time"),
    Kind.PAUSED: phrase("paused"),
    Kind.TRAINING: phrase("your own training"),
    Kind.BREAK: phrase("a break counted,"),
    Kind.BUSY: phrase("an event in your calendar"),
    Kind.MACHINE_ASLEEP: phrase("the machine was asleep"),
    Kind.STALLED: phrase("the daemon was not let run by the machine"),
    Kind.CLOCK_SET: phrase("the clock was set"),
    Kind.DOWN: phrase("nothing was decided, the daemon was not awake"),
    Kind.NEVER_PLANNED: phrase("nothing was ever planned here, because no daemon ran on this data directory"),
    Kind.BEFORE_RECORD: phrase("before the record begins"),
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
    reason = event.data.get("reason")
    if event.kind == "occurrence.nudged" and reason:
        return say("decided: send, moved from its time: {reason}", reason=words_for(reason))
    if event.kind == "occurrence.deferred":
        due_at = event.data.get("due_at")
        until = moment(datetime.fromisoformat(due_at), zone, now) if due_at else ""
        words = say("decided: wait until {moment}", moment=until) if until else say("decided: wait")
        return f"{words}: {words_for(reason)}" if reason else words
    return say(_EVENTS[event.kind]) if event.kind in _EVENTS else ""


def _delivery_words(event: EventRow, delivery: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    words = [say(_DELIVERY[event.kind])]
    if event.kind in ("delivery.accepted", "delivery.rejected", "delivery.unknown", "delivery.retry_wait"):
        words.append(say("attempt {number}", number=delivery.get("attempt") or 0))
    if event.kind == "delivery.retry_wait" and delivery.get("next_attempt_at"):
        words.append(
            say("next {moment}", moment=moment(datetime.fromisoformat(delivery["next_attempt_at"]), zone, now))
        )
    detail = f" ({retold(event.data['detail'])})" if event.data.get("detail") else ""
    return f"{delivery.get('channel') or say('channel')}: {', '.join(words)}{detail}"


def _answer_words(event: EventRow, zone: ZoneInfo, now: datetime) -> str:
    data = event.data
    words = [say(_SAID[data["verb"]], way=way_words(data["via"]))]
    words += [say("{amount} ml", amount=data["amount_ml"])] if data.get("amount_ml") else []
    if data.get("until_at"):
        words.append(say("until {moment}", moment=moment(datetime.fromisoformat(data["until_at"]), zone, now)))
    words += [say("after its time")] if data.get("outcome") == "late" else []
    return ", ".join(words)


def standing_words(occurrence: Occurrence) -> str:
    """Return where an occurrence stands: ``lapsed``, ``suppressed: daily limit``, ``sent, waits for an answer``."""
    if occurrence.state is OccurrenceState.SENT:
        return say("sent, waits for an answer")
    if occurrence.state is OccurrenceState.PLANNED:
        if occurrence.waiting:
            return say("snoozed") if occurrence.sent_at is not None else say("waits to be sent")
        return say("on its way")
    held = occurrence.state in (OccurrenceState.SUPPRESSED, OccurrenceState.MISSED)
    why = f": {words_for(occurrence.reason)}" if held and occurrence.reason is not None else ""
    late = f", {say('done late')}" if occurrence.answered_late else ""
    return f"{state_words(occurrence.state)}{why}{late}"


def circumstance_words(one: Circumstance, zone: ZoneInfo, now: datetime) -> str:
    """Return what held: ``paused (everything: a meeting) from 10:00 until 12:00``."""
    words = say(_HELD[one.kind])
    if one.kind is Kind.BEFORE_RECORD and one.until is not None:
        return say("before the record begins, at {moment}", moment=moment(one.until, zone, now))
    detail = f"({one.detail})" if one.detail else ""
    return " ".join(part for part in (words, detail, _stretch_words(one, zone, now)) if part)


def _stretch_words(one: Circumstance, zone: ZoneInfo, now: datetime) -> str:
    since = moment(one.since, zone, now) if one.since else ""
    until = moment(one.until, zone, now) if one.until else ""
    if since and until:
        return say("from {since} until {until}", since=since, until=until)
    if until:
        return say("until {moment}", moment=until)
    if not since:
        return ""
    if one.kind is Kind.DOWN:
        return say("from {moment} on, and none runs now", moment=since)
    return say("at {moment}", moment=since) if one.kind is Kind.CLOCK_SET else say("from {moment}", moment=since)


def neighbours_words(one: Neighbours, zone: ZoneInfo, now: datetime) -> str:
    """Return why a habit was not due, and its slots before and after."""
    parts = [say(_ABSENT[one.absence], hours=one.detail)]
    parts += [say("before: {slot}", slot=slot_words(one.before, zone, now))] if one.before else []
    parts += [say("next: {slot}", slot=slot_words(one.after, zone, now))] if one.after else []
    return "; ".join(parts)


def slot_words(slot: Slot, zone: ZoneInfo, now: datetime) -> str:
    """Return a slot: ``11:00 (done)``, ``tomorrow 10:00 (would be sent)``, ``09:00 (would have been sent)``."""
    at = moment(slot.due_at, zone, now)
    if slot.occurrence is not None:
        return f"{at} ({standing_words(slot.occurrence)})"
    return at if slot.decision is None else f"{at} ({_verdict_words(slot.decision, zone, now)})"


def _verdict_words(decision: Decision, zone: ZoneInfo, now: datetime) -> str:
    verdict, is_ahead = decision.verdict, decision.due_at > now
    if not isinstance(verdict, Send):
        words = phrase("would not be sent: {reason}") if is_ahead else phrase("would not have been sent: {reason}")
        return say(words, reason=words_for(verdict.reason))
    if verdict.at == decision.due_at:
        return say("would be sent") if is_ahead else say("would have been sent")
    words = phrase("would be sent at {moment}") if is_ahead else phrase("would have been sent at {moment}")
    return say(words, moment=moment(verdict.at, zone, now))
