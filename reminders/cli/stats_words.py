"""The numbers for people: so many of so many, with a bar where the line has room for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import phrase, say, say_many
from reminders.cli.bars import Bars
from reminders.cli.columns import GAP
from reminders.cli.suggestion_words import hours_words, suggestion_words
from reminders.planning.adherence import Tally
from reminders.planning.reason_words import words_for
from reminders.planning.water_words import litres
from reminders.planning.wording_of_time import MONTHS_IN_SHORT, length, weekday_in_short

if TYPE_CHECKING:
    from datetime import date

    from reminders.cli.stats_record import StatsRecord

_INDENT = "  "
_DAYS_SHOWN = 7


def record_lines(record: StatsRecord, bars: Bars, *, named: bool) -> Iterator[str]:
    """Return one person's numbers; no line is longer than the bars allow, but for names and reasons."""
    first, last = record.summary.days[0].day, record.summary.days[-1].day
    if named:
        yield f"{record.person.name} ({record.zone})"
    if not record.summary.habits:
        yield say("nothing on record from {first} to {last}", first=first, last=last)
        yield from _wrapped(say("hint: reminders run keeps the record; reminders done HABIT adds to it"), bars, "")
        return
    yield say("from {first} to {last}", first=first, last=last)
    yield from _habits(record, bars)
    yield from _section(say("week by week"), _weeks(record, bars))
    yield from _section(say("water"), _water(record, bars))
    yield from _section(say("what stands out"), _facts(record, bars))
    if record.suggestion is not None:
        said, hint = suggestion_words(record.suggestion)
        yield ""
        yield from _wrapped(said, bars, "")
        yield from _wrapped(say("hint: {hint}", hint=hint), bars, "")


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from found


# -- habits ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layout:
    """How the lines of the habits are divided: ``room`` for a bar, and how many of the further cells stand beside."""

    names: int
    cells: tuple[int, ...]
    room: int
    beside: int


def _layout(table: Sequence[Sequence[str]], bars: Bars) -> _Layout:
    """Return the first division that fits: a bar and all beside it, less beside it, no bar, little on a line."""
    names, done, *further = (max(map(len, column)) for column in zip(*table, strict=True))

    def taken(beside: int) -> int:
        widths = [width for width in further[:beside] if width]
        return len(_INDENT) + names + sum(len(GAP) + width for width in (done, *widths))

    rooms = [(bars.room(taken(beside) + len(GAP)), beside) for beside in (2, 1)]
    flat = [(0, beside) for beside in (2, 1) if taken(beside) <= bars.width]
    room, beside = next((one for one in (*rooms, *flat) if one[0] or one in flat), (0, 0))
    return _Layout(names=names, cells=(done, *further), room=room, beside=beside)


def _habits(record: StatsRecord, bars: Bars) -> Iterator[str]:
    tallies = [*record.summary.habits]
    if len(tallies) > 1:
        tallies.append(record.summary.together)
    table = [(one.habit or say("all"), _done_words(one), _days_words(one), _rest_words(one)) for one in tallies]
    layout = _layout(table, bars)
    for tally, (name, *cells) in zip(tallies, table, strict=True):
        yield from _habit(tally, name, cells, layout, bars)
    if layout.room and any(one.done_late for one in tallies):
        yield f"{_INDENT}{bars.signs[0]} {say('done')}  {bars.signs[1]} {say('done late')}"


def _habit(tally: Tally, name: str, cells: Sequence[str], layout: _Layout, bars: Bars) -> Iterator[str]:
    split = layout.beside + 1
    beside = [cell.ljust(width) for cell, width in zip(cells[:split], layout.cells, strict=False) if width]
    drawn = []
    if layout.room:
        bar = bars.bar(layout.room, tally.asked, tally.done, tally.done_late)
        drawn = [bar if tally.asked else " " * layout.room]
    yield (_INDENT + GAP.join([name.ljust(layout.names), *drawn, *beside])).rstrip()
    if below := ", ".join(cell for cell in cells[split:] if cell):
        yield from _wrapped(below, bars, _INDENT * 2)


def _done_words(tally: Tally) -> str:
    return _share_done(tally.done_in_all, tally.asked)


def _share_done(done: int, asked: int) -> str:
    return say("{done} of {asked} done", done=done, asked=asked) if asked else say("not asked")


def _days_words(tally: Tally) -> str:
    if tally.habit is None or not tally.days_asked:
        return ""
    return say_many("on {done} of {count} day", "on {done} of {count} days", tally.days_asked, done=tally.days_done)


def _rest_words(tally: Tally) -> str:
    if tally.habit is None:
        return ""
    numbers = (
        (tally.done_late, phrase("{count} late")),
        (tally.skipped, phrase("{count} skipped")),
        (tally.lapsed, phrase("{count} left open")),
        (tally.waiting, phrase("{count} waiting")),
        (tally.unasked, phrase("{count} unasked")),
    )
    return ", ".join(say(words, count=number) for number, words in numbers if number)


# -- weeks and water -------------------------------------------------------------------------------------------------


def _weeks(record: StatsRecord, bars: Bars) -> Iterator[str]:
    rows = [
        (_day_words(week.monday), (week.asked, week.done), _share_done(week.done, week.asked)) for week in record.weeks
    ]
    yield from _barred(rows, bars)


def _day_words(day: date) -> str:
    return say("{day} {month}", day=f"{day:%d}", month=say(MONTHS_IN_SHORT[day.month - 1]))


def _water(record: StatsRecord, bars: Bars) -> Iterator[str]:
    if not record.shows_water:
        return
    days, goal_ml = record.summary.days, record.goal_ml
    if len(days) <= _DAYS_SHOWN:
        whole = goal_ml or max(day.drunk_ml for day in days)
        rows = [
            (f"{weekday_in_short(one.day)} {one.day:%d}", (whole, min(one.drunk_ml, whole)), _litres(one.drunk_ml))
            for one in days
        ]
        yield from _barred(rows, bars)
    lived = record.summary.days_lived
    if over := [day for day in lived if day is not days[-1]]:
        average_ml = int(round(sum(day.drunk_ml for day in over) / len(over), -1))
        yield from _wrapped(_average_words(average_ml, goal_ml), bars, _INDENT)
    if goal_ml is not None and (reached := record.summary.days_at(goal_ml)):
        yield from _wrapped(_goal_words(goal_ml, reached, len(lived)), bars, _INDENT)


def _litres(drunk_ml: int) -> str:
    return say("{litres} L", litres=litres(drunk_ml))


def _average_words(average_ml: int, goal_ml: int | None) -> str:
    average = litres(average_ml)
    if goal_ml is None:
        return say("{litres} L a day on average until yesterday", litres=average)
    return say("{litres} of {goal} L a day on average until yesterday", litres=average, goal=litres(goal_ml))


def _goal_words(goal_ml: int, reached: int, days: int) -> str:
    return say_many(
        "{litres} L or more on {reached} of {count} day",
        "{litres} L or more on {reached} of {count} days",
        days,
        litres=litres(goal_ml),
        reached=reached,
    )


def _barred(rows: Sequence[tuple[str, tuple[int, int], str]], bars: Bars) -> Iterator[str]:
    names, widest = (max((len(row[at]) for row in rows), default=0) for at in (0, 2))
    room = bars.room(len(_INDENT) + names + len(GAP) + widest + len(GAP))
    for name, (of, part), said in rows:
        yield _INDENT + GAP.join([name.ljust(names), *([bars.bar(room, of, part)] if room else []), said])


# -- what stands out -------------------------------------------------------------------------------------------------


def _facts(record: StatsRecord, bars: Bars) -> Iterator[str]:
    together = record.summary.together
    facts = []
    if together.median_response is not None:
        facts.append(say("half of the answers came within {time}", time=length(together.median_response)))
    if (best := together.best_hour) is not None:
        hours = hours_words(best.hour)
        facts.append(
            say("most got done from {hours}: {done} of {asked}", hours=hours, done=best.done, asked=best.asked)
        )
    held = ((phrase("{count} not sent"), together.suppressed), (phrase("{count} missed"), together.missed))
    for what, reasons in held:
        if reasons:
            told = ", ".join(f"{words_for(reason)} {number}" for reason, number in reasons.items())
            facts.append(f"{say(what, count=sum(reasons.values()))}: {told}")
    for fact in facts:
        yield from _wrapped(fact, bars, _INDENT)


def _wrapped(text: str, bars: Bars, indent: str) -> list[str]:
    hang = indent + _INDENT
    return wrap(text, max(bars.width, 20), initial_indent=indent, subsequent_indent=hang, break_long_words=False)
