"""``reminders plan``: what would be sent, what would not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

import click

from reminders import composition
from reminders.catalogue.phrases import phrase, say, say_many
from reminders.catalogue.retelling import retold
from reminders.cli.calendar_doubts import doubt_lines, doubts_of
from reminders.cli.options import as_json, person_shown, places, print_json
from reminders.cli.plan_table import Entry, fitted, table_lines, terminal_width
from reminders.cli.refusal import Verb
from reminders.cli.selection import people_of, shows_health
from reminders.cli.written_values import parse_start, start_in
from reminders.composition.plan import plan_rows
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.planning.plan_row import PlanRow
from reminders.planning.reason_words import words_for
from reminders.planning.record_words import detail_words
from reminders.planning.wording_of_time import clock, heading
from reminders.web import shapes

LAST_DAY = 366
_DECISIONS = {
    "send": phrase("would be sent"),
    "defer": phrase("would wait"),
    "suppress": phrase("would not be sent"),
}

Zones = dict[str, ZoneInfo]


@click.command("plan", cls=Verb, short_help="Show what would be sent, what would not, and why")
@click.option("--from", "start", metavar="DATE|INSTANT", help="2026-03-29, or 2026-03-29T02:30. Left out: now.")
@click.option("--days", type=click.IntRange(1, LAST_DAY), default=1, show_default=True, help="How many local dates.")
@person_shown
@as_json
@places
def plan(
    start: str | None,
    days: int,
    person: str | None,
    as_json: bool,  # noqa: FBT001
    config: str | None,
    data_dir: str | None,
) -> None:
    """Show what would be sent and what would not, decided as the daemon decides it. Nothing is written."""
    place = composition.data_directory(data_dir)
    written = None if start is None else parse_start(start)
    loaded = composition.load(config, place, keep=False)
    people = people_of(loaded.household, person)
    zones = {who.id: composition.zone_of(who) for who in people}
    rows: list[PlanRow] = []
    for who in people:
        begin = composition.now() if written is None else start_in(written, zones[who.id])
        rows += plan_rows(loaded, place, start=begin, days=days, person=who.id)
    rows.sort(key=lambda row: (row.send_at or row.due_at, row.due_at))
    doubts = doubts_of(people, place)
    if as_json:
        print_json([shapes.plan_row(row, zones[row.person], doubts[row.person]) for row in rows])
        return
    names, width = _names(people, zones), terminal_width()
    for line in _lines(rows, zones, names, width, shows_health=shows_health(loaded.household, person)):
        click.echo(line)
    for line in doubt_lines(doubts, zones, names):
        click.echo("\n".join(fitted(line, width)))


def _names(people: Sequence[Person], zones: Zones) -> dict[str, str]:
    """Return how each person is told apart: by their name, and by their zone where the times are of several."""
    if len(people) == 1:
        return {}
    is_one = len({str(zone) for zone in zones.values()}) == 1
    return {who.id: who.name if is_one else f"{who.name} ({zones[who.id]})" for who in people}


def _lines(
    rows: Sequence[PlanRow], zones: Zones, names: dict[str, str], width: int | None, *, shows_health: bool
) -> Iterator[str]:
    def day(row: PlanRow) -> str:
        return heading((row.send_at or row.due_at).astimezone(zones[row.person]).date())

    if not rows:
        yield say("nothing falls due in that time")
        yield say("hint: look further with --days, or at the habits with: reminders check")
        return
    # People in distant zones share a moment, not a date.
    for title, found in groupby(sorted(rows, key=lambda row: _local_day(row, zones)), key=day):
        yield title
        yield from table_lines(list(_day(list(found), zones, names)), width)
        yield ""
    for habit, hint in _hints(rows) if shows_health else ():
        yield from fitted(say("hint: {hint}", hint=f"{habit}: {retold(hint)}"), width)
    yield from fitted(_summary(rows, zones), width)


def _local_day(row: PlanRow, zones: Zones) -> str:
    return (row.send_at or row.due_at).astimezone(zones[row.person]).date().isoformat()


def _day(rows: Sequence[PlanRow], zones: Zones, names: dict[str, str]) -> Iterator[Entry]:
    shown: set[str] = set()
    for row in rows:
        if row.nudge is not None and row.nudge in shown:
            continue
        shown |= {row.nudge} if row.nudge is not None else set()
        together = [one for one in rows if row.nudge is not None and one.nudge == row.nudge] or [row]
        who = (names.get(row.person, row.person),) if names else ()
        zone = zones[row.person]
        habits, decision = " + ".join(one.habit for one in together), say(_DECISIONS[row.decision])
        cells = (clock(row.send_at or row.due_at, zone), *who, habits, decision)
        if row.send_at is None:
            yield Entry(cells=cells, why=(_why(row),))
        else:
            moved = [_moved(one, zone, one.reason) for one in together if one.due_at != one.send_at and one.reason]
            yield Entry(cells=cells, texts=tuple((row.text or "").splitlines()), why=tuple(moved))


def _why(row: PlanRow) -> str:
    """Return why a row is not sent; what is unsafe is told more of below."""
    reason = None if row.reason is None else Reason(row.reason)
    detail = "" if reason is Reason.UNSAFE else detail_words(reason, row.detail)
    why = "" if reason is None else words_for(reason)
    return f"{why} ({detail})" if detail else why


def _moved(row: PlanRow, zone: ZoneInfo, reason: str) -> str:
    due = clock(row.due_at, zone)
    return say("({habit} was due {time}: {reason})", habit=row.habit, time=due, reason=words_for(reason))


def _hints(rows: Sequence[PlanRow]) -> list[tuple[str, str]]:
    """Return why a habit is off for safety and what to do about it, once each."""
    unsafe = [(row.habit, row.detail) for row in rows if row.reason == Reason.UNSAFE and row.detail]
    return list(dict.fromkeys(unsafe))


def _summary(rows: Sequence[PlanRow], zones: Zones) -> str:
    sent = len({(row.person, row.nudge) for row in rows if row.nudge is not None})
    held = sum(row.decision == "suppress" for row in rows)
    where = ", ".join(dict.fromkeys(str(zone) for zone in zones.values()))
    return say_many(
        "{count} nudge would be sent, {held} would not, assuming every nudge is answered Done; "
        "times are local ({zone})",
        "{count} nudges would be sent, {held} would not, assuming every nudge is answered Done; "
        "times are local ({zone})",
        sent,
        held=held,
        zone=where,
    )
