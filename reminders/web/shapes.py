"""JSON of a stable shape, the same from a command and from the API: instants as ISO 8601 with the local offset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reminders.domain.answer import Answer, AnswerReceipt
from reminders.domain.context import RealBreak
from reminders.domain.occurrence import Occurrence, Reason
from reminders.domain.pause import Pause
from reminders.planning.answering import is_snoozed
from reminders.planning.plan_row import PlanRow
from reminders.planning.wording_of_time import iso

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import ChannelState, HistoryRow
    from reminders.sensors.calendar_state import CalendarState

Shape = dict[str, object]


def plan_row(row: PlanRow, zone: ZoneInfo, doubtful: Sequence[CalendarState] = ()) -> Shape:
    """Return one row of the plan; what the ``doubtful`` calendars hold may be missing from it."""
    return {
        "due_at": iso(row.due_at, zone),
        "send_at": iso(row.send_at, zone),
        "person": row.person,
        "habit": row.habit,
        "slot_key": row.slot_key,
        "decision": row.decision,
        "reason": row.reason,
        "nudge": row.nudge,
        "title": row.title,
        "text": row.text,
        "send_to": list(row.send_to),
        "doubtful_calendars": [one.name for one in doubtful],
    }


def history_row(row: HistoryRow, zone: ZoneInfo, *, may_show: bool) -> Shape:
    """Return one occurrence of the record; ``may_show`` = the reader is the person, so that health may be told."""
    hidden = row.reason is Reason.UNSAFE and not may_show
    return {
        "habit": row.habit,
        "slot_key": row.slot_key,
        "due_at": iso(row.due_at, zone),
        "sent_at": iso(row.sent_at, zone),
        "state": row.state.value,
        "reason": row.reason and row.reason.value,
        "detail": None if hidden else row.detail,
        "answer": row.answer and row.answer.value,
        "answered_at": iso(row.answered_at, zone),
        "via": row.via,
        "amount_ml": row.amount_ml,
        "late": row.late,
        "channels": _channels(row.channels),
        "follow_ups": [{"at": iso(one.at, zone), "channels": _channels(one.channels)} for one in row.follow_ups],
    }


def _channels(channels: Sequence[ChannelState]) -> list[Shape]:
    return [
        {"channel": one.channel, "state": one.state.value, "attempt": one.attempt, "detail": one.detail}
        for one in channels
    ]


def answer(one: Answer, zone: ZoneInfo) -> Shape:
    """Return one answer given while nothing was open."""
    return {
        "habit": one.habit,
        "verb": one.verb.value,
        "at": iso(one.at, zone),
        "via": one.via,
        "amount_ml": one.amount_ml,
    }


def real_break(one: RealBreak, zone: ZoneInfo) -> Shape:
    """Return one break that was really taken."""
    return {"started": iso(one.started, zone), "ended": iso(one.ended, zone)}


def open_occurrence(one: Occurrence, zone: ZoneInfo) -> Shape:
    """Return one occurrence that waits for an answer."""
    return {
        "habit": one.habit,
        "slot_key": one.slot_key,
        "sent_at": iso(one.sent_at, zone),
        "snoozed_until": iso(one.due_at, zone) if is_snoozed(one) else None,
        "expires_at": iso(one.expires_at, zone),
        "amount_ml": one.amount_ml,
    }


def pause(one: Pause, zone: ZoneInfo) -> Shape:
    """Return one pause."""
    return {
        "habit": one.habit,
        "starts_at": iso(one.starts_at, zone),
        "ends_at": iso(one.ends_at, zone),
        "author": one.author,
        "reason": one.reason,
        "flare": one.flare,
    }


def receipt(one: AnswerReceipt, zone: ZoneInfo) -> Shape:
    """Return what became of an answer, and the verdict that stands."""
    return {
        "outcome": one.outcome.value,
        "person": one.person,
        "habit": one.habit,
        "standing": one.standing and one.standing.value,
        "until": iso(one.until, zone),
        "amount_ml": one.amount_ml,
        "detail": one.detail,
    }


def calendar(state: CalendarState, zone: ZoneInfo) -> Shape:
    """Return how a calendar is known."""
    return {
        "name": state.name,
        "fetched_at": iso(state.fetched_at, zone),
        "stale_since": iso(state.stale_since, zone),
        "trouble": state.trouble,
    }
