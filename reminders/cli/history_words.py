"""What became of an occurrence, in plain words; totals as "4 of 7", never as a run that can be broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.retelling import retold
from reminders.domain.answer import Answer, Verb
from reminders.domain.context import RealBreak
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.planning import record_words
from reminders.planning.reason_words import words_for
from reminders.planning.receipt_words import PAST
from reminders.planning.record_words import delivery_words, state_words, way_words
from reminders.planning.set_forward import NEVER_LIVED
from reminders.planning.wording_of_time import clock, length

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import ChannelState, HistoryRow


def row_words(row: HistoryRow, zone: ZoneInfo) -> str:
    """Return what became of an occurrence: ``done 14:02 by desktop, 250 ml``, ``suppressed: daily limit``."""
    match row.state:
        case OccurrenceState.DONE:
            return _said(say("done"), row.answered_at, row.via, row.amount_ml, zone)
        case OccurrenceState.SKIPPED:
            return _said(say("skipped"), row.answered_at, row.via, None, zone)
        case OccurrenceState.SENT:
            return say("sent {time}, waits for an answer", time=_clock(row.sent_at, zone))
        case OccurrenceState.PLANNED if row.answer is Verb.SNOOZE:
            return say("snoozed")
        case OccurrenceState.PLANNED:
            return say("about to be sent")
    was_held = row.state is not OccurrenceState.LAPSED  # of what was sent, a reason tells why that was not at its time
    why = f": {_why(row.reason, row.detail)}" if row.reason is not None and was_held else ""
    late = f", {_said(say('done late'), row.answered_at, row.via, row.amount_ml, zone)}" if row.late else ""
    return f"{state_words(row.state)}{why}{late}"


def _why(reason: Reason, detail: str | None) -> str:
    return say(NEVER_LIVED) if detail == NEVER_LIVED else words_for(reason)


def answer_words(answer: Answer, zone: ZoneInfo) -> str:
    """Return an answer given while nothing was open."""
    said = _said(say(PAST[answer.verb]), answer.at, answer.via, answer.amount_ml, zone)
    return f"{said}, {say('nothing was due')}"


def break_words(taken: RealBreak, zone: ZoneInfo) -> str:
    """Return a real break: ``until 10:20, 8 min``."""
    return say("until {time}, {length}", time=clock(taken.ended, zone), length=length(taken.length))


def _said(verb: str, at: datetime | None, via: str | None, amount_ml: int | None, zone: ZoneInfo) -> str:
    words = f"{verb} {_clock(at, zone)}".rstrip()
    if via:
        words = say("{said} by {way}", said=words, way=way_words(via))
    return f"{words}, {say('{amount} ml', amount=amount_ml)}" if amount_ml else words


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else clock(at, zone)


def channel_words(channels: Sequence[ChannelState]) -> str:
    """Return how each channel did: ``desktop accepted, phone rejected (no such topic)``."""
    return ", ".join(
        f"{one.channel} {delivery_words(one.state)}{f' ({retold(one.detail)})' if one.detail else ''}"
        for one in channels
    )


def follow_up_words(row: HistoryRow, zone: ZoneInfo) -> str:
    """Return when and where it was asked again: ``asked again at 10:15 on phone``, empty for never."""
    return "; ".join(
        say("asked again at {time} on {channels}", time=clock(one.at, zone), channels=_reached(one.channels))
        for one in row.follow_ups
    )


def _reached(channels: Sequence[ChannelState]) -> str:
    return ", ".join(
        one.channel if one.state is DeliveryState.ACCEPTED else f"{one.channel} ({delivery_words(one.state)})"
        for one in channels
    )


def detail_words(row: HistoryRow) -> str:
    """Return what the record adds to what ``row_words`` says, empty for nothing.

    What is unsafe is told as a hint elsewhere.
    """
    if row.reason is Reason.UNSAFE or row.detail == NEVER_LIVED:
        return ""
    return record_words.detail_words(row.reason, row.detail)


def asked_of(rows: Sequence[HistoryRow]) -> int:
    """Return how many were put to the person, or answered by them all the same."""
    return sum(row.sent_at is not None or row.late for row in rows)


def done_of(rows: Sequence[HistoryRow]) -> int:
    """Return how many were done, late ones included."""
    return sum(row.state is OccurrenceState.DONE or row.late for row in rows)


_SHOWN = {
    OccurrenceState.SKIPPED: phrase("{count} skipped"),
    OccurrenceState.LAPSED: phrase("{count} lapsed"),
}
_NEVER_SHOWN = {
    OccurrenceState.SUPPRESSED: phrase("{count} suppressed"),
    OccurrenceState.MISSED: phrase("{count} missed"),
}


def totals_words(rows: Sequence[HistoryRow], unasked: int) -> str:
    """Return a habit's totals: ``4 of 7 done, 1 skipped; 3 suppressed``; ``unasked`` = done with nothing open."""
    asked = asked_of(rows)
    shown = [say("{done} of {asked} done", done=done_of(rows), asked=asked)] if asked else []
    if unasked:
        words = phrase("{count} more without being asked") if asked else phrase("{count} done without being asked")
        shown.append(say(words, count=unasked))
    shown += _ended(rows, _SHOWN)
    return "; ".join(", ".join(part) for part in (shown, _ended(rows, _NEVER_SHOWN)) if part)


def _ended(rows: Sequence[HistoryRow], words: Mapping[OccurrenceState, str]) -> list[str]:
    """Return how many ended in each of the states, those done late left out."""
    numbers = {state: sum(row.state is state and not row.late for row in rows) for state in words}
    return [say(words[state], count=number) for state, number in numbers.items() if number]
