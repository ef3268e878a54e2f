"""One person's day as a whole: chains that follow the answers, nights without sleep, and what is on record already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reminders.domain.decision import Send
from reminders.domain.facts import Facts
from reminders.domain.schedule import Anchor
from reminders.planning.agenda import agenda
from reminders.planning.wall_time import as_seconds
from tests.planning.diary import Diary
from tests.planning.people import (
    BERLIN,
    TUESDAY,
    alex,
    at,
    break_until,
    every,
    hours,
    hydration,
    limits,
    minutes,
    moment,
    movement,
    person,
    span,
    story,
    within,
)

WEDNESDAY = TUESDAY + timedelta(days=1)


def lived(diary: Diary, start: str, end: str) -> Diary:
    """Take turns every minute from one wall time of the day to before the other."""
    now = moment(start)
    while now < moment(end):
        diary.turn(now)
        now += minutes(1)
    return diary


def rest(diary: Diary, now: str) -> list[str]:
    """Return what the record leaves to be decided today."""
    return story(diary.who, facts=diary.facts(), now=moment(now), since=diary.planned_until)


def test_the_next_break_is_counted_from_the_answer() -> None:
    diary = Diary(person(movement()), BERLIN, answers_at_once=False)
    lived(diary, "09:55", "10:20")
    diary.answer("me/movement/2026-11-24T10:00", moment("10:20"))
    assert rest(diary, "10:21")[:2] == ["11:20 movement -> 11:20", "12:20 movement -> 12:20"]


def test_the_next_break_is_counted_from_a_real_break() -> None:
    diary = lived(Diary(person(movement()), BERLIN), "09:55", "10:20")
    diary.breaks = (break_until("10:40"),)
    assert rest(diary, "10:41")[0] == "11:40 movement -> 11:40"


def test_an_unanswered_break_does_not_move_the_next() -> None:
    diary = lived(Diary(person(movement()), BERLIN, answers_at_once=False), "09:55", "10:30")
    assert rest(diary, "10:30")[0] == "11:00 movement -> 11:00"


def test_a_snooze_does_not_move_the_next_break() -> None:
    diary = lived(Diary(person(movement()), BERLIN, answers_at_once=False), "09:55", "10:02")
    diary.snooze("me/movement/2026-11-24T10:00", moment("10:02"), moment("10:17"))
    lived(diary, "10:02", "10:30")
    assert "me/movement/2026-11-24T10:00#1" in diary.sent
    assert rest(diary, "10:30")[0] == "11:00 movement -> 11:00"


def test_a_snooze_just_before_the_next_slot_does_not_cost_it() -> None:
    diary = lived(Diary(person(every("sip", hours(1))), BERLIN, answers_at_once=False), "07:55", "08:02")
    diary.snooze("me/sip/2026-11-24T08:00", moment("08:02"), moment("08:50"))
    lived(diary, "08:02", "08:55")
    assert rest(diary, "08:55")[0] == "09:00 sip -> 09:00"


def test_a_done_beforehand_moves_an_answer_anchor_instead_of_crediting_it() -> None:
    diary = lived(Diary(person(movement()), BERLIN), "09:30", "09:45")
    diary.done("movement", moment("09:45"))
    assert rest(diary, "09:46")[0] == "10:45 movement -> 10:45"


def test_a_break_taken_early_with_another_nudge_counts_from_then() -> None:
    assert story(alex())[8:10] == ["13:15 movement -> 13:00", "14:00 movement -> 14:00"]


def test_an_early_answer_never_brings_a_slot_back_that_was() -> None:
    brisk = every("brisk", minutes(25), Anchor.ANSWER, within=within("09:00-11:00"))
    who = person(brisk, at("pill", "09:00"), limits=limits(gap=0))
    keys = [decision.slot_key for decision in agenda(who, BERLIN, TUESDAY) if decision.habit == "brisk"]
    assert keys == [f"2026-11-24T{when}" for when in ("09:25", "09:50", "10:15", "10:40")]


def test_a_break_before_work_does_not_count() -> None:
    diary = Diary(person(movement()), BERLIN, planned_until=moment("08:00"))
    diary.breaks = (break_until("08:40"),)
    assert rest(diary, "08:45")[0] == "10:00 movement -> 10:00"


def test_an_answer_anchor_without_end_counts_over_midnight() -> None:
    who = person(every("sip", hours(2), Anchor.ANSWER, within=within("00:00-24:00")), awake=span("00:00-24:00"))
    diary = Diary(who, BERLIN, planned_until=moment("22:30"))
    diary.done("sip", moment("22:50"))
    lines = story(who, WEDNESDAY, diary.facts(), moment("23:00"), moment("23:00"))
    assert lines[0] == "00:50 sip -> 00:50"


def test_what_is_on_record_is_not_decided_again() -> None:
    diary = lived(Diary(alex(), BERLIN), "07:40", "12:05")
    assert rest(diary, "12:05")[0] == "12:00 movement -> 12:15"  # deferred: on record, and still to be decided
    lived(diary, "12:05", "12:20")
    assert rest(diary, "12:20")[0] == "13:00 hydration -> 13:00 250 ml"


def test_a_slot_that_was_due_before_planning_began_is_left_out() -> None:
    assert story(alex(), now=moment("18:00"), since=moment("18:00"))[0].startswith("18:20 warm_up")


def test_the_evening_before_is_remembered_by_somebody_awake_over_midnight() -> None:
    owl = person(hydration(), awake=span("14:00-02:00"), limits=limits(per_day=20))
    evening = [line.split(" -> ")[1] for line in story(owl) if "->" in line]
    night = [line for line in story(owl, WEDNESDAY) if line.startswith("00:00")]
    assert evening[-1] == "22:00 250 ml"
    assert night == ["00:00 hydration: outside_hours"]
    thirsty = replace(owl, habits=(replace(hydration(), quiet_before_sleep=timedelta(0)),))
    # All but the last of it was drunk before midnight, so only the rest is asked for.
    assert story(thirsty, WEDNESDAY)[0] == "00:00 hydration -> 00:00 250 ml"


def test_a_fixed_time_just_after_midnight_is_sent_to_somebody_awake_from_14_to_02() -> None:
    owl = person(at("pill", "00:10"), awake=span("14:00-02:00"))
    assert story(owl) == ["00:10 pill -> 00:10"]


def test_an_interval_shortly_after_midnight_keeps_the_gap_to_the_evening() -> None:
    owl = person(at("late", "23:50"), every("sip", hours(4), within=within("20:05-02:00")), awake=span("14:00-02:00"))
    assert "00:05 sip -> 00:20" in story(owl, WEDNESDAY)


def test_the_same_facts_give_the_same_agenda() -> None:
    facts = lived(Diary(alex(), BERLIN), "07:40", "09:30").facts()
    now = as_seconds(moment("09:30"))
    assert agenda(alex(), BERLIN, TUESDAY, facts, now) == agenda(alex(), BERLIN, TUESDAY, facts, now)


def test_decisions_come_in_order_of_their_due_times() -> None:
    decisions = agenda(alex(), BERLIN, TUESDAY)
    assert [d.due_at for d in decisions] == sorted(d.due_at for d in decisions)


def test_nobody_without_habits_is_asked_anything() -> None:
    assert agenda(person(), BERLIN, TUESDAY, Facts()) == []


def test_an_ask_never_leaves_at_or_after_its_end() -> None:
    for decision in agenda(alex(), BERLIN, TUESDAY):
        if isinstance(decision.verdict, Send):
            assert decision.verdict.at < decision.expires_at
