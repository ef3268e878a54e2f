"""The page for a bad day: the warning signs first, then gentle advice, then what can rest."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import language_spoken, phrase, say
from reminders.domain.person import Person
from reminders.web.habit_name import name_of
from reminders.web.house import House
from reminders.web.notices import Notices
from reminders.web.templating import render
from reminders.web.visit import frame, record_of, visit_of

LENGTHS = (("24h", phrase("24 hours")), ("48h", phrase("48 hours")), ("72h", phrase("3 days")))
LENGTH_UNLESS_SAID = "48h"


def resting_habits(person: Person) -> tuple[str, ...]:
    """Return the person's habits that do not suit a bad day, in the order of the file."""
    habits = load_content().habits
    return tuple(one.id for one in person.habits if one.id in habits and habits[one.id].pauses_in_flare)


async def bad_day(request: Request, house: House, notices: Notices) -> Response:
    """Show the warning signs and what helps. The words are fixed."""
    visit = visit_of(house, request.query_params.get("person"))
    content = await record_of(request).aside(partial(load_content, language_spoken()))
    return render(
        request,
        "bad_day.html",
        **frame(request, house, visit, notices, page="/bad-day"),
        flare=content.flare,
        disclaimer=content.texts.disclaimer,
        resting=[] if visit is None else [name_of(habit) for habit in resting_habits(visit.person)],
        lengths=[(value, say(words)) for value, words in LENGTHS],
        length=LENGTH_UNLESS_SAID,
    )
