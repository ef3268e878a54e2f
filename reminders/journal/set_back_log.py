"""When the wall clock was set back: what was on record by then is read in the terms of the new clock.

The record itself keeps the instants the clock showed. A set-back is remembered together with what it found on record,
because afterwards the stretch that the clock passes twice no longer tells which pass an instant belongs to.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from reminders.catalogue.phrases import phrase
from reminders.domain.answer import Answer
from reminders.domain.context import RealBreak
from reminders.domain.facts import Facts, SetBack
from reminders.domain.occurrence import Occurrence
from reminders.journal import delivery_log, event_log, occurrence_log
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of
from reminders.planning import answering

# An interval may have begun this long before the clock was set back; older instants matter to no plan.
REACHES_BACK = timedelta(days=1)
SLACK = timedelta(seconds=2)  # less is no step
KEPT_FOR = timedelta(days=3)
_KEY = "set_back"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One set-back, and what was on record before it: instants, as text, and occurrence ids."""

    back: SetBack
    instants: frozenset[str]
    occurrences: frozenset[str]


def write(connection: sqlite3.Connection, now: datetime, until: datetime | None) -> None:
    """Remember that the wall clock went from ``until`` back to ``now``; what is open keeps its remaining time.

    None = from the last turn, which nothing happens for unless it was later than now. After a correction what was
    asked in a future that never came has ended. Raises ValueError for a step forward.
    """
    if until is None:
        until = _latest_turn(connection)
        if until is None or until <= now + SLACK:
            return
    back = SetBack(at=now, until=until)
    since = to_text(now if back.is_correction else now - REACHES_BACK)
    found = [str(row["instant"]) for row in connection.execute(sql_of("instants_since"), {"since": since})]
    ids = [str(row["id"]) for row in connection.execute(sql_of("occurrences_due_since"), {"since": since})]
    for occurrence in occurrence_log.select(connection, "occurrences_open", {"person": None, "habit": None}):
        if back.is_correction and occurrence.first_due_at > now:
            _drop(connection, occurrence, now)
        else:
            _shorten(connection, occurrence, back)
    kept = [_as_json(e) for e in _entries(connection) if e.back.until > now - KEPT_FOR]
    entry = _Entry(back=back, instants=frozenset(found), occurrences=frozenset(ids))
    value = json.dumps([*kept, _as_json(entry)], separators=(",", ":"))
    connection.execute(sql_of("meta_set"), {"key": _KEY, "value": value})
    event_log.append(connection, "clock.set_back", now, {"until": to_text(until)})


def _drop(connection: sqlite3.Connection, occurrence: Occurrence, now: datetime) -> None:
    deliveries = () if occurrence.nudge_id is None else delivery_log.of_nudge(connection, occurrence.nudge_id)
    after = answering.ended(replace(occurrence, expires_at=now), now, deliveries)
    has_ended = after.state.is_terminal  # not while an attempt is under way: then it ends with that
    kind = occurrence_log.ended_kind(after.state) if has_ended else occurrence_log.SET_BACK
    occurrence_log.save(connection, kind, occurrence, after, now)
    if occurrence.nudge_id is not None:
        delivery_log.abandon_unwanted(connection, occurrence.nudge_id, now, phrase("the clock was set back"))


def _shorten(connection: sqlite3.Connection, occurrence: Occurrence, back: SetBack) -> None:
    due_at = occurrence.due_at - back.length if occurrence.waiting else occurrence.due_at
    after = replace(occurrence, due_at=due_at, expires_at=occurrence.expires_at - back.length)
    occurrence_log.save(connection, occurrence_log.SET_BACK, occurrence, after, back.at)


def forget_gone(connection: sqlite3.Connection) -> None:
    """Leave out of what is remembered the occurrences that are on record no more."""
    entries = _entries(connection)
    if entries:
        kept = [
            replace(e, occurrences=frozenset(one for one in e.occurrences if occurrence_log.find(connection, one)))
            for e in entries
        ]
        value = json.dumps([_as_json(entry) for entry in kept], separators=(",", ":"))
        connection.execute(sql_of("meta_set"), {"key": _KEY, "value": value})


def read(connection: sqlite3.Connection, facts: Facts) -> Facts:
    """Return the facts in the terms of the clock as it is now; the same facts when it was never set back."""
    entries = _entries(connection)
    if not entries:
        return facts
    return replace(
        facts,
        occurrences=tuple(_occurrence(one, entries) for one in facts.occurrences),
        answers=tuple(_answer(one, entries) for one in facts.answers),
        breaks=tuple(_break(one, entries) for one in facts.breaks),
        asked_at=tuple(sorted(_instant(one, entries) for one in facts.asked_at)),
        planned_until=_or_none(facts.planned_until, entries),
        set_back=tuple(entry.back for entry in entries),
    )


def _latest_turn(connection: sqlite3.Connection) -> datetime | None:
    row = connection.execute(sql_of("latest_planned_until")).fetchone()
    instant: str | None = row["instant"]
    return to_instant(instant)


def _entries(connection: sqlite3.Connection) -> Sequence[_Entry]:
    row = connection.execute(sql_of("meta_get"), {"key": _KEY}).fetchone()
    return [] if row is None else [_from_json(item) for item in json.loads(row["value"])]


def _instant(instant: datetime, entries: Sequence[_Entry]) -> datetime:
    text = to_text(instant)
    return instant - sum((entry.back.length for entry in entries if text in entry.instants), timedelta(0))


def _or_none(instant: datetime | None, entries: Sequence[_Entry]) -> datetime | None:
    return None if instant is None else _instant(instant, entries)


def _break(taken: RealBreak, entries: Sequence[_Entry]) -> RealBreak:
    ended = _instant(taken.ended, entries)
    return RealBreak(started=ended - taken.length, ended=ended)


def _answer(answer: Answer, entries: Sequence[_Entry]) -> Answer:
    return replace(answer, at=_instant(answer.at, entries))


def _occurrence(occurrence: Occurrence, entries: Sequence[_Entry]) -> Occurrence:
    lengths = (entry.back.length for entry in entries if occurrence.id in entry.occurrences)
    return replace(
        occurrence,
        first_due_at=occurrence.first_due_at - sum(lengths, timedelta(0)),
        nudged_at=_or_none(occurrence.nudged_at, entries),
        sent_at=_or_none(occurrence.sent_at, entries),
        answered_at=_or_none(occurrence.answered_at, entries),
    )


def _as_json(entry: _Entry) -> dict[str, object]:
    return {
        "at": to_text(entry.back.at),
        "until": to_text(entry.back.until),
        "instants": sorted(entry.instants),
        "occurrences": sorted(entry.occurrences),
    }


def _from_json(item: dict[str, Any]) -> _Entry:
    return _Entry(
        back=SetBack(at=to_instant(str(item["at"])), until=to_instant(str(item["until"]))),
        instants=frozenset(item["instants"]),
        occurrences=frozenset(item["occurrences"]),
    )
