"""The journal's invariant: nothing disappears, every end is legal, and the rows are what the events add up to.

Each occurrence ends in exactly one terminal state, the states add up to the occurrences planned. Checked after every
test scenario and by whoever doubts a journal; it reads everything.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from reminders.domain.answer import SNOOZES_AT_MOST
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.nudge import NudgeKind
from reminders.domain.occurrence import MISSED_REASONS, Occurrence, OccurrenceState
from reminders.journal import delivery_log, nudge_log, occurrence_log
from reminders.journal.event_log import Columns
from reminders.journal.queries import sql_of
from reminders.journal.replay import Replay, replay
from reminders.planning.answering import is_on_its_way

_PUT_TO_THE_PERSON = frozenset(
    {OccurrenceState.SENT, OccurrenceState.DONE, OccurrenceState.SKIPPED, OccurrenceState.LAPSED}
)
_VERDICTS = {OccurrenceState.DONE: "done", OccurrenceState.SKIPPED: "skip"}


def violations(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return what does not hold, in words; empty = the invariant holds."""
    events = replay(connection)
    return (
        *_file_violations(connection),
        *events.mistakes,
        *_row_violations(connection, events),
        *_occurrence_violations(connection),
        *_answer_violations(connection),
        *_nudge_violations(connection, events),
    )


def _file_violations(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"{row[0]} row {row[1]} refers to a missing row of {row[2]}"
    for row in connection.execute("PRAGMA integrity_check(3)"):
        if row[0] != "ok":
            yield f"file: {row[0]}"


def _row_violations(connection: sqlite3.Connection, events: Replay) -> Iterator[str]:
    yield from _differences("occurrence", _rows(connection, "occurrences_all"), events.occurrences)
    yield from _differences("delivery", _rows(connection, "deliveries_all"), events.deliveries)
    yield from _differences("answer", _rows(connection, "answers_all"), events.answers)
    yield from _differences("pause", _rows(connection, "pauses_all"), events.pauses)
    nudges = {row["id"] for row in connection.execute(sql_of("nudges_all"))}
    for nudge_id in sorted(nudges ^ events.nudges):
        yield f"nudge {nudge_id}: rows and events differ"
    counted = sum(row["number"] for row in connection.execute(sql_of("count_occurrences")))
    if counted != events.planned:
        yield f"{events.planned} occurrences were planned, the states add up to {counted}"


def _rows(connection: sqlite3.Connection, query: str) -> dict[str | int, Columns]:
    return {row["id"]: dict(row) for row in connection.execute(sql_of(query))}


def _differences(
    noun: str, rows: Mapping[str | int, Columns], replayed: Mapping[str, Columns] | Mapping[int, Columns]
) -> Iterator[str]:
    wanted: dict[str | int, Columns] = dict(replayed.items())
    for key in sorted(rows.keys() | wanted.keys(), key=str):
        if key not in rows or key not in wanted:
            yield f"{noun} {key}: {'no row' if key not in rows else 'no event'}"
            continue
        names = rows[key].keys() | wanted[key].keys()
        for name in sorted(names):
            if rows[key].get(name) != wanted[key].get(name):
                yield f"{noun} {key}: {name} is {rows[key].get(name)!r}, the events say {wanted[key].get(name)!r}"


def _occurrence_violations(connection: sqlite3.Connection) -> Iterator[str]:
    asked = {(row["nudge_id"], row["occurrence_id"]) for row in connection.execute(sql_of("asks_all"))}
    followed_up = Counter(row["occurrence_id"] for row in connection.execute(sql_of("asks_of_follow_ups")))
    for occurrence in occurrence_log.select(connection, "occurrences_all", {}):
        for text in _state_violations(occurrence):
            yield f"{occurrence.id} is {occurrence.state}: {text}"
        if occurrence.follow_ups != followed_up[occurrence.id]:
            yield f"{occurrence.id} was put again {followed_up[occurrence.id]} times, not {occurrence.follow_ups}"
        if occurrence.nudge_id is not None and (occurrence.nudge_id, occurrence.id) not in asked:
            yield f"{occurrence.id}: its nudge {occurrence.nudge_id} does not ask for it"


def _state_violations(occurrence: Occurrence) -> Iterator[str]:
    state = occurrence.state
    if state is OccurrenceState.SUPPRESSED and (occurrence.reason is None or occurrence.reason in MISSED_REASONS):
        yield f"{occurrence.reason} is no reason to suppress"
    if state is OccurrenceState.MISSED and occurrence.reason not in MISSED_REASONS:
        yield f"{occurrence.reason} is no reason to miss"
    if state in _PUT_TO_THE_PERSON and (occurrence.sent_at is None or occurrence.nudge_id is None):
        yield "it was never sent"
    if occurrence.waiting and state is not OccurrenceState.PLANNED:
        yield "it waits"
    if state is OccurrenceState.PLANNED and not occurrence.waiting and not is_on_its_way(occurrence):
        yield "nothing will ever send it"
    if (occurrence.nudge_id is None) != (occurrence.nudged_at is None):
        yield "nudge and its instant do not agree"
    has_verdict = state in _VERDICTS or occurrence.answered_late
    if has_verdict != (occurrence.answered_at is not None):
        yield "verdict and its instant do not agree"
    if occurrence.answered_late and (not state.is_terminal or state in _VERDICTS):
        yield "it cannot be answered late"
    if not 0 <= occurrence.snoozes <= SNOOZES_AT_MOST:
        yield f"it was snoozed {occurrence.snoozes} times"


def _answer_violations(connection: sqlite3.Connection) -> Iterator[str]:
    given: dict[str, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(sql_of("answers_all")):
        if (row["occurrence_id"] is None) != (row["outcome"] == "credited"):
            yield f"answer {row['id']}: {row['outcome']} for {row['occurrence_id']}"
        if row["undone_at"] is None and row["occurrence_id"] is not None:
            given[row["occurrence_id"]][row["verb"]] += 1
    for occurrence in occurrence_log.select(connection, "occurrences_all", {}):
        wanted = Counter({"snooze": occurrence.snoozes})
        verdict = "done" if occurrence.answered_late else _VERDICTS.get(occurrence.state)
        if verdict is not None:
            wanted[verdict] = 1
        if given[occurrence.id] != wanted:
            yield f"{occurrence.id} is {occurrence.state}: its answers are {dict(given[occurrence.id])}"


def _nudge_violations(connection: sqlite3.Connection, events: Replay) -> Iterator[str]:
    deliveries: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in delivery_log.select(connection, "deliveries_all", {}):
        deliveries[delivery.nudge_id].append(delivery)
        if delivery.attempt != events.attempts[delivery.id]:
            yield f"delivery {delivery.id}: attempt {delivery.attempt}, begun {events.attempts[delivery.id]} times"
    asks: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(sql_of("asks_all")):
        asks[row["nudge_id"]].append(row["occurrence_id"])
    for row in connection.execute(sql_of("nudges_all")).fetchall():
        nudge_id = row["id"]
        yield from _ask_violations(row, asks[nudge_id], events)
        yield from _delivery_violations(connection, nudge_id, asks[nudge_id], deliveries[nudge_id], events)


def _ask_violations(nudge: sqlite3.Row, asks: list[str], events: Replay) -> Iterator[str]:
    is_service = NudgeKind(nudge["kind"]) is NudgeKind.SERVICE
    if is_service == bool(asks):
        yield f"nudge {nudge['id']} of kind {nudge['kind']} has {len(asks)} asks"
    for occurrence_id in asks:
        if (nudge["id"], occurrence_id) not in events.nudged:
            yield f"nudge {nudge['id']} asks for {occurrence_id}, which was never decided so"


def _may_lack_delivery(occurrence: Occurrence, events: Replay) -> bool:
    is_as_before = (occurrence.nudge_id, occurrence.id) in events.not_sent_again
    return occurrence.state is OccurrenceState.MISSED or is_as_before


def _delivery_violations(
    connection: sqlite3.Connection, nudge_id: str, asks: list[str], deliveries: list[Delivery], events: Replay
) -> Iterator[str]:
    asked = [found for item in asks if (found := occurrence_log.find(connection, item)) is not None]
    if not deliveries and nudge_id not in events.undeliverable:
        carried = [occurrence for occurrence in asked if occurrence.nudge_id == nudge_id]
        if not asks or any(not _may_lack_delivery(occurrence, events) for occurrence in carried):
            yield f"nudge {nudge_id} has no delivery"
    is_wanted = nudge_log.is_wanted(connection, nudge_id)
    for delivery in deliveries:
        if not is_wanted and delivery.state in delivery_log.STARTABLE:
            yield f"delivery {delivery.id} is {delivery.state}, but nothing waits for nudge {nudge_id}"
    has_taken = any(item.state in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN) for item in deliveries)
    for occurrence in asked:
        if has_taken and occurrence.nudge_id == nudge_id and occurrence.sent_at is None:
            yield f"{occurrence.id} is {occurrence.state} and unsent, but a channel took nudge {nudge_id}"
