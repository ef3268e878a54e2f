"""The rows that the events alone would give: each event holds the columns it changed; folding them gives the row."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from reminders.journal.event_log import Columns
from reminders.journal.queries import sql_of

_NONE = frozenset[str | None]({None})
_WAITABLE = frozenset[str | None]({"planned"})
_SENT = frozenset[str | None]({"sent"})
_ANSWERABLE = frozenset[str | None]({"sent", "planned"})
_ENDED = frozenset[str | None]({"lapsed", "missed", "suppressed"})

# kind -> the states it may start from, and the states it may lead to
_OCCURRENCE_STEPS: Mapping[str, tuple[frozenset[str | None], frozenset[str | None]]] = {
    "planned": (_NONE, _WAITABLE),
    "nudged": (_WAITABLE, _WAITABLE),
    "deferred": (_WAITABLE, _WAITABLE),
    "suppressed": (_WAITABLE, frozenset({"suppressed"})),
    "missed": (_WAITABLE, frozenset({"missed"})),
    "sent": (_WAITABLE, _SENT),
    "not_sent_again": (_WAITABLE, _SENT),
    "followed_up": (_SENT, _SENT),
    "snoozed": (_ANSWERABLE, _WAITABLE),
    "done": (_ANSWERABLE, frozenset({"done"})),
    "skipped": (_ANSWERABLE, frozenset({"skipped"})),
    "lapsed": (_ANSWERABLE, frozenset({"lapsed"})),
    "answered_late": (_ENDED, _ENDED),
    "restored": (
        frozenset({"done", "skipped", "planned", "sent"}) | _ENDED,
        frozenset({"sent", "planned"}) | _ENDED,
    ),
    "set_back": (_ANSWERABLE, _ANSWERABLE),
}
# Columns that came with a later migration: what they are in rows whose events do not know them.
_LATER_COLUMNS: Columns = {"follow_ups": 0}
_OPEN = frozenset[str | None]({"queued", "retry_wait"})
_SENDING = frozenset[str | None]({"sending"})
_DELIVERY_STEPS: Mapping[str, tuple[frozenset[str | None], frozenset[str | None]]] = {
    "queued": (_NONE, frozenset({"queued"})),
    "begun": (_OPEN, _SENDING),
    "accepted": (_SENDING, frozenset({"accepted"})),
    "rejected": (_SENDING, frozenset({"rejected"})),
    "unknown": (_SENDING, frozenset({"unknown"})),
    "retry_wait": (_SENDING, frozenset({"retry_wait"})),
    "abandoned": (_OPEN, frozenset({"abandoned"})),
    "shown_again": (frozenset({"accepted"}), frozenset({"accepted"})),
    "taken_away": (frozenset({"accepted"}), frozenset({"accepted"})),
    "queued_again": (frozenset({"unknown"}), frozenset({"queued"})),
}


@dataclass(slots=True)
class Replay:
    """What the events add up to, by id, and the steps among them that no rule allows."""

    occurrences: dict[str, Columns] = field(default_factory=dict)
    deliveries: dict[int, Columns] = field(default_factory=dict)
    answers: dict[int, Columns] = field(default_factory=dict)
    pauses: dict[int, Columns] = field(default_factory=dict)
    nudges: set[str] = field(default_factory=set)
    nudged: set[tuple[str, str]] = field(default_factory=set)
    not_sent_again: set[tuple[str, str]] = field(default_factory=set)
    attempts: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    taken_by_a_channel: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    undeliverable: set[str] = field(default_factory=set)
    planned: int = 0
    mistakes: list[str] = field(default_factory=list)


def replay(connection: sqlite3.Connection) -> Replay:
    """Fold every event, oldest first."""
    result = Replay()
    for event in connection.execute(sql_of("events_all")):
        noun, _, step = str(event["kind"]).partition(".")
        data: Columns = json.loads(event["data"])
        if noun == "occurrence":
            _fold_occurrence(result, event, step, data)
        elif noun == "delivery":
            _fold_delivery(result, event, step, data)
        elif noun == "nudge":
            _fold_nudge(result, event, step)
        elif noun == "answer":
            _fold_by_own_id(result.answers, data)
        elif noun == "pause":
            _fold_by_own_id(result.pauses, data)
    return result


def _fold_occurrence(result: Replay, event: sqlite3.Row, step: str, data: Columns) -> None:
    occurrence_id = str(event["occurrence_id"])
    before = result.occurrences.get(occurrence_id)
    after = {**(before or _LATER_COLUMNS), **data}
    _judge(result, _OCCURRENCE_STEPS, event, before, after)
    result.occurrences[occurrence_id] = after
    result.planned += step == "planned"
    if step in ("nudged", "followed_up"):
        result.nudged.add((str(event["nudge_id"]), occurrence_id))
    if step == "sent" and not {event["nudge_id"]} & (result.taken_by_a_channel | result.begun):
        result.mistakes.append(f"event {event['id']}: {occurrence_id} became sent without an attempt")
    if step == "not_sent_again":
        result.not_sent_again.add((str(event["nudge_id"]), occurrence_id))
        if after["sent_at"] is None:
            result.mistakes.append(f"event {event['id']}: {occurrence_id} was never sent before")


def _fold_delivery(result: Replay, event: sqlite3.Row, step: str, data: Columns) -> None:
    delivery_id = int(event["delivery_id"])
    before = result.deliveries.get(delivery_id)
    after = {**(before or {}), **data}
    _judge(result, _DELIVERY_STEPS, event, before, after)
    result.deliveries[delivery_id] = after
    if step == "begun":
        result.attempts[delivery_id] += 1
        result.begun.add(str(event["nudge_id"]))
    if step in ("accepted", "unknown"):
        result.taken_by_a_channel.add(str(event["nudge_id"]))


def _fold_nudge(result: Replay, event: sqlite3.Row, step: str) -> None:
    (result.nudges if step == "created" else result.undeliverable).add(str(event["nudge_id"]))


def _fold_by_own_id(rows: dict[int, Columns], data: Columns) -> None:
    key = int(data["id"] or 0)
    rows[key] = {**rows.get(key, {}), **data}


def _judge(
    result: Replay,
    steps: Mapping[str, tuple[frozenset[str | None], frozenset[str | None]]],
    event: sqlite3.Row,
    before: Columns | None,
    after: Columns,
) -> None:
    step = str(event["kind"]).partition(".")[2]
    old, new = (None if before is None else before["state"]), after["state"]
    from_states, to_states = steps.get(step, (frozenset[str | None](), frozenset[str | None]()))
    name = event["occurrence_id"] or f"delivery {event['delivery_id']}"
    if old not in from_states or new not in to_states:
        result.mistakes.append(f"event {event['id']}: {event['kind']} took {name} from {old} to {new}")
    is_restored_late = step == "answered_late" or (step == "restored" and old in _ENDED)
    if is_restored_late and old != new:
        result.mistakes.append(f"event {event['id']}: {event['kind']} moved {name} from its end {old} to {new}")
