"""What a link's page shows: the message, each of its asks with what was said already, and what can still be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import say
from reminders.domain.answer import SNOOZES_AT_MOST, Verb
from reminders.domain.nudge import Ask, Nudge
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.planning.answering import is_answerable, is_on_its_way, standing_verb
from reminders.planning.receipt_words import PAST
from reminders.planning.wording_of_time import moment
from reminders.web.habit_name import name_of


@dataclass(frozen=True, kw_only=True, slots=True)
class AskOnSheet:
    """One ask, ``number`` from 1 on; ``verbs`` are those that would count, ``amount_ml`` what Done logs unless told."""

    number: int
    name: str
    text: str
    standing: str
    verbs: tuple[Verb, ...]
    amount_ml: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerSheet:
    """The page of one link; ``verbs`` answer every ask at once, empty where there is but one to answer."""

    title: str
    text: str
    asks: tuple[AskOnSheet, ...]
    verbs: tuple[Verb, ...]
    can_undo: bool


def sheet_of(
    nudge: Nudge, asked: Sequence[Occurrence], zone: ZoneInfo, now: datetime, *, can_undo: bool
) -> AnswerSheet:
    """Return the sheet of a nudge; ``asked`` are its occurrences as they stand."""
    by_id = {occurrence.id: occurrence for occurrence in asked}
    asks = tuple(_ask(number, ask, by_id[ask.occurrence_id], zone, now) for number, ask in enumerate(nudge.asks, 1))
    open_asks = [ask for ask in asks if ask.verbs]
    shared = [verb for verb in Verb if all(verb in ask.verbs for ask in open_asks)]
    return AnswerSheet(
        title=nudge.title,
        text="" if nudge.asks else nudge.text,
        asks=asks,
        verbs=tuple(shared) if len(open_asks) > 1 else (),
        can_undo=can_undo,
    )


def _ask(number: int, ask: Ask, occurrence: Occurrence, zone: ZoneInfo, now: datetime) -> AskOnSheet:
    return AskOnSheet(
        number=number,
        name=name_of(ask.habit),
        text=ask.text,
        standing=_standing(occurrence, zone, now),
        verbs=_verbs(occurrence, now),
        amount_ml=occurrence.amount_ml,
    )


def _standing(occurrence: Occurrence, zone: ZoneInfo, now: datetime) -> str:
    """Return what was said of it, or how it ended without a word; "" = it waits for an answer."""
    verb = standing_verb(occurrence)
    if verb is Verb.SNOOZE:
        return say("snoozed until {time}", time=moment(occurrence.due_at, zone, now))
    if verb is not None:
        answered = say(PAST[verb])
        return f"{answered}, {say('recorded as late')}" if occurrence.answered_late else answered
    if occurrence.state.is_terminal or occurrence.expires_at <= now:
        return say("over; Done is recorded as late")
    return ""


def _verbs(occurrence: Occurrence, now: datetime) -> tuple[Verb, ...]:
    standing = standing_verb(occurrence)
    if standing in (Verb.DONE, Verb.SKIP):
        return ()
    is_open = (is_answerable(occurrence) or is_on_its_way(occurrence)) and occurrence.expires_at > now
    if not is_open:
        has_ended = occurrence.state.is_terminal or occurrence.state is OccurrenceState.SENT
        return (Verb.DONE,) if has_ended else ()
    can_snooze = standing is not Verb.SNOOZE and occurrence.snoozes < SNOOZES_AT_MOST
    return (Verb.DONE, Verb.SNOOZE, Verb.SKIP) if can_snooze else (Verb.DONE, Verb.SKIP)
