"""Wall time to instants: the gap, the overlap, the names of slots."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from reminders.planning.wall_time import (
    as_instant,
    as_seconds,
    exists,
    local_date,
    minute_of,
    next_showing,
    resolve,
    slot_key,
    wall_key,
)
from tests.planning.people import BERLIN

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


def shown(zone: ZoneInfo, seconds: int) -> str:
    return as_instant(seconds).astimezone(zone).isoformat(timespec="minutes")


def test_an_ordinary_wall_time_is_the_instant_the_clock_shows_it() -> None:
    assert shown(BERLIN, resolve(BERLIN, date(2026, 11, 24), 7 * 60 + 45)) == "2026-11-24T07:45+01:00"


def test_a_wall_time_beyond_midnight_lies_on_the_next_date() -> None:
    assert shown(BERLIN, resolve(BERLIN, date(2026, 11, 24), 26 * 60)) == "2026-11-25T02:00+01:00"


@pytest.mark.parametrize(
    ("zone", "day", "minute", "expected"),
    [
        ("Europe/Berlin", SPRING, 150, "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", SPRING, 120, "2026-03-29T03:00+02:00"),
        ("Africa/Cairo", date(2026, 4, 24), 0, "2026-04-24T01:00+03:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 135, "2026-10-04T02:30+11:00"),
        ("Antarctica/Troll", SPRING, 90, "2026-03-29T03:00+02:00"),
        ("Pacific/Apia", date(2011, 12, 30), 720, "2011-12-31T00:00+14:00"),
    ],
)
def test_a_wall_time_the_clocks_skip_becomes_the_first_real_instant_after(
    zone: str, day: date, minute: int, expected: str
) -> None:
    assert shown(ZoneInfo(zone), resolve(ZoneInfo(zone), day, minute)) == expected


def test_a_wall_time_shown_twice_is_its_first_pass() -> None:
    assert shown(BERLIN, resolve(BERLIN, AUTUMN, 150)) == "2026-10-25T02:30+02:00"


def test_the_second_pass_of_a_repeated_hour_has_a_name_of_its_own() -> None:
    first = resolve(BERLIN, AUTUMN, 150)
    assert slot_key(BERLIN, first) == "2026-10-25T02:30"
    assert slot_key(BERLIN, first + 3600) == "2026-10-25T02:30+2"
    assert slot_key(BERLIN, first + 7200) == "2026-10-25T03:30"


@pytest.mark.parametrize(
    ("now", "minute", "expected"),
    [
        ("2026-11-24T07:44+01:00", 465, "2026-11-24T07:45+01:00"),
        ("2026-11-24T07:45+01:00", 465, "2026-11-25T07:45+01:00"),
        ("2026-10-25T01:00+02:00", 150, "2026-10-25T02:30+02:00"),
        ("2026-10-25T02:45+02:00", 150, "2026-10-25T02:30+01:00"),  # shown again in a while
        ("2026-10-25T02:10+01:00", 150, "2026-10-25T02:30+01:00"),
        ("2026-10-25T02:30+01:00", 150, "2026-10-26T02:30+01:00"),
        ("2026-03-29T01:00+01:00", 150, "2026-03-29T03:00+02:00"),
        ("2026-03-29T03:00+02:00", 150, "2026-03-30T02:30+02:00"),
    ],
)
def test_a_time_of_day_comes_when_the_clock_shows_it_next(now: str, minute: int, expected: str) -> None:
    assert shown(BERLIN, next_showing(BERLIN, minute, as_seconds(datetime.fromisoformat(now)))) == expected


def test_a_name_holds_no_offset() -> None:
    instant = as_seconds(datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert slot_key(BERLIN, instant) == "2026-11-24T13:00"
    assert slot_key(ZoneInfo("Asia/Kathmandu"), instant) == "2026-11-24T17:45"


def test_a_written_time_keeps_its_name_on_the_night_the_clocks_skip_it() -> None:
    assert wall_key(SPRING, 150) == "2026-03-29T02:30"
    assert wall_key(SPRING, 1440 + 5) == "2026-03-30T00:05"


def test_the_date_a_place_leaves_out_does_not_exist() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert exists(apia, date(2011, 12, 29))
    assert not exists(apia, date(2011, 12, 30))
    assert exists(apia, date(2011, 12, 31))


def test_an_instant_belongs_to_its_local_date() -> None:
    late = as_seconds(datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert local_date(BERLIN, late) == date(2026, 11, 25)
    assert local_date(ZoneInfo("America/New_York"), late) == date(2026, 11, 24)


def test_fractions_of_a_second_are_rounded_down_before_and_after_1970() -> None:
    assert as_seconds(datetime(2026, 11, 24, 7, 45, 0, 999_999, tzinfo=UTC)) == as_seconds(
        datetime(2026, 11, 24, 7, 45, tzinfo=UTC)
    )
    assert as_seconds(datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)) == -1


def test_minutes_count_from_midnight() -> None:
    assert minute_of(time(7, 45)) == 465
