"""Times, ranges, days and dates are read as people write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest

from reminders.settings.mistakes import Mistake
from reminders.settings.wall_times import parse_date, parse_days, parse_range, parse_ranges, parse_time, parse_times

WEEKDAYS, WEEKEND = {0, 1, 2, 3, 4}, {5, 6}


@pytest.mark.parametrize(("text", "expected"), [("22:30", time(22, 30)), ("7:05", time(7, 5)), (" 00:00 ", time(0))])
def test_a_time_is_hours_and_minutes(text: str, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize("wrong", ["24:00", "25:00", "12:60", "noon", "7", "07:45:00", "", True, None, [], "1٣:00"])
def test_what_is_no_time_of_day_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_time(wrong)


@pytest.mark.parametrize(
    ("number", "time_text"), [(745, "07:45"), (1230, "12:30"), (1350, "13:50"), (100, "01:00"), (1380, "23:00")]
)
def test_a_number_is_repaired_in_the_hint_by_its_digits_else_in_base_60(number: int, time_text: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_time(number)
    assert caught.value.hint == f'if {time_text} was meant, write "{time_text}"'


@pytest.mark.parametrize("number", [7, 0, -745, 2460, 10**9])
def test_a_number_that_says_nothing_is_met_with_an_example(number: int) -> None:
    with pytest.raises(Mistake) as caught:
        parse_time(number)
    assert caught.value.hint == 'write a time such as "07:45"'


def test_times_are_sorted_and_single_ones_need_no_list() -> None:
    assert parse_times(["16:00", "07:45"], 24) == (time(7, 45), time(16))
    assert parse_times("07:45", 24) == (time(7, 45),)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("07:00-22:30", 420, 1350), ("22:00 - 02:00", 1320, 1560), ("00:00-24:00", 0, 1440), ("12:00-00:00", 720, 1440)],
)
def test_a_range_may_cross_midnight_or_cover_the_day(text: str, start: int, end: int) -> None:
    found = parse_range(text)
    assert (found.start_minute, found.end_minute) == (start, end)


def test_the_whole_day_is_always() -> None:
    assert parse_range("00:00-24:00").is_always


@pytest.mark.parametrize("wrong", ["07:00", "07:00-07:00", "24:00-06:00", "7-22", "-", 7, None, "07:00-25:00"])
def test_what_is_no_range_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_range(wrong)


def test_ranges_are_sorted() -> None:
    assert [str(one) for one in parse_ranges(["13:00-17:30", "09:00-12:00"])] == ["09:00-12:00", "13:00-17:30"]


@pytest.mark.parametrize("wrong", [["09:00-12:00", "11:00-13:00"], ["22:00-02:00", "01:00-03:00"]])
def test_ranges_that_overlap_are_refused_over_midnight_too(wrong: list[str]) -> None:
    with pytest.raises(Mistake, match="overlap"):
        parse_ranges(wrong)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("mon-fri", WEEKDAYS),
        ("fri-mon", {4, 5, 6, 0}),
        (["tue", "Thu"], {1, 3}),
        ("daily", WEEKDAYS | WEEKEND),
        ("weekdays", WEEKDAYS),
        (["weekend", "monday"], WEEKEND | {0}),
        ("mon, wed", {0, 2}),
        ("sun", {6}),
    ],
)
def test_days_are_names_ranges_or_groups(value: object, days: set[int]) -> None:
    assert parse_days(value) == days


@pytest.mark.parametrize("wrong", ["mo", "fry", [], "", 3, [3], "mon-", None])
def test_what_is_no_day_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_days(wrong)


def test_a_date_is_year_month_day() -> None:
    assert parse_date("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize("wrong", ["2026-02-29", "20260301", "1 March", 2026, None])
def test_what_is_no_date_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_date(wrong)


@pytest.mark.parametrize("parse", [parse_time, parse_range, parse_ranges, parse_days, parse_date])
def test_nothing_and_blocks_are_mistakes_not_crashes(parse: Callable[[object], object]) -> None:
    for value in (None, {}, {"a": 1}, [[]], [None], 1.5, float("inf"), False):
        with pytest.raises(Mistake):
            parse(value)
