"""The record to take away, as JSON or as CSV: read and sent a stretch at a time, however long it is."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from reminders.domain.answer import Answer, Verb
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.journal.read_models import HistoryRow
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.wording_of_time import iso
from reminders.web import shapes
from reminders.web.api.caller import Caller
from reminders.web.api.fields import Fields, midnight

A_WEEK = 7
DAYS_AT_MOST = 3660
DAYS_AT_A_TIME = 14
COLUMNS = (
    "person", "habit", "slot_key", "due_at", "sent_at", "state", "reason", "detail",
    "answer", "answered_at", "via", "amount_ml", "late", "channels",
)  # fmt: skip
# A spreadsheet takes a cell that begins like this for a formula and runs it.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Some local dates of one person."""

    person: Person
    zone: ZoneInfo
    first: date
    days: int

    def stretches(self) -> list[tuple[datetime, datetime]]:
        """Return the instants between which to read at a time."""
        edges = [*range(0, self.days, DAYS_AT_A_TIME), self.days]
        instants = [midnight(self.first + timedelta(days=edge), self.zone) for edge in edges]
        return list(pairwise(instants))


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """What is to be taken away."""

    caller: Caller
    spans: tuple[Span, ...]
    may_show: bool

    @classmethod
    def of(cls, request: Request) -> Export:
        """Read what is asked for: ``days`` local dates, the last one today unless ``from`` says where to begin."""
        caller, fields = Caller.of(request), Fields.of_query(request)
        people, may_show = caller.people(fields)
        begin, days = fields.day("from"), fields.number("days", 1, DAYS_AT_MOST) or A_WEEK
        fields.finish()
        spans = []
        for person in people:
            zone = caller.zone(person)
            first = begin or caller.now.astimezone(zone).date() - timedelta(days=days - 1)
            spans.append(Span(person=person, zone=zone, first=first, days=days))
        return cls(caller=caller, spans=tuple(spans), may_show=may_show)

    async def rows(self, span: Span) -> AsyncIterator[tuple[HistoryRow, ...]]:
        """Yield the occurrences of a span, some at a time. Raises JournalUnavailable."""
        for since, until in span.stretches():
            read = partial(_read, person=span.person.id, since=since, until=until)
            yield await self.caller.record.read(read)

    async def breaks(self, span: Span) -> list[shapes.Shape]:
        """Return the real breaks that were taken. Raises JournalUnavailable."""
        (since, _), (_, until) = span.stretches()[0], span.stretches()[-1]
        taken = await self.caller.record.read(lambda journal: journal.breaks(span.person.id, since, until))
        return [shapes.real_break(one, span.zone) for one in taken]

    async def answers(self, span: Span) -> list[Answer]:
        """Return the answers given while nothing was open. Raises JournalUnavailable."""
        (since, _), (_, until) = span.stretches()[0], span.stretches()[-1]
        facts = await self.caller.record.read(lambda journal: journal.facts(span.person.id, since, until))
        return [one for one in facts.answers if one.occurrence_id is None and one.at < until]


async def history_json(request: Request) -> Response:
    """Return the record as ``reminders history --json`` prints it."""
    export = Export.of(request)
    await _be_able_to_read(export)
    return StreamingResponse(_json(export), media_type="application/json", headers=_named("json"))


async def history_csv(request: Request) -> Response:
    """Return the record as a table, a line for each occurrence."""
    export = Export.of(request)
    await _be_able_to_read(export)
    return StreamingResponse(_csv(export), media_type="text/csv", headers=_named("csv"))


async def _be_able_to_read(export: Export) -> None:
    """Raise JournalUnavailable while there still is time to say so."""
    await export.caller.record.read(lambda journal: journal.began_at())


def _read(journal: SqliteJournal, *, person: str, since: datetime, until: datetime) -> tuple[HistoryRow, ...]:
    return journal.history(person, since, until)


def _named(kind: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="reminders-history.{kind}"'}


async def _json(export: Export) -> AsyncIterator[str]:
    yield "["
    for index, span in enumerate(export.spans):
        head = {"person": span.person.id, "zone": str(span.zone), "from": span.first.isoformat(), "days": span.days}
        yield f"{',' if index else ''}{json.dumps(head)[:-1]}, "
        yield '"occurrences": ['
        tally, separator = Tally(), ""
        async for rows in export.rows(span):
            for row in rows:
                tally.count(row)
                yield separator + json.dumps(shapes.history_row(row, span.zone, may_show=export.may_show))
                separator = ",\n"
        given = await export.answers(span)
        tail = {
            "answers": [shapes.answer(one, span.zone) for one in given],
            "breaks": await export.breaks(span),
            "totals": tally.totals(span.person, given),
        }
        yield f"], {json.dumps(tail)[1:]}"
    yield "]\n"


class Tally:
    """Counts what became of each habit, row by row."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._states: dict[str, Counter[str]] = {}
        self._done: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()

    def count(self, row: HistoryRow) -> None:
        """Count one occurrence; one that was done late was asked and done."""
        self._states.setdefault(row.habit, Counter())[row.state.value] += 1
        self._done[row.habit] += row.state is OccurrenceState.DONE or row.late
        self._asked[row.habit] += row.sent_at is not None or row.late

    def totals(self, person: Person, given: list[Answer]) -> list[shapes.Shape]:
        """Return the totals of every habit, in the order of the file, those no longer in it last."""
        order = {habit.id: index for index, habit in enumerate(person.habits)}
        unasked = Counter(one.habit for one in given if one.verb is Verb.DONE)
        habits = dict.fromkeys([*self._states, *(one.habit for one in given)])
        return [
            {
                "habit": habit,
                "done": self._done[habit],
                "asked": self._asked[habit],
                "unasked": unasked[habit],
                "states": dict(self._states.get(habit, {})),
            }
            for habit in sorted(habits, key=lambda habit: order.get(habit, len(order)))
        ]


async def _csv(export: Export) -> AsyncIterator[str]:
    yield _lines([COLUMNS])
    for span in export.spans:
        async for rows in export.rows(span):
            yield _lines(_cells(row, span.zone, may_show=export.may_show) for row in rows)


def _cells(row: HistoryRow, zone: ZoneInfo, *, may_show: bool) -> tuple[object, ...]:
    hidden = row.reason is Reason.UNSAFE and not may_show
    return (
        row.person,
        row.habit,
        row.slot_key,
        iso(row.due_at, zone),
        iso(row.sent_at, zone),
        row.state.value,
        row.reason and row.reason.value,
        None if hidden else row.detail,
        row.answer and row.answer.value,
        iso(row.answered_at, zone),
        row.via,
        row.amount_ml,
        "true" if row.late else "false",
        "; ".join(f"{one.channel} {one.state.value}" for one in row.channels),
    )


def _lines(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_BEGINNINGS) else cell
