"""Rows of the record to drawings: numbers, places and words, nothing of the page itself. Pure.

Lengths are in the units of each drawing's own view box; the template turns them into SVG.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from reminders.catalogue.phrases import phrase, say
from reminders.domain.occurrence import OccurrenceState
from reminders.web.day_words import day_in_short

BAR_HEIGHT = 100.0
FATES = ("done", "skipped", "lapsed", "suppressed", "missed")
_COLUMNS = {
    "done": phrase("Done"),
    "skipped": phrase("Skipped"),
    "lapsed": phrase("Lapsed"),
    "suppressed": phrase("Suppressed"),
    "missed": phrase("Missed"),
}
_COUNTED = {
    "done": phrase("{count} done"),
    "skipped": phrase("{count} skipped"),
    "lapsed": phrase("{count} lapsed"),
    "suppressed": phrase("{count} suppressed"),
    "missed": phrase("{count} missed"),
}
LABELS_AT_MOST = 6
LETTERS_AT_MOST = 46  # as many as a narrow phone has room for under a drawing
_DAYS_A_WEEK = 7
_HOURS = 24


class Outcome(Protocol):
    """What became of one occurrence; ``late`` marks a Done after its end."""

    @property
    def state(self) -> OccurrenceState:
        """Where it stands."""

    @property
    def was_asked(self) -> bool:
        """True when it was put to the person, or answered by them all the same."""

    @property
    def was_done(self) -> bool:
        """True when it was done, late or in time."""


Found = TypeVar("Found", bound=Outcome)


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """One piece of a bar: its colour's name, where it begins from the top, and how high it is."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar; ``label`` stands under it, empty for most; ``words`` tell it whole; ``cells`` are its row of a table."""

    x: float
    width: float
    segments: tuple[Segment, ...]
    label: str
    words: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BarChart:
    """Bars side by side. ``top`` is what the full height stands for; ``line_y`` is where a goal lies, None = none."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    columns: tuple[str, ...]
    top: str
    line_y: float | None = None

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to see."""
        return not any(bar.segments for bar in self.bars)


def fate_of(outcome: Outcome) -> str | None:
    """Return which of the five fates an occurrence met, a late Done among the done; None = none yet."""
    fate = "done" if outcome.was_done else outcome.state.value
    return fate if fate in FATES else None


def weeks_chart(outcomes: Mapping[date, Sequence[Outcome]], mondays: Sequence[date]) -> BarChart:
    """Return what became of everything, week by week; ``outcomes`` are by day."""
    counts = {monday: Counter(_fates(outcomes, monday)) for monday in mondays}
    top = max((sum(found.values()) for found in counts.values()), default=0)
    bars, labels = [], _labels([day_in_short(monday) for monday in mondays])
    for index, monday in enumerate(mondays):
        found = counts[monday]
        counted = [say(_COUNTED[fate], count=found[fate]) for fate in FATES if found[fate]]
        words = ", ".join(counted) or say("nothing was due")
        bars.append(
            Bar(
                x=index * 10.0 + 1,
                width=8.0,
                segments=_stacked([(fate, found[fate]) for fate in FATES], top),
                label=labels[index],
                words=say("Week of {day}: {words}", day=day_in_short(monday), words=words),
                cells=(say("Week of {day}", day=monday.isoformat()), *(str(found[fate]) for fate in FATES)),
            )
        )
    columns = (say("Week"), *(say(_COLUMNS[fate]) for fate in FATES))
    return BarChart(width=len(mondays) * 10.0, height=BAR_HEIGHT, bars=tuple(bars), columns=columns, top=str(top))


def _fates(outcomes: Mapping[date, Sequence[Outcome]], monday: date) -> Iterable[str]:
    days = (monday + timedelta(days=index) for index in range(_DAYS_A_WEEK))
    return [fate for day in days for one in outcomes.get(day, ()) if (fate := fate_of(one)) is not None]


def hours_chart(asked: Mapping[int, Sequence[Outcome]]) -> BarChart:
    """Return what was answered Done, by the hour of the day at which it was put; ``asked`` are by hour."""
    hours = range(min(asked, default=0), max(asked, default=-1) + 1)
    top = max((len(asked[hour]) for hour in asked), default=0)
    bars, labels = [], _labels([f"{hour:02d}" for hour in hours])
    for index, hour in enumerate(hours):
        found = asked.get(hour, ())
        done = sum(one.was_done for one in found)
        bars.append(
            Bar(
                x=index * 10.0 + 1,
                width=8.0,
                segments=_stacked([("done", done), ("other", len(found) - done)], top),
                label=labels[index],
                words=_hour_words(hour, done, len(found)),
                cells=(f"{hour:02d}:00", str(done), str(len(found))),
            )
        )
    columns = (say("Hour"), say("Done"), say("Asked"))
    return BarChart(width=len(hours) * 10.0, height=BAR_HEIGHT, bars=tuple(bars), columns=columns, top=str(top))


def _hour_words(hour: int, done: int, asked: int) -> str:
    start, end = f"{hour:02d}:00", f"{(hour + 1) % _HOURS:02d}:00"
    return say("{start} to {end}: {done} of {asked} done", start=start, end=end, done=done, asked=asked)


def water_chart(drunk_ml: Mapping[date, int], days: Sequence[date], goal_ml: int | None) -> BarChart:
    """Return what was drunk, day by day, against the goal there is today; None = there is none."""
    highest_ml = max([*(drunk_ml.get(day, 0) for day in days), goal_ml or 0], default=0)
    bars, labels = [], _labels([day_in_short(day) for day in days])
    for index, day in enumerate(days):
        ml = drunk_ml.get(day, 0)
        amount = say("{ml} ml", ml=ml)
        kind = "reached" if goal_ml is not None and ml >= goal_ml else "water"
        bars.append(
            Bar(
                x=index * 10.0 + 1,
                width=8.0,
                segments=_stacked([(kind, ml)], highest_ml),
                label=labels[index],
                words=f"{day_in_short(day)}: {amount}",
                cells=(day.isoformat(), amount),
            )
        )
    line_y = None if goal_ml is None or not highest_ml else BAR_HEIGHT * (1 - goal_ml / highest_ml)
    return BarChart(
        width=len(days) * 10.0,
        height=BAR_HEIGHT,
        bars=tuple(bars),
        columns=(say("Day"), say("Drunk")),
        top=say("{ml} ml", ml=highest_ml),
        line_y=line_y,
    )


def _stacked(parts: Sequence[tuple[str, int]], top: int) -> tuple[Segment, ...]:
    """Pile the parts up from the ground, the first at the bottom; what is nothing is left out."""
    segments, y = [], BAR_HEIGHT
    for kind, number in parts:
        height = BAR_HEIGHT * number / top if top else 0.0
        y -= height
        if number:
            segments.append(Segment(kind=kind, y=round(y, 2), height=round(height, 2)))
    return tuple(segments)


def _labels(words: Sequence[str]) -> list[str]:
    """Return a label for each bar, empty but for the first, the last, and as many between as there is room for."""
    room = LETTERS_AT_MOST // (max(map(len, words), default=0) + 1)
    shown = _spread(len(words), min(len(words), LABELS_AT_MOST, room))
    return [one if index in shown else "" for index, one in enumerate(words)]


def _spread(number: int, picked: int) -> frozenset[int]:
    """Return the places of some among so many: the first, the last, and the others evenly between them."""
    if picked < 2:  # noqa: PLR2004  there is no last beside the first
        return frozenset(range(picked))
    return frozenset(round(index * (number - 1) / (picked - 1)) for index in range(picked))


def by_day(pairs: Iterable[tuple[date, Found]]) -> dict[date, list[Found]]:
    """Put outcomes together by day."""
    found: dict[date, list[Found]] = defaultdict(list)
    for day, outcome in pairs:
        found[day].append(outcome)
    return dict(found)
