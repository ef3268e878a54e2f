"""What holds for every life in which asks go unanswered: follow-ups keep their promises, plans stay what they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.domain.habit import FollowUp, Habit
from reminders.domain.occurrence import OccurrenceState
from reminders.domain.pause import Pause
from reminders.domain.person import Person
from reminders.planning.forecast import forecast
from reminders.planning.recurrence import day_span, sessions, spans_of
from reminders.planning.wall_time import as_instant, as_seconds, local_date
from tests.planning.diary import Diary
from tests.planning.people import minutes
from tests.properties.lives import CALM, days, lives, zones

WAITS = st.sampled_from([1, 5, 10, 25, 60])


@st.composite
def followed(draw: st.DrawFn) -> Person:
    """Draw a person some of whose habits are followed up."""
    who = draw(lives())
    return replace(who, habits=tuple(_followed(draw, habit) for habit in who.habits))


def _followed(draw: st.DrawFn, habit: Habit) -> Habit:
    wait, count = draw(WAITS), draw(st.integers(0, 3))
    return replace(habit, follow_up=FollowUp(after=minutes(wait), times=count) if count else None)


def speak(data: st.DataObject, diary: Diary, now: datetime) -> None:
    """Let the person answer, snooze, skip or pause, or do nothing of the kind."""
    open_ones = [one for one in diary.occurrences.values() if one.state is OccurrenceState.SENT]
    match data.draw(st.sampled_from(["nothing", "nothing", "nothing", "answer", "skip", "snooze", "pause", "resume"])):
        case "pause":
            habit = data.draw(st.sampled_from([None, diary.who.habits[0].id]))
            ends_at = now + minutes(data.draw(st.sampled_from([5, 30, 90])))
            mute = Pause(id=1, person="me", habit=habit, starts_at=now, ends_at=ends_at, author="me", reason="")
            diary.pauses = (*diary.pauses, mute)
        case "resume":
            diary.pauses = ()
        case word if word != "nothing" and open_ones:
            chosen = data.draw(st.sampled_from(open_ones))
            if word == "answer":
                diary.answer(chosen.id, now)
            elif word == "skip":
                diary.skip(chosen.id, now)
            elif chosen.snoozes < 3:
                diary.snooze(chosen.id, now, min(now + minutes(15), chosen.expires_at))


def assert_kept(diary: Diary, name: str) -> None:
    """Check one follow-up against all that was promised about it."""
    at, asked = diary.followed_up[name]
    seconds, who, zone = as_seconds(at), diary.who, diary.zone
    near = [local_date(zone, seconds) + timedelta(days=offset) for offset in (-1, 0, 1)]
    assert any(span.holds(seconds) for day in near for span in spans_of((who.awake,), zone, day))
    assert not any(span.holds(seconds) for day in near for span in spans_of(who.quiet, zone, day))
    assert not any(span.holds(seconds) for day in near for _, span in sessions(who, zone, day))
    assert len(asked) <= 2
    for one in asked:
        habit = who.habit(one.split("/")[1])
        assert habit is not None
        assert habit.follow_up is not None
        assert not any(pause.covers(habit.id, at) for pause in diary.pauses)
        assert diary.occurrences[one].state is OccurrenceState.SENT
        assert at < diary.occurrences[one].expires_at
        assert diary.occurrences[one].follow_ups <= habit.follow_up.times
        before = [left for left, names in (*diary.sent.values(), *diary.followed_up.values()) if one in names]
        assert all(left == at or at - left >= habit.follow_up.after for left in before)


@settings(CALM, max_examples=60)
@given(followed(), zones, days, st.data())
def test_a_follow_up_is_never_unwelcome_never_late_never_too_often_and_never_after_an_answer(
    who: Person, zone: object, day: date, data: st.DataObject
) -> None:
    diary = Diary(who, zone, answers_at_once=False)  # type: ignore[arg-type]
    now = as_instant(day_span(diary.zone, day).opens)
    end = now + timedelta(hours=30)
    while now < end:
        before = set(diary.followed_up)
        next_at = diary.turn(now).next_at
        for name in set(diary.followed_up) - before:
            assert_kept(diary, name)
        speak(data, diary, now)
        now = max(now + timedelta(seconds=1), data.draw(st.sampled_from([next_at, next_at, now + minutes(17)])))
        now += timedelta(minutes=data.draw(st.sampled_from([0, 0, 0, 0, 45, 600])))


@settings(CALM, max_examples=60)
@given(followed(), zones, days, st.integers(2, 60 * 24))
def test_after_an_absence_of_any_length_at_most_two_nudges_leave_follow_ups_included(
    who: Person, zone: object, day: date, absent_minutes: int
) -> None:
    diary = Diary(who, zone, answers_at_once=False)  # type: ignore[arg-type]
    now = as_instant(day_span(diary.zone, day).opens)
    end = now + timedelta(hours=9)
    while now < end:
        now = max(diary.turn(now).next_at, now + minutes(1))
    wakes = diary.turn(end).next_at + minutes(absent_minutes)
    asks, again = set(diary.sent), set(diary.followed_up)
    diary.turn(wakes)
    fresh = [name for name in set(diary.sent) - asks if _is_on_time(diary, name, wakes)]
    repeats = [diary.followed_up[name][1] for name in set(diary.followed_up) - again]
    just_now = [names for names in repeats if _fell_due_now(diary, names, wakes)]
    left = len(set(diary.sent) - asks) + len(repeats)
    assert left <= max(2, len(fresh) + len(just_now))
    put_again = [name for names in repeats for name in names]
    assert len(put_again) == len(set(put_again))


def _is_on_time(diary: Diary, nudge_id: str, now: datetime) -> bool:
    return any(now - diary.occurrences[name].first_due_at <= minutes(1) for name in diary.sent[nudge_id][1])


def _fell_due_now(diary: Diary, names: list[str], now: datetime) -> bool:
    """Tell whether a follow-up of these was wanted at this very moment, not before."""
    messages = [(at, asked) for at, asked in (*diary.sent.values(), *diary.followed_up.values()) if at < now]
    for name in names:
        habit = diary.who.habit(name.split("/")[1])
        assert habit is not None
        assert habit.follow_up is not None
        last = max(at for at, asked in messages if name in asked)
        if now - last - habit.follow_up.after <= minutes(1):
            return True
    return False


@settings(CALM, max_examples=60)
@given(lives(), zones, days, st.sampled_from([9, 13, 20]), st.integers(1, 3))
def test_splitting_a_range_does_not_change_the_plan_of_somebody_who_answers_nothing(
    who: Person, zone: object, day: date, hour: int, split: int
) -> None:
    diary = Diary(who, zone, answers_at_once=False)  # type: ignore[arg-type]
    now = as_instant(day_span(diary.zone, day).opens)
    end = now + timedelta(hours=hour)
    while now < end:
        now = diary.turn(now).next_at
    diary.turn(end)
    middle = as_instant(day_span(diary.zone, local_date(diary.zone, as_seconds(end)) + timedelta(days=split)).opens)
    whole = list(forecast(who, diary.zone, end, 5, diary.facts(), end))
    parts = [
        *forecast(who, diary.zone, end, split, diary.facts(), end),
        *forecast(who, diary.zone, middle, 5 - split, diary.facts(), end),
    ]
    assert {one.occurrence_id: one for one in whole} == {one.occurrence_id: one for one in parts}


@settings(CALM, max_examples=30)
@given(lives(), zones, days)
def test_a_day_without_answers_goes_the_same_looked_at_when_told_or_more_often(
    who: Person, zone: object, day: date
) -> None:
    told, eager = (Diary(who, zone, answers_at_once=False) for _ in range(2))  # type: ignore[arg-type]
    begin = as_instant(day_span(told.zone, day).opens)
    end = begin + timedelta(hours=26)
    now = begin
    while now < end:
        now = told.turn(now).next_at
    now = begin
    while now < end:
        now = min(eager.turn(now).next_at, now + minutes(13))
    assert _sent_before(told, end) == _sent_before(eager, end)


def _sent_before(diary: Diary, end: datetime) -> dict[str, datetime]:
    return {ask: at for at, asks in diary.sent.values() for ask in asks if at < end}
