"""The gap between nudges, and their number a day."""

from __future__ import annotations

from reminders.domain.facts import Facts
from reminders.planning.limits import first_free_moment
from tests.planning.people import (
    GYM,
    NO_LIMITS,
    at,
    cool_down,
    every,
    hours,
    limits,
    minutes,
    moment,
    person,
    story,
    warm_up,
    within,
)

MORNING = within("08:00-12:30")


def test_an_interval_too_close_to_a_fixed_time_moves_later_until_the_gap_is_kept() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "09:45"), limits=limits(gap=45, merge=10))
    assert story(who)[:2] == ["09:45 pill -> 09:45", "10:00 sip -> 10:30"]


def test_an_interval_keeps_the_gap_to_a_fixed_time_still_to_come() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "10:20"), limits=limits(gap=30, merge=10))
    assert story(who)[:2] == ["10:00 sip -> 10:50", "10:20 pill -> 10:20"]


def test_an_interval_that_finds_no_room_before_its_expiry_is_suppressed() -> None:
    brief = every("sip", hours(2), within=MORNING, expire_after=minutes(20))
    who = person(brief, at("pill", "09:45"), limits=limits(gap=45, merge=10))
    assert story(who)[:2] == ["09:45 pill -> 09:45", "10:00 sip: gap"]


def test_fixed_times_and_trainings_take_their_places_whatever_the_gap() -> None:
    who = person(at("pill", "18:10", "19:40"), warm_up(), cool_down(), training=(GYM,), limits=limits(gap=60, merge=0))
    assert story(who) == [
        "18:10 pill -> 18:10",
        "18:20 warm_up -> 18:20",
        "19:30 cool_down -> 19:30",
        "19:40 pill -> 19:40",
    ]


def test_no_gap_lets_nudges_follow_each_other_at_once() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "10:01"), limits=limits(gap=0, merge=0))
    assert story(who)[:2] == ["10:00 sip -> 10:00", "10:01 pill -> 10:01"]


def test_exactly_the_gap_apart_is_far_enough() -> None:
    assert first_free_moment(1800, [0], 1800) == 1800
    assert first_free_moment(1799, [0], 1800) == 1800
    assert first_free_moment(0, [1799, 3000], 1800) == 4800


def test_above_the_days_limit_the_latest_intervals_go_first() -> None:
    who = person(every("sip", hours(2)), at("pill", "20:00"), limits=limits(per_day=4, merge=0))
    assert story(who) == [
        "09:00 sip -> 09:00",
        "11:00 sip -> 11:00",
        "13:00 sip -> 13:00",
        "15:00 sip: daily_limit",
        "17:00 sip: daily_limit",
        "19:00 sip: daily_limit",
        "20:00 pill -> 20:00",
        "21:00 sip: daily_limit",
    ]


def test_an_interval_may_still_ride_along_when_the_day_is_full() -> None:
    who = person(every("sip", hours(2)), at("pill", "21:10"), limits=limits(per_day=2))
    assert story(who)[-2:] == ["21:00 sip -> 21:10", "21:10 pill -> 21:10"]
    assert story(who)[0] == "09:00 sip -> 09:00"


def test_with_intervals_gone_the_latest_fixed_times_go_next() -> None:
    who = person(at("pill", "08:00", "12:00", "20:00"), every("sip", hours(4)), limits=limits(per_day=2))
    assert story(who) == [
        "08:00 pill -> 08:00",
        "11:00 sip: daily_limit",
        "12:00 pill -> 12:00",
        "15:00 sip: daily_limit",
        "19:00 sip: daily_limit",
        "20:00 pill: daily_limit",
    ]


def test_the_limit_counts_nudges_and_not_asks() -> None:
    who = person(at("one", "10:00", "14:00"), at("two", "10:00", "14:00"), limits=limits(per_day=2))
    assert not any("daily_limit" in line for line in story(who))


def test_what_was_sent_today_counts_and_yesterdays_does_not() -> None:
    who = person(at("pill", "20:00"), every("sip", hours(4)), limits=limits(per_day=3))
    asked = (moment("08:00"), moment("08:40"))
    facts = Facts(asked_at=asked, planned_until=moment("09:00"))
    assert story(who, facts=facts, now=moment("09:00"), since=moment("09:00")) == [
        "11:00 sip: daily_limit",
        "15:00 sip: daily_limit",
        "19:00 sip: daily_limit",
        "20:00 pill -> 20:00",
    ]
    day_before = tuple(instant - hours(24) for instant in asked)
    assert "11:00 sip -> 11:00" in story(who, facts=Facts(asked_at=day_before))


def test_what_was_just_sent_keeps_the_gap_to_what_comes() -> None:
    facts = Facts(asked_at=(moment("10:50"),), planned_until=moment("10:55"))
    who = person(every("sip", hours(4)))
    assert story(who, facts=facts, now=moment("10:55"), since=moment("10:55"))[0] == "11:00 sip -> 11:20"


def test_slots_from_before_the_service_ever_ran_use_up_nothing() -> None:
    who = person(at("pill", "08:00", "09:00", "20:00"), every("sip", hours(1)), limits=limits(per_day=3))
    lines = story(who, now=moment("12:30"), since=moment("12:30"))
    assert lines[0] == "13:00 sip -> 13:00"
    assert {line.split(" -> ")[1] for line in lines if "->" in line} == {"13:00", "14:00", "20:00"}


def test_somebody_awake_over_midnight_keeps_the_gap_across_it() -> None:
    late = every("sip", hours(4), within=within("19:55-23:59"))
    who = person(late, at("pill", "00:10"), awake=within("14:00-02:00").ranges[0], limits=limits(merge=0, gap=30))
    assert story(who)[-1] == "23:55 sip: gap"
    alone = person(late, awake=within("14:00-02:00").ranges[0])
    assert story(alone)[-1] == "23:55 sip -> 23:55"


def test_without_limits_every_slot_goes_out_by_itself_at_its_own_time() -> None:
    lines = story(person(at("one", "10:00", "14:00"), at("two", "10:00"), every("sip", hours(4)), limits=NO_LIMITS))
    assert [line.split()[0] for line in lines] == [line.split()[3] for line in lines]
    assert len(lines) == 6
