"""What was due, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from reminders.domain.occurrence import OccurrenceState, occurrence_id
from reminders.domain.person import Person
from reminders.journal.read_models import HistoryRow
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.waking_day import day_of, start_of
from reminders.web import shapes
from reminders.web.api.caller import Caller, json_of
from reminders.web.api.fields import Fields

STATES = tuple(state.value for state in OccurrenceState)
ROWS_AT_MOST = 1000
STRETCH = timedelta(days=31)  # read at once
AHEAD = timedelta(days=2)  # slots are put on record when they are decided, so there are none further on


async def occurrences(request: Request) -> Response:
    """Return the occurrences whose slot lies in [``since``, ``until``): today's if left out, the oldest first."""
    caller, fields = Caller.of(request), Fields.of_query(request)
    people, may_show = caller.people(fields)
    state, limit = fields.choice("state", STATES), fields.number("limit", 1, ROWS_AT_MOST) or ROWS_AT_MOST
    spans = {person.id: _span(caller, fields, person) for person in people}
    fields.finish()

    def find(journal: SqliteJournal) -> list[tuple[Person, HistoryRow]]:
        found = [(who, row) for who in people for row in _rows(journal, who, *spans[who.id], state, limit)]
        return sorted(found, key=lambda pair: pair[1].due_at)[:limit]

    rows = await caller.record.read(find)
    return json_of(
        [
            {
                "id": occurrence_id(row.person, row.habit, row.slot_key),
                "person": row.person,
                **shapes.history_row(row, caller.zone(person), may_show=may_show),
            }
            for person, row in rows
        ]
    )


def _span(caller: Caller, fields: Fields, person: Person) -> tuple[datetime, datetime]:
    zone = caller.zone(person)
    today = start_of(person, zone, day_of(person, zone, caller.now))
    since, until = fields.moment("since", zone) or today, fields.moment("until", zone) or caller.now + AHEAD
    return since, min(until, caller.now + AHEAD)


def _rows(
    journal: SqliteJournal, person: Person, since: datetime, until: datetime, state: str | None, limit: int
) -> Iterator[HistoryRow]:
    """Yield the first ``limit`` rows, reading no more of a long record than they need."""
    began_at = journal.began_at()
    if began_at is None:
        return
    found, start = 0, max(since, began_at - AHEAD)
    while start < until and found < limit:
        end = min(start + STRETCH, until)
        for row in journal.history(person.id, start, end):
            if state in (None, row.state.value) and found < limit:
                found += 1
                yield row
        start = end
