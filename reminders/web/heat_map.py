"""Half a year of one habit as squares: the darker, the larger the share done of what was put to the person. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reminders.catalogue.phrases import say
from reminders.web.charts import Outcome
from reminders.web.day_words import month_in_short, weekday_and_day

CELL = 12
GAP = 2
LETTER = 8
_DAYS_A_WEEK = 7
_HALF = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One day; ``kind`` is level-0 to level-3, or none where nothing was put to the person."""

    x: int
    y: int
    kind: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeatMap:
    """One habit's squares, a column for each week; ``months`` are labels with their place. ``rows`` are for a table."""

    habit: str
    summary: str
    width: int
    height: int
    cells: tuple[Cell, ...]
    months: tuple[tuple[int, str], ...]
    rows: tuple[tuple[str, str, str], ...]


def heat_map(
    habit: str, outcomes: Mapping[date, Sequence[Outcome]], mondays: Sequence[date], today: date, *, summary: str
) -> HeatMap:
    """Return the squares of a habit for the weeks from ``mondays`` on, up to ``today``; ``outcomes`` are by day."""
    cells, rows = [], []
    for column, monday in enumerate(mondays):
        for row in range(_DAYS_A_WEEK):
            day = monday + timedelta(days=row)
            if day > today:
                break
            asked = [one for one in outcomes.get(day, ()) if one.was_asked]
            done = sum(one.was_done for one in asked)
            cells.append(
                Cell(
                    x=column * (CELL + GAP),
                    y=row * (CELL + GAP),
                    kind=_kind(done, len(asked)),
                    words=_words(day, done, len(asked)),
                )
            )
            if asked:
                rows.append((day.isoformat(), str(done), str(len(asked))))
    return HeatMap(
        habit=habit,
        summary=summary,
        width=len(mondays) * (CELL + GAP) - GAP,
        height=_DAYS_A_WEEK * (CELL + GAP) - GAP,
        cells=tuple(cells),
        months=_months(mondays),
        rows=tuple(reversed(rows)),
    )


def _words(day: date, done: int, asked: int) -> str:
    if not asked:
        return say("{day}: not asked", day=weekday_and_day(day))
    return say("{day}: {done} of {asked} done", day=weekday_and_day(day), done=done, asked=asked)


def _kind(done: int, asked: int) -> str:
    if not asked:
        return "none"
    share = done / asked
    if share == 0:
        return "level-0"
    return "level-3" if share == 1 else "level-2" if share >= _HALF else "level-1"


def _months(mondays: Sequence[date]) -> tuple[tuple[int, str], ...]:
    """Return a label where a month begins, unless the one before it stands too near."""
    labels: list[tuple[int, str]] = []
    for column, monday in enumerate(mondays):
        is_new = column == 0 or monday.month != mondays[column - 1].month
        x = column * (CELL + GAP)
        if is_new and (not labels or x >= labels[-1][0] + len(labels[-1][1]) * LETTER):
            labels.append((x, month_in_short(monday)))
    return tuple(labels)
