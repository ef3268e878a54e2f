"""Asks that travel together: who leads, who rides along, who gives way."""

from __future__ import annotations

from dataclasses import replace

from reminders.domain.answer import Answer, Verb
from reminders.domain.facts import Facts
from reminders.domain.schedule import Every
from reminders.planning.agenda import agenda
from tests.planning.diary import Diary
from tests.planning.people import (
    BERLIN,
    GYM,
    TUESDAY,
    alex,
    at,
    cool_down,
    every,
    hours,
    limits,
    minutes,
    moment,
    movement,
    nudges,
    pause,
    person,
    quiet,
    story,
    times,
    warm_up,
    within,
)

MORNING = within("08:00-12:30")


def test_an_interval_travels_with_the_fixed_time_near_it_at_the_fixed_time() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "10:20"))
    assert story(who) == ["10:00 sip -> 10:20", "10:20 pill -> 10:20", "12:00 sip -> 12:00"]


def test_an_interval_that_is_due_soon_after_a_fixed_time_comes_early_with_it() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "09:40"))
    assert story(who)[:2] == ["09:40 pill -> 09:40", "10:00 sip -> 09:40"]


def test_between_two_fixed_times_an_interval_takes_the_nearer() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "09:40", "10:10"))
    assert story(who)[:3] == ["09:40 pill -> 09:40", "10:00 sip -> 10:10", "10:10 pill -> 10:10"]


def test_intervals_near_each_other_travel_with_the_earliest() -> None:
    who = person(every("sip", hours(2), within=MORNING), every("look", hours(2), within=within("08:20-12:30")))
    assert story(who) == ["10:00 sip -> 10:00", "10:20 look -> 10:00", "12:00 sip -> 12:00", "12:20 look -> 12:00"]


def test_at_most_two_asks_travel_and_the_most_specific_go_first() -> None:
    who = person(
        every("hourly", hours(1), within=within("09:00-10:30")),
        every("sip", hours(2), within=within("08:00-10:30")),
        at("pill", "10:05"),
    )
    assert story(who) == ["10:00 sip -> 10:05", "10:00 hourly: gap", "10:05 pill -> 10:05"]


def test_a_longer_interval_is_more_specific_than_a_shorter() -> None:
    who = person(
        every("twenty", minutes(20), within=within("09:40-10:15")),
        every("hourly", hours(1), within=within("09:00-10:30")),
        every("sip", hours(2), within=within("08:00-10:30")),
    )
    assert story(who) == ["10:00 sip -> 10:00", "10:00 hourly -> 10:00", "10:00 twenty: gap"]


def test_intervals_of_about_the_same_length_travel_in_the_order_of_the_habits() -> None:
    who = person(
        every("sip", hours(2), within=within("08:00-10:30")),
        every("stand", minutes(50), within=within("09:10-10:15")),
        every("look", hours(1), within=within("09:00-10:15")),
    )
    assert story(who) == ["10:00 sip -> 10:00", "10:00 stand -> 10:00", "10:00 look: gap"]


def test_so_many_times_a_day_is_more_specific_than_an_interval_and_less_than_a_fixed_time() -> None:
    hourly = every("hourly", hours(1), within=within("09:00-10:30"))
    thrice = times("thrice", 1, within=within("08:00-12:00"))
    assert story(person(hourly, thrice, at("pill", "10:00"))) == [
        "10:00 pill -> 10:00",
        "10:00 thrice -> 10:00",
        "10:00 hourly: gap",
    ]


def test_a_training_leads_over_other_fixed_times() -> None:
    who = person(at("pill", "18:00", "18:40"), warm_up(), training=(GYM,))
    assert story(who) == ["18:00 pill -> 18:20", "18:20 warm_up -> 18:20", "18:40 pill -> 19:30"]


def test_of_two_fixed_times_the_earlier_leads_whatever_their_order_in_the_file() -> None:
    who = person(at("late", "10:20"), at("early", "10:00"))
    assert story(who) == ["10:00 early -> 10:00", "10:20 late -> 10:00"]


def test_a_third_fixed_time_nearby_is_suppressed() -> None:
    who = person(at("one", "10:00"), at("two", "10:10"), at("three", "10:20"), at("four", "10:31"))
    assert story(who) == ["10:00 one -> 10:00", "10:10 two -> 10:00", "10:20 three: gap", "10:31 four -> 10:31"]


def test_one_habit_never_asks_twice_in_a_nudge() -> None:
    who = person(at("pill", "10:00", "10:20"))
    assert story(who) == ["10:00 pill -> 10:00", "10:20 pill -> 10:20"]


def test_exactly_the_merge_time_apart_still_travels_together_and_a_minute_more_does_not() -> None:
    assert story(person(at("one", "10:00"), at("two", "10:30")))[1] == "10:30 two -> 10:00"
    assert story(person(at("one", "10:00"), at("two", "10:31")))[1] == "10:31 two -> 10:31"


def test_no_merge_time_switches_merging_off_even_for_the_same_minute() -> None:
    who = person(at("one", "10:00"), at("two", "10:00"), limits=limits(merge=0))
    assert len(nudges(agenda(who, BERLIN, TUESDAY))) == 2
    with_interval = person(every("sip", hours(2), within=MORNING), at("pill", "10:00"), limits=limits(merge=0))
    assert story(with_interval)[:2] == ["10:00 pill -> 10:00", "10:00 sip -> 10:30"]


def test_a_fixed_time_that_would_end_before_the_leader_leaves_keeps_its_own_moment() -> None:
    who = person(at("brief", "18:00", expire_after=minutes(10)), warm_up(), training=(GYM,))
    assert story(who) == ["18:00 brief -> 18:00", "18:20 warm_up -> 18:20"]


def test_nobody_travels_into_a_pause_of_their_own() -> None:
    who = person(at("pill", "18:15"), warm_up(), cool_down(), training=(GYM,))
    assert story(who, facts=Facts(pauses=(pause("18:20", "18:25", "pill"),)))[0] == "18:15 pill -> 18:15"


def test_what_falls_due_in_a_quiet_time_is_not_pulled_out_of_it() -> None:
    who = quiet(person(at("pill", "12:40"), every("sip", hours(2), within=within("11:00-14:00"))), "12:55-13:30")
    assert story(who) == ["12:40 pill -> 12:40", "13:00 sip: quiet"]


def test_an_interval_does_not_come_early_to_a_time_before_its_window() -> None:
    work_breaks = replace(movement(minutes(10)), schedule=Every(interval=minutes(10)))
    who = person(at("pill", "08:50"), work_breaks, limits=limits(per_day=2, gap=0))
    assert story(who)[:2] == ["08:50 pill -> 08:50", "09:10 movement -> 09:10"]


def test_who_could_go_with_a_nudge_that_has_room_does_not_give_way_to_a_full_one() -> None:
    who = person(at("one", "09:50"), at("two", "09:50"), at("three", "10:25"), every("sip", hours(2), within=MORNING))
    assert story(who)[2:4] == ["10:00 sip -> 10:25", "10:25 three -> 10:25"]


def test_the_nudge_is_named_after_its_leader() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "10:20"))
    assert list(nudges(agenda(who, BERLIN, TUESDAY))) == ["me/pill/2026-11-24T10:20", "me/sip/2026-11-24T12:00"]


def test_the_meal_idea_of_the_default_day_takes_the_break_at_noon_along() -> None:
    lines = story(alex())
    assert "12:00 movement -> 12:15" in lines
    assert "12:15 potassium_meal -> 12:15" in lines


def test_an_interval_does_not_come_early_into_a_pause_of_its_own() -> None:
    who = person(every("sip", hours(2), within=MORNING), at("pill", "09:40"))
    facts = Facts(pauses=(pause("09:30", "09:50", "sip"),))
    assert story(who, facts=facts)[:2] == ["09:40 pill -> 09:40", "10:00 sip -> 10:10"]


def test_who_waits_for_a_leader_keeps_the_company_while_time_passes() -> None:
    who = person(at("listed first", "17:58"), at("due first", "17:55"), warm_up(), training=(GYM,))
    diary = Diary(who, BERLIN, planned_until=moment("17:50"))
    for minute in range(50, 85):
        diary.turn(moment("17:00") + minutes(minute))
    assert story(who)[:2] == ["17:55 due first -> 18:20", "17:58 listed first: gap"]
    assert diary.sent["me/warm_up/Gym@2026-11-24T18:30-10min"][1][0] == "me/due first/2026-11-24T17:55"


def test_an_ask_that_waits_for_room_takes_the_place_that_a_drink_on_pace_gives_up() -> None:
    drink = replace(at("hydration", "10:20"), goal_ml=1600)
    who = person(at("pill", "09:55"), drink, every("sip", hours(2), within=MORNING), limits=limits(merge=0))
    enough = Answer(id=1, person="me", habit="hydration", verb=Verb.DONE, at=moment("09:00"), via="page", amount_ml=800)
    assert "10:00 sip -> 10:50" in story(who)
    assert "10:00 sip -> 10:25" in story(who, facts=Facts(answers=(enough,)))
