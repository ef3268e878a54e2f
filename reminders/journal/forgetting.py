"""Forgetting on purpose: what is too old, or what a person wants gone, leaves the record whole or not at all.

Occurrences and nudges hang together: an occurrence was asked for by nudges, a nudge asks for occurrences. Such a
family goes as a whole, with its events, deliveries, answers and links, or stays as a whole because one of it must. A
record half gone would contradict itself. Every step is one short transaction that marks itself as forgetting, without
which the journal refuses to lose an event; the invariant holds after each.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import Occurrence
from reminders.journal import delivery_log, event_log, occurrence_log, set_back_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of
from reminders.journal.transaction import writing
from reminders.planning.answering import is_on_its_way

AT_ONCE = 40  # occurrences, or other rows, in one transaction: about ten milliseconds
_MARK = "forgetting"
_SO_FAR = "forgotten_so_far"
_NEVER = "9999"
_ALL = -1  # no limit
_ON_THEIR_OWN = {
    "nudges": "service_nudges_to_forget",
    "answers": "lone_answers_to_forget",
    "pauses": "pauses_to_forget",
}
_OPEN_DELIVERIES = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.RETRY_WAIT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """What is to be forgotten: slots before ``before`` (None = all) of ``person`` (None = everybody's).

    ``now`` is the present. ``is_wish`` = asked for by a person: then what waits for an answer goes as well.
    """

    now: datetime
    person: str | None = None
    before: datetime | None = None
    is_wish: bool = False

    @property
    def edge(self) -> datetime:
        """The instant before which everything is meant."""
        return self.before or self.now + timedelta(microseconds=1)

    @property
    def bounds(self) -> dict[str, object]:
        """The parameters of the queries."""
        return {"person": self.person, "before": to_text(self.edge), "now": to_text(self.now)}

    def may_go(self, occurrence: Occurrence) -> bool:
        """Tell whether nothing about the occurrence itself keeps it.

        One whose slot is still ahead travelled early: forgotten, it would be sent once more.
        """
        if self.person not in (None, occurrence.person) or occurrence.first_due_at >= self.edge:
            return False
        return not is_on_its_way(occurrence) if self.is_wish else occurrence.state.is_terminal


@dataclass(slots=True)
class _Family:
    """Occurrences and nudges that hang together."""

    occurrences: dict[str, Occurrence] = field(default_factory=dict)
    nudges: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """How much is gone; ``states`` counts the occurrences by what had become of them."""

    states: Mapping[str, int]
    nudges: int = 0
    answers: int = 0
    pauses: int = 0
    events: int = 0

    @property
    def occurrences(self) -> int:
        """All occurrences that are gone."""
        return sum(self.states.values())

    @property
    def is_nothing(self) -> bool:
        """True when nothing was there to forget."""
        return not (self.states or self.nudges or self.answers or self.pauses or self.events)


def steps(connection: sqlite3.Connection, scope: Scope) -> Iterator[None]:
    """Forget, one transaction a step; how much it comes to is told by ``conclude``."""
    for person in _people(connection, scope):
        yield from _families(connection, scope, person)
    for step in (_service_nudges, _lone_answers, _pauses, _lone_events):
        yield from _until_done(connection, scope, step)


def conclude(connection: sqlite3.Connection, scope: Scope, kind: str) -> Forgotten:
    """Put down in one event how much was forgotten, an earlier run that was cut off included; nothing for nothing."""
    with writing(connection):
        so_far = _so_far(connection)
        connection.execute(sql_of("meta_delete"), {"key": _SO_FAR})
        rest = {name: so_far[name] for name in ("nudges", "answers", "pauses", "events")}
        states = {name.partition(".")[2]: number for name, number in so_far.items() if name.startswith("state.")}
        forgotten = Forgotten(states=states, **rest)
        if not forgotten.is_nothing:
            before = None if scope.before is None else to_text(scope.before)
            data = {"before": before, "states": states, "occurrences": forgotten.occurrences, **rest}
            event_log.append(connection, kind, scope.now, data)
    return forgotten


def _people(connection: sqlite3.Connection, scope: Scope) -> Iterator[str]:
    if scope.person is not None:
        yield scope.person
        return
    after = ""
    while (row := connection.execute(sql_of("occurrences_next_person"), {"after": after}).fetchone())["person"]:
        after = row["person"]
        yield after


def _families(connection: sqlite3.Connection, scope: Scope, person: str) -> Iterator[None]:
    """Forget the families of a person, oldest first. One that stays is passed over."""
    for seeds in _seeds(connection, scope, person):
        with _forgetting(connection) as counts:
            for seed in seeds:
                family = _family(connection, seed)
                if _is_free(connection, scope, family):
                    _drop(connection, family, counts)
        yield


def _seeds(connection: sqlite3.Connection, scope: Scope, person: str) -> Iterator[list[str]]:
    """Yield the occurrences that are meant, oldest first, some at once; they may be gone before the next."""
    after_at, after_id = "", ""
    while True:
        bounds = {**scope.bounds, "person": person, "after_at": after_at, "after_id": after_id, "limit": AT_ONCE}
        found = connection.execute(sql_of("occurrences_oldest"), bounds).fetchall()
        if not found:
            return
        after_at, after_id = found[-1]["first_due_at"], found[-1]["id"]
        yield [row["id"] for row in found]


def _family(connection: sqlite3.Connection, seed: str) -> _Family:
    family, pending = _Family(), [seed]
    while pending:
        occurrence = occurrence_log.find(connection, pending.pop())
        if occurrence is None or occurrence.id in family.occurrences:
            continue
        family.occurrences[occurrence.id] = occurrence
        for row in connection.execute(sql_of("asks_about"), {"occurrence_id": occurrence.id}).fetchall():
            if row["nudge_id"] not in family.nudges:
                family.nudges.add(row["nudge_id"])
                asks = connection.execute(sql_of("asks_of"), {"nudge_id": row["nudge_id"]})
                pending += [ask["occurrence_id"] for ask in asks]
    return family


def _is_free(connection: sqlite3.Connection, scope: Scope, family: _Family) -> bool:
    if not family.occurrences or not all(scope.may_go(one) for one in family.occurrences.values()):
        return False
    deliveries = (one for nudge in family.nudges for one in delivery_log.of_nudge(connection, nudge))
    return not any(delivery.state in _OPEN_DELIVERIES for delivery in deliveries)


def _drop(connection: sqlite3.Connection, family: _Family, counts: Counter[str]) -> None:
    occurrences = [{"occurrence_id": name} for name in family.occurrences]
    counts.update(f"state.{one.state.value}" for one in family.occurrences.values())
    counts["answers"] += _all(connection, "answers_of_occurrence_forget", occurrences)
    counts["events"] += _all(connection, "events_of_occurrence_forget", occurrences)
    _all(connection, "asks_of_occurrence_forget", occurrences)
    _all(connection, "occurrence_forget", occurrences)
    _drop_nudges(connection, family.nudges, counts)


def _drop_nudges(connection: sqlite3.Connection, nudges: Iterable[str], counts: Counter[str]) -> None:
    named = [{"nudge_id": name} for name in nudges]
    counts["events"] += _all(connection, "events_of_nudge_forget", named)
    for statement in ("links_of_nudge_forget", "deliveries_of_nudge_forget"):
        _all(connection, statement, named)
    counts["nudges"] += _all(connection, "nudge_forget", named)


def _all(connection: sqlite3.Connection, statement: str, rows: list[dict[str, str]]) -> int:
    return connection.executemany(sql_of(statement), rows).rowcount if rows else 0


_Step = Callable[[sqlite3.Connection, Scope, Counter[str]], bool]


def _until_done(connection: sqlite3.Connection, scope: Scope, step: _Step) -> Iterator[None]:
    """Repeat a step, one transaction each, until it finds no more."""
    has_more = True
    while has_more:
        with _forgetting(connection) as counts:
            has_more = step(connection, scope, counts)
        yield


def _service_nudges(connection: sqlite3.Connection, scope: Scope, counts: Counter[str]) -> bool:
    rows = connection.execute(sql_of("service_nudges_to_forget"), {**scope.bounds, "limit": AT_ONCE}).fetchall()
    _drop_nudges(connection, [row["id"] for row in rows], counts)
    return len(rows) == AT_ONCE


def _lone_answers(connection: sqlite3.Connection, scope: Scope, counts: Counter[str]) -> bool:
    rows = connection.execute(sql_of("lone_answers_to_forget"), {**scope.bounds, "limit": AT_ONCE}).fetchall()
    for row in rows:
        _drop_events(connection, row["id"], (("answer.given", row["at"]), ("answer.undone", row["undone_at"])), counts)
        counts["answers"] += connection.execute(sql_of("answer_forget"), {"id": row["id"]}).rowcount
    return len(rows) == AT_ONCE


def _pauses(connection: sqlite3.Connection, scope: Scope, counts: Counter[str]) -> bool:
    rows = connection.execute(sql_of("pauses_to_forget"), {**scope.bounds, "limit": AT_ONCE}).fetchall()
    for row in rows:
        _drop_events(
            connection, row["id"], (("pause.begun", row["starts_at"]), ("pause.ended", row["ended_at"])), counts
        )
        counts["pauses"] += connection.execute(sql_of("pause_forget"), {"id": row["id"]}).rowcount
    return len(rows) == AT_ONCE


def _drop_events(
    connection: sqlite3.Connection, own_id: int, moments: Iterable[tuple[str, str | None]], counts: Counter[str]
) -> None:
    """Delete the events of a row that tell its id in their data alone; each was written at a known moment."""
    for kind, at in moments:
        found = connection.execute(sql_of("events_on_their_own_at"), {"kind": kind, "at": at}).fetchall()
        for event in found if at is not None else ():
            if json.loads(event["data"])["id"] == own_id:
                counts["events"] += connection.execute(sql_of("event_forget"), {"id": event["id"]}).rowcount


def _lone_events(connection: sqlite3.Connection, scope: Scope, counts: Counter[str]) -> bool:
    """Delete the events of turns, and of the service unless only one person is meant."""
    limit = AT_ONCE * 5
    gone = connection.execute(sql_of("lone_events_forget"), {**scope.bounds, "limit": limit}).rowcount
    counts["events"] += gone
    return gone == limit


@contextmanager
def _forgetting(connection: sqlite3.Connection) -> Iterator[Counter[str]]:
    """Open a transaction in which events may be deleted; what it counts is added to what was forgotten so far."""
    with writing(connection):
        connection.execute(sql_of("meta_set"), {"key": _MARK, "value": "1"})
        counts: Counter[str] = Counter()
        yield counts
        if counts.total():
            so_far = json.dumps(_so_far(connection) + counts)
            connection.execute(sql_of("meta_set"), {"key": _SO_FAR, "value": so_far})
        connection.execute(sql_of("meta_delete"), {"key": _MARK})


def _so_far(connection: sqlite3.Connection) -> Counter[str]:
    row = connection.execute(sql_of("meta_get"), {"key": _SO_FAR}).fetchone()
    return Counter(json.loads(row["value"]) if row is not None else {})


def would_go(connection: sqlite3.Connection, scope: Scope) -> Forgotten:
    """Return what ``conclude`` would tell if everything was forgotten now, events left out."""
    counts = _so_far(connection)
    for person in _people(connection, scope):
        counts += _families_to_go(connection, scope, person)
    for name, query in _ON_THEIR_OWN.items():
        counts[name] += len(connection.execute(sql_of(query), {**scope.bounds, "limit": _ALL}).fetchall())
    states = {name.partition(".")[2]: number for name, number in counts.items() if name.startswith("state.")}
    return Forgotten(states=states, nudges=counts["nudges"], answers=counts["answers"], pauses=counts["pauses"])


def _families_to_go(connection: sqlite3.Connection, scope: Scope, person: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for seed in (one for seeds in _seeds(connection, scope, person) for one in seeds):
        if seed in seen:
            continue
        family = _family(connection, seed)
        seen |= family.occurrences.keys()
        if _is_free(connection, scope, family):
            counts.update(f"state.{one.state.value}" for one in family.occurrences.values())
            counts["nudges"] += len(family.nudges)
            counts["answers"] += sum(_answers_of(connection, name) for name in family.occurrences)
    return counts


def _answers_of(connection: sqlite3.Connection, occurrence: str) -> int:
    row = connection.execute(sql_of("answers_of_occurrence_number"), {"occurrence_id": occurrence}).fetchone()
    return int(row["number"])


def on_record(connection: sqlite3.Connection, scope: Scope) -> Forgotten:
    """Return how much there is to forget, slots ahead included; a little of it may have to stay for a while.

    A pause that has not ended is none of it.
    """
    before = _NEVER if scope.before is None else to_text(scope.before)
    bounds = {"person": scope.person, "before": before, "over_before": to_text(scope.edge)}
    rows = connection.execute(sql_of("states_to_forget"), bounds).fetchall()
    rest = connection.execute(sql_of("rest_to_forget"), bounds).fetchone()
    states = {row["state"]: row["number"] for row in rows}
    return Forgotten(states=states, nudges=rest["nudges"], answers=rest["answers"], pauses=rest["pauses"])


def people_on_record(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return whom the record is about."""
    return tuple(row["person"] for row in connection.execute(sql_of("people_on_record")))


def oldest(connection: sqlite3.Connection) -> datetime | None:
    """Return the oldest slot on record; None = there is none."""
    everybody = Scope(now=datetime.max.replace(tzinfo=UTC, microsecond=0))
    rows = (
        connection.execute(sql_of("oldest_slot"), {"person": one}).fetchone() for one in _people(connection, everybody)
    )
    return min((to_instant(str(row["first_due_at"])) for row in rows), default=None)


def forget_places(connection: sqlite3.Connection, scope: Scope, served: Collection[str]) -> None:
    """Delete up to where the plan of somebody was decided, once they are forgotten whole and served no more.

    Of people who are, it stays: what was decided up to now is not decided again.
    """
    with writing(connection):
        for person in people_on_record(connection):
            if person not in served and scope.person in (None, person) and scope.before is None:
                connection.execute(sql_of("meta_delete"), {"key": f"planned_until/{person}"})
        set_back_log.forget_gone(connection)
