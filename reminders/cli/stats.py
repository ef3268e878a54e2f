"""``reminders stats``: how the last days went, in numbers and bars."""

from __future__ import annotations

from datetime import date, timedelta
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import say
from reminders.cli.bars import bars_for
from reminders.cli.options import as_json, person_shown, places, print_json
from reminders.cli.refusal import Refusal, Verb
from reminders.cli.selection import people_of, shows_health
from reminders.cli.stats_json import record_json
from reminders.cli.stats_record import StatsRecord, Week
from reminders.cli.stats_words import record_lines
from reminders.cli.water import HYDRATION
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.planning.adherence import DayTally, Summary, summarize
from reminders.planning.suggestion import suggest
from reminders.planning.waking_day import day_of, start_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.sqlite_journal import SqliteJournal

A_WEEK = 7
LAST_DAY = 366
LAST_WEEK = 52
_WIDEST = 110  # beyond that, a line is long to follow


@click.command("stats", cls=Verb, short_help="Show how the last days went, in numbers")
@click.option(
    "--days",
    type=click.IntRange(1, LAST_DAY),
    metavar="N",
    help="The last N days, today included; 7 unless said otherwise.",
)
@click.option(
    "--weeks", type=click.IntRange(1, LAST_WEEK), metavar="N", help="The last N weeks from Monday, one by one."
)
@person_shown
@as_json
@places
def stats(
    days: int | None,
    weeks: int | None,
    person: str | None,
    as_json: bool,  # noqa: FBT001
    config: str | None,
    data_dir: str | None,
) -> None:
    """Show how much of what was put to you was done, when that went best, and one thing that may suit better."""
    if days is not None and weeks is not None:
        hint = say("--weeks 4 shows 28 days, week by week")
        raise Refusal(say("--days and --weeks do not go together"), hint=hint)
    place = composition.data_directory(data_dir)
    household = composition.load(config, place, keep=False).household
    people, may_show = people_of(household, person), shows_health(household, person)
    journal = composition.open_journal(place, read_only=True)
    try:
        records = [_record(journal, who, days or A_WEEK, weeks, may_show=may_show) for who in people]
    finally:
        if journal is not None:
            journal.close()
    if as_json:
        print_json([record_json(record) for record in records])
        return
    width = min(get_terminal_size().columns, _WIDEST)
    for index, record in enumerate(records):
        if index:
            click.echo()
        for line in record_lines(record, bars_for(width), named=len(records) > 1):
            click.echo(line)


def _record(
    journal: SqliteJournal | None, person: Person, days: int, weeks: int | None, *, may_show: bool
) -> StatsRecord:
    zone = composition.zone_of(person)
    last = day_of(person, zone, composition.now())
    first = last - timedelta(days=days - 1) if weeks is None else _monday(last) - timedelta(weeks=weeks - 1)
    summary = _summary(journal, person, zone, first, last, may_show=may_show)
    hydration = person.habit(HYDRATION)
    has_drunk = any(day.drunk_ml for day in summary.days)
    return StatsRecord(
        person=person,
        zone=zone,
        summary=summary,
        weeks=() if weeks is None else tuple(_weeks(summary.days)),
        shows_water=may_show and (has_drunk or (hydration is not None and hydration.goal_ml is not None)),
        goal_ml=None if hydration is None else hydration.goal_ml,
        suggestion=suggest(person, summary),
    )


def _summary(
    journal: SqliteJournal | None, person: Person, zone: ZoneInfo, first: date, last: date, *, may_show: bool
) -> Summary:
    dates = [first + timedelta(days=index) for index in range((last - first).days + 1)]
    if journal is None:
        return summarize(person, zone, (), (), dates)
    since, until = start_of(person, zone, first), start_of(person, zone, last + timedelta(days=1))
    rows = journal.history(person.id, since, until)
    answers = journal.facts(person.id, since, until).answers
    shown = [row for row in rows if may_show or row.reason is not Reason.UNSAFE]
    return summarize(person, zone, shown, [answer for answer in answers if answer.at < until], dates)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(days: tuple[DayTally, ...]) -> list[Week]:
    mondays = dict.fromkeys(_monday(day.day) for day in days)
    by_week = {monday: [day for day in days if _monday(day.day) == monday] for monday in mondays}
    return [
        Week(monday=monday, asked=sum(day.asked for day in found), done=sum(day.done for day in found))
        for monday, found in by_week.items()
    ]
