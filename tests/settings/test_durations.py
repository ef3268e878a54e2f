"""Durations carry a unit, stay within bounds, and are written back as they were read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.settings.durations import duration_text, parse_duration
from reminders.settings.mistakes import Mistake

LEAST, MOST = timedelta(minutes=15), timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45min", 45),
        ("2h", 120),
        ("1h30min", 90),
        ("10 min 300s", 15),
        ("  90min ", 90),
        ("1 h 5 min", 65),
        ("8h", 480),
    ],
)
def test_a_duration_is_read_with_its_units(text: str, minutes: int) -> None:
    assert parse_duration(text, LEAST, MOST) == timedelta(minutes=minutes)


@pytest.mark.parametrize("bare", [90, 90.5, "90", " 90 ", "1.5", 0])
def test_a_bare_number_is_refused_for_its_missing_unit(bare: object) -> None:
    with pytest.raises(Mistake, match="has no unit") as caught:
        parse_duration(bare, LEAST, MOST)
    assert caught.value.hint == "write a duration such as 90min, 2h or 45s (allowed: 15min to 8h)"


@pytest.mark.parametrize("wrong", ["", "h", "min", "1.5h", "2 days", "1min 2h", "٣min", True, [], {}, None, "2h!"])
def test_what_is_no_duration_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake, match="is not a duration"):
        parse_duration(wrong, LEAST, MOST)


@pytest.mark.parametrize(
    ("text", "words"),
    [("14min 59s", "too short"), ("8h1s", "too long"), ("-5min", "negative"), ("999999999999h", "long")],
)
def test_a_duration_outside_its_bounds_is_refused(text: str, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        parse_duration(text, LEAST, MOST)


@given(st.integers(min_value=0, max_value=10**6))
def test_a_duration_written_is_read_back_the_same(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert parse_duration(duration_text(duration), timedelta(0), timedelta(days=100)) == duration
