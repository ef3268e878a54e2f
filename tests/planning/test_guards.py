"""What forbids a moment: sleep, quiet times, pauses, training, safety; and when an ask ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.domain.answer import Answer, Verb
from reminders.domain.decision import Suppress
from reminders.domain.facts import Facts
from reminders.domain.pause import Pause
from reminders.domain.person import Person, TrainingSession
from reminders.planning.agenda import agenda
from reminders.planning.guards import pause_end
from reminders.planning.wall_time import as_seconds
from tests.planning.people import (
    BERLIN,
    GYM,
    NO_LIMITS,
    TUESDAY,
    alex,
    at,
    clock,
    cool_down,
    every,
    hours,
    hydration,
    meal,
    minutes,
    moment,
    movement,
    pause,
    person,
    quiet,
    span,
    story,
    times,
    wall,
    warm_up,
    within,
)


def test_nothing_leaves_outside_awake() -> None:
    assert story(person(at("pill", "06:59", "07:00", "22:29", "22:30"))) == [
        "06:59 pill: outside_hours",
        "07:00 pill -> 07:00",
        "22:29 pill -> 22:29",
        "22:30 pill: outside_hours",
    ]


def test_a_person_awake_over_midnight_is_asked_on_both_sides_of_it() -> None:
    owl = person(at("pill", "00:10", "02:00", "13:59", "14:00"), awake=span("14:00-02:00"))
    assert story(owl) == [
        "00:10 pill -> 00:10",
        "02:00 pill: outside_hours",
        "13:59 pill: outside_hours",
        "14:00 pill -> 14:00",
    ]


def test_always_awake_has_no_seam_at_midnight() -> None:
    who = person(at("pill", "00:00", "23:59"), awake=span("00:00-24:00"))
    assert story(who) == ["00:00 pill -> 00:00", "23:59 pill -> 23:59"]


def test_quiet_adds_silence_and_is_half_open() -> None:
    who = quiet(person(at("pill", "12:59", "13:00", "13:59", "14:00")), "13:00-14:00")
    assert story(who) == ["12:59 pill -> 12:59", "13:00 pill: quiet", "13:59 pill: quiet", "14:00 pill -> 14:00"]


def test_quiet_over_midnight_and_quiet_all_day() -> None:
    who = quiet(person(at("pill", "00:30", "12:00", "23:30"), awake=span("00:00-24:00")), "23:00-01:00")
    assert story(who) == ["00:30 pill: quiet", "12:00 pill -> 12:00", "23:30 pill: quiet"]
    assert story(quiet(person(at("pill", "12:00")), "00:00-24:00")) == ["12:00 pill: quiet"]


def test_what_falls_due_in_a_pause_is_suppressed_and_none_is_made_up() -> None:
    facts = Facts(pauses=(pause("10:30", "13:00"),))
    assert story(person(every("sip", hours(1), within=within("09:00-14:30"))), facts=facts) == [
        "10:00 sip -> 10:00",
        "11:00 sip: paused",
        "12:00 sip: paused",
        "13:00 sip -> 13:00",
        "14:00 sip -> 14:00",
    ]


def test_a_pause_of_one_habit_leaves_the_others_alone() -> None:
    facts = Facts(pauses=(pause("09:00", "17:00", "pill"),))
    assert story(person(at("pill", "12:00"), at("tea", "15:00")), facts=facts) == [
        "12:00 pill: paused",
        "15:00 tea -> 15:00",
    ]


def test_a_pause_says_who_asked_for_it() -> None:
    (decision,) = agenda(person(at("pill", "12:00")), BERLIN, TUESDAY, Facts(pauses=(pause("11:00", "13:00"),)))
    assert isinstance(decision.verdict, Suppress)
    assert decision.verdict.detail == "meeting"


def test_an_ask_that_would_move_into_a_pause_is_paused_too() -> None:
    who = person(every("sip", hours(2), within=within("08:00-11:00")), at("pill", "09:35"))
    facts = Facts(pauses=(pause("10:03", "11:00", "sip"),))
    assert story(replace(who, limits=replace(who.limits, merge=minutes(10))), facts=facts) == [
        "09:35 pill -> 09:35",
        "10:00 sip: paused",
    ]


def test_the_end_of_pauses_that_follow_each_other_is_the_last_ones() -> None:
    first, second = pause("10:00", "11:00"), pause("11:00", "12:00", "pill")
    start = as_seconds(moment("10:30"))
    assert pause_end((first, second), "pill", start) == as_seconds(moment("12:00"))
    assert pause_end((first, second), "tea", start) == as_seconds(moment("11:00"))
    assert pause_end((first, second), "pill", as_seconds(moment("12:00"))) == as_seconds(moment("12:00"))


def test_ones_own_training_counts_as_busy_and_moves_an_ask_to_its_end() -> None:
    who = person(at("pill", "18:45"), every("sip", hours(2), within=within("16:45-19:40")), training=(GYM,))
    assert story(replace(who, limits=replace(who.limits, merge=minutes(0), gap=minutes(5)))) == [
        "18:45 pill -> 19:30",
        "18:45 sip -> 19:35",
    ]


def test_an_ask_that_ends_during_the_training_is_suppressed_as_busy() -> None:
    brief = at("pill", "18:45", expire_after=minutes(20))
    assert story(person(brief, training=(GYM,))) == ["18:45 pill: busy"]
    sip = every("sip", hours(2), within=within("16:45-19:40"), expire_after=minutes(20))
    assert story(person(sip, training=(GYM,))) == ["18:45 sip: busy"]


def test_a_training_over_midnight_is_busy_on_both_dates() -> None:
    late = TrainingSession(name="Night run", days=frozenset({1}), at=clock("23:30"), lasts=hours(1))
    who = person(at("pill", "00:10", "23:40"), training=(late,), awake=span("00:00-24:00"))
    assert story(who)[1:] == ["23:40 pill: busy"]
    assert story(who, TUESDAY + timedelta(days=1))[0] == "00:10 pill -> 00:30"


def test_an_unsafe_habit_is_never_sent_and_says_why() -> None:
    risky = replace(meal("potassium_meal", "12:15"), unsafe="answer two questions first")
    (decision,) = agenda(person(risky), BERLIN, TUESDAY)
    assert decision.verdict == Suppress(decision.verdict.reason, "answer two questions first")  # type: ignore[arg-type]
    assert story(person(risky)) == ["12:15 potassium_meal: unsafe"]


def test_an_unsafe_habit_takes_nobodys_place() -> None:
    risky = replace(meal("potassium_meal", "12:15"), unsafe="no")
    assert "12:00 movement -> 12:00" in story(person(movement(), risky))


def test_no_drink_is_asked_for_in_the_last_two_hours_before_sleep() -> None:
    lines = story(person(replace(hydration(hours(1)), goal_ml=None), limits=NO_LIMITS))
    assert "20:00 hydration -> 20:00" in lines
    assert "21:00 hydration: outside_hours" in lines
    fixed = replace(at("hydration", "20:29", "20:30"), quiet_before_sleep=hours(2))
    assert story(person(fixed)) == ["20:29 hydration -> 20:29", "20:30 hydration: outside_hours"]


# -- expiry -----------------------------------------------------------------------------------------------------------


def ends(who: Person, day: date = TUESDAY) -> dict[str, str]:
    return {f"{wall(d.due_at)} {d.habit}": wall(d.expires_at) for d in agenda(who, BERLIN, day)}


def test_an_interval_ask_ends_with_the_next_slot() -> None:
    assert ends(person(every("sip", hours(2))))["09:00 sip"] == "11:00"


def test_a_fixed_ask_ends_with_the_next_slot_of_its_habit() -> None:
    assert ends(person(at("pill", "08:00", "12:00")))["08:00 pill"] == "12:00"


def test_so_many_times_a_day_an_ask_ends_with_the_next_slot() -> None:
    assert ends(person(times("look", 4, within=within("08:00-16:00"))))["09:00 look"] == "11:00"


def test_a_meal_idea_ends_after_ninety_minutes_and_a_cool_down_after_thirty() -> None:
    found = ends(alex())
    assert found["07:45 calcium_meal"] == "09:15"
    assert found["19:30 cool_down"] == "20:00"


def test_a_warm_up_ends_when_the_training_starts() -> None:
    assert ends(alex())["18:20 warm_up"] == "18:30"
    patient = replace(warm_up(), expire_after=hours(1))
    assert ends(person(patient, training=(GYM,)))["18:20 warm_up"] == "18:30"


def test_an_ask_ends_when_silence_begins() -> None:
    assert ends(person(at("pill", "22:00")))["22:00 pill"] == "22:30"
    assert ends(quiet(person(at("pill", "12:00")), "13:00-14:00"))["12:00 pill"] == "13:00"


def test_a_life_of_its_own_shortens_or_replaces_the_default() -> None:
    assert ends(person(at("pill", "08:00", expire_after=minutes(20))))["08:00 pill"] == "08:20"
    longer = replace(meal("calcium_meal", "07:45"), expire_after=hours(3))
    assert ends(person(longer))["07:45 calcium_meal"] == "10:45"


def test_a_life_longer_than_the_interval_ends_with_the_next_slot_all_the_same() -> None:
    assert ends(person(every("sip", hours(2), expire_after=hours(9))))["09:00 sip"] == "11:00"


def test_an_ask_never_lives_longer_than_a_day() -> None:
    (decision,) = agenda(person(at("pill", "08:00"), awake=span("00:00-24:00")), BERLIN, TUESDAY)
    assert decision.expires_at - decision.due_at == hours(24)


# -- done beforehand --------------------------------------------------------------------------------------------------


def done(habit: str, when: str, number: int = 1, amount_ml: int | None = None) -> Answer:
    return Answer(
        id=number, person="me", habit=habit, verb=Verb.DONE, at=moment(when), via="command", amount_ml=amount_ml
    )


def test_a_done_beforehand_stands_for_the_next_slot_within_one_interval_only() -> None:
    sip = person(every("sip", hours(2)))
    assert story(sip, facts=Facts(answers=(done("sip", "10:15"),)))[:3] == [
        "09:00 sip -> 09:00",
        "11:00 sip: already_done",
        "13:00 sip -> 13:00",
    ]
    afternoon = person(every("sip", hours(2), within=within("13:00-18:00")))
    assert story(afternoon, facts=Facts(answers=(done("sip", "12:59"),)))[0] == "15:00 sip -> 15:00"


def test_a_done_beforehand_stands_for_the_next_fixed_time_of_the_date() -> None:
    pill = person(at("pill", "08:00", "20:00"))
    assert story(pill, facts=Facts(answers=(done("pill", "07:10"),))) == [
        "08:00 pill: already_done",
        "20:00 pill -> 20:00",
    ]
    evening_before = replace(done("pill", "21:00"), at=moment("21:00") - timedelta(days=1))
    assert story(pill, facts=Facts(answers=(evening_before,)))[0] == "08:00 pill -> 08:00"


def test_two_dones_beforehand_stand_for_two_slots() -> None:
    facts = Facts(answers=(done("pill", "07:10"), done("pill", "07:20", 2)))
    assert story(person(at("pill", "08:00", "20:00")), facts=facts) == [
        "08:00 pill: already_done",
        "20:00 pill: already_done",
    ]


def test_a_drink_with_an_amount_counts_by_its_amount_and_one_without_stands_for_the_next_slot() -> None:
    with_amount = Facts(answers=(done("hydration", "10:00", amount_ml=100),))
    assert story(person(hydration()))[1] == "11:00 hydration -> 11:00 200 ml"
    assert story(person(hydration()), facts=with_amount)[1] == "11:00 hydration: on_pace"
    without = Facts(answers=(done("hydration", "10:00"),))
    assert story(person(hydration()), facts=without)[1] == "11:00 hydration: already_done"


@pytest.mark.parametrize("verb", [Verb.SKIP, Verb.SNOOZE])
def test_only_done_stands_for_a_slot(verb: Verb) -> None:
    facts = Facts(answers=(replace(done("pill", "07:10"), verb=verb),))
    assert story(person(at("pill", "08:00"), cool_down()), facts=facts) == ["08:00 pill -> 08:00"]


def test_a_pause_that_ends_between_two_seconds_ends() -> None:
    start = datetime(2026, 11, 24, 9, 0, 0, 250_000, tzinfo=UTC)
    mute = Pause(
        id=1, person="me", habit=None, starts_at=start, ends_at=start + timedelta(hours=1), author="me", reason=""
    )
    inside = as_seconds(start + timedelta(minutes=5))
    assert pause_end([mute], "tea", inside) == as_seconds(mute.ends_at)


def test_quiet_after_midnight_ends_an_ask_of_the_evening() -> None:
    who = person(at("tea", "23:50"), zone="UTC", awake=span("20:00-04:00"), quiet=(span("00:10-01:30"),))
    (decision,) = agenda(who, ZoneInfo("UTC"), date(2026, 11, 24))
    assert decision.expires_at == datetime(2026, 11, 25, 0, 10, tzinfo=UTC)
