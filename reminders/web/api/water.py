"""Water: how much was drunk today, and adding to it."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from reminders.domain.answer import Verb
from reminders.domain.habit import Habit
from reminders.domain.person import Person
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.waking_day import day_of, start_of
from reminders.planning.water_words import HYDRATION
from reminders.web.api.answers import AMOUNT_ML
from reminders.web.api.caller import VIA, Caller, json_of
from reminders.web.api.fields import Fields
from reminders.web.selection import habit_of

INSTANT = timedelta(microseconds=1)  # what is said at this very moment counts as well


async def water(request: Request) -> Response:
    """Return what a person logged since their day began, and their goal."""
    caller, fields = Caller.of(request), Fields.of_query(request)
    person = caller.person(fields)
    fields.finish()
    habit = habit_of(person, HYDRATION)
    drunk_ml = await caller.record.read(lambda journal: drunk_today_ml(caller, journal, person))
    return _answer(person, habit, drunk_ml)


async def drink(request: Request) -> Response:
    """Log what was drunk, as ``done hydration 250ml`` does."""
    caller, fields = Caller.of(request), await Fields.of_body(request)
    person, amount_ml = caller.person(fields), fields.number("ml", *AMOUNT_ML)
    fields.finish()
    if amount_ml is None:
        raise fields.missing("ml")
    habit = habit_of(person, HYDRATION)

    def log(journal: SqliteJournal) -> int:
        journal.answer_habit(person.id, HYDRATION, Verb.DONE, caller.now, VIA, amount_ml=amount_ml)
        return drunk_today_ml(caller, journal, person)

    return _answer(person, habit, await caller.record.write(log))


def drunk_today_ml(caller: Caller, journal: SqliteJournal, person: Person) -> int:
    """Return what the person logged since their day began, in millilitres."""
    zone = caller.zone(person)
    began_at = start_of(person, zone, day_of(person, zone, caller.now))
    return journal.water_ml(person.id, began_at, caller.now + INSTANT)


def _answer(person: Person, habit: Habit, drunk_ml: int) -> Response:
    return json_of({"person": person.id, "drunk_ml": drunk_ml, "goal_ml": habit.goal_ml})
