"""After an absence: little is said, nothing in a burst, and every slot gets an honest end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reminders.domain.decision import Send
from reminders.domain.habit import CatchUp
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
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
    hydration,
    limits,
    minutes,
    moment,
    movement,
    pause,
    person,
    told,
    warm_up,
    within,
)


def wakes(who: Person, left: str, back: str, **more: object) -> list[str]:
    """Return what is decided on coming back after an absence; ``more`` goes to the diary."""
    return [told(decision) for decision in absent(who, left, back, **more).turn(moment(back)).decisions]


def absent(who: Person, left: str, _back: str = "", **more: object) -> Diary:
    diary = Diary(who, BERLIN, planned_until=moment(left))
    for name, value in more.items():
        setattr(diary, name, value)
    return diary


def test_the_newest_unexpired_slot_is_sent_and_older_ones_are_missed() -> None:
    who = person(every("sip", hours(1), within=within("08:00-14:00")))
    assert wakes(who, "08:30", "12:20") == [
        "09:00 sip: expired_down",
        "10:00 sip: expired_down",
        "11:00 sip: expired_down",
        "12:00 sip -> 12:20",
    ]


def test_an_older_slot_that_has_not_expired_is_superseded_by_the_newest() -> None:
    who = person(*(at("pill", "08:00", "09:00", expire_after=hours(4)),))
    patient = replace(who, habits=(replace(who.habits[0]),))
    assert wakes(patient, "07:30", "09:20") == ["08:00 pill: expired_down", "09:00 pill -> 09:20"]


def test_a_late_nudge_says_why_it_is_late() -> None:
    (decision,) = absent(person(at("pill", "10:00")), "09:00").turn(moment("10:30")).decisions
    assert isinstance(decision.verdict, Send)
    assert decision.verdict.reason is Reason.EXPIRED_DOWN
    assert decision.verdict.nudge_id == decision.occurrence_id


def test_at_most_two_nudges_of_two_asks_leave_and_the_most_specific_go_first() -> None:
    who = person(*(at(f"pill{index}", "10:00") for index in range(6)), limits=limits(merge=0))
    assert wakes(who, "09:00", "10:30") == [
        "10:00 pill0 -> 10:30",
        "10:00 pill1 -> 10:30",
        "10:00 pill2 -> 10:30",
        "10:00 pill3 -> 10:30",
        "10:00 pill4: expired_down",
        "10:00 pill5: expired_down",
    ]
    diary = absent(who, "09:00")
    due = diary.turn(moment("10:30"))
    assert len(diary.sent) == 2
    assert due.missed == 2


def test_a_nudge_that_is_due_anyway_takes_one_of_the_two_places() -> None:
    who = person(
        *(at(f"pill{index}", "10:00") for index in range(4)), at("tea", "10:30"), limits=limits(merge=0, gap=0)
    )
    assert wakes(who, "09:00", "10:30")[2:] == [
        "10:00 pill2: expired_down",
        "10:00 pill3: expired_down",
        "10:30 tea -> 10:30",
    ]


def test_nudges_due_within_the_next_minutes_take_places_too() -> None:
    who = person(*(at(f"pill{index}", "10:00") for index in range(4)), at("tea", "10:33"), limits=limits(merge=0))
    assert sum("->" in line for line in wakes(who, "09:00", "10:30")) == 2


def test_nothing_more_is_caught_up_with_within_five_minutes() -> None:
    who = person(*(at(f"pill{index}", "10:00", "10:33") for index in range(4)), limits=limits(merge=0))
    diary = absent(who, "09:00")
    diary.turn(moment("10:31"))
    first = len(diary.sent)
    diary.turn(moment("10:35"))
    assert first == 0  # the four of 10:33 are about to leave anyway
    assert len(diary.sent) == 2


def test_a_habit_that_is_never_made_up_is_missed_after_five_minutes() -> None:
    who = person(movement())
    assert wakes(who, "09:00", "10:05") == ["10:00 movement -> 10:05"]
    assert wakes(who, "09:00", "10:06") == ["10:00 movement: expired_down"]


def test_a_warm_up_is_never_sent_once_the_training_began() -> None:
    who = person(warm_up(minutes(30)), training=(GYM,))
    assert wakes(who, "17:00", "18:29") == ["18:00 warm_up -> 18:29"]
    assert wakes(who, "17:00", "18:30") == ["18:00 warm_up: expired_down"]


def test_what_has_expired_is_missed() -> None:
    assert wakes(person(cool_down(), training=(GYM,)), "19:00", "20:00") == ["19:30 cool_down: expired_down"]


def test_during_a_pause_nothing_is_caught_up_with() -> None:
    who = person(at("pill", "10:00"))
    assert wakes(who, "09:00", "11:00", pauses=(pause("10:30", "12:00"),)) == ["10:00 pill: paused"]


def test_during_ones_training_what_is_late_waits_for_its_end() -> None:
    diary = absent(person(at("pill", "18:00"), training=(GYM,)), "17:00")
    assert [told(d) for d in diary.turn(moment("18:45")).decisions] == ["18:00 pill: until 19:30"]
    assert diary.turn(moment("19:00")).decisions == ()
    assert [told(d) for d in diary.turn(moment("19:30")).decisions] == ["18:00 pill -> 19:30"]


def test_a_late_drink_is_measured_anew() -> None:
    diary = absent(person(hydration()), "08:30")
    diary.done("hydration", moment("10:00"), amount_ml=450)
    (decision,) = diary.turn(moment("10:30")).decisions
    assert told(decision) == "09:00 hydration: on_pace"


def test_catching_up_stays_within_the_days_limit() -> None:
    who = person(at("pill", "10:00"), limits=limits(per_day=1))
    full = wakes(who, "09:00", "10:30", asked_at=[moment("08:00")])
    assert full == ["10:00 pill: daily_limit"]


def test_a_late_ask_of_yesterday_counts_in_todays_limit() -> None:
    awake = within("00:00-24:00").ranges[0]
    who = person(at("pill", "23:50"), at("tea", "00:05"), awake=awake, limits=limits(per_day=1, merge=0))
    diary = Diary(who, BERLIN, planned_until=moment("23:00"))
    diary.turn(moment("00:10", TUESDAY + timedelta(days=1)))
    assert len(diary.sent) == 1


def test_late_snoozed_asks_do_not_come_in_a_burst_either() -> None:
    who = person(*(at(f"pill{index}", "10:00") for index in range(4)), limits=limits(merge=0))
    diary = Diary(who, BERLIN, answers_at_once=False, planned_until=moment("09:59"))
    diary.turn(moment("10:00"))
    for index in range(4):
        diary.snooze(f"me/pill{index}/2026-11-24T10:00", moment("10:01"), moment("10:16"))
    diary.turn(moment("11:00"))
    assert len(diary.sent) == 4 + 2
    diary.turn(moment("11:01"))
    assert len(diary.sent) == 4 + 2
    diary.turn(moment("11:05"))
    assert len(diary.sent) == 4 + 4


def test_a_short_absence_over_a_due_time_costs_nothing() -> None:
    diary = absent(person(at("pill", "10:00")), "09:59")
    (decision,) = diary.turn(moment("10:00") + timedelta(seconds=30)).decisions
    assert isinstance(decision.verdict, Send)


def test_eight_hours_asleep_give_two_nudges_and_every_other_slot_on_record() -> None:
    diary = absent(alex(), "09:30")
    due = diary.turn(moment("17:30"))
    assert len(diary.sent) <= 2
    assert {d.slot_key for d in due.decisions if d.habit == "hydration"} == {
        f"2026-11-24T{hour}:00" for hour in (11, 13, 15, 17)
    }
    states = {occurrence.state for occurrence in diary.occurrences.values()}
    assert OccurrenceState.MISSED in states
    assert due.missed == sum(o.state is OccurrenceState.MISSED for o in diary.occurrences.values())
    assert diary.turn(moment("17:31")).decisions == ()


def test_weeks_away_are_put_on_record_without_a_word_too_many() -> None:
    diary = Diary(alex(), BERLIN, planned_until=moment("12:00", TUESDAY - timedelta(days=30)))
    due = diary.turn(moment("12:20"))
    assert len(diary.sent) <= 2
    assert len({d.slot_key[:10] for d in due.decisions if d.habit == "calcium_meal"}) == 30


def test_years_away_are_not_reconstructed_beyond_400_days() -> None:
    diary = Diary(person(at("pill", "10:00")), BERLIN, planned_until=moment("12:00", TUESDAY - timedelta(days=3000)))
    assert len(diary.turn(moment("12:20")).decisions) == 400


def test_no_rule_is_all() -> None:
    assert {rule.value for rule in CatchUp} == {"skip", "latest", "none_after_event"}


def test_nudges_due_just_after_midnight_take_places_before_it() -> None:
    awake = within("00:00-24:00").ranges[0]
    pills = (at(f"pill{index}", "22:00") for index in range(4))
    who = person(*pills, at("tea", "00:01"), awake=awake, limits=limits(merge=0))
    diary = Diary(who, BERLIN, planned_until=moment("21:00"))
    diary.turn(moment("23:58"))
    assert len(diary.sent) == 1


def test_what_waited_and_was_slept_through_is_late() -> None:
    brief = replace(every("sip", hours(2), within=within("10:00-14:30")), catch_up=CatchUp.SKIP)
    diary = absent(person(at("pill", "11:45"), brief, limits=limits(merge=10)), "11:40")
    diary.turn(moment("11:45"))
    assert [told(d) for d in diary.turn(moment("12:00")).decisions] == ["12:00 sip: until 12:15"]
    assert [told(d) for d in diary.turn(moment("12:50")).decisions] == ["12:00 sip: expired_down"]
