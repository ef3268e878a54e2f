"""The shapes of what the API returns, as JSON Schema; ``shapes`` makes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reminders.delivery.breaker import BreakerState
from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.channel import ChannelKind
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState, Reason

Node = dict[str, Any]

TEXT: Node = {"type": "string"}
TEXT_OR_NULL: Node = {"type": ["string", "null"]}
INSTANT: Node = {"type": "string", "format": "date-time"}
INSTANT_OR_NULL: Node = {"type": ["string", "null"], "format": "date-time"}
WHOLE: Node = {"type": "integer", "minimum": 0}
WHOLE_OR_NULL: Node = {"type": ["integer", "null"], "minimum": 0}
TRUTH: Node = {"type": "boolean"}


def _one_of(words: Iterable[str], *, or_null: bool = False) -> Node:
    values: list[str | None] = [str(word) for word in words]
    return {"enum": [*values, None] if or_null else values}


def _all(**fields: Node) -> Node:
    """Return an object that has exactly these fields."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(item: Node) -> Node:
    return {"type": "array", "items": item}


def _or_null(schema: Node) -> Node:
    return {"anyOf": [schema, {"type": "null"}]}


_CHANNEL = _all(channel=TEXT, state=_one_of(DeliveryState), attempt=WHOLE, detail=TEXT)
_HISTORY_FIELDS: Node = {
    "habit": TEXT,
    "slot_key": TEXT,
    "due_at": INSTANT,
    "sent_at": INSTANT_OR_NULL,
    "state": _one_of(OccurrenceState),
    "reason": _one_of(Reason, or_null=True),
    "detail": TEXT_OR_NULL,
    "answer": _one_of(Verb, or_null=True),
    "answered_at": INSTANT_OR_NULL,
    "via": TEXT_OR_NULL,
    "amount_ml": WHOLE_OR_NULL,
    "late": TRUTH,
    "channels": _list(_CHANNEL),
    "follow_ups": _list(_all(at=INSTANT, channels=_list(_CHANNEL))),
}
_ANSWER = _all(habit=TEXT, verb=_one_of(Verb), at=INSTANT, via=TEXT, amount_ml=WHOLE_OR_NULL)
_TOTALS = _all(
    habit=TEXT,
    done=WHOLE,
    asked=WHOLE,
    unasked=WHOLE,
    states={"type": "object", "additionalProperties": WHOLE},
)
_OPEN = _all(
    habit=TEXT,
    slot_key=TEXT,
    sent_at=INSTANT_OR_NULL,
    snoozed_until=INSTANT_OR_NULL,
    expires_at=INSTANT,
    amount_ml=WHOLE_OR_NULL,
)
_PAUSE = _all(habit=TEXT_OR_NULL, starts_at=INSTANT, ends_at=INSTANT, author=TEXT, reason=TEXT, flare=TRUTH)
_STANDING = _all(
    person=TEXT,
    zone=TEXT,
    next=_or_null(_all(habit=TEXT, send_at=INSTANT_OR_NULL)),
    open=_list(_OPEN),
    water=_or_null(_all(drunk_ml=WHOLE, goal_ml=WHOLE_OR_NULL)),
    pauses=_list(_PAUSE),
    unsafe=_list(_all(habit=TEXT, hint=TEXT_OR_NULL)),
    calendars=_list(_all(name=TEXT, fetched_at=INSTANT_OR_NULL, stale_since=INSTANT_OR_NULL, trouble=TEXT_OR_NULL)),
)
_CHANNEL_NOW = _all(
    name=TEXT,
    kind=_one_of(ChannelKind),
    trouble=_or_null(_all(state=_one_of(DeliveryState), detail=TEXT)),
    unbuilt=TEXT_OR_NULL,
    unheard=TEXT_OR_NULL,
    breaker=_one_of(BreakerState, or_null=True),
    waiting=WHOLE,
)

SCHEMAS: Node = {
    "Refusal": _all(error=TEXT, detail=TEXT),
    "Status": _all(
        running=TRUTH,
        pid=WHOLE,
        since=INSTANT,
        version=TEXT,
        degraded=TEXT_OR_NULL,
        refused=TEXT_OR_NULL,
        page=TEXT,
        page_trouble=TEXT_OR_NULL,
        presence=TEXT_OR_NULL,
        config=TEXT_OR_NULL,
        problems=WHOLE,
        channels=_list(_CHANNEL_NOW),
        people=_list(_STANDING),
    ),
    "PlanRow": _all(
        due_at=INSTANT,
        send_at=INSTANT_OR_NULL,
        person=TEXT,
        habit=TEXT,
        slot_key=TEXT,
        decision={"enum": ["send", "defer", "suppress"]},
        reason=_one_of(Reason, or_null=True),
        nudge=TEXT_OR_NULL,
        title=TEXT_OR_NULL,
        text=TEXT_OR_NULL,
        send_to=_list(TEXT),
        doubtful_calendars=_list(TEXT),
    ),
    "Occurrence": _all(id=TEXT, person=TEXT, **_HISTORY_FIELDS),
    "Receipt": _all(
        outcome=_one_of(AnswerOutcome),
        person=TEXT,
        habit=TEXT_OR_NULL,
        standing=_one_of(Verb, or_null=True),
        until=INSTANT_OR_NULL,
        amount_ml=WHOLE_OR_NULL,
        detail=TEXT,
    ),
    "Pause": _PAUSE,
    "Water": _all(person=TEXT, drunk_ml=WHOLE, goal_ml=WHOLE_OR_NULL),
    "Record": _all(
        person=TEXT,
        zone=TEXT,
        **{"from": {"type": "string", "format": "date"}},
        days=WHOLE,
        occurrences=_list(_all(**_HISTORY_FIELDS)),
        answers=_list(_ANSWER),
        breaks=_list(_all(started=INSTANT, ended=INSTANT)),
        totals=_list(_TOTALS),
    ),
}
