"""What would be sent, what would not, and why."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from reminders.planning.plan_row import PlanRow
from reminders.web import shapes
from reminders.web.api.caller import Caller, json_of
from reminders.web.api.fields import Fields

DAYS_AT_MOST = 366


async def plan(request: Request) -> Response:
    """Return the plan from ``from`` on, the present if left out, for ``days`` local dates; nothing is written."""
    caller, fields = Caller.of(request), Fields.of_query(request)
    people, _ = caller.people(fields)
    days = fields.number("days", 1, DAYS_AT_MOST) or 1
    zones = {person.id: caller.zone(person) for person in people}
    starts = {person.id: fields.moment("from", zones[person.id]) or caller.now for person in people}
    fields.finish()
    rows: list[PlanRow] = []
    for person in people:
        rows += await caller.record.aside(partial(caller.house.plan, person.id, starts[person.id], days))
    rows.sort(key=lambda row: (row.send_at or row.due_at, row.due_at))
    doubts = {one.id: [state for state in caller.house.calendars(one) if state.is_doubtful] for one in people}
    return json_of([shapes.plan_row(row, zones[row.person], doubts[row.person]) for row in rows])
