"""Holds: a break is a stretch in which nobody was seen for certain, however it was seen; a guess is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from reminders.domain.context import Presence, RealBreak
from reminders.planning.stillness import Seen, Stillness, after_reading, after_sleep, break_words, is_real_break
from tests.planning.people import AT_WORK, BERLIN, every, hours, hydration, minutes, moment, movement, person

TEN = moment("10:00")
WHO = person(replace(movement(), break_length=minutes(5)))


def reading(minute: float, idle: float | None = None, *, locked: bool | None = None) -> Presence:
    """Return a reading so many minutes after ten, of a desktop not touched for ``idle`` minutes."""
    return Presence(at=TEN + minutes(minute), idle=None if idle is None else minutes(idle), locked=locked)


def watched(*readings: Presence, before: Stillness | None = None) -> list[Stillness]:
    """Return the stretches that were over, one reading after the other."""
    over = []
    for one in readings:
        seen = after_reading(before, one)
        before = seen.still
        over += [] if seen.over is None else [seen.over]
    return over


def spans(found: list[Stillness], at_least: float = 1) -> list[tuple[float, float]]:
    """Return the stretches of at least so many minutes, in minutes after ten."""
    return [
        ((one.since - TEN) / minutes(1), (one.until - TEN) / minutes(1))
        for one in found
        if one.until - one.since >= minutes(at_least)
    ]


def test_a_stretch_goes_from_the_last_touch_to_the_last_reading_that_found_nobody() -> None:
    found = watched(reading(0, 0), reading(1, 0.5), reading(2, 1.5), reading(8, 7.5), reading(9, 0.2))
    assert spans(found) == [(0.5, 8)]


def test_somebody_who_works_has_no_stretch_worth_a_minute() -> None:
    found = watched(*(reading(minute, 0.9) for minute in range(30)))
    assert spans(found) == []


def test_who_moves_the_mouse_in_front_of_a_locked_screen_is_not_back() -> None:
    found = watched(reading(0, 0, locked=True), reading(5, 0.1, locked=True), reading(9, 4, locked=True))
    assert found == []
    assert spans(watched(reading(0, 0, locked=True), reading(5, 0.1, locked=True), reading(9, 0, locked=False))) == [
        (0, 5)
    ]


def test_a_lock_that_is_all_that_is_known_begins_where_it_was_seen() -> None:
    assert spans(watched(reading(0, locked=True), reading(7, locked=True), reading(8, locked=False))) == [(0, 7)]


def test_a_screen_locked_by_hand_ends_what_was_still_before() -> None:
    found = watched(
        reading(6, 6), reading(12, 1, locked=True), reading(15, 4, locked=True), reading(16, 0, locked=False)
    )
    assert spans(found) == [(0, 6), (11, 15)]


def test_a_screen_that_locks_itself_goes_on_with_the_stretch() -> None:
    found = watched(reading(6, 6), reading(12, 12, locked=True), reading(15, 0.5, locked=False))
    assert spans(found) == [(0, 12)]


def test_unknown_changes_nothing() -> None:
    still = Stillness(since=TEN, until=TEN + minutes(6))
    assert after_reading(still, reading(7)) == Seen(still=still)
    assert after_reading(still, reading(7, locked=False)) == Seen(still=still)
    assert after_reading(None, reading(7)) == Seen()
    assert after_reading(None, reading(7, locked=False)) == Seen()
    assert spans(watched(reading(6, 6), reading(7), reading(8, 8), reading(9, 0))) == [(0, 8)]


@pytest.mark.parametrize("after", [reading(31, 0.1), reading(31), reading(31, locked=False)])
def test_nobody_was_at_a_machine_that_slept(after: Presence) -> None:
    slept = after_sleep(None, TEN + minutes(30), minutes(20))
    assert spans(watched(after, before=slept)) == [(10, 30)]


def test_a_sleep_that_nobody_ended_goes_on() -> None:
    slept = after_sleep(None, TEN + minutes(30), minutes(20))
    found = watched(
        reading(31, 21, locked=True), reading(35, 25, locked=True), reading(36, 0, locked=False), before=slept
    )
    assert spans(found) == [(10, 35)]


def test_the_idle_time_of_a_screen_need_not_know_of_the_sleep() -> None:
    slept = after_sleep(None, TEN + minutes(30), minutes(20))
    assert spans(watched(reading(31, 3), reading(33, 5), reading(34, 0.5), before=slept)) == [(10, 33)]


@pytest.mark.parametrize(("since", "expected"), [(0, 0), (7.5, 8)])
def test_who_had_left_before_the_sleep_has_been_away_since_then(since: float, expected: float) -> None:
    before = Stillness(since=TEN + minutes(since), until=TEN + minutes(8))
    assert after_sleep(before, TEN + minutes(30), minutes(22)).since == TEN + minutes(expected)


# -- what goes on record ----------------------------------------------------------------------------------------------


def stretch(start: str, end: str, *, locked: bool = False) -> Stillness:
    return Stillness(since=moment(start), until=moment(end), locked=locked)


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        (stretch("10:00", "10:05"), True),
        (stretch("10:00", "10:04"), False),
        (stretch("08:00", "09:01"), True),
        (stretch("08:00", "08:59"), False),
        (stretch("17:00", "17:30"), False),
        (stretch("10:00", "10:04", locked=True), False),
    ],
)
def test_a_break_counts_that_is_long_enough_and_ends_within_the_hours_of_work(
    over: Stillness, *, expected: bool
) -> None:
    assert is_real_break(WHO, BERLIN, over) is expected


def test_less_than_five_minutes_count_only_behind_a_locked_screen() -> None:
    who = person(every("eyes", hours(1), within=AT_WORK, break_length=minutes(2)))
    assert not is_real_break(who, BERLIN, stretch("10:00", "10:04"))
    assert is_real_break(who, BERLIN, stretch("10:00", "10:04", locked=True))
    assert is_real_break(who, BERLIN, stretch("10:00", "10:05"))


def test_nothing_is_put_on_record_of_somebody_without_a_habit_of_breaks() -> None:
    assert not is_real_break(person(hydration()), BERLIN, stretch("10:00", "11:00"))


def test_a_break_is_told_in_local_time() -> None:
    taken = RealBreak(started=moment("10:12"), ended=moment("10:20"))
    assert break_words(taken, BERLIN) == "a break from 10:12 to 10:20 counted"
    assert taken.length == timedelta(minutes=8)
    assert isinstance(taken.ended, datetime)
