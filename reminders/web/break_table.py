"""The breaks from sitting that were seen, day by day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reminders.catalogue.phrases import say, say_many
from reminders.domain.context import RealBreak
from reminders.planning.wording_of_time import length

_DAYS_A_WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class BreakTable:
    """The last seven days in a sentence, and a row for each day with breaks, the newest first."""

    summary: str
    rows: tuple[tuple[str, str, str], ...]


def break_table(breaks: Mapping[date, Sequence[RealBreak]], today: date) -> BreakTable | None:
    """Return the breaks as a table; ``breaks`` are by day; None = there are none."""
    if not breaks:
        return None
    rows = [(day.isoformat(), str(len(taken)), _together(taken)) for day, taken in breaks.items()]
    week = [one for back in range(_DAYS_A_WEEK) for one in breaks.get(today - timedelta(days=back), ())]
    return BreakTable(summary=_summary(week), rows=tuple(sorted(rows, reverse=True)))


def _together(breaks: Sequence[RealBreak]) -> str:
    return length(sum((one.length for one in breaks), timedelta()))


def _summary(week: Sequence[RealBreak]) -> str:
    if not week:
        return say("last 7 days: no break was seen")
    return say_many(
        "last 7 days: {count} break, {length} long",
        "last 7 days: {count} breaks, {length} together",
        len(week),
        length=_together(week),
    )
