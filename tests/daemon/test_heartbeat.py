"""Rules of telling suspend, step and stall apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminders.daemon.heartbeat import ClockEvent, Reading, Stalled, Stepped, Suspended, clock_is_set, compare

BEFORE = Reading(wall=datetime(2025, 3, 4, 9, 0, tzinfo=UTC), monotonic=100.0, boottime=500.0)


def after(*, wall: float = 15.0, monotonic: float = 15.0, boottime: float = 15.0) -> tuple[ClockEvent, ...]:
    current = Reading(
        wall=BEFORE.wall + timedelta(seconds=wall),
        monotonic=BEFORE.monotonic + monotonic,
        boottime=BEFORE.boottime + boottime,
    )
    return compare(BEFORE, current)


@pytest.mark.parametrize("seconds", [0.1, 14.0, 15.0, 19.9])
def test_ordinary_beat_says_nothing(seconds: float) -> None:
    assert after(wall=seconds, monotonic=seconds, boottime=seconds) == ()


def test_eight_hours_asleep_are_a_suspend_and_no_step() -> None:
    assert after(wall=28815, monotonic=15, boottime=28815) == (Suspended(seconds=28800.0),)


def test_clock_set_forward_is_a_step() -> None:
    assert after(wall=3615) == (Stepped(seconds=3600.0),)


def test_clock_set_back_is_a_negative_step() -> None:
    assert after(wall=-3585) == (Stepped(seconds=-3600.0),)


@pytest.mark.parametrize(("drift", "is_step"), [(1.9, False), (-1.9, False), (2.1, True), (-2.1, True)])
def test_correction_up_to_two_seconds_is_no_step(drift: float, is_step: bool) -> None:  # noqa: FBT001
    assert bool(after(wall=15 + drift)) is is_step


def test_stopped_process_is_a_stall() -> None:
    assert after(wall=135, monotonic=135, boottime=135) == (Stalled(late_seconds=120.0),)


def test_beat_up_to_five_seconds_late_is_no_stall() -> None:
    assert after(wall=19.9, monotonic=19.9, boottime=19.9) == ()
    assert after(wall=20.2, monotonic=20.2, boottime=20.2) != ()


def test_suspend_with_a_step_and_a_stall_names_all_three() -> None:
    events = after(wall=3615 + 600, monotonic=45, boottime=645)
    assert events == (Suspended(seconds=600.0), Stepped(seconds=3570.0), Stalled(late_seconds=30.0))


@pytest.mark.parametrize(
    ("year", "is_set"),
    [(1970, False), (2023, False), (2024, True), (2025, True), (2035, True), (2036, False), (2099, False)],
)
def test_clock_before_2024_or_ten_years_past_the_zone_data_is_not_set(year: int, is_set: bool) -> None:  # noqa: FBT001
    assert clock_is_set(datetime(year, 6, 1, tzinfo=UTC), tz_data_year=2025) is is_set
