"""What a person does on the page: answer, take back, drink, pause, go on. Each ends with a notice on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reminders.catalogue.phrases import say, say_many
from reminders.domain.answer import AnswerOutcome, AnswerReceipt, Verb
from reminders.domain.errors import JournalUnavailable
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.answering import SNOOZE_UNLESS_SAID, shortest_snooze
from reminders.planning.pause_ends import longest_pause
from reminders.planning.pause_words import FLARE_REASON
from reminders.planning.receipt_words import outcome_words
from reminders.planning.waking_day import start_of
from reminders.planning.water_words import HYDRATION, PLENTY, drunk_words, is_plenty
from reminders.planning.wording_of_time import when
from reminders.web.access import check_form
from reminders.web.bad_day import resting_habits
from reminders.web.gate import base_of
from reminders.web.habit_name import name_of
from reminders.web.house import House
from reminders.web.notices import Notice, Notices
from reminders.web.pause_form import REASON_LETTERS_AT_MOST, end_of, habit_of
from reminders.web.slip import Slip
from reminders.web.visit import Visit, record_of, visit_of

VIA = "page"
LEAST_ML, MOST_ML = 10, 3000
_TAKEN = frozenset({AnswerOutcome.COUNTED, AnswerOutcome.CREDITED, AnswerOutcome.LATE, AnswerOutcome.ALREADY})
_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)  # what is said at this very moment counts as well

Form = Mapping[str, str]
Act = Callable[[Visit, Form, SqliteJournal], Notice]


async def reply(request: Request, house: House, notices: Notices, act: Act) -> Response:
    """Do what a form asks for and lead back to the day, with a notice that says how it went."""
    form = await check_form(request)
    visit = visit_of(house, form.get("person"))
    if visit is None:
        raise HTTPException(400, say("it is not clear who is meant"))
    try:
        notice = await record_of(request).write(partial(_whole, act, visit, form))
    except Slip as slip:
        notice = Notice(text=say("Nothing was changed: {why}.", why=slip), is_trouble=True)
    except JournalUnavailable as error:
        notice = Notice(text=say("Nothing was changed: {why}. Try again.", why=error), is_trouble=True)
    address = visit.address("/", notice=notices.keep(notice, visit.now))
    return RedirectResponse(f"{base_of(request)}{address}", status_code=303)


def _whole(act: Act, visit: Visit, form: Form, journal: SqliteJournal) -> Notice:
    """Keep all of what was done or nothing of it: what cannot be told in the end did not happen."""
    with journal.together():
        return act(visit, form, journal)


def answer(visit: Visit, form: Form, journal: SqliteJournal) -> Notice:
    """Answer one ask, or all of a message."""
    verb = _verb(form)
    if occurrence := form.get("occurrence"):
        receipts: tuple[AnswerReceipt, ...] = (_answer_one(visit, occurrence, verb, journal),)
    else:
        receipts = _answer_all(visit, form.get("nudge", ""), verb, journal)
    words = [f"{name_of(one.habit or '')}: {outcome_words(one, verb, visit.zone, visit.now)}" for one in receipts]
    if verb is Verb.DONE and any(one.habit == HYDRATION for one in receipts):
        words += _water_words(visit, journal)
    return Notice(text=_sentences(words), is_trouble=all(one.outcome not in _TAKEN for one in receipts))


def _verb(form: Form) -> Verb:
    try:
        return Verb(form.get("verb", ""))
    except ValueError:
        raise Slip(say("the answer is none of Done, Snooze and Skip")) from None


def _answer_one(visit: Visit, occurrence: str, verb: Verb, journal: SqliteJournal) -> AnswerReceipt:
    person, _, rest = occurrence.partition("/")
    if person != visit.person.id:
        raise Slip(say("there is no such ask"))
    snooze_for = _snooze_of(visit, rest.partition("/")[0])
    receipt = journal.answer_occurrence(occurrence, verb, visit.now, VIA, snooze_for=snooze_for)
    if receipt.outcome is AnswerOutcome.UNKNOWN:
        raise Slip(say("there is no such ask"))
    return receipt


def _answer_all(visit: Visit, nudge_id: str, verb: Verb, journal: SqliteJournal) -> tuple[AnswerReceipt, ...]:
    try:
        nudge = journal.nudge(nudge_id)
    except KeyError:
        raise Slip(say("there is no such nudge")) from None
    if nudge.person != visit.person.id or not nudge.asks:
        raise Slip(say("there is no such nudge"))
    snooze_for = shortest_snooze(visit.person, nudge)
    return journal.answer_nudge(nudge_id, verb, visit.now, VIA, snooze_for=snooze_for)


def _snooze_of(visit: Visit, habit_id: str) -> timedelta:
    habit = visit.person.habit(habit_id)
    return SNOOZE_UNLESS_SAID if habit is None else habit.snooze


def undo(visit: Visit, form: Form, journal: SqliteJournal) -> Notice:
    """Take the newest answer of a habit back."""
    receipt = journal.undo(visit.person.id, form.get("habit") or None, visit.now)
    if receipt is None:
        return Notice(text=say("There is nothing to take back from the last ten minutes."), is_trouble=True)
    words = [f"{name_of(receipt.habit or '')}: {receipt.detail}"]
    if receipt.habit == HYDRATION:
        words += _water_words(visit, journal)
    return Notice(text=_sentences(words))


def water(visit: Visit, form: Form, journal: SqliteJournal) -> Notice:
    """Log what was drunk."""
    amount_ml = _amount(form.get("amount_ml", ""))
    if visit.person.habit(HYDRATION) is None:
        raise Slip(say("water is not among the habits any more"))
    receipt = journal.answer_habit(visit.person.id, HYDRATION, Verb.DONE, visit.now, VIA, amount_ml=amount_ml)
    return Notice(text=_sentences([say("{amount} ml logged", amount=receipt.amount_ml), *_water_words(visit, journal)]))


def _amount(written: str) -> int:
    text = written.strip()
    if not text.isascii() or not text.isdigit() or not LEAST_ML <= int(text[:9]) <= MOST_ML:
        raise Slip(say("an amount is a whole number of millilitres, {least} to {most}", least=LEAST_ML, most=MOST_ML))
    return int(text)


def _water_words(visit: Visit, journal: SqliteJournal) -> list[str]:
    person, until = visit.person, visit.now + _INSTANT
    today_ml = journal.water_ml(person.id, start_of(person, visit.zone, visit.today), until)
    habit = person.habit(HYDRATION)
    words = [drunk_words(today_ml, None if habit is None else habit.goal_ml)]
    in_an_hour_ml = journal.water_ml(person.id, until - _HOUR, until)
    return [*words, say(PLENTY)] if is_plenty(person, in_an_hour_ml, today_ml) else words


def pause(visit: Visit, form: Form, journal: SqliteJournal) -> Notice:
    """Mute a habit, or all of them, until an end; on a bad day those that do not suit one."""
    ends_at = end_of(visit, form)
    if form.get("flare"):
        return _rest(visit, journal, ends_at)
    habit = habit_of(visit, form)
    reason = form.get("reason", "").strip()[:REASON_LETTERS_AT_MOST]
    before = longest_pause(journal.pauses(visit.person.id, visit.now), habit)
    journal.pause(visit.person.id, habit, visit.now, ends_at, visit.person.id, reason)
    name = say("Everything") if habit is None else name_of(habit)
    words = say("{name} is paused until {time}", name=name, time=when(ends_at, visit.zone, visit.now))
    if before is not None and before.ends_at > ends_at:
        end = when(before.ends_at, visit.zone, visit.now)
        words = say("{name} is already paused until {time}, and that stays", name=name, time=end)
    return Notice(text=_sentences([words]))


def _rest(visit: Visit, journal: SqliteJournal, ends_at: datetime) -> Notice:
    resting = resting_habits(visit.person)
    if not resting:
        raise Slip(say("nothing of yours rests on a bad day; a habit can be paused by its name"))
    for habit in resting:
        journal.pause(visit.person.id, habit, visit.now, ends_at, visit.person.id, FLARE_REASON, flare=True)
    names = ", ".join(name_of(habit) for habit in resting)
    end = when(ends_at, visit.zone, visit.now)
    return Notice(text=say("Until {time} this rests: {names}.", time=end, names=names))


def resume(visit: Visit, form: Form, journal: SqliteJournal) -> Notice:
    """End the pauses of a habit, or all of them."""
    habit = form.get("habit") or None  # one that is gone from the file may still be paused
    ended = journal.resume(visit.person.id, habit, visit.now)
    left = [one for one in journal.pauses(visit.person.id, visit.now) if one.habit is None]
    if habit is not None and left:
        end = when(max(one.ends_at for one in left), visit.zone, visit.now)
        words = say("{name} is still paused with everything else until {time}.", name=name_of(habit), time=end)
        return Notice(text=words, is_trouble=True)
    if not ended:
        return Notice(text=say("Nothing is paused."))
    names = dict.fromkeys(say("Everything") if one.habit is None else name_of(one.habit) for one in ended)
    return Notice(text=say_many("{names}: goes on.", "{names}: go on.", len(names), names=", ".join(names)))


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)
