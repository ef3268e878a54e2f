"""Whose page it is, and what stands around every page: the way to the others, the people, the troubles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from reminders.catalogue.phrases import phrase, say, speak
from reminders.domain.errors import JournalFault, JournalUnavailable
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.planning.waking_day import day_of
from reminders.web.habit_name import read_names
from reminders.web.house import House
from reminders.web.record import Record
from reminders.web.troubles import Trouble, journal_trouble, troubles_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.sqlite_journal import SqliteJournal
    from reminders.web.notices import Notices

Result = TypeVar("Result")
PAGES = (
    ("/", phrase("Today")),
    ("/history", phrase("History")),
    ("/channels", phrase("Channels")),
    ("/configuration", phrase("Configuration")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One look at one person's page: who, where they are, and the moment."""

    house: House
    household: Household
    person: Person
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The date of the person's waking day."""
        return day_of(self.person, self.zone, self.now)

    def address(self, path: str, **query: str | int | None) -> str:
        """Return the address of a page of ours for this person, without the base."""
        return address_for(self.household, self.person, path, **query)


def address_for(household: Household, person: Person | None, path: str, **query: str | int | None) -> str:
    """Return the address of a page; a household of one needs no name in it."""
    named = person.id if person is not None and len(household.people) > 1 else None
    written = urlencode({key: value for key, value in {"person": named, **query}.items() if value is not None})
    return f"{path}?{written}" if written else path


def visit_of(house: House, named: str | None) -> Visit | None:
    """Return the visit to the person named; None = several live here and none was named.

    From here on the request speaks that person's language. Health is shown to nobody but the person it concerns, so
    that one has to be named. Raises HTTPException (404) for an unknown name.
    """
    household = house.household()
    if not named and len(household.people) > 1:
        return None
    person = household.person(named) if named else household.people[0]
    if person is None:
        names = ", ".join(one.id for one in household.people)
        raise HTTPException(404, say("nobody here is called that; there are: {names}", names=names))
    speak(person.language)
    return visit_to(house, household, person)


def visit_to(house: House, household: Household, person: Person) -> Visit:
    """Return the visit to a person now."""
    return Visit(house=house, household=household, person=person, zone=house.zone_of(person), now=house.now())


def record_of(request: Request) -> Record:
    """Return the way to the journal that belongs to the page."""
    record: Record = request.app.state.record
    return record


@dataclass(frozen=True, kw_only=True, slots=True)
class Look(Generic[Result]):
    """What was found in the journal; ``mark`` names its newest event, ``trouble`` says why it cannot be read."""

    found: Result
    mark: int = 0
    trouble: Trouble | None = None


async def look(request: Request, work: Callable[[SqliteJournal | None], Result]) -> Look[Result]:
    """Return what ``work`` finds in the journal, which is None before the first one, or while it cannot be read.

    After it, naming a habit takes no time.
    """
    record = record_of(request)
    await record.aside(read_names)
    try:
        mark, found = await record.read(lambda journal: (mark_of(journal), work(journal)))
    except JournalUnavailable as error:
        trouble = None if error.cause is JournalFault.ABSENT else journal_trouble(error)
        return Look(found=await record.aside(lambda: work(None)), trouble=trouble)
    return Look(found=found, mark=mark)


def mark_of(journal: SqliteJournal) -> int:
    """Return the number of the newest event; 0 = there is none."""
    return next((event.id for event in journal.last_events(1)), 0)


def frame(
    request: Request,
    house: House,
    visit: Visit | None,
    notices: Notices,
    *,
    page: str,
    seen: Look[Any] | None = None,
) -> dict[str, Any]:
    """Return what every template gets: who, where to, what to say, what is wrong; ``page`` is its path.

    ``seen`` None = the page does not follow the journal.
    """
    household = house.household() if visit is None else visit.household
    person = None if visit is None else visit.person
    others = household.people if len(household.people) > 1 else ()
    troubles = troubles_of(house, household)
    return {
        "page": page,
        "person": person,
        "links": [(address_for(household, person, path), say(name), path == page) for path, name in PAGES],
        "people": [(address_for(household, one, page), one.name, one is person) for one in others],
        "notice": notices.find(request.query_params.get("notice"), house.now()),
        "troubles": troubles if seen is None or seen.trouble is None else (seen.trouble, *troubles),
        "mark": None if seen is None else seen.mark,
    }


def written_date(query: Mapping[str, str], key: str) -> date | None:
    """Return a date of the query, None = there is none. Raises HTTPException (400) for what is no date."""
    text = query.get(key)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(400, say('"{key}" is no date; write it like 2026-03-29', key=key)) from None
