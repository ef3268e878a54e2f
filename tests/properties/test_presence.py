"""What holds for every life at a desk that is looked at: nothing is guessed, and no empty chair is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.domain.context import Context, Presence, RealBreak
from reminders.domain.habit import FollowUp
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.planning.attendance import Attendance
from reminders.planning.recurrence import day_span
from reminders.planning.wall_time import as_instant, as_seconds
from tests.planning.diary import Diary
from tests.planning.people import minutes
from tests.properties.lives import CALM, days, lives, zones

DESKTOPS = frozenset({"desk"})
PRESENCES = st.tuples(
    st.sampled_from([None, 0, 3, 5, 40]), st.sampled_from([None, False, True]), st.sampled_from([None, False, True])
)


@st.composite
def at_desks(draw: st.DrawFn) -> Person:
    """Draw a person some of whose habits are breaks, or shown on the desktop alone."""
    who = draw(lives())
    habits = []
    for habit in who.habits:
        length = draw(st.sampled_from([None, 2, 5]))
        habits.append(
            replace(
                habit,
                send_to=draw(st.sampled_from([("desk",), ("desk", "phone"), ("phone",)])),
                break_length=None if length is None else minutes(length),
                follow_up=draw(
                    st.sampled_from([None, FollowUp(after=minutes(10)), FollowUp(after=minutes(10), to=("desk",))])
                ),
            )
        )
    return replace(who, habits=tuple(habits))


def context(now: datetime, told: tuple[int | None, bool | None, bool | None]) -> Context:
    idle = None if told[0] is None else minutes(told[0])
    return Context(presence=Presence(at=now, idle=idle, locked=told[1], do_not_disturb=told[2]), desktops=DESKTOPS)


@settings(CALM, max_examples=60)
@given(at_desks(), zones, days, st.booleans(), st.data())
def test_no_ask_leaves_that_would_reach_nobody_and_each_ends_in_one_way(
    who: Person,
    zone: ZoneInfo,
    day: date,
    answers: bool,  # noqa: FBT001 - drawn
    data: st.DataObject,
) -> None:
    diary = Diary(who, zone, answers_at_once=answers)
    now = as_instant(day_span(zone, day).opens)
    end = now + timedelta(hours=26)
    while now < end:
        diary.context = context(now, data.draw(PRESENCES))
        before = {*diary.sent, *diary.followed_up}
        next_at = diary.turn(now).next_at
        attendance = Attendance(diary.context, as_seconds(now))
        for name in {*diary.sent, *diary.followed_up} - before:
            is_repeat = name in diary.followed_up
            for one in (diary.followed_up[name] if is_repeat else diary.sent[name])[1]:
                habit = who.habit(one.split("/")[1])
                assert habit is not None
                to = habit.follow_up.to if is_repeat and habit.follow_up is not None else ()
                assert attendance.forbids(habit, to) is None
        if data.draw(st.integers(0, 5)) == 0:
            diary.breaks = (*diary.breaks, RealBreak(started=now - minutes(8), ended=now))
        now = max(
            now + timedelta(seconds=1), data.draw(st.sampled_from([next_at, now + minutes(7), now + minutes(90)]))
        )
    diary.context = None
    for _ in range(400):
        if all(one.state.is_terminal or one.first_due_at > end for one in diary.occurrences.values()):
            break
        now = diary.turn(now).next_at
    for one in diary.occurrences.values():
        held = one.state is OccurrenceState.SUPPRESSED and one.reason is Reason.AWAY
        assert not (held and one.nudge_id is not None)


@settings(CALM, max_examples=40)
@given(at_desks(), zones, days, st.sampled_from([(None, None, None), (0, False, False), (4, None, False)]))
def test_a_day_on_which_nobody_is_away_goes_as_if_nobody_had_looked(
    who: Person, zone: ZoneInfo, day: date, told: tuple[int | None, bool | None, bool | None]
) -> None:
    looked_at, plain = (Diary(who, zone, answers_at_once=False) for _ in range(2))
    now = as_instant(day_span(zone, day).opens)
    end = now + timedelta(hours=20)
    while now < end:
        looked_at.context = context(now, told)
        due = looked_at.turn(now)
        assert due == plain.turn(now)
        now = due.next_at


@settings(CALM, max_examples=40)
@given(at_desks(), zones, days)
def test_an_old_reading_holds_nothing_back(who: Person, zone: ZoneInfo, day: date) -> None:
    looked_at, plain = (Diary(who, zone, answers_at_once=False) for _ in range(2))
    now = as_instant(day_span(zone, day).opens)
    end = now + timedelta(hours=20)
    while now < end:
        looked_at.context = context(now - minutes(1.5), (40, True, True))
        due = looked_at.turn(now)
        assert due == plain.turn(now)
        now = due.next_at


@settings(CALM, max_examples=30)
@given(at_desks(), zones, days, st.sampled_from([(40, True, True), (40, False, None), (0, False, True)]))
def test_looking_more_often_than_told_puts_nothing_down_twice(
    who: Person, zone: ZoneInfo, day: date, told: tuple[int | None, bool | None, bool | None]
) -> None:
    diary = Diary(who, zone, answers_at_once=False)
    now = as_instant(day_span(zone, day).opens)
    end = now + timedelta(hours=20)
    while now < end:
        diary.context = context(now, told)
        due = diary.turn(now)
        again = diary.turn(now + timedelta(seconds=20))
        assert not set(due.decisions) & set(again.decisions)
        now = max(due.next_at, now + timedelta(seconds=21))
