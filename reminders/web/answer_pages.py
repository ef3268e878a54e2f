"""The page behind a link in a message: looking at it changes nothing, sending its form counts.

The link's token stands for one nudge and needs no login. Mail scanners and previews follow links; none sends a form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from reminders.answers.links import hash_of
from reminders.catalogue.phrases import ENGLISH, phrase, say, speak
from reminders.domain.answer import AnswerOutcome, AnswerReceipt, Verb
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Occurrence
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.answering import shortest_snooze, standing_verb
from reminders.planning.receipt_words import outcome_words
from reminders.settings.amounts import DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML, parse_volume_ml
from reminders.settings.mistakes import FOUND, Mistake
from reminders.web import shapes
from reminders.web.answer_sheet import AnswerSheet, sheet_of
from reminders.web.api.caller import json_of
from reminders.web.body import FIELDS_AT_MOST, JSON_TYPE, content_type, read_body
from reminders.web.habit_name import name_of
from reminders.web.house import House
from reminders.web.record import Record
from reminders.web.templating import render

VIA = "link"
UNDO = "undo"
UNKNOWN_LINK = phrase("this link is not one of ours; use the one in the newest message")
DEAD_LINK = phrase("this link is too old to be answered by")
FAILED = frozenset({AnswerOutcome.NOT_SENT, AnswerOutcome.REFUSED})
FIELDS = frozenset({"verb", "ask", "amount"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What was sent: ``verb`` None = the newest answer is taken back; ``ask`` None = every ask of the nudge."""

    verb: Verb | None
    ask: int | None
    amount_ml: int | None


def routes() -> list[BaseRoute]:
    """Return the routes of the links."""
    return [
        Route("/a/{token}", show, methods=["GET"], name="answer_page"),
        Route("/a/{token}", answer, methods=["POST"], name="answer"),
    ]


async def show(request: Request) -> Response:
    """Show what a link asks, and what has been said already. Changes nothing."""
    house, record = _surroundings(request)
    await _speak_to_the_person(request)
    sheet = await record.read(partial(_sheet, request.path_params["token"], house, house.now()))
    return render(request, "answer.html", sheet=sheet, words=(), failed=False)


async def answer(request: Request) -> Response:
    """Count what a link's form says; said again, it changes nothing, and the verdict that stands is told."""
    house, record = _surroundings(request)
    now, token = house.now(), request.path_params["token"]
    await _speak_to_the_person(request)
    said, is_program = await _read(request)
    answering = partial(_answer, token, said=said, house=house, now=now)
    nudge, receipts = await record.write(answering)
    status = 409 if all(one.outcome in FAILED for one in receipts) else 200
    person = house.household().person(nudge.person)
    zone = house.zone_of(person or house.household().people[0])
    words = [_words(one, said, zone, now) for one in receipts]
    if is_program and status != 200:  # noqa: PLR2004
        return json_of({"error": "conflict", "detail": "; ".join(words)}, status)
    if is_program:
        return json_of([shapes.receipt(one, zone) for one in receipts])
    sheet = await record.read(partial(_sheet, token, house, now))
    return render(request, "answer.html", status_code=status, sheet=sheet, words=words, failed=status != 200)  # noqa: PLR2004


def _surroundings(request: Request) -> tuple[House, Record]:
    return request.app.state.house, request.app.state.record


async def _speak_to_the_person(request: Request) -> None:
    """Speak the language of whom the link was sent to; that of the visitor where it is none of ours."""
    house, record = _surroundings(request)
    named = await record.read(partial(_person_of, request.path_params["token"]))
    person = None if named is None else house.household().person(named)
    if person is not None:
        speak(person.language)


def _person_of(token: str, journal: SqliteJournal) -> str | None:
    token_hash = hash_of(token)
    target = None if token_hash is None else journal.link_target(token_hash)
    return None if target is None else journal.nudge(target.nudge_id).person


def _nudge_of(token: str, journal: SqliteJournal, now: datetime) -> Nudge:
    """Return what a token stands for. Raises HTTPException: 403 for no token of ours, 410 for a dead one."""
    token_hash = hash_of(token)
    target = None if token_hash is None else journal.link_target(token_hash)
    if target is None:
        raise HTTPException(403, say(UNKNOWN_LINK))
    if target.expires_at <= now:
        raise HTTPException(410, say(DEAD_LINK))
    return journal.nudge(target.nudge_id)


def _sheet(token: str, house: House, now: datetime, journal: SqliteJournal) -> AnswerSheet:
    nudge = _nudge_of(token, journal, now)
    household = house.household()
    zone = house.zone_of(household.person(nudge.person) or household.people[0])
    return sheet_of(nudge, journal.asked(nudge.id), zone, now, can_undo=journal.can_undo(nudge.id, now))


def _answer(
    token: str, journal: SqliteJournal, *, said: Said, house: House, now: datetime
) -> tuple[Nudge, tuple[AnswerReceipt, ...]]:
    nudge = _nudge_of(token, journal, now)
    if not nudge.asks:
        raise HTTPException(409, say("this message asks nothing"))
    if said.verb is None:
        before = journal.asked(nudge.id)
        receipt = journal.undo_nudge(nudge.id, now)
        if receipt is None:
            raise HTTPException(409, say("nothing to take back from the last ten minutes"))
        return nudge, _taken_back(receipt, before, journal.asked(nudge.id))
    if said.ask is not None and said.ask > len(nudge.asks):
        raise HTTPException(422, say('"ask" must be a whole number from 1 to {most}', most=len(nudge.asks)))
    only = None if said.ask is None else nudge.asks[said.ask - 1].occurrence_id
    snooze_for = shortest_snooze(house.household().person(nudge.person), nudge)
    receipts = journal.answer_nudge(
        nudge.id, said.verb, now, VIA, amount_ml=said.amount_ml, snooze_for=snooze_for, only=only
    )
    return nudge, receipts


def _taken_back(
    receipt: AnswerReceipt, before: Sequence[Occurrence], after: Sequence[Occurrence]
) -> tuple[AnswerReceipt, ...]:
    """Return a receipt for each ask whose answer was taken back: one press may have answered several."""
    others = [now for then, now in zip(before, after, strict=True) if then != now and now.habit != receipt.habit]
    receipts = {
        one.habit: replace(receipt, habit=one.habit, standing=standing_verb(one), amount_ml=None) for one in others
    }
    receipts[receipt.habit or ""] = receipt
    return tuple(receipts[one.habit] for one in after if one.habit in receipts)


async def _read(request: Request) -> tuple[Said, bool]:
    """Return what was sent, and whether a program sent it. Raises HTTPException 400, 413 or 422.

    A button of a notification may send either form without naming its type: the token is the proof, not the type.
    """
    body = await read_body(request)
    is_json = content_type(request) == JSON_TYPE or body.lstrip().startswith(b"{")
    is_program = is_json or JSON_TYPE in request.headers.get("accept", "")
    if is_program:
        speak(ENGLISH)
    try:
        found: Any = json.loads(body) if is_json else _fields(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, say("what was sent cannot be read")) from None
    if not isinstance(found, dict) or not set(found) <= FIELDS:
        raise HTTPException(422, say("what may be sent: {names}", names=", ".join(sorted(FIELDS))))
    return _said(found), is_program


def _fields(body: bytes) -> dict[str, str]:
    fields = parse_qsl(body.decode("ascii"), keep_blank_values=False, max_num_fields=FIELDS_AT_MOST, errors="strict")
    return dict(fields)


def _said(found: Mapping[str, Any]) -> Said:
    verb, ask, amount = found.get("verb"), found.get("ask"), found.get("amount")
    if verb != UNDO and verb not in tuple(Verb):
        raise HTTPException(422, say('"verb" must be one of: {names}', names=", ".join((*Verb, UNDO))))
    number = int(ask) if isinstance(ask, str) and ask.isascii() and ask.isdigit() and len(ask) == 1 else ask
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
        raise HTTPException(422, say('"ask" must be a whole number from 1 on'))
    amount_ml = None if amount is None or verb != Verb.DONE else _amount_ml(amount)
    return Said(verb=None if verb == UNDO else Verb(verb), ask=number, amount_ml=amount_ml)


def _amount_ml(written: object) -> int:
    text = f"{written}ml" if str(written).isdigit() else written
    try:
        return parse_volume_ml(text, DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML)
    except Mistake as mistake:
        detail = mistake.message.replace(FOUND, '"amount"')
        raise HTTPException(422, say("{why}; write an amount such as 300ml", why=detail)) from None


def _words(receipt: AnswerReceipt, said: Said, zone: ZoneInfo, now: datetime) -> str:
    name = name_of(receipt.habit or "")
    return f"{name}: {receipt.detail if said.verb is None else outcome_words(receipt, said.verb, zone, now)}"
