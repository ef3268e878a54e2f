"""What the journal shows: history, totals, explanations, counts. Nothing here writes."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from reminders.domain.answer import Answer, Verb
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import Occurrence, OccurrenceState, Reason
from reminders.journal import answer_log, delivery_log, nudge_log, occurrence_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of

EXPLAIN_AROUND = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelState:
    """How one channel did with a nudge."""

    channel: str
    state: DeliveryState
    attempt: int
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedAgain:
    """One follow-up: when it was decided, and how each channel did with it."""

    at: datetime
    channels: tuple[ChannelState, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryRow:
    """One occurrence as history shows it.

    ``due_at`` is the slot's instant. ``channels`` tells of all nudges but ``follow_ups``, which tell of themselves.
    ``answer`` is the verb in force, a snooze included, with its ``via`` and ``amount_ml``; all None without one.
    ``late`` marks a Done after the end.
    """

    person: str
    habit: str
    slot_key: str
    due_at: datetime
    sent_at: datetime | None
    state: OccurrenceState
    reason: Reason | None
    detail: str | None
    channels: tuple[ChannelState, ...]
    answer: Verb | None
    answered_at: datetime | None
    via: str | None
    amount_ml: int | None
    late: bool
    follow_ups: tuple[AskedAgain, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeRow:
    """What became of one occurrence, and no more; ``sent_at`` None = it was never put to the person."""

    habit: str
    due_at: datetime
    sent_at: datetime | None
    state: OccurrenceState
    late: bool

    @property
    def was_asked(self) -> bool:
        """True when it was put to the person, or answered by them all the same."""
        return self.sent_at is not None or self.late

    @property
    def was_done(self) -> bool:
        """True when it was done, late or in time."""
        return self.state is OccurrenceState.DONE or self.late


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitTotals:
    """How many occurrences of one habit are in which state; ``late`` counts those answered after their end."""

    person: str
    habit: str
    states: Mapping[OccurrenceState, int]
    late: int

    @property
    def total(self) -> int:
        """All occurrences, whatever their state."""
        return sum(self.states.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """One event; ``data`` holds what changed, by column name."""

    id: int
    at: datetime
    kind: str
    person: str | None
    habit: str | None
    occurrence_id: str | None
    nudge_id: str | None
    delivery_id: int | None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """One occurrence near a moment with all that happened to it, oldest first.

    ``nudge`` is the latest that asked for it, None = none was decided; ``deliveries`` are those of all that did.
    """

    occurrence: Occurrence
    nudge: Nudge | None
    events: tuple[EventRow, ...]
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalCounts:
    """How much is on record."""

    events: int
    nudges: int
    answers: int
    pauses: int
    occurrences: Mapping[OccurrenceState, int]
    deliveries: Mapping[DeliveryState, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalTallies:
    """How much is on record, for a monitor; ``size_bytes`` is what the file takes up with its log."""

    occurrences: Mapping[tuple[OccurrenceState, Reason | None], int]
    deliveries: Mapping[DeliveryState, int]
    stalls: int
    size_bytes: int


def history(
    connection: sqlite3.Connection, person: str | None, since: datetime, until: datetime, habit: str | None
) -> tuple[HistoryRow, ...]:
    """Return the occurrences whose slot lies in [since, until), oldest first."""
    bounds = {"person": person, "habit": habit, "since": to_text(since), "until": to_text(until)}
    put: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in connection.execute(sql_of("deliveries_by_occurrence"), bounds):
        put[row["occurrence_id"]].append(row)
    answers = {row["occurrence_id"]: row for row in connection.execute(sql_of("answers_by_occurrence"), bounds)}
    occurrences = occurrence_log.select(connection, "occurrences_first_due_between", bounds)
    return tuple(_history_row(item, put[item.id], answers.get(item.id)) for item in occurrences)


def _channel_state(row: sqlite3.Row) -> ChannelState:
    delivery = delivery_log.from_row(row)
    return ChannelState(
        channel=delivery.channel, state=delivery.state, attempt=delivery.attempt, detail=delivery.detail
    )


def _asked_again(rows: Iterable[sqlite3.Row]) -> tuple[AskedAgain, ...]:
    together: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        together[row["created_at"]].append(row)
    return tuple(
        AskedAgain(at=to_instant(at), channels=tuple(_channel_state(row) for row in found))
        for at, found in sorted(together.items())
    )


def _history_row(occurrence: Occurrence, put: list[sqlite3.Row], answer: sqlite3.Row | None) -> HistoryRow:
    repeats = [row for row in put if row["kind"] == NudgeKind.FOLLOW_UP]
    return HistoryRow(
        person=occurrence.person,
        habit=occurrence.habit,
        slot_key=occurrence.slot_key,
        due_at=occurrence.first_due_at,
        sent_at=occurrence.sent_at,
        state=occurrence.state,
        reason=occurrence.reason,
        detail=occurrence.detail,
        channels=tuple(_channel_state(row) for row in put if row not in repeats),
        answer=None if answer is None else Verb(answer["verb"]),
        answered_at=occurrence.answered_at,
        via=None if answer is None else answer["via"],
        amount_ml=None if answer is None else answer["amount_ml"],
        late=occurrence.answered_late,
        follow_ups=_asked_again(repeats),
    )


def outcomes(connection: sqlite3.Connection, person: str, since: datetime, until: datetime) -> tuple[OutcomeRow, ...]:
    """Return what became of the occurrences whose slot lies in [since, until), oldest first."""
    bounds = {"person": person, "since": to_text(since), "until": to_text(until)}
    return tuple(
        OutcomeRow(
            habit=row["habit"],
            due_at=to_instant(row["first_due_at"]),
            sent_at=to_instant(row["sent_at"]),
            state=OccurrenceState(row["state"]),
            late=bool(row["answered_late"]),
        )
        for row in connection.execute(sql_of("outcomes"), bounds)
    )


def nudges_between(connection: sqlite3.Connection, person: str, since: datetime, until: datetime) -> tuple[Nudge, ...]:
    """Return every message made for a person in [since, until), oldest first."""
    bounds = {"person": person, "since": to_text(since), "until": to_text(until)}
    ids = [row["id"] for row in connection.execute(sql_of("nudges_between"), bounds)]
    return tuple(nudge_log.load(connection, nudge_id) for nudge_id in ids)


def answers(connection: sqlite3.Connection, person: str, since: datetime, until: datetime) -> tuple[Answer, ...]:
    """Return the answers given in [since, until) and not undone, oldest first."""
    given = answer_log.select(connection, "answers_since", {"person": person, "since": to_text(since)})
    return tuple(answer for answer in given if answer.at < until)


def totals(
    connection: sqlite3.Connection, person: str | None, since: datetime, until: datetime, habit: str | None
) -> tuple[HabitTotals, ...]:
    """Return the states of the occurrences whose slot lies in [since, until), by person and habit."""
    bounds = {"person": person, "habit": habit, "since": to_text(since), "until": to_text(until)}
    states: dict[tuple[str, str], dict[OccurrenceState, int]] = defaultdict(dict)
    late: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(sql_of("totals"), bounds):
        key = (row["person"], row["habit"])
        states[key][OccurrenceState(row["state"])] = row["number"]
        late[key] += row["late"]
    return tuple(HabitTotals(person=key[0], habit=key[1], states=states[key], late=late[key]) for key in states)


def last_events(
    connection: sqlite3.Connection, limit: int, person: str | None, habit: str | None, kind: str | None
) -> tuple[EventRow, ...]:
    """Return the newest events, newest first."""
    parameters = {"limit": limit, "person": person, "habit": habit, "kind": kind}
    return tuple(_event_row(row) for row in connection.execute(sql_of("events_newest"), parameters))


def service_events(connection: sqlite3.Connection, since: datetime, until: datetime) -> tuple[EventRow, ...]:
    """Return what happened to the service itself in [since, until), oldest first."""
    parameters = {"since": to_text(since), "until": to_text(until)}
    return tuple(_event_row(row) for row in connection.execute(sql_of("events_of_service"), parameters))


def began_at(connection: sqlite3.Connection) -> datetime | None:
    """Return when the record begins; None = nothing is on it."""
    row = connection.execute(sql_of("events_first")).fetchone()
    return None if row is None else to_instant(str(row["at"]))


def _event_row(row: sqlite3.Row) -> EventRow:
    return EventRow(
        id=row["id"],
        at=to_instant(row["at"]),
        kind=row["kind"],
        person=row["person"],
        habit=row["habit"],
        occurrence_id=row["occurrence_id"],
        nudge_id=row["nudge_id"],
        delivery_id=row["delivery_id"],
        data=json.loads(row["data"]),
    )


def explain(connection: sqlite3.Connection, person: str, habit: str | None, at: datetime) -> tuple[Explanation, ...]:
    """Return, habit by habit, the occurrences alive at ``at``, else the one due nearest to it within a day."""
    bounds = {
        "person": person,
        "habit": habit,
        "since": to_text(at - EXPLAIN_AROUND),
        "until": to_text(at + EXPLAIN_AROUND),
    }
    near: dict[str, list[Occurrence]] = defaultdict(list)
    for occurrence in occurrence_log.select(connection, "occurrences_first_due_between", bounds):
        near[occurrence.habit].append(occurrence)
    chosen = (occurrence for candidates in near.values() for occurrence in _behind(candidates, at))
    return tuple(_explanation(connection, occurrence) for occurrence in chosen)


def _behind(candidates: list[Occurrence], at: datetime) -> list[Occurrence]:
    alive = [occurrence for occurrence in candidates if occurrence.first_due_at <= at < occurrence.expires_at]
    return alive or [min(candidates, key=lambda occurrence: abs(occurrence.first_due_at - at))]


def _explanation(connection: sqlite3.Connection, occurrence: Occurrence) -> Explanation:
    nudge_id = occurrence.nudge_id
    events = connection.execute(sql_of("events_of_occurrence"), {"occurrence_id": occurrence.id})
    return Explanation(
        occurrence=occurrence,
        nudge=None if nudge_id is None else nudge_log.load(connection, nudge_id),
        events=tuple(_event_row(row) for row in events),
        deliveries=delivery_log.select(connection, "deliveries_of_occurrence", {"occurrence_id": occurrence.id}),
    )


def counts(connection: sqlite3.Connection) -> JournalCounts:
    """Return how much is on record."""
    rows = connection.execute(sql_of("count_rows")).fetchone()
    occurrences = connection.execute(sql_of("count_occurrences")).fetchall()
    deliveries = connection.execute(sql_of("count_deliveries")).fetchall()
    return JournalCounts(
        events=rows["events"],
        nudges=rows["nudges"],
        answers=rows["answers"],
        pauses=rows["pauses"],
        occurrences={OccurrenceState(row["state"]): row["number"] for row in occurrences},
        deliveries={DeliveryState(row["state"]): row["number"] for row in deliveries},
    )


def run_around(connection: sqlite3.Connection, at: datetime) -> tuple[EventRow | None, EventRow | None]:
    """Return the newest start or stop of the daemon at ``at`` or before, and the first after; None = there is none."""
    moment = {"at": to_text(at)}
    rows = (connection.execute(sql_of(name), moment).fetchone() for name in ("run_before", "run_after"))
    before, after = (None if row is None else _event_row(row) for row in rows)
    return before, after


def tallies(connection: sqlite3.Connection, size_bytes: int) -> JournalTallies:
    """Return how much is on record; ``size_bytes`` is handed on."""
    occurrences = connection.execute(sql_of("count_occurrences_by_reason")).fetchall()
    deliveries = connection.execute(sql_of("count_deliveries")).fetchall()
    stalls = connection.execute(sql_of("count_events_of_kind"), {"kind": "clock.stalled"}).fetchone()
    return JournalTallies(
        occurrences={
            (OccurrenceState(row["state"]), Reason(row["reason"]) if row["reason"] else None): row["number"]
            for row in occurrences
        },
        deliveries={DeliveryState(row["state"]): row["number"] for row in deliveries},
        stalls=stalls["number"],
        size_bytes=size_bytes,
    )
