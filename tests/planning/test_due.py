"""What is decided at a moment: on time, deferred, snoozed, closed; and when to look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reminders.domain.decision import Defer, Send, Suppress
from reminders.domain.facts import Facts
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.planning.due import due_now
from tests.planning.diary import Diary
from tests.planning.people import (
    BERLIN,
    NEW_YORK,
    TUESDAY,
    alex,
    at,
    break_until,
    every,
    hours,
    limits,
    minutes,
    moment,
    movement,
    pause,
    person,
    told,
    within,
)

PILL = "me/pill/2026-11-24T10:00"
PAIR = person(every("sip", hours(2), within=within("08:00-12:30")), at("pill", "10:20"))


def turn(diary: Diary, when: str) -> list[str]:
    return [told(decision) for decision in diary.turn(moment(when)).decisions]


def started(who: Person, when: str, *, answers_at_once: bool = True) -> Diary:
    diary = Diary(who, BERLIN, answers_at_once=answers_at_once)
    assert turn(diary, when) == []
    return diary


def test_nothing_from_before_the_first_start_is_sent_or_missed() -> None:
    due = due_now(alex(), BERLIN, Facts(), moment("17:30"))
    assert due.decisions == ()
    assert due.missed == 0
    assert due.next_at == moment("18:20")


def test_a_slot_due_at_the_very_first_moment_is_sent() -> None:
    assert turn(Diary(person(at("pill", "10:00")), BERLIN), "10:00") == ["10:00 pill -> 10:00"]


def test_each_slot_is_sent_once_at_its_moment() -> None:
    diary = started(person(at("pill", "10:00")), "09:59")
    assert turn(diary, "10:00") == ["10:00 pill -> 10:00"]
    assert turn(diary, "10:00") == []
    assert turn(diary, "10:01") == []


def test_what_travels_later_is_deferred_at_its_slot_and_sent_once_with_its_leader() -> None:
    diary = started(PAIR, "09:59")
    assert turn(diary, "10:00") == ["10:00 sip: until 10:20"]
    assert turn(diary, "10:10") == []
    assert turn(diary, "10:20") == ["10:00 sip -> 10:20", "10:20 pill -> 10:20"]
    assert turn(diary, "10:21") == []
    assert [asks for _, asks in diary.sent.values()] == [["me/sip/2026-11-24T10:00", "me/pill/2026-11-24T10:20"]]


def test_what_travels_early_is_decided_when_its_leader_leaves() -> None:
    diary = started(person(every("sip", hours(2), within=within("08:00-12:30")), at("pill", "09:40")), "09:39")
    assert turn(diary, "09:40") == ["09:40 pill -> 09:40", "10:00 sip -> 09:40"]
    assert turn(diary, "10:00") == []


def test_a_third_ask_gives_way_when_the_nudge_leaves() -> None:
    diary = started(person(at("one", "10:00"), at("two", "10:10"), at("three", "10:20")), "09:59")
    assert turn(diary, "10:00") == ["10:00 one -> 10:00", "10:10 two -> 10:00", "10:20 three: gap"]
    assert turn(diary, "10:20") == []


def test_a_suppressed_slot_is_recorded_at_its_due_time() -> None:
    diary = started(person(at("pill", "06:00")), "05:00")
    assert turn(diary, "05:59") == []
    assert turn(diary, "06:00") == ["06:00 pill: outside_hours"]


def test_the_next_look_is_at_the_next_slot_or_the_end_of_a_wait() -> None:
    diary = started(PAIR, "09:00")
    assert diary.turn(moment("09:01")).next_at == moment("10:00")
    assert diary.turn(moment("10:00")).next_at == moment("10:20")
    assert diary.turn(moment("10:05")).next_at == moment("10:20")
    assert diary.turn(moment("10:20")).next_at == moment("12:00")


def test_with_nothing_ahead_the_next_look_is_at_midnight() -> None:
    assert due_now(person(), BERLIN, Facts(), moment("10:00")).next_at == moment("00:00", TUESDAY + timedelta(days=1))


def test_a_pause_begun_while_an_ask_waits_ends_it_as_paused() -> None:
    diary = started(PAIR, "09:59")
    turn(diary, "10:00")
    diary.pauses = (pause("10:05", "11:00"),)
    assert turn(diary, "10:05") == ["10:00 sip: paused"]
    assert turn(diary, "10:20") == ["10:20 pill: paused"]


def test_a_pause_that_ends_in_the_middle_of_the_day_makes_nothing_up() -> None:
    diary = started(person(every("sip", hours(1), within=within("09:00-14:30"))), "09:30")
    diary.pauses = (pause("09:45", "12:30"),)
    assert [line for when in ("10:00", "11:00", "12:00", "12:31", "13:00") for line in turn(diary, when)] == [
        "10:00 sip: paused",
        "11:00 sip: paused",
        "12:00 sip: paused",
        "13:00 sip -> 13:00",
    ]


def test_a_done_while_an_ask_waits_ends_it_as_done_already() -> None:
    diary = started(PAIR, "09:59")
    turn(diary, "10:00")
    diary.done("sip", moment("10:05"))
    assert turn(diary, "10:06") == ["10:00 sip: already_done"]
    assert turn(diary, "10:20") == ["10:20 pill -> 10:20"]
    assert turn(diary, "12:00") == ["12:00 sip -> 12:00"]


def test_a_break_taken_while_one_waits_closes_it() -> None:
    diary = started(person(movement(), at("pill", "10:20")), "09:59")
    assert turn(diary, "10:00") == ["10:00 movement: until 10:20"]
    diary.done("movement", moment("10:10"))
    assert turn(diary, "10:11") == ["10:00 movement: already_done"]
    diary.breaks = (break_until("10:11"),)
    assert turn(diary, "10:20") == ["10:20 pill -> 10:20"]
    assert turn(diary, "11:11") == ["11:11 movement -> 11:11"]


def test_what_waits_for_a_habit_that_is_gone_is_closed() -> None:
    diary = started(PAIR, "09:59")
    turn(diary, "10:00")
    diary.who = replace(PAIR, habits=PAIR.habits[1:])
    assert turn(diary, "10:01") == ["10:00 sip: off"]


def test_what_waits_for_a_time_that_was_changed_is_closed() -> None:
    diary = started(PAIR, "09:59")
    turn(diary, "10:00")
    diary.who = replace(PAIR, habits=(every("sip", hours(3), within=within("08:00-12:30")), PAIR.habits[1]))
    assert turn(diary, "10:01") == ["10:00 sip: superseded"]


def test_an_early_done_credits_the_next_slot_once() -> None:
    diary = started(person(every("sip", hours(1), within=within("09:00-13:00"))), "09:10")
    diary.done("sip", moment("09:30"))
    assert turn(diary, "10:00") == ["10:00 sip: already_done"]
    assert turn(diary, "11:00") == ["11:00 sip -> 11:00"]


def test_a_done_that_held_a_nudge_back_on_its_way_is_not_counted_for_the_next_slot_too() -> None:
    diary = started(person(at("pill", "10:00", "12:00")), "09:59", answers_at_once=False)
    turn(diary, "10:00")
    diary.done("pill", moment("10:01"))
    held = replace(diary.occurrences[PILL], state=OccurrenceState.SUPPRESSED, reason=Reason.ALREADY_DONE)
    diary.occurrences[PILL] = held
    assert turn(diary, "12:00") == ["12:00 pill -> 12:00"]


# -- snooze -----------------------------------------------------------------------------------------------------------


def snoozed(until: str, *, who: Person | None = None) -> Diary:
    diary = started(who or person(at("pill", "10:00")), "09:59", answers_at_once=False)
    turn(diary, "10:00")
    diary.snooze(PILL, moment("10:01"), moment(until))
    return diary


def test_a_snoozed_ask_is_put_again_at_its_time_under_a_name_of_its_own() -> None:
    diary = snoozed("10:16")
    assert diary.turn(moment("10:05")).next_at == moment("10:16")
    (decision,) = diary.turn(moment("10:16")).decisions
    assert decision.verdict == Send(moment("10:16"), f"{PILL}#1", None, None)
    assert turn(diary, "10:17") == []


def test_a_snoozed_ask_counts_for_neither_gap_nor_limit() -> None:
    who = person(at("pill", "10:00", "11:00"), every("sip", minutes(17), within=within("10:00-10:30")))
    diary = snoozed("10:16", who=replace(who, limits=limits(per_day=3, gap=10, merge=0)))
    assert turn(diary, "10:16") == ["10:00 pill -> 10:16"]
    assert turn(diary, "10:17") == ["10:17 sip -> 10:17"]
    assert turn(diary, "11:00") == ["11:00 pill -> 11:00"]


def test_a_snoozed_ask_waits_for_the_end_of_a_pause() -> None:
    diary = snoozed("10:16")
    diary.pauses = (pause("10:10", "10:40"),)
    (decision,) = diary.turn(moment("10:16")).decisions
    assert decision.verdict == Defer(moment("10:40"), Reason.PAUSED)
    assert diary.turn(moment("10:17")).next_at == moment("10:40")
    assert turn(diary, "10:40") == ["10:00 pill -> 10:40"]


def test_a_snoozed_ask_follows_at_once_when_the_pause_is_ended_early() -> None:
    diary = snoozed("10:16")
    diary.pauses = (pause("10:10", "10:40"),)
    turn(diary, "10:16")
    diary.pauses = ()
    assert turn(diary, "10:20") == ["10:00 pill -> 10:20"]


def test_a_snoozed_ask_past_its_end_is_left_to_lapse() -> None:
    diary = snoozed("10:16", who=person(at("pill", "10:00", expire_after=minutes(10))))
    assert turn(diary, "10:16") == []


def test_a_snoozed_ask_of_a_habit_that_is_gone_or_unsafe_is_not_put_again() -> None:
    diary = snoozed("10:16")
    diary.who = replace(diary.who, habits=(replace(diary.who.habits[0], unsafe="stop"),))
    assert turn(diary, "10:16") == ["10:00 pill: unsafe"]
    other = snoozed("10:16")
    other.who = replace(other.who, habits=())
    assert turn(other, "10:16") == ["10:00 pill: off"]


# -- zones and clocks -------------------------------------------------------------------------------------------------


def test_a_slot_name_already_sent_is_not_sent_again_after_a_flight_west() -> None:
    diary = started(person(at("pill", "08:00", "11:00", "20:00"), every("sip", hours(3))), "07:30")
    now = moment("07:31")
    while now < moment("12:00"):
        diary.turn(now)
        now += minutes(1)
    diary.zone = NEW_YORK
    while now < moment("08:00", TUESDAY + timedelta(days=1)):
        diary.turn(now)
        now += minutes(1)
    names = [name for _, asks in diary.sent.values() for name in asks]
    assert len(names) == len(set(names))
    assert "me/pill/2026-11-24T20:00" in names
    assert diary.sent["me/pill/2026-11-24T20:00"][0] == datetime(2026, 11, 25, 1, tzinfo=UTC)
    pills = [at_ for at_, asks in diary.sent.values() if any("pill" in name for name in asks)]
    assert len([at_ for at_ in pills if at_ < datetime(2026, 11, 25, 5, tzinfo=UTC)]) == 3


def test_an_interval_is_not_asked_twice_within_half_of_itself_when_the_grid_moves() -> None:
    diary = started(person(every("sip", hours(2))), "08:59")
    assert turn(diary, "09:00") == ["09:00 sip -> 09:00"]
    diary.who = person(every("sip", hours(2)), awake=within("07:40-22:30").ranges[0])
    assert turn(diary, "09:40") == ["09:40 sip: superseded"]
    assert turn(diary, "11:40") == ["11:40 sip -> 11:40"]


def test_what_waits_when_the_zone_changes_is_sent_once_in_the_new_zone() -> None:
    diary = started(PAIR, "09:59")
    turn(diary, "10:00")
    diary.zone = NEW_YORK
    now = moment("10:01")
    while now < moment("23:00"):
        diary.turn(now)
        now += minutes(1)
    times_sent = [at_ for at_, asks in diary.sent.values() if "me/sip/2026-11-24T10:00" in asks]
    assert times_sent == [moment("10:20", zone=NEW_YORK)]


def test_a_clock_set_back_repeats_nothing() -> None:
    diary = started(person(at("pill", "10:00"), every("sip", hours(1))), "09:30")
    for when in ("10:00", "10:30", "09:40", "10:00", "10:20"):
        turn(diary, when)
    assert len(diary.sent) == 1 + ("me/sip/2026-11-24T10:00" not in diary.sent["me/pill/2026-11-24T10:00"][1])


@pytest.mark.parametrize("seconds", [0.2, 7, 59])
def test_a_few_seconds_late_is_still_on_time(seconds: float) -> None:
    diary = started(person(at("pill", "10:00")), "09:59")
    (decision,) = diary.turn(moment("10:00") + timedelta(seconds=seconds)).decisions
    assert isinstance(decision.verdict, Send)
    assert decision.verdict.reason is None


def test_a_decision_names_its_occurrence_and_keeps_its_due_time() -> None:
    diary = started(PAIR, "09:59")
    (decision,) = diary.turn(moment("10:00")).decisions
    assert decision.occurrence_id == "me/sip/2026-11-24T10:00"
    assert decision.due_at == moment("10:00")
    assert not isinstance(decision.verdict, Suppress)


def test_a_done_beforehand_whose_slot_was_paused_is_not_kept_for_a_later_one() -> None:
    diary = started(person(at("pill", "10:00", "12:00")), "09:00")
    diary.pauses = (pause("09:50", "10:30"),)
    diary.done("pill", moment("09:10"))
    assert turn(diary, "10:00") == ["10:00 pill: paused"]
    assert turn(diary, "12:00") == ["12:00 pill -> 12:00"]
