"""The numbers for people: so many of so many, with a bar where the line has room for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from reminders.cli.bars import Bars
from reminders.cli.columns import GAP
from reminders.cli.suggestion_words import hours_words, suggestion_words
from reminders.planning.adherence import Tally
from reminders.planning.reason_words import words_for
from reminders.planning.water_words import litres
from reminders.planning.wording_of_time import length

if TYPE_CHECKING:
    from reminders.cli.stats import StatsRecord

_INDENT = "  "
_TOGETHER = "all"
_DAYS_SHOWN = 7


def record_lines(record: StatsRecord, bars: Bars, *, named: bool) -> Iterator[str]:
    """Return one person's numbers; no line is longer than the bars allow, but for names and reasons."""
    first, last = record.summary.days[0].day, record.summary.days[-1].day
    if named:
        yield f"{record.person.name} ({record.zone})"
    if not record.summary.habits:
        yield f"nothing on record from {first} to {last}"
        yield from _wrapped("hint: reminders run keeps the record; reminders done HABIT adds to it", bars, "")
        return
    yield f"from {first} to {last}"
    yield from _habits(record, bars)
    yield from _section("week by week", _weeks(record, bars))
    yield from _section("water", _water(record, bars))
    yield from _section("what stands out", _facts(record, bars))
    if record.suggestion is not None:
        said, hint = suggestion_words(record.suggestion)
        yield ""
        yield from _wrapped(said, bars, "")
        yield from _wrapped(f"hint: {hint}", bars, "")


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
    table = [(one.habit or _TOGETHER, _done_words(one), _days_words(one), _rest_words(one)) for one in tallies]
    layout = _layout(table, bars)
    for tally, (name, *cells) in zip(tallies, table, strict=True):
        yield from _habit(tally, name, cells, layout, bars)
    if layout.room and any(one.done_late for one in tallies):
        yield f"{_INDENT}{bars.signs[0]} done  {bars.signs[1]} done late"


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
    return f"{tally.done_in_all} of {tally.asked} done" if tally.asked else "not asked"


def _days_words(tally: Tally) -> str:
    if tally.habit is None or not tally.days_asked:
        return ""
    return f"on {tally.days_done} of {_so_many_days(tally.days_asked)}"


def _so_many_days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _rest_words(tally: Tally) -> str:
    if tally.habit is None:
        return ""
    numbers = (
        (tally.done_late, "late"),
        (tally.skipped, "skipped"),
        (tally.lapsed, "left open"),
        (tally.waiting, "waiting"),
        (tally.unasked, "unasked"),
    )
    return ", ".join(f"{number} {words}" for number, words in numbers if number)


# -- weeks and water -------------------------------------------------------------------------------------------------


def _weeks(record: StatsRecord, bars: Bars) -> Iterator[str]:
    words = [f"{week.done} of {week.asked} done" if week.asked else "not asked" for week in record.weeks]
    rows = [
        (f"{week.monday:%d %b}", (week.asked, week.done), said) for week, said in zip(record.weeks, words, strict=True)
    ]
    yield from _barred(rows, bars)


def _water(record: StatsRecord, bars: Bars) -> Iterator[str]:
    if not record.shows_water:
        return
    days, goal_ml = record.summary.days, record.goal_ml
    if len(days) <= _DAYS_SHOWN:
        whole = goal_ml or max(day.drunk_ml for day in days)
        rows = [(f"{day.day:%a %d}", (whole, min(day.drunk_ml, whole)), f"{litres(day.drunk_ml)} L") for day in days]
        yield from _barred(rows, bars)
    lived = record.summary.days_lived
    if over := [day for day in lived if day is not days[-1]]:
        average_ml = int(round(sum(day.drunk_ml for day in over) / len(over), -1))
        of_goal = "" if goal_ml is None else f" of {litres(goal_ml)}"
        yield from _wrapped(f"{litres(average_ml)}{of_goal} L a day on average until yesterday", bars, _INDENT)
    if goal_ml is not None and (reached := record.summary.days_at(goal_ml)):
        yield from _wrapped(f"{litres(goal_ml)} L or more on {reached} of {_so_many_days(len(lived))}", bars, _INDENT)


def _barred(rows: Sequence[tuple[str, tuple[int, int], str]], bars: Bars) -> Iterator[str]:
    widest = max((len(name) + len(GAP) + len(said) for name, _, said in rows), default=0)
    room = bars.room(len(_INDENT) + widest + len(GAP))
    for name, (of, part), said in rows:
        yield _INDENT + GAP.join([name, *([bars.bar(room, of, part)] if room else []), said])


# -- what stands out -------------------------------------------------------------------------------------------------


def _facts(record: StatsRecord, bars: Bars) -> Iterator[str]:
    together = record.summary.together
    facts = []
    if together.median_response is not None:
        facts.append(f"half of the answers came within {length(together.median_response)}")
    if (best := together.best_hour) is not None:
        facts.append(f"most got done from {hours_words(best.hour)}: {best.done} of {best.asked}")
    for what, reasons in (("not sent", together.suppressed), ("missed", together.missed)):
        if reasons:
            told = ", ".join(f"{words_for(reason)} {number}" for reason, number in reasons.items())
            facts.append(f"{sum(reasons.values())} {what}: {told}")
    for fact in facts:
        yield from _wrapped(fact, bars, _INDENT)


def _wrapped(text: str, bars: Bars, indent: str) -> list[str]:
    hang = indent + _INDENT
    return wrap(text, max(bars.width, 20), initial_indent=indent, subsequent_indent=hang, break_long_words=False)
