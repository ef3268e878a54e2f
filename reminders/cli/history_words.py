"""What became of an occurrence, in plain words; totals as "4 of 7", never as a run that can be broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reminders.domain.answer import Answer, Verb
from reminders.domain.context import RealBreak
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.planning.reason_words import words_for
from reminders.planning.wording_of_time import clock, length

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import ChannelState, HistoryRow

_PAST = {Verb.DONE: "done", Verb.SKIP: "skipped", Verb.SNOOZE: "snoozed"}


def row_words(row: HistoryRow, zone: ZoneInfo) -> str:
    """Return what became of an occurrence: ``done 14:02 by desktop, 250 ml``, ``suppressed: daily limit``."""
    match row.state:
        case OccurrenceState.DONE:
            return _said("done", row.answered_at, row.via, row.amount_ml, zone)
        case OccurrenceState.SKIPPED:
            return _said("skipped", row.answered_at, row.via, None, zone)
        case OccurrenceState.SENT:
            return f"sent {_clock(row.sent_at, zone)}, waits for an answer"
        case OccurrenceState.PLANNED if row.answer is Verb.SNOOZE:
            return "snoozed"
        case OccurrenceState.PLANNED:
            return "about to be sent"
    why = "" if row.reason is None else f": {words_for(row.reason)}"
    late = f", {_said('done late', row.answered_at, row.via, row.amount_ml, zone)}" if row.late else ""
    return f"{row.state.value}{why}{late}"


def answer_words(answer: Answer, zone: ZoneInfo) -> str:
    """Return an answer given while nothing was open."""
    return f"{_said(_PAST[answer.verb], answer.at, answer.via, answer.amount_ml, zone)}, nothing was due"


def break_words(taken: RealBreak, zone: ZoneInfo) -> str:
    """Return a real break: ``until 10:20, 8 min``."""
    return f"until {clock(taken.ended, zone)}, {length(taken.length)}"


def _said(verb: str, at: datetime | None, via: str | None, amount_ml: int | None, zone: ZoneInfo) -> str:
    by = f" by {via}" if via else ""
    amount = f", {amount_ml} ml" if amount_ml else ""
    return f"{verb} {_clock(at, zone)}{by}{amount}".replace("  ", " ")


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else clock(at, zone)


def channel_words(channels: Sequence[ChannelState]) -> str:
    """Return how each channel did: ``desktop accepted, phone rejected (no such topic)``."""
    return ", ".join(
        f"{one.channel} {one.state.value.replace('_', ' ')}{f' ({one.detail})' if one.detail else ''}"
        for one in channels
    )


def follow_up_words(row: HistoryRow, zone: ZoneInfo) -> str:
    """Return when and where it was asked again: ``asked again at 10:15 on phone``, empty for never."""
    return "; ".join(f"asked again at {clock(one.at, zone)} on {_reached(one.channels)}" for one in row.follow_ups)


def _reached(channels: Sequence[ChannelState]) -> str:
    return ", ".join(
        one.channel if one.state is DeliveryState.ACCEPTED else f"{one.channel} ({one.state.value.replace('_', ' ')})"
        for one in channels
    )


def detail_words(row: HistoryRow) -> str:
    """Return what the record adds to the reason, empty for nothing; what is unsafe is told as a hint elsewhere."""
    return row.detail if row.detail and row.reason is not Reason.UNSAFE else ""


def asked_of(rows: Sequence[HistoryRow]) -> int:
    """Return how many were put to the person, or answered by them all the same."""
    return sum(row.sent_at is not None or row.late for row in rows)


def done_of(rows: Sequence[HistoryRow]) -> int:
    """Return how many were done, late ones included."""
    return sum(row.state is OccurrenceState.DONE or row.late for row in rows)


def totals_words(rows: Sequence[HistoryRow], unasked: int) -> str:
    """Return a habit's totals: ``4 of 7 done, 1 skipped; 3 suppressed``; ``unasked`` = done with nothing open."""
    asked = asked_of(rows)
    shown = [f"{done_of(rows)} of {asked} done"] if asked else []
    shown += [f"{unasked} {'more' if asked else 'done'} without being asked"] if unasked else []
    for state in (OccurrenceState.SKIPPED, OccurrenceState.LAPSED):
        number = sum(row.state is state and not row.late for row in rows)
        shown += [f"{number} {state.value}"] if number else []
    never = [
        f"{number} {state.value}"
        for state in (OccurrenceState.SUPPRESSED, OccurrenceState.MISSED)
        if (number := sum(row.state is state and not row.late for row in rows))
    ]
    return "; ".join(", ".join(part) for part in (shown, never) if part)
