"""Answers: Done, Snooze and Skip, for a habit or for one occurrence, and taking the newest back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reminders.domain.answer import UNDO_WINDOW, AnswerOutcome, AnswerReceipt, Verb
from reminders.domain.person import Person
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.answering import interval_of
from reminders.planning.water_words import HYDRATION
from reminders.web import shapes
from reminders.web.api.caller import VIA, Caller, json_of
from reminders.web.api.fields import NAME_PATTERN, OCCURRENCE_PATTERN, Fields
from reminders.web.selection import habit_of, person_of

VERBS = tuple(verb.value for verb in Verb)
AMOUNT_ML = (10, 3000)
SNOOZE_MINUTES = (1, 1440)
STATUS_OF = {
    AnswerOutcome.UNKNOWN: 404,
    AnswerOutcome.NOT_SENT: 409,
    AnswerOutcome.REFUSED: 409,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What was said, of a habit or of an occurrence; ``snooze_for`` None = as long as the habit has it."""

    verb: Verb
    habit: str | None
    occurrence: str | None
    person: str | None
    amount_ml: int | None
    snooze_for: timedelta | None


async def answers(request: Request) -> Response:
    """Take one answer; what is said twice counts once, and the first verdict stands."""
    caller = Caller.of(request)
    said = _read(await Fields.of_body(request))
    if said.occurrence is not None:
        work = partial(_of_occurrence, caller=caller, said=said, occurrence=said.occurrence)
        receipt = await caller.record.write(work)
    else:
        person = person_of(caller.household, said.person)
        receipt = await caller.record.write(partial(_of_habit, caller=caller, said=said, person=person))
    return _answer(caller, receipt)


async def undo(request: Request) -> Response:
    """Take the newest answer of the last ten minutes back, of one habit or of any."""
    caller = Caller.of(request)
    fields = await Fields.of_body(request)
    person, habit = caller.person(fields), fields.text("habit", NAME_PATTERN)
    fields.finish()
    receipt = await caller.record.write(lambda journal: journal.undo(person.id, habit, caller.now))
    if receipt is None:
        minutes = UNDO_WINDOW // timedelta(minutes=1)
        raise HTTPException(409, f"nothing to take back from the last {minutes} minutes")
    return _answer(caller, receipt)


def _read(fields: Fields) -> Answer:
    verb = fields.choice("verb", VERBS)
    if verb is None:
        raise fields.missing("verb")
    habit, occurrence = fields.text("habit", NAME_PATTERN), fields.text("occurrence", OCCURRENCE_PATTERN)
    if (habit is None) == (occurrence is None):
        raise HTTPException(422, 'either "habit" or "occurrence" must be given')
    # A field that means nothing for this verb or this kind of answer is refused as one nobody knows.
    minutes = fields.number("snooze_minutes", *SNOOZE_MINUTES) if verb == Verb.SNOOZE else None
    said = Answer(
        verb=Verb(verb),
        habit=habit,
        occurrence=occurrence,
        person=None if habit is None else fields.text("person", NAME_PATTERN),
        amount_ml=fields.number("amount_ml", *AMOUNT_ML) if verb == Verb.DONE else None,
        snooze_for=None if minutes is None else timedelta(minutes=minutes),
    )
    fields.finish()
    return said


def _of_occurrence(journal: SqliteJournal, *, caller: Caller, said: Answer, occurrence: str) -> AnswerReceipt:
    known = journal.occurrence(occurrence)
    if known is None:
        raise HTTPException(404, "there is no such occurrence")
    _refuse_amount(known.habit, said)
    person = caller.household.person(known.person)
    habit = None if person is None else person.habit(known.habit)
    snooze_for = said.snooze_for or (None if habit is None else habit.snooze)
    return journal.answer_occurrence(
        occurrence, said.verb, caller.now, VIA, amount_ml=said.amount_ml, snooze_for=snooze_for
    )


def _of_habit(journal: SqliteJournal, *, caller: Caller, said: Answer, person: Person) -> AnswerReceipt:
    name = said.habit or ""
    habit = person.habit(name)
    if habit is None and not any(one.habit == name for one in journal.open_occurrences(person.id)):
        habit = habit_of(person, name)  # what is still open of a habit gone from the file can be answered
    _refuse_amount(name, said)
    snooze_for = said.snooze_for or (None if habit is None else habit.snooze)
    return journal.answer_habit(
        person.id,
        name,
        said.verb,
        caller.now,
        VIA,
        amount_ml=said.amount_ml,
        snooze_for=snooze_for,
        interval=None if habit is None else interval_of(habit),
    )


def _refuse_amount(habit: str, said: Answer) -> None:
    if said.amount_ml is not None and habit != HYDRATION:
        raise HTTPException(422, f'"amount_ml" fits {HYDRATION} only')


def _answer(caller: Caller, receipt: AnswerReceipt) -> Response:
    status = STATUS_OF.get(receipt.outcome, 200)
    if status != 200:  # noqa: PLR2004
        raise HTTPException(status, receipt.detail or receipt.outcome.value)
    person = caller.household.person(receipt.person) or caller.household.people[0]
    return json_of(shapes.receipt(receipt, caller.zone(person)))
