"""When a habit is due: every kind of schedule, its windows, days and dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from reminders.domain.habit import Habit
from reminders.domain.person import Person, TrainingSession, WorkHours
from reminders.domain.schedule import Anchor, Every, LocalRange, Times, Within
from reminders.planning.recurrence import slots, windows
from reminders.planning.wall_time import as_instant
from tests.planning.people import (
    AT_WORK,
    BERLIN,
    GYM,
    TUESDAY,
    alex,
    at,
    clock,
    cool_down,
    cron,
    every,
    hours,
    minutes,
    movement,
    person,
    span,
    times,
    wall,
    warm_up,
    within,
)

SUNDAY = date(2026, 11, 29)
SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


def due(habit: Habit, day: date = TUESDAY, who: Person | None = None, zone: ZoneInfo = BERLIN) -> list[str]:
    return [wall(as_instant(slot.due), zone) for slot in slots(habit, who or person(habit), zone, day)]


def keys(habit: Habit, day: date = TUESDAY, who: Person | None = None) -> list[str]:
    return [slot.key for slot in slots(habit, who or person(habit), BERLIN, day)]


# -- every ------------------------------------------------------------------------------------------------------------


def test_the_first_slot_of_an_interval_comes_one_interval_after_the_window_opens() -> None:
    assert due(every("sip", hours(2))) == ["09:00", "11:00", "13:00", "15:00", "17:00", "19:00", "21:00"]


def test_a_window_is_half_open_so_nothing_is_due_at_its_end() -> None:
    assert due(every("sip", hours(1), within=within("10:00-13:00"))) == ["11:00", "12:00"]


def test_an_interval_as_long_as_its_window_is_never_due() -> None:
    assert due(every("sip", hours(3), within=within("10:00-13:00"))) == []


def test_each_of_several_ranges_starts_counting_anew() -> None:
    assert due(every("sip", hours(1), within=within("09:00-11:30", "13:30-16:00"))) == [
        "10:00",
        "11:00",
        "14:30",
        "15:30",
    ]


def test_within_work_counts_from_the_start_of_work_and_only_on_work_days() -> None:
    stretch = every("stretch", hours(2), within=AT_WORK)
    assert due(stretch) == ["11:00", "13:00", "15:00", "17:00"]
    assert due(stretch, SUNDAY) == []


def test_a_window_over_midnight_goes_on_counting_on_the_next_date() -> None:
    night = every("sip", hours(2), within=within("21:00-03:00"))
    assert due(night) == ["01:00", "23:00"]


def test_a_window_over_midnight_belongs_to_the_day_it_opens_on() -> None:
    night = every("sip", hours(2), within=within("21:00-03:00"), days=frozenset({1}))
    assert due(night, TUESDAY) == ["23:00"]
    assert due(night, TUESDAY + timedelta(days=1)) == ["01:00"]


def test_an_interval_without_end_runs_through_midnight() -> None:
    drip = every("drip", hours(5), within=within("00:00-24:00"))
    found = [slot.due for offset in range(10) for slot in slots(drip, person(drip), BERLIN, _after(offset))]
    assert {later - earlier for earlier, later in pairwise(found)} == {5 * 3600}


def _after(days: int) -> date:
    return TUESDAY + timedelta(days=days)


def test_an_interval_is_elapsed_time_and_its_window_wall_time_when_the_clocks_change() -> None:
    sip = every("sip", hours(1), within=within("00:30-05:00"))
    assert due(sip, SPRING) == ["01:30", "03:30", "04:30"]
    assert due(sip, AUTUMN) == ["01:30", "02:30", "02:30", "03:30", "04:30"]
    assert keys(sip, AUTUMN)[1:3] == ["2026-10-25T02:30", "2026-10-25T02:30+2"]


def test_an_answer_anchor_is_read_as_the_clock_when_nothing_is_known() -> None:
    assert due(movement(hours(2)), who=alex()) == ["11:00", "13:00", "15:00", "17:00"]


# -- at, times, cron --------------------------------------------------------------------------------------------------


def test_fixed_times_are_due_at_their_wall_times_in_order() -> None:
    assert due(at("pill", "20:00", "07:45")) == ["07:45", "20:00"]


def test_a_time_written_twice_is_one_slot() -> None:
    assert keys(at("pill", "07:45", "07:45")) == ["2026-11-24T07:45"]


def test_n_times_are_the_middles_of_n_equal_parts_of_the_window() -> None:
    assert due(times("look", 4, within=within("08:00-16:00"))) == ["09:00", "11:00", "13:00", "15:00"]
    assert due(times("look", 1, within=within("08:00-16:00"))) == ["12:00"]


def test_n_times_share_out_several_ranges_as_if_they_were_one() -> None:
    assert due(times("look", 4, within=within("08:00-10:00", "14:00-20:00"))) == ["09:00", "15:00", "17:00", "19:00"]


def test_n_times_fall_on_whole_minutes() -> None:
    assert due(times("look", 3, within=within("08:00-10:05"))) == ["08:20", "09:02", "09:44"]


def test_more_times_than_minutes_are_one_slot_a_minute() -> None:
    found = keys(times("look", 500, within=within("08:00-09:00")))
    assert len(found) == len(set(found)) == 60


def test_n_times_of_a_window_over_midnight_fall_on_both_dates() -> None:
    assert due(times("look", 2, within=within("22:00-02:00"))) == ["01:00", "23:00"]


def test_n_times_end_where_the_quiet_before_sleep_begins() -> None:
    assert due(times("water", 4, quiet_before_sleep=hours(2))) == ["08:41", "12:03", "15:26", "18:48"]
    assert due(times("water", 1, quiet_before_sleep=hours(2), within=within("19:00-22:30"))) == ["19:45"]


def test_n_times_of_a_waking_day_over_midnight_end_before_its_sleep() -> None:
    owl = person(awake=span("10:00-02:00"))
    assert due(times("water", 2, quiet_before_sleep=hours(2)), who=owl) == ["13:30", "20:30"]
    assert due(times("water", 1, quiet_before_sleep=hours(2), within=within("22:00-01:00")), who=owl) == ["23:00"]


def test_n_times_that_all_lie_in_the_quiet_before_sleep_are_still_due() -> None:
    """They are then suppressed with a reason; a habit that vanished would leave nothing to explain."""
    assert due(times("water", 2, quiet_before_sleep=hours(2), within=within("21:00-22:00"))) == ["21:15", "21:45"]


def test_n_times_of_somebody_who_never_sleeps_keep_the_whole_day() -> None:
    restless = person(awake=span("00:00-24:00"))
    assert due(times("water", 2, quiet_before_sleep=hours(2)), who=restless) == ["06:00", "18:00"]


def test_cron_is_read_as_wall_time() -> None:
    assert due(cron("pill", "15 8,20 * * *")) == ["08:15", "20:15"]
    assert due(cron("pill", "15 8 * * mon"), TUESDAY) == []


def test_cron_steps_by_the_wall_clock_on_the_nights_the_clocks_change() -> None:
    half_hourly = cron("pill", "*/30 1-3 * * *")
    assert due(half_hourly, AUTUMN) == ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]
    assert due(half_hourly, SPRING) == ["01:00", "01:30", "03:00", "03:00", "03:00", "03:30"]


# -- training ---------------------------------------------------------------------------------------------------------


def test_before_training_is_its_lead_before_the_start() -> None:
    assert due(warm_up(minutes(10)), who=alex()) == ["18:20"]
    assert keys(warm_up(minutes(10)), who=alex()) == ["Gym@2026-11-24T18:30-10min"]


def test_after_training_is_its_lag_after_the_end() -> None:
    assert due(cool_down(), who=alex()) == ["19:30"]
    assert due(cool_down(minutes(15)), who=alex()) == ["19:45"]
    assert keys(cool_down(minutes(15)), who=alex()) == ["Gym@2026-11-24T18:30+15min"]


def test_no_training_no_warm_up() -> None:
    assert due(warm_up(), SUNDAY, alex()) == []


def test_what_belongs_to_a_training_over_midnight_falls_on_the_date_of_its_moment() -> None:
    late = TrainingSession(name="Night run", days=frozenset({1}), at=clock("23:30"), lasts=hours(1))
    early = TrainingSession(name="Dawn run", days=frozenset({2}), at=clock("00:05"), lasts=hours(1))
    assert due(cool_down(), TUESDAY, alex(training=(late,))) == []
    assert due(cool_down(), _after(1), alex(training=(late,))) == ["00:30"]
    assert due(warm_up(), TUESDAY, alex(training=(early,))) == ["23:55"]
    assert due(warm_up(), _after(1), alex(training=(early,))) == []


def test_a_lead_or_lag_of_a_day_reaches_the_date_it_points_to() -> None:
    assert due(warm_up(hours(24)), TUESDAY - timedelta(days=1), alex()) == ["18:30"]
    assert due(cool_down(hours(24)), _after(1), alex()) == ["19:30"]


def test_days_of_a_training_habit_are_those_of_the_training() -> None:
    assert due(replace(warm_up(), days=frozenset({3})), TUESDAY, alex()) == []
    assert due(replace(warm_up(), days=frozenset({3})), _after(2), alex()) == ["18:20"]


def test_two_entries_for_the_same_training_are_one_slot() -> None:
    assert len(keys(warm_up(), who=alex(training=(GYM, GYM)))) == 1
    longer = replace(GYM, lasts=hours(2))
    assert len(keys(cool_down(), who=alex(training=(GYM, longer)))) == 1


# -- days and dates ---------------------------------------------------------------------------------------------------


def test_a_habit_is_due_on_its_weekdays_only() -> None:
    weekend = at("pill", "09:00", days=frozenset({5, 6}))
    assert due(weekend, TUESDAY) == []
    assert due(weekend, SUNDAY) == ["09:00"]


def test_from_and_until_are_inclusive_local_dates() -> None:
    course = at("pill", "09:00", first_date=TUESDAY, last_date=_after(1))
    assert [len(due(course, _after(offset))) for offset in (-1, 0, 1, 2)] == [0, 1, 1, 0]


def test_windows_are_awake_work_or_the_habits_own() -> None:
    who = person(work=WorkHours(ranges=(span("09:00-12:00"), span("13:00-17:30")), days=frozenset({1})))

    def walls(window: Within, day: date = TUESDAY) -> list[str]:
        found = windows(every("sip", hours(1), within=window), who, BERLIN, day)
        return [f"{wall(as_instant(one.opens))}-{wall(as_instant(one.closes))}" for one in found]

    assert walls(Within()) == ["07:00-22:30"]
    assert walls(AT_WORK) == ["09:00-12:00", "13:00-17:30"]
    assert walls(AT_WORK, _after(1)) == []
    assert walls(within("08:00-10:00")) == ["08:00-10:00"]


def test_a_window_the_clocks_skip_entirely_is_left_out() -> None:
    assert windows(every("sip", hours(1), within=within("02:00-03:00")), person(), BERLIN, SPRING) == []


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interval", [timedelta(0), timedelta(seconds=-60), timedelta(seconds=1)])
def test_an_interval_under_a_minute_is_refused(interval: timedelta) -> None:
    with pytest.raises(ValueError, match="under a minute"):
        Every(interval=interval, anchor=Anchor.CLOCK)


def test_an_interval_longer_than_life_is_never_due() -> None:
    assert due(every("sip", timedelta(seconds=10**9))) == []
    assert due(every("sip", timedelta(days=36_500), within=within("00:00-24:00"))) == []


@pytest.mark.parametrize("count", [0, -3])
def test_no_times_a_day_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="no schedule"):
        Times(count=count)


@pytest.mark.parametrize(("start", "end"), [(1440, 1500), (60, 60), (0, 1441), (-1, 5)])
def test_a_range_outside_one_day_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not within one day"):
        LocalRange(start_minute=start, end_minute=end)
