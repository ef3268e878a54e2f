"""Holds: an ask waits only for somebody who is known, lately, not to be there, and only where it would be lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from reminders.domain.context import Context, Presence
from reminders.domain.decision import Defer, Send, Suppress
from reminders.domain.habit import CatchUp, FollowUp, Habit
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.planning.attendance import Attendance, is_away
from reminders.planning.wall_time import as_seconds
from tests.planning.diary import Diary
from tests.planning.people import (
    AT_WORK,
    BERLIN,
    NO_LIMITS,
    at,
    break_until,
    every,
    hours,
    hydration,
    minutes,
    moment,
    movement,
    person,
    told,
    within,
)

NOON = moment("12:00")
DESK, BOTH = ("desk",), ("desk", "phone")
BREAK = replace(movement(), break_length=minutes(5), send_to=BOTH)
EYES = every("eyes", hours(1), within=AT_WORK, catch_up=CatchUp.SKIP, break_length=minutes(2), send_to=BOTH)
HERE = {"idle": minutes(0), "locked": False}
AWAY = {"idle": minutes(6), "locked": False}
LOCKED = {"idle": minutes(1), "locked": True}
QUIET = {"idle": minutes(0), "locked": False, "do_not_disturb": True}


def seen(when: datetime, **told: object) -> Context:
    return Context(presence=Presence(at=when, **told), desktops=frozenset(DESK))  # type: ignore[arg-type]


def verdict(habit: Habit, **told: object) -> Reason | None:
    return Attendance(seen(NOON, **told), as_seconds(NOON)).forbids(habit)


def water(*send_to: str) -> Habit:
    return replace(hydration(goal_ml=None), send_to=send_to)


def turn(diary: Diary, when: str, **known: object) -> list[str]:
    """Let a turn pass with what is known at that moment; nothing said = nothing known."""
    diary.context = seen(moment(when), **known) if known else None
    return [told(decision) for decision in diary.turn(moment(when)).decisions]


def started(who: Person, when: str = "09:59", *, answers_at_once: bool = True) -> Diary:
    diary = Diary(who, BERLIN, answers_at_once=answers_at_once)
    assert turn(diary, when) == []
    return diary


def became(diary: Diary, name: str) -> tuple[OccurrenceState, Reason | None]:
    found = diary.occurrences[f"me/{name}"]
    return found.state, found.reason


# -- one moment -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, None),
        (HERE, None),
        (AWAY, Reason.AWAY),
        (LOCKED, Reason.AWAY),
        (QUIET, None),
        ({"idle": minutes(4.9)}, None),
        ({"idle": minutes(5)}, Reason.AWAY),
        ({"locked": True}, Reason.AWAY),
    ],
)
def test_a_break_is_not_asked_of_an_empty_chair_whatever_its_channels(
    known: dict[str, object], expected: Reason | None
) -> None:
    assert verdict(BREAK, **known) is expected
    assert verdict(EYES, **known) is expected


@pytest.mark.parametrize("known", [{}, HERE, AWAY, LOCKED, QUIET])
def test_anything_else_goes_out_while_a_phone_may_be_with_the_person(known: dict[str, object]) -> None:
    assert verdict(water(*BOTH), **known) is None


@pytest.mark.parametrize(
    ("known", "expected"), [({}, None), (AWAY, None), (LOCKED, Reason.AWAY), (QUIET, Reason.BUSY), (HERE, None)]
)
def test_where_the_desktop_is_the_one_place_a_lock_and_do_not_disturb_hold_it(
    known: dict[str, object], expected: Reason | None
) -> None:
    assert verdict(water(*DESK), **known) is expected


def test_the_channels_of_a_repeat_count_for_it() -> None:
    attendance = Attendance(seen(NOON, **QUIET), as_seconds(NOON))
    assert attendance.forbids(water(*BOTH), ("desk",)) is Reason.BUSY
    assert attendance.forbids(water(*DESK), ("phone",)) is None


@pytest.mark.parametrize(("age", "holds"), [(0, True), (89, True), (90, False), (3600, False), (-1, False)])
def test_a_reading_counts_for_less_than_ninety_seconds(age: int, holds: bool) -> None:  # noqa: FBT001
    attendance = Attendance(seen(NOON, **AWAY), as_seconds(NOON) + age)
    assert (attendance.forbids(BREAK) is Reason.AWAY) is holds


def test_unknown_is_not_away() -> None:
    assert not is_away(Presence(at=NOON))
    assert not is_away(Presence(at=NOON, locked=False))


# -- away -------------------------------------------------------------------------------------------------------------


def test_a_break_due_in_front_of_an_empty_chair_waits_and_is_put_down_once() -> None:
    diary = started(person(BREAK))
    assert turn(diary, "10:00", **AWAY) == ["10:00 movement: until 11:00"]
    for when in ("10:01", "10:02", "10:30"):
        assert turn(diary, when, **AWAY) == []
    waiting = diary.occurrences["me/movement/2026-11-24T10:00"]
    assert (waiting.waiting, waiting.reason) == (True, Reason.AWAY)
    assert not diary.sent


def test_it_goes_out_when_they_come_back_and_says_why_it_was_late() -> None:
    diary = started(person(BREAK))
    turn(diary, "10:00", **LOCKED)
    assert turn(diary, "10:02", **HERE) == ["10:00 movement -> 10:02"]
    assert became(diary, "movement/2026-11-24T10:00") == (OccurrenceState.DONE, Reason.AWAY)


def test_nobody_comes_back_so_it_ends_as_suppressed_away() -> None:
    diary = started(person(BREAK))
    turn(diary, "10:00", **AWAY)
    assert turn(diary, "11:00", **AWAY) == ["11:00 movement: until 12:00"]
    assert became(diary, "movement/2026-11-24T10:00") == (OccurrenceState.SUPPRESSED, Reason.AWAY)
    assert diary.occurrences["me/movement/2026-11-24T10:00"].nudge_id is None


def test_when_nothing_is_known_any_more_it_goes_out() -> None:
    diary = started(person(BREAK))
    turn(diary, "10:00", **AWAY)
    assert turn(diary, "10:03") == ["10:00 movement -> 10:03"]


def test_the_end_of_the_window_ends_the_waiting() -> None:
    who = person(replace(BREAK, within=within("09:00-10:30")))
    diary = started(who)
    assert turn(diary, "10:00", **AWAY) == ["10:00 movement: until 10:30"]
    assert turn(diary, "10:31", **HERE) == []
    assert became(diary, "movement/2026-11-24T10:00") == (OccurrenceState.SUPPRESSED, Reason.AWAY)


def test_water_goes_out_at_its_own_time_while_the_break_beside_it_waits() -> None:
    who = person(replace(hydration(goal_ml=None), within=within("08:05-20:00"), send_to=BOTH), BREAK)
    diary = started(who)
    assert turn(diary, "10:00", **AWAY) == ["10:00 movement: until 11:00"]
    assert turn(diary, "10:05", **AWAY) == ["10:05 hydration -> 10:05"]
    assert [asks for _, asks in diary.sent.values()] == [["me/hydration/2026-11-24T10:05"]]


def test_a_break_does_not_ride_with_a_meal_to_an_empty_chair() -> None:
    diary = started(person(BREAK, at("meal", "10:10", send_to=BOTH)))
    assert turn(diary, "10:00", **HERE) == ["10:00 movement: until 10:10"]
    assert turn(diary, "10:10", **AWAY) == ["10:00 movement: until 10:40", "10:10 meal -> 10:10"]
    assert turn(diary, "10:40", **AWAY) == ["10:00 movement: until 11:00"]


def test_a_locked_screen_keeps_what_is_shown_nowhere_else() -> None:
    diary = started(person(at("meal", "10:00", send_to=DESK, life_limit=minutes(90))))
    assert turn(diary, "10:00", **LOCKED) == ["10:00 meal: until 11:30"]
    assert turn(diary, "10:40", **HERE) == ["10:00 meal -> 10:40"]


def test_after_a_sleep_of_the_machine_what_is_caught_up_with_waits_for_the_lock_to_open() -> None:
    who = person(replace(hydration(goal_ml=None), send_to=DESK), limits=NO_LIMITS)
    diary = started(who, "08:59")
    turn(diary, "09:00")
    assert turn(diary, "11:30", **LOCKED) == ["11:00 hydration: until 13:00"]
    assert turn(diary, "11:32", **HERE) == ["11:00 hydration -> 11:32"]


def test_a_break_missed_while_the_machine_slept_is_not_made_up_after_it() -> None:
    diary = started(person(BREAK))
    assert turn(diary, "10:30", **LOCKED) == ["10:00 movement: expired_down"]


# -- busy -------------------------------------------------------------------------------------------------------------


def test_do_not_disturb_keeps_what_is_shown_nowhere_else_until_it_is_off() -> None:
    diary = started(person(at("meal", "10:00", send_to=DESK), at("pill", "10:00", send_to=BOTH)))
    assert turn(diary, "10:00", **QUIET) == ["10:00 meal: until 22:30", "10:00 pill -> 10:00"]
    assert became(diary, "meal/2026-11-24T10:00")[1] is Reason.BUSY
    assert turn(diary, "10:20", **HERE) == ["10:00 meal -> 10:20"]


def test_do_not_disturb_to_the_end_is_suppressed_busy() -> None:
    diary = started(person(at("meal", "10:00", send_to=DESK, life_limit=minutes(90))))
    turn(diary, "10:00", **QUIET)
    turn(diary, "11:30", **QUIET)
    assert became(diary, "meal/2026-11-24T10:00") == (OccurrenceState.SUPPRESSED, Reason.BUSY)


def test_what_is_held_for_another_reason_says_so() -> None:
    diary = started(person(at("meal", "10:00", send_to=DESK, life_limit=minutes(90))))
    turn(diary, "10:00", **QUIET)
    assert turn(diary, "10:05", **LOCKED) == ["10:00 meal: until 11:30"]
    assert became(diary, "meal/2026-11-24T10:00")[1] is Reason.AWAY


# -- real breaks ------------------------------------------------------------------------------------------------------


def test_a_real_break_does_what_a_waiting_ask_asks_for_and_the_next_is_counted_from_it() -> None:
    diary = started(person(BREAK))
    turn(diary, "10:00", **AWAY)
    diary.breaks = (break_until("10:20", "09:54"),)
    (closed,) = diary.turn(moment("10:20")).decisions
    assert closed.verdict == Suppress(Reason.AWAY, "a break from 09:54 to 10:20 counted")
    assert not diary.answers
    assert turn(diary, "11:20", **HERE) == ["11:20 movement -> 11:20"]


def test_on_the_clocks_grid_too_but_the_grid_stays() -> None:
    diary = started(person(EYES))
    turn(diary, "10:00", **AWAY)
    diary.breaks = (break_until("10:20", "09:54"),)
    (closed,) = diary.turn(moment("10:20")).decisions
    assert isinstance(closed.verdict, Suppress)
    assert (closed.verdict.reason, closed.verdict.detail) == (Reason.AWAY, "a break from 09:54 to 10:20 counted")
    assert turn(diary, "11:00", **HERE) == ["11:00 eyes -> 11:00"]


def test_a_break_shorter_than_the_habits_own_changes_nothing() -> None:
    diary = started(person(BREAK))
    turn(diary, "10:00", **LOCKED)
    diary.breaks = (break_until("10:03", "09:59"),)
    assert turn(diary, "10:03", **HERE) == ["10:00 movement -> 10:03"]


def test_a_break_is_told_up_to_a_minute_late_and_counts_all_the_same() -> None:
    diary = started(person(BREAK))
    turn(diary, "10:00", **AWAY)
    diary.breaks = (break_until("09:59", "09:50"),)
    (closed,) = diary.turn(moment("10:00") + minutes(0.5)).decisions
    assert isinstance(closed.verdict, Suppress)
    assert turn(diary, "11:00", **HERE) == ["11:00 movement -> 11:00"]


def test_water_that_waited_is_asked_after_a_break() -> None:
    who = person(replace(hydration(goal_ml=None), send_to=DESK))
    diary = started(who, "10:59")
    assert turn(diary, "11:00", **LOCKED) == ["11:00 hydration: until 13:00"]
    diary.breaks = (break_until("11:20", "10:54"),)
    assert turn(diary, "11:20", **HERE) == ["11:00 hydration -> 11:20"]


# -- repeats ----------------------------------------------------------------------------------------------------------


def snoozed(habit: Habit) -> Diary:
    diary = started(person(habit), answers_at_once=False)
    turn(diary, "10:00", **HERE)
    diary.snooze(f"me/{habit.id}/2026-11-24T10:00", moment("10:01"), moment("10:16"))
    return diary


def test_a_snoozed_break_waits_for_somebody_to_be_there_and_is_put_down_once() -> None:
    diary = snoozed(BREAK)
    assert turn(diary, "10:16", **AWAY) == ["10:00 movement: until 11:00"]
    assert turn(diary, "10:20", **AWAY) == []
    assert turn(diary, "10:25", **HERE) == ["10:00 movement -> 10:25"]


def test_a_snooze_itself_is_not_cut_short_by_coming_back() -> None:
    diary = started(person(BREAK), answers_at_once=False)
    turn(diary, "10:00", **AWAY)
    assert turn(diary, "10:02", **HERE) == ["10:00 movement -> 10:02"]
    diary.occurrences["me/movement/2026-11-24T10:00"] = replace(
        diary.occurrences["me/movement/2026-11-24T10:00"], reason=None
    )
    diary.snooze("me/movement/2026-11-24T10:00", moment("10:03"), moment("10:18"))
    assert turn(diary, "10:05", **HERE) == []


def test_an_unanswered_break_is_not_repeated_to_an_empty_chair() -> None:
    habit = replace(BREAK, follow_up=FollowUp(after=minutes(10), to=("phone",)))
    diary = started(person(habit), answers_at_once=False)
    turn(diary, "10:00", **HERE)
    turn(diary, "10:10", **AWAY)
    assert not diary.followed_up
    turn(diary, "10:12", **HERE)
    assert list(diary.followed_up) == ["me/movement/2026-11-24T10:00~1"]


def test_nor_after_a_real_break_was_taken() -> None:
    habit = replace(BREAK, follow_up=FollowUp(after=minutes(10)))
    diary = started(person(habit), answers_at_once=False)
    turn(diary, "10:00", **HERE)
    diary.breaks = (break_until("10:12", "10:01"),)
    turn(diary, "10:13", **HERE)
    assert not diary.followed_up


def test_what_is_ahead_is_planned_as_if_nobody_had_looked() -> None:
    diary, plain = started(person(BREAK, EYES)), started(person(BREAK, EYES))
    diary.context = seen(moment("10:00"), **HERE)
    with_context, without = diary.turn(moment("10:00")), plain.turn(moment("10:00"))
    assert with_context == without
    assert all(isinstance(one.verdict, Send | Defer) for one in without.decisions)
