"""Pauses: nothing for a while, of one habit or of all, or gently through a bad day."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reminders.domain.pause import Pause
from reminders.domain.person import Person
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.pause_words import FLARE_REASON
from reminders.web import shapes
from reminders.web.api.caller import Caller, json_of
from reminders.web.api.fields import NAME_PATTERN, TEXT_PATTERN, Fields
from reminders.web.selection import habit_of

MINUTES = (1, 90 * 24 * 60)
AN_HOUR = timedelta(hours=1)
A_BAD_SPELL = timedelta(hours=48)


async def pauses(request: Request) -> Response:
    """Return the pauses of a person that have not ended."""
    caller, fields = Caller.of(request), Fields.of_query(request)
    person = caller.person(fields)
    fields.finish()
    return _answer(caller, person, await caller.record.read(lambda journal: journal.pauses(person.id, caller.now)))


async def pause(request: Request) -> Response:
    """Mute a habit, or all, for ``minutes``: an hour if left out, two days on a bad day."""
    caller, fields = Caller.of(request), await Fields.of_body(request)
    person = caller.person(fields)
    name, flare = fields.text("habit", NAME_PATTERN), fields.truth("flare")
    minutes, reason = fields.number("minutes", *MINUTES), fields.text("reason", TEXT_PATTERN) or ""
    fields.finish()
    habits = [None if name is None else habit_of(person, name).id]
    if flare:
        habits = list(await caller.record.aside(partial(_resting, person))) if name is None else habits
        reason = reason or FLARE_REASON
    if not habits:
        raise HTTPException(409, "nothing of theirs rests on a bad day; name a habit to pause it all the same")
    length = timedelta(minutes=minutes) if minutes is not None else A_BAD_SPELL if flare else AN_HOUR

    def begin(journal: SqliteJournal) -> tuple[Pause, ...]:
        with journal.together():
            return tuple(
                journal.pause(person.id, habit, caller.now, caller.now + length, person.id, reason, flare)
                for habit in habits
            )

    return _answer(caller, person, await caller.record.write(begin), status=201)


async def resume(request: Request) -> Response:
    """End the pauses in force, all of a person or those of one habit alone, and return them."""
    caller, fields = Caller.of(request), Fields.of_query(request)
    person, habit = caller.person(fields), fields.text("habit", NAME_PATTERN)
    fields.finish()
    return _answer(
        caller, person, await caller.record.write(lambda journal: journal.resume(person.id, habit, caller.now))
    )


def _resting(person: Person) -> tuple[str, ...]:
    """Return the person's habits that rest on a bad day."""
    from reminders.catalogue.content import load_content  # noqa: PLC0415  half a megabyte, for a bad day

    known = load_content().habits
    return tuple(habit.id for habit in person.habits if habit.id in known and known[habit.id].pauses_in_flare)


def _answer(caller: Caller, person: Person, found: tuple[Pause, ...], status: int = 200) -> Response:
    zone = caller.zone(person)
    return json_of([shapes.pause(one, zone) for one in found], status)
