"""One call of the API: the house around it, who is meant, where they are, the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.web.api.fields import NAME_PATTERN, Fields
from reminders.web.house import House
from reminders.web.record import Record
from reminders.web.selection import people_of, person_of, shows_health

VIA = "api"


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """What every call needs; ``now`` is the moment it came in."""

    house: House
    record: Record
    household: Household
    now: datetime

    @classmethod
    def of(cls, request: Request) -> Caller:
        """Return what is around a request."""
        house: House = request.app.state.house
        return cls(house=house, record=request.app.state.record, household=house.household(), now=house.now())

    def person(self, fields: Fields) -> Person:
        """Return the person meant. Raises HTTPException 404 or 422."""
        return person_of(self.household, fields.text("person", NAME_PATTERN))

    def people(self, fields: Fields) -> tuple[tuple[Person, ...], bool]:
        """Return the people to show, and whether their health may be. Raises HTTPException 404 or 422."""
        name = fields.text("person", NAME_PATTERN)
        return people_of(self.household, name), shows_health(self.household, name)

    def zone(self, person: Person) -> ZoneInfo:
        """Return where a person is."""
        return self.house.zone_of(person)


def json_of(found: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON."""
    return JSONResponse(found, status, dict(headers or {}))
