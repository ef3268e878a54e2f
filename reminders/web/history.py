"""The page of months: how each habit went, what became of what was due, at which hours, and water."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from reminders.catalogue.phrases import say, say_many
from reminders.domain.answer import Answer, Verb
from reminders.domain.context import RealBreak
from reminders.planning.waking_day import day_of, start_of
from reminders.planning.water_words import HYDRATION
from reminders.web.break_table import BreakTable, break_table
from reminders.web.charts import BarChart, by_day, hours_chart, water_chart, weeks_chart
from reminders.web.habit_name import name_of
from reminders.web.heat_map import HeatMap, heat_map
from reminders.web.house import House
from reminders.web.notices import Notices
from reminders.web.templating import render
from reminders.web.visit import Visit, frame, look, record_of, visit_of

if TYPE_CHECKING:
    from reminders.journal.read_models import OutcomeRow
    from reminders.journal.sqlite_journal import SqliteJournal

WEEKS = (4, 12, 26, 52, 104)
WEEKS_UNLESS_SAID = 26
WATER_WEEKS_AT_MOST = 8
_A_WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What the journal holds of some weeks: the outcomes, the answers that tell what was drunk, the real breaks."""

    outcomes: tuple[OutcomeRow, ...] = ()
    answers: tuple[Answer, ...] = ()
    breaks: tuple[RealBreak, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawings:
    """Everything the page draws.

    ``water`` None = there is no such habit and nothing of it on record; ``breaks`` None = none is on record.
    """

    is_empty: bool
    maps: tuple[HeatMap, ...]
    weeks: BarChart
    hours: BarChart
    water: BarChart | None
    breaks: BreakTable | None


async def history(request: Request, house: House, notices: Notices) -> Response:
    """Show some weeks, 26 unless the query says otherwise."""
    visit = visit_of(house, request.query_params.get("person"))
    if visit is None:
        return render(request, "people.html", **frame(request, house, None, notices, page="/history"))
    weeks = _weeks(request.query_params.get("weeks", ""))
    mondays = _mondays(visit.today, weeks)
    seen = await look(request, lambda journal: _read(visit, journal, mondays[0]))
    drawings = await record_of(request).aside(lambda: drawn(visit, seen.found, mondays))
    return render(
        request,
        "history.html",
        **frame(request, house, visit, notices, page="/history", seen=seen),
        drawings=drawings,
        weeks=weeks,
        choices=[(visit.address("/history", weeks=one), one, one == weeks) for one in WEEKS],
        goal_ml=_goal_ml(visit),
        this_day=visit.address("/"),
        first=mondays[0].isoformat(),
    )


def _weeks(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and int(written[:4]) in WEEKS else WEEKS_UNLESS_SAID


def _mondays(today: date, weeks: int) -> list[date]:
    this_monday = today - timedelta(days=today.weekday())
    return [this_monday - timedelta(days=_A_WEEK * back) for back in range(weeks - 1, -1, -1)]


def _read(visit: Visit, journal: SqliteJournal | None, first: date) -> Record:
    if journal is None:
        return Record()
    person, zone = visit.person, visit.zone
    since, until = start_of(person, zone, first), start_of(person, zone, visit.today + timedelta(days=1))
    water_since = start_of(person, zone, max(first, _water_days(visit.today)[0]))
    return Record(
        outcomes=journal.outcomes(person.id, since, until),
        answers=journal.answers(person.id, water_since, until),
        breaks=journal.breaks(person.id, since, until),
    )


def _water_days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(WATER_WEEKS_AT_MOST * _A_WEEK - 1, -1, -1)]


def drawn(visit: Visit, record: Record, mondays: Sequence[date]) -> Drawings:
    """Turn the record of some weeks into drawings."""
    dated = [(day_of(visit.person, visit.zone, one.due_at), one) for one in record.outcomes]
    hours: dict[int, list[OutcomeRow]] = defaultdict(list)
    for one in record.outcomes:
        if one.was_asked:
            hours[(one.sent_at or one.due_at).astimezone(visit.zone).hour].append(one)
    drunk_ml = _drunk(visit, record.answers)
    water_days = [day for day in _water_days(visit.today) if day >= mondays[0]]
    has_water = visit.person.habit(HYDRATION) is not None or any(drunk_ml.values())
    return Drawings(
        is_empty=not record.outcomes and not record.answers and not record.breaks,
        maps=tuple(_map(visit, habit, dated, mondays) for habit in _habits(visit, record)),
        weeks=weeks_chart(by_day(dated), mondays),
        hours=hours_chart(hours),
        water=water_chart(drunk_ml, water_days, _goal_ml(visit)) if has_water else None,
        breaks=break_table(_by_day(visit, record.breaks), visit.today),
    )


def _by_day(visit: Visit, breaks: Sequence[RealBreak]) -> dict[date, list[RealBreak]]:
    found: dict[date, list[RealBreak]] = defaultdict(list)
    for one in breaks:
        found[day_of(visit.person, visit.zone, one.ended)].append(one)
    return dict(found)


def _habits(visit: Visit, record: Record) -> list[str]:
    """Return the habits that were ever put to the person, in the order of the file, those gone from it last."""
    order = {habit.id: index for index, habit in enumerate(visit.person.habits)}
    asked = dict.fromkeys(one.habit for one in record.outcomes if one.was_asked)
    return sorted(asked, key=lambda habit: order.get(habit, len(order)))


def _map(visit: Visit, habit: str, dated: Sequence[tuple[date, OutcomeRow]], mondays: Sequence[date]) -> HeatMap:
    own = by_day((day, one) for day, one in dated if one.habit == habit)
    return heat_map(name_of(habit), own, mondays, visit.today, summary=_summary(own, visit.today))


def _summary(own: Mapping[date, Sequence[OutcomeRow]], today: date) -> str:
    """Return the last seven days in words, as "4 of 7 days", never as a run that can be broken."""
    week = [own.get(today - timedelta(days=back), ()) for back in range(_A_WEEK)]
    asked = [day for day in week if any(one.was_asked for one in day)]
    if not asked:
        return say("not asked in the last 7 days")
    done = sum(any(one.was_done for one in day) for day in asked)
    return say_many(
        "last 7 days: done on {done} of the {count} day it was asked",
        "last 7 days: done on {done} of the {count} days it was asked",
        len(asked),
        done=done,
    )


def _drunk(visit: Visit, answers: Sequence[Answer]) -> Counter[date]:
    drunk_ml: Counter[date] = Counter()
    for answer in answers:
        if answer.verb is Verb.DONE and answer.amount_ml:
            drunk_ml[day_of(visit.person, visit.zone, answer.at)] += answer.amount_ml
    return drunk_ml


def _goal_ml(visit: Visit) -> int | None:
    habit = visit.person.habit(HYDRATION)
    return None if habit is None or habit.unsafe is not None else habit.goal_ml
