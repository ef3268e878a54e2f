"""``reminders history``: what became of what was due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import say
from reminders.catalogue.retelling import retold
from reminders.cli.columns import aligned
from reminders.cli.history_words import (
    answer_words,
    asked_of,
    break_words,
    channel_words,
    detail_words,
    done_of,
    follow_up_words,
    row_words,
    totals_words,
)
from reminders.cli.options import as_json, person_shown, places, print_json
from reminders.cli.refusal import Verb
from reminders.cli.selection import habit_id, people_of, shows_health, unknown_habit
from reminders.cli.written_values import day_minute, parse_day
from reminders.domain.answer import Answer
from reminders.domain.answer import Verb as Said
from reminders.domain.context import RealBreak
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.planning.wording_of_time import clock, heading
from reminders.web import shapes

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import HistoryRow
    from reminders.journal.sqlite_journal import SqliteJournal

A_WEEK = 7
LAST_DAY = 366


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One person's record of some days; ``answers`` are those given while nothing was open.

    ``breaks`` are the real breaks taken; they are nobody's answer, and no habit counts them as done.
    """

    person: Person
    zone: ZoneInfo
    first: date
    days: int
    rows: tuple[HistoryRow, ...]
    answers: tuple[Answer, ...]
    breaks: tuple[RealBreak, ...] = ()

    @property
    def habits(self) -> list[str]:
        """The habits on record, in the order of the file, those no longer in it last."""
        order = {habit.id: index for index, habit in enumerate(self.person.habits)}
        found = dict.fromkeys([row.habit for row in self.rows] + [answer.habit for answer in self.answers])
        return sorted(found, key=lambda habit: order.get(habit, len(order)))

    def rows_of(self, habit: str) -> list[HistoryRow]:
        """Return the occurrences of one habit."""
        return [row for row in self.rows if row.habit == habit]

    def unasked(self, habit: str) -> int:
        """Return how often a habit was done while nothing was open."""
        return sum(answer.habit == habit and answer.verb is Said.DONE for answer in self.answers)


@click.command("history", cls=Verb, short_help="Show what became of what was due")
@click.option("--from", "first", metavar="DATE", help="The first local date. Left out: so that the last one is today.")
@click.option(
    "--days", type=click.IntRange(1, LAST_DAY), default=A_WEEK, show_default=True, help="How many local dates."
)
@click.option("--habit", metavar="HABIT", help="This habit alone.")
@person_shown
@as_json
@places
def history(
    first: str | None,
    days: int,
    habit: str | None,
    person: str | None,
    as_json: bool,  # noqa: FBT001
    config: str | None,
    data_dir: str | None,
) -> None:
    """Show what became of what was due: done, skipped, lapsed, suppressed or missed, and how it was delivered."""
    place = composition.data_directory(data_dir)
    begin = None if first is None else parse_day(first)
    household = composition.load(config, place, keep=False).household
    people, may_show = people_of(household, person), shows_health(household, person)
    journal = composition.open_journal(place, read_only=True)
    try:
        wanted = None if habit is None else _known_habit(habit, people, journal)
        records = [_record(journal, who, begin, days, wanted) for who in people]
    finally:
        if journal is not None:
            journal.close()
    if as_json:
        print_json([_json(record, may_show=may_show) for record in records])
        return
    for index, record in enumerate(records):
        if index:
            click.echo()
        for line in _lines(record, named=len(records) > 1, may_show=may_show):
            click.echo(line)


def _known_habit(word: str, people: Sequence[Person], journal: SqliteJournal | None) -> str:
    """Return the id of a habit of the file or of the record, which remembers those no longer in the file."""
    known = dict.fromkeys(name for who in people for name in (*(one.id for one in who.habits), *who.off_habits))
    if journal is not None:
        ever = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        known |= dict.fromkeys(total.habit for who in people for total in journal.totals(who.id, *ever))
    if habit_id(word) not in known:
        raise unknown_habit(word, known)
    return habit_id(word)


def _record(journal: SqliteJournal | None, person: Person, begin: date | None, days: int, habit: str | None) -> Record:
    zone = composition.zone_of(person)
    first = begin or composition.now().astimezone(zone).date() - timedelta(days=days - 1)
    since, until = day_minute(first, zone), day_minute(first + timedelta(days=days), zone)
    rows: tuple[HistoryRow, ...] = ()
    answers: tuple[Answer, ...] = ()
    if journal is not None:
        rows = journal.history(person.id, since, until, habit)
        answers = tuple(
            answer
            for answer in journal.facts(person.id, since, until).answers
            if answer.occurrence_id is None and answer.at < until and habit in (None, answer.habit)
        )
    breaks = () if journal is None or not _is_about_breaks(person, habit) else journal.breaks(person.id, since, until)
    return Record(person=person, zone=zone, first=first, days=days, rows=rows, answers=answers, breaks=breaks)


def _is_about_breaks(person: Person, habit_name: str | None) -> bool:
    habit = None if habit_name is None else person.habit(habit_name)
    return habit_name is None or (habit is not None and habit.break_length is not None)


# -- for people ------------------------------------------------------------------------------------------------------


def _lines(record: Record, *, named: bool, may_show: bool) -> Iterator[str]:
    if named:
        yield f"{record.person.name} ({record.zone})"
    last = record.first + timedelta(days=record.days - 1)
    if not record.habits and not record.breaks:
        yield say("nothing on record from {first} to {last}", first=record.first, last=last)
        yield say(
            "hint: reminders run keeps the record; reminders done HABIT adds to it; other days with --from and --days"
        )
        return
    for day, entries in groupby(_entries(record), key=lambda entry: entry[0].astimezone(record.zone).date()):
        yield heading(day)
        yield from aligned([(clock(at, record.zone), *cells) for at, cells in entries])
        yield ""
    yield say("from {first} to {last}", first=record.first, last=last)
    yield from aligned([(habit, totals_words(record.rows_of(habit), record.unasked(habit))) for habit in record.habits])
    if may_show:
        unsafe = [(row.habit, row.detail) for row in record.rows if row.reason is Reason.UNSAFE and row.detail]
        yield from (say("hint: {hint}", hint=f"{habit}: {retold(hint)}") for habit, hint in dict.fromkeys(unsafe))


def _entries(record: Record) -> list[tuple[datetime, tuple[str, ...]]]:
    """Return the lines of the record in order of time, without the time itself."""
    entries: list[tuple[datetime, tuple[str, ...]]] = []
    for row in record.rows:
        told = (detail_words(row), channel_words(row.channels), follow_up_words(row, record.zone))
        further = "; ".join(part for part in told if part)
        entries.append((row.due_at, (row.habit, row_words(row, record.zone), further)))
    entries += [(one.at, (one.habit, answer_words(one, record.zone), "")) for one in record.answers]
    entries += [(one.started, (say("break"), break_words(one, record.zone), "")) for one in record.breaks]
    return sorted(entries, key=lambda entry: entry[0])


# -- for programs ----------------------------------------------------------------------------------------------------


def _json(record: Record, *, may_show: bool) -> dict[str, object]:
    zone = record.zone
    return {
        "person": record.person.id,
        "zone": str(zone),
        "from": record.first.isoformat(),
        "days": record.days,
        "occurrences": [shapes.history_row(row, zone, may_show=may_show) for row in record.rows],
        "answers": [shapes.answer(one, zone) for one in record.answers],
        "breaks": [shapes.real_break(one, zone) for one in record.breaks],
        "totals": [_json_totals(record, habit) for habit in record.habits],
    }


def _json_totals(record: Record, habit: str) -> dict[str, object]:
    rows = record.rows_of(habit)
    return {
        "habit": habit,
        "done": done_of(rows),
        "asked": asked_of(rows),
        "unasked": record.unasked(habit),
        "states": dict(Counter(row.state.value for row in rows)),
    }
