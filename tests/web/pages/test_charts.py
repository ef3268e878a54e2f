"""Rules of the drawings: what is counted, where it stands, and how it is told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.domain.occurrence import OccurrenceState as State
from reminders.web.charts import BAR_HEIGHT, BarChart, fate_of, hours_chart, water_chart, weeks_chart
from reminders.web.heat_map import HeatMap, heat_map

MONDAY = date(2026, 11, 23)
TODAY = MONDAY + timedelta(days=2)


@dataclass(frozen=True)
class One:
    """What became of one occurrence."""

    state: State
    late: bool = False
    was_sent: bool = True

    @property
    def was_asked(self) -> bool:
        return self.was_sent or self.late

    @property
    def was_done(self) -> bool:
        return self.state is State.DONE or self.late


DONE, SKIPPED, LAPSED = One(State.DONE), One(State.SKIPPED), One(State.LAPSED)
HELD, MISSED = One(State.SUPPRESSED, was_sent=False), One(State.MISSED, was_sent=False)
LATE = One(State.LAPSED, late=True)


def heat(days: dict[date, Sequence[One]], weeks: int = 1) -> HeatMap:
    mondays = [MONDAY - timedelta(days=7 * back) for back in range(weeks - 1, -1, -1)]
    return heat_map("Movement", days, mondays, TODAY, summary="well")


@pytest.mark.parametrize(
    ("outcomes", "kind", "words"),
    [
        ([], "none", "not asked"),
        ([HELD, MISSED], "none", "not asked"),
        ([LAPSED, SKIPPED], "level-0", "0 of 2 done"),
        ([DONE, LAPSED, SKIPPED], "level-1", "1 of 3 done"),
        ([DONE, LAPSED], "level-2", "1 of 2 done"),
        ([DONE] * 19 + [LAPSED], "level-2", "19 of 20 done"),
        ([DONE, LATE, HELD], "level-3", "2 of 2 done"),
    ],
)
def test_a_square_tells_the_share_done_of_what_was_put_to_the_person(
    outcomes: list[One], kind: str, words: str
) -> None:
    first = heat({MONDAY: outcomes}).cells[0]
    assert (first.kind, first.words) == (kind, f"Mon 23 Nov: {words}")


def test_days_to_come_have_no_square_and_days_without_an_ask_no_row() -> None:
    found = heat({MONDAY: [DONE], TODAY: [HELD]})
    assert [cell.words[:3] for cell in found.cells] == ["Mon", "Tue", "Wed"]
    assert found.rows == (("2026-11-23", "1", "1"),)


def test_weeks_are_columns_and_a_month_is_named_where_it_begins() -> None:
    found = heat({}, weeks=8)
    assert len({cell.x for cell in found.cells}) == 8
    assert [name for _, name in found.months] == ["Oct", "Nov"]
    assert found.cells[7].x > found.cells[6].x
    assert found.cells[7].y == found.cells[0].y


def test_a_week_piles_up_what_became_of_everything() -> None:
    chart = weeks_chart({MONDAY: [DONE, DONE, LATE, SKIPPED], TODAY: [LAPSED, HELD, MISSED, One(State.SENT)]}, [MONDAY])
    bar = chart.bars[0]
    assert bar.words == "Week of 23 Nov: 3 done, 1 skipped, 1 lapsed, 1 suppressed, 1 missed"
    assert bar.cells == ("Week of 2026-11-23", "3", "1", "1", "1", "1")
    assert [part.kind for part in bar.segments] == ["done", "skipped", "lapsed", "suppressed", "missed"]
    assert chart.top == "7"


def test_what_is_still_open_has_no_fate_yet() -> None:
    assert fate_of(One(State.SENT)) is None
    assert fate_of(One(State.PLANNED, was_sent=False)) is None


def test_the_hours_tell_how_much_of_what_was_asked_then_is_done() -> None:
    chart = hours_chart({9: [DONE, LAPSED], 11: [DONE]})
    assert [bar.words for bar in chart.bars] == [
        "09:00 to 10:00: 1 of 2 done",
        "10:00 to 11:00: 0 of 0 done",
        "11:00 to 12:00: 1 of 1 done",
    ]
    assert [part.kind for part in chart.bars[0].segments] == ["done", "other"]
    assert chart.bars[1].segments == ()


def test_water_stands_against_the_goal() -> None:
    chart = water_chart({MONDAY: 1600, TODAY: 800}, [MONDAY, TODAY], 1600)
    assert [[part.kind for part in bar.segments] for bar in chart.bars] == [["reached"], ["water"]]
    assert chart.line_y == 0
    assert chart.bars[1].segments[0].height == BAR_HEIGHT / 2
    without_goal = water_chart({MONDAY: 1600}, [MONDAY], None)
    assert without_goal.line_y is None
    assert without_goal.bars[0].segments[0].kind == "water"


@pytest.mark.parametrize("chart", [weeks_chart({}, [MONDAY]), hours_chart({}), water_chart({}, [MONDAY], 1600)])
def test_a_drawing_of_nothing_says_that_it_is_empty(chart: BarChart) -> None:
    assert chart.is_empty


@given(
    st.dictionaries(st.dates(MONDAY - timedelta(days=69), TODAY), st.lists(st.sampled_from(list(State)), max_size=9)),
    st.integers(1, 10),
)
def test_every_bar_stays_within_its_drawing_and_its_pieces_touch(days: dict[date, list[State]], weeks: int) -> None:
    mondays = [MONDAY - timedelta(days=7 * back) for back in range(weeks - 1, -1, -1)]
    chart = weeks_chart({day: [One(state) for state in states] for day, states in days.items()}, mondays)
    for bar in chart.bars:
        ground = BAR_HEIGHT
        assert 0 <= bar.x < bar.x + bar.width <= chart.width
        for part in bar.segments:
            assert part.y + part.height == pytest.approx(ground, abs=0.02)
            assert part.y >= -0.02
            ground = part.y
    assert chart.bars[0].label
    assert chart.bars[-1].label
    assert sum(bool(bar.label) for bar in chart.bars) <= 6
