"""A day as a list of moments: what was sent and what became of it, what was held back and why, what will be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.retelling import retold
from reminders.domain.answer import Answer, Verb
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.planning.plan_row import PlanRow
from reminders.planning.reason_words import words_for
from reminders.planning.receipt_words import PAST
from reminders.planning.record_words import detail_words
from reminders.planning.wording_of_time import clock
from reminders.web.habit_name import name_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import HistoryRow
    from reminders.web.day_record import DayRecord

_AGAIN = {NudgeKind.RESEND: phrase("again, after a snooze"), NudgeKind.FOLLOW_UP: phrase("again, as no answer came")}
_DELIVERY_WORDS = {
    DeliveryState.QUEUED: phrase("about to be sent"),
    DeliveryState.SENDING: phrase("being sent"),
    DeliveryState.RETRY_WAIT: phrase("failed, to be tried again"),
    DeliveryState.ACCEPTED: phrase("accepted"),
    DeliveryState.REJECTED: phrase("rejected"),
    DeliveryState.UNKNOWN: phrase("unknown: it may or may not have arrived"),
    DeliveryState.ABANDONED: phrase("given up"),
}
# The ways in that are ours; any other is a channel, by its name.
_BY = {
    "page": phrase("by page"),
    "command": phrase("by command"),
    "link": phrase("by link"),
    "api": phrase("by api"),
    "desktop": phrase("by desktop"),
}
_HELD = {
    OccurrenceState.SUPPRESSED: (phrase("suppressed"), phrase("suppressed: {why}")),
    OccurrenceState.MISSED: (phrase("missed"), phrase("missed: {why}")),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What became of one ask; ``state`` names its colour."""

    habit: str
    state: str
    words: str
    further: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelFate:
    """How one channel did with a message."""

    channel: str
    state: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One moment of the day; ``lines`` is the text of a message, empty without one.

    ``kind`` is sent, held, said, service, coming (to be sent) or left_out (not to be sent).
    """

    at: datetime
    clock: str
    kind: str
    title: str
    note: str = ""
    lines: tuple[str, ...] = ()
    fates: tuple[Fate, ...] = ()
    channels: tuple[ChannelFate, ...] = ()


def past(record: DayRecord, zone: ZoneInfo) -> list[Entry]:
    """Return what is on record about a day, oldest first."""
    rows = {f"{row.person}/{row.habit}/{row.slot_key}": row for row in record.rows}
    told = {ask.occurrence_id for nudge in record.nudges for ask in nudge.asks}
    entries = [_message(nudge, record.deliveries.get(nudge.id, ()), rows, zone) for nudge in record.nudges]
    entries += [_held(row, zone) for key, row in rows.items() if key not in told]
    entries += [_said(answer, zone) for answer in record.answers if answer.verb is Verb.DONE]
    return sorted(entries, key=lambda entry: entry.at)


def _message(nudge: Nudge, deliveries: Sequence[Delivery], rows: Mapping[str, HistoryRow], zone: ZoneInfo) -> Entry:
    asked = [row for ask in nudge.asks if (row := rows.get(ask.occurrence_id)) is not None]
    return Entry(
        at=nudge.created_at,
        clock=clock(nudge.created_at, zone),
        kind="service" if nudge.kind is NudgeKind.SERVICE else "sent",
        title=nudge.title,
        note=say(_AGAIN[nudge.kind]) if nudge.kind in _AGAIN else "",
        lines=tuple(line for line in nudge.text.splitlines() if line),
        fates=() if nudge.kind in _AGAIN else tuple(fate_of(row, zone) for row in asked),
        channels=tuple(_channel(delivery) for delivery in deliveries),
    )


def _channel(delivery: Delivery) -> ChannelFate:
    told = f" ({retold(delivery.detail)})" if delivery.detail else ""
    words = f"{say(_DELIVERY_WORDS[delivery.state])}{told}"
    return ChannelFate(channel=delivery.channel, state=delivery.state.value, words=words)


def _held(row: HistoryRow, zone: ZoneInfo) -> Entry:
    fate = fate_of(row, zone)
    return Entry(
        at=row.due_at, clock=clock(row.due_at, zone), kind="held", title=name_of(row.habit), fates=(fate,), lines=()
    )


def _said(answer: Answer, zone: ZoneInfo) -> Entry:
    words = f"{say(PAST[Verb.DONE])} {_by(answer.via)}{_amount(answer.amount_ml)}"
    fate = Fate(habit=name_of(answer.habit), state="done", words=words)
    return Entry(
        at=answer.at,
        clock=clock(answer.at, zone),
        kind="said",
        title=name_of(answer.habit),
        note=say("without being asked"),
        fates=(fate,),
    )


def fate_of(row: HistoryRow, zone: ZoneInfo) -> Fate:
    """Return what became of an occurrence: ``done 14:02 by desktop, 250 ml``, ``suppressed: daily limit``."""
    # What is not known to be safe is told as a note of its own, with what to do.
    detail = "" if row.reason is Reason.UNSAFE else detail_words(row.reason, row.detail)
    return Fate(habit=name_of(row.habit), state=_colour(row), words=_words(row, zone), further=detail)


def _colour(row: HistoryRow) -> str:
    if row.state is OccurrenceState.PLANNED:
        return "snoozed" if row.answer is Verb.SNOOZE else "planned"
    return "late" if row.late else row.state.value


def _words(row: HistoryRow, zone: ZoneInfo) -> str:
    match row.state:
        case OccurrenceState.DONE:
            return _verdict(row, Verb.DONE, zone)
        case OccurrenceState.SKIPPED:
            return _verdict(row, Verb.SKIP, zone)
        case OccurrenceState.SENT:
            return say("waits for an answer")
        case OccurrenceState.PLANNED:
            return _waiting(row)
        case OccurrenceState.LAPSED:
            ended = say("lapsed: no answer came in time")
        case OccurrenceState.SUPPRESSED | OccurrenceState.MISSED:
            alone, with_reason = _HELD[row.state]
            ended = say(alone) if row.reason is None else say(with_reason, why=words_for(row.reason))
    if not row.late:
        return ended
    return say("{ended}; {answered}, late", ended=ended, answered=_verdict(row, Verb.DONE, zone))


def _waiting(row: HistoryRow) -> str:
    if row.answer is Verb.SNOOZE:
        return say(PAST[Verb.SNOOZE])
    if row.reason is not None and not row.channels:
        return say("waits: {why}", why=words_for(row.reason))
    return say("on its way")


def _verdict(row: HistoryRow, verb: Verb, zone: ZoneInfo) -> str:
    answered = say(PAST[verb])
    if row.answered_at is not None:
        answered = say("{answered} {time}", answered=answered, time=clock(row.answered_at, zone))
    return f"{answered}{f' {_by(row.via)}' if row.via else ''}{_amount(row.amount_ml)}"


def _by(via: str) -> str:
    return say(_BY[via]) if via in _BY else say("by {channel}", channel=via)


def _amount(amount_ml: int | None) -> str:
    return f", {amount_ml} ml" if amount_ml else ""


def coming(rows: Sequence[PlanRow], zone: ZoneInfo, since: datetime, until: datetime) -> list[Entry]:
    """Return what is planned in [since, until), each message once, in order of time."""
    ahead = [row for row in rows if since <= (row.send_at or row.due_at) < until]
    return sorted(_coming(ahead, zone), key=lambda entry: entry.at)


def _coming(rows: Sequence[PlanRow], zone: ZoneInfo) -> Iterator[Entry]:
    seen: set[str] = set()
    for row in rows:
        if row.send_at is None or row.nudge is None:
            yield _left_out(row, zone)
        elif row.nudge not in seen:
            seen.add(row.nudge)
            together = [one for one in rows if one.nudge == row.nudge]
            yield Entry(
                at=row.send_at,
                clock=clock(row.send_at, zone),
                kind="coming",
                title=row.title or " + ".join(name_of(one.habit) for one in together),
                note="; ".join(_moved(together, zone)),
                lines=tuple(line for line in (row.text or "").splitlines() if line),
                channels=tuple(ChannelFate(channel=name, state="coming", words="") for name in row.send_to),
            )


def _moved(rows: Sequence[PlanRow], zone: ZoneInfo) -> list[str]:
    return [
        say(
            "{name} was due {time}: {why}",
            name=name_of(row.habit),
            time=clock(row.due_at, zone),
            why=words_for(row.reason),
        )
        for row in rows
        if row.reason and row.due_at != row.send_at
    ]


def _left_out(row: PlanRow, zone: ZoneInfo) -> Entry:
    reason = None if row.reason is None else Reason(row.reason)
    detail = "" if reason is Reason.UNSAFE else detail_words(reason, row.detail)
    fate = Fate(habit=name_of(row.habit), state="suppressed", words=_why_not(row), further=detail)
    return Entry(at=row.due_at, clock=clock(row.due_at, zone), kind="left_out", title=name_of(row.habit), fates=(fate,))


def _why_not(row: PlanRow) -> str:
    if not row.reason:
        return say("would wait") if row.decision == "defer" else say("would not be sent")
    why = words_for(row.reason)
    return say("would wait: {why}", why=why) if row.decision == "defer" else say("would not be sent: {why}", why=why)
