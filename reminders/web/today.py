"""The page of a day: what waits for an answer, what happened, what comes, and water."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reminders.catalogue.phrases import say
from reminders.catalogue.retelling import retold
from reminders.domain.answer import SNOOZES_AT_MOST, Answer
from reminders.domain.errors import JournalUnavailable
from reminders.domain.occurrence import Occurrence
from reminders.domain.pause import Pause
from reminders.domain.person import Person
from reminders.domain.schedule import MINUTES_PER_DAY
from reminders.planning.pause_ends import pauses_that_count
from reminders.planning.pause_words import pause_reason
from reminders.planning.plan_row import PlanRow
from reminders.planning.receipt_words import PAST
from reminders.planning.water_words import PLENTY, drunk_words
from reminders.planning.wording_of_time import clock, heading, relative, when
from reminders.web import timeline
from reminders.web.day_record import DayRecord, OpenNudge, read_day
from reminders.web.habit_name import name_of
from reminders.web.house import House
from reminders.web.notices import Notices
from reminders.web.pause_form import next_morning
from reminders.web.templating import render
from reminders.web.visit import Visit, frame, look, record_of, visit_of, written_date

QUICK_AMOUNTS_ML = (150, 250, 500)
DAYS_AHEAD_AT_MOST = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenAsk:
    """One thing that waits for an answer; ``amount_ml`` None = without an amount."""

    occurrence: str
    name: str
    text: str
    amount_ml: int | None
    can_snooze: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCard:
    """One message that waits for an answer; ``is_merged`` = it asked for more than one thing."""

    nudge: str
    title: str
    sent: str
    until: str
    is_merged: bool
    asks: tuple[OpenAsk, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SnoozedAsk:
    """One ask that comes again."""

    occurrence: str
    name: str
    until: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Undoable:
    """An answer that can still be taken back."""

    habit: str
    name: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mute:
    """A pause in force; ``habit`` "" = every one."""

    habit: str
    words: str


async def today(request: Request, house: House, notices: Notices) -> Response:
    """Show a day; without ``day`` in the query, the person's own today."""
    visit = visit_of(house, request.query_params.get("person"))
    if visit is None:
        return render(request, "people.html", **frame(request, house, None, notices, page="/"))
    day = written_date(request.query_params, "day") or visit.today
    seen = await look(request, lambda journal: read_day(visit, journal, day))
    ahead, plan_trouble = await _plan(request, visit, day, seen.found)
    around = frame(request, house, visit, notices, page="/", seen=seen)
    return render(request, "today.html", **around, **_context(visit, day, seen.found, ahead, plan_trouble))


async def _plan(request: Request, visit: Visit, day: date, record: DayRecord) -> tuple[Sequence[PlanRow], str | None]:
    """Return what is planned for the rest of a day, and why it cannot be told; None = it can."""
    if day < visit.today or day > visit.today + timedelta(days=DAYS_AHEAD_AT_MOST):
        return (), None
    start = max(visit.now, record.since)
    # A waking day that crosses midnight lies on two dates.
    days = 2 if visit.person.awake.end_minute > MINUTES_PER_DAY else 1
    try:
        return await record_of(request).aside(partial(visit.house.plan, visit.person.id, start, days)), None
    except JournalUnavailable as error:
        return (), str(error)


def _context(
    visit: Visit, day: date, record: DayRecord, ahead: Sequence[PlanRow], plan_trouble: str | None
) -> dict[str, Any]:
    person, zone, now = visit.person, visit.zone, visit.now
    is_today = day == visit.today
    return {
        "is_today": is_today,
        "heading": heading(day),
        "zone": str(zone),
        "clock": clock(now, zone),
        "open": [_card(one, visit) for one in record.open] if is_today else [],
        "snoozed": [_snoozed(one, visit) for one in record.snoozed] if is_today else [],
        "undoable": [_undoable(one, visit) for one in record.undoable] if is_today else [],
        "past": timeline.past(record, zone),
        "coming": timeline.coming(ahead, zone, max(now, record.since), record.until),
        "is_over": day < visit.today,
        "plan_trouble": plan_trouble,
        "water": record.water if is_today else None,
        "water_words": "" if record.water is None else drunk_words(record.water.drunk_ml, record.water.goal_ml),
        "plenty": say(PLENTY),
        "amounts": QUICK_AMOUNTS_ML,
        "mutes": [_mute(one, visit) for one in pauses_that_count(record.pauses)],
        "habits": [(habit.id, name_of(habit.id)) for habit in person.habits],
        "safety": safety_notes(person),
        "morning": clock(next_morning(visit), zone),
        "earlier": visit.address("/", day=(day - timedelta(days=1)).isoformat()),
        "later": visit.address("/", day=(day + timedelta(days=1)).isoformat())
        if day < visit.today + timedelta(days=DAYS_AHEAD_AT_MOST)
        else None,
        "this_day": visit.address("/"),
        "bad_day": visit.address("/bad-day"),
    }


def _card(one: OpenNudge, visit: Visit) -> OpenCard:
    texts = {ask.occurrence_id: ask.text for ask in one.nudge.asks}
    asks = tuple(
        OpenAsk(
            occurrence=occurrence.id,
            name=name_of(occurrence.habit),
            text=texts.get(occurrence.id, ""),
            amount_ml=occurrence.amount_ml,
            can_snooze=occurrence.snoozes < SNOOZES_AT_MOST,
        )
        for occurrence in one.asks
    )
    return OpenCard(
        nudge=one.nudge.id,
        title=one.nudge.title,
        sent=relative(one.nudge.created_at, visit.now),
        until=when(min(occurrence.expires_at for occurrence in one.asks), visit.zone, visit.now),
        is_merged=len(one.nudge.asks) > 1,
        asks=asks,
    )


def _snoozed(occurrence: Occurrence, visit: Visit) -> SnoozedAsk:
    until = when(occurrence.due_at, visit.zone, visit.now)
    return SnoozedAsk(occurrence=occurrence.id, name=name_of(occurrence.habit), until=until)


def _undoable(answer: Answer, visit: Visit) -> Undoable:
    until = None if answer.until is None else clock(answer.until, visit.zone)
    said = say(PAST[answer.verb]) if until is None else say("snoozed until {time}", time=until)
    words = [said, *([f"{answer.amount_ml} ml"] if answer.amount_ml else []), relative(answer.at, visit.now)]
    return Undoable(habit=answer.habit, name=name_of(answer.habit), words=", ".join(words))


def _mute(pause: Pause, visit: Visit) -> Mute:
    name = say("Everything") if pause.habit is None else name_of(pause.habit)
    words = [say("{name} is paused until {time}", name=name, time=when(pause.ends_at, visit.zone, visit.now))]
    if pause.reason:
        words.append(pause_reason(pause.reason))
    return Mute(habit=pause.habit or "", words=": ".join(words))


def safety_notes(person: Person) -> list[tuple[str, str]]:
    """Return which habits are off because they are not known to be safe, and what to do about it."""
    return [(name_of(habit.id), retold(habit.unsafe)) for habit in person.habits if habit.unsafe is not None]
