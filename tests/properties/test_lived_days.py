"""What holds for every life lived through: forecasts kept, absences survived, surprises borne."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.domain.context import RealBreak
from reminders.domain.decision import Send
from reminders.domain.facts import Facts
from reminders.domain.occurrence import OccurrenceState
from reminders.domain.pause import Pause
from reminders.domain.person import Person
from reminders.planning.forecast import forecast
from reminders.planning.recurrence import day_span, spans_of
from reminders.planning.wall_time import as_instant, as_seconds, local_date
from tests.planning.diary import Diary
from tests.planning.people import minutes
from tests.properties.lives import (
    CALM,
    days,
    lives,
    sends,
    zones,
)


def live(diary: Diary, start: datetime, end: datetime, wait: Callable[[datetime, datetime], datetime]) -> None:
    now = start
    while now < end:
        now = max(wait(now, diary.turn(now).next_at), now + timedelta(minutes=1))


def minute_by_minute(now: datetime, _next_at: datetime) -> datetime:
    return now + timedelta(minutes=1)


def when_told(_now: datetime, next_at: datetime) -> datetime:
    return next_at


def often(now: datetime, next_at: datetime) -> datetime:
    return min(next_at, now + timedelta(minutes=13))


def promised(who: Person, zone: ZoneInfo, start: datetime, end: datetime) -> dict[str, tuple[datetime, str]]:
    found = sends(forecast(who, zone, start, 1, Facts(), start))
    return {
        decision.occurrence_id: (decision.verdict.at, decision.verdict.nudge_id)
        for decision in found
        if isinstance(decision.verdict, Send) and decision.verdict.at < end
    }


def kept(diary: Diary, end: datetime) -> dict[str, tuple[datetime, str]]:
    return {ask: (at, name) for name, (at, asks) in diary.sent.items() for ask in asks if at < end}


def assert_promise_kept(who: Person, zone: ZoneInfo, day: date, hour: int, wait: Callable[..., datetime]) -> None:
    span = day_span(zone, day)
    start, end = as_instant(span.opens) + timedelta(hours=hour), as_instant(span.closes)
    diary = Diary(who, zone)
    live(diary, start, end, wait)
    assert kept(diary, end) == promised(who, zone, start, end)
    assert len(diary.asked_at) <= who.limits.per_day


@settings(CALM, max_examples=8)
@given(lives(), zones, days)
def test_a_day_looked_at_every_minute_goes_exactly_as_forecast(who: Person, zone: ZoneInfo, day: date) -> None:
    assert_promise_kept(who, zone, day, 0, minute_by_minute)


@settings(CALM, max_examples=60)
@given(lives(), zones, days, st.sampled_from([0, 0, 9, 13]), st.sampled_from([when_told, often]))
def test_a_day_looked_at_when_told_or_more_often_goes_exactly_as_forecast(
    who: Person, zone: ZoneInfo, day: date, hour: int, wait: Callable[[datetime, datetime], datetime]
) -> None:
    assert_promise_kept(who, zone, day, hour, wait)


@settings(CALM, max_examples=60)
@given(lives(), zones, days, st.integers(2, 60 * 24 * 12), st.booleans())
def test_after_an_absence_of_any_length_at_most_two_nudges_leave_and_all_is_on_record(
    who: Person,
    zone: ZoneInfo,
    day: date,
    absent_minutes: int,
    answers: bool,  # noqa: FBT001 - drawn
) -> None:
    span = day_span(zone, day)
    diary = Diary(who, zone, answers_at_once=answers)
    diary.turn(as_instant(span.opens))
    live(diary, as_instant(span.opens), as_instant(span.opens) + timedelta(hours=8), when_told)
    before = len(diary.sent)
    assert diary.planned_until is not None
    wakes = diary.planned_until + minutes(absent_minutes)
    late = diary.turn(wakes)
    burst = len(diary.sent) - before
    on_time = {d.verdict.nudge_id for d in sends(late.decisions) if d.verdict.reason is None}  # type: ignore[union-attr]
    assert burst <= max(2, len(on_time))
    again = diary.turn(wakes + timedelta(seconds=5))
    assert not [d for d in again.decisions if d.due_at <= wakes and d.occurrence_id not in diary.occurrences]
    assert all(at >= limit for at, limit in zip(diary.asked_at[1:], diary.asked_at, strict=False))
    per_date = Counter(local_date(zone, as_seconds(at)) for at in diary.asked_at)
    assert max(per_date.values(), default=0) <= who.limits.per_day


# -- a life with surprises --------------------------------------------------------------------------------------------

HOMES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Honolulu")]


def surprise(data: st.DataObject, diary: Diary, now: datetime) -> None:
    """Let something happen that planning could not know of."""
    habits = [habit.id for habit in diary.who.habits]
    match data.draw(
        st.sampled_from(["nothing", "nothing", "pause", "resume", "done", "break", "fly", "off", "answer"])
    ):
        case "pause":
            habit, length = data.draw(st.sampled_from([None, habits[0]])), data.draw(st.sampled_from([5, 30, 90]))
            ends_at = now + timedelta(minutes=length)
            found = Pause(
                id=1, person="me", habit=habit, starts_at=now, ends_at=ends_at, author="me", reason="a meeting"
            )
            diary.pauses = (*diary.pauses, found)
        case "resume":
            diary.pauses = ()
        case "done":
            diary.done(data.draw(st.sampled_from(habits)), now, data.draw(st.sampled_from([None, 200])))
        case "break":
            diary.breaks = (*diary.breaks, RealBreak(started=now - minutes(10), ended=now))
        case "fly":
            diary.zone = data.draw(st.sampled_from(HOMES))
        case "off" if len(habits) > 1:
            diary.who = replace(diary.who, habits=diary.who.habits[1:])
        case "answer":
            for occurrence in [o for o in diary.occurrences.values() if o.state is OccurrenceState.SENT]:
                if data.draw(st.booleans()) and occurrence.snoozes < 3:
                    diary.snooze(occurrence.id, now, min(now + minutes(15), occurrence.expires_at))
                else:
                    diary.answer(occurrence.id, now)


def assert_welcome(diary: Diary, before: set[str]) -> None:
    """Check every nudge that just left: awake, not quiet, not paused, two asks at most."""
    for name in set(diary.sent) - before:
        at, asks = diary.sent[name]
        seconds = as_seconds(at)
        near = [local_date(diary.zone, seconds) + timedelta(days=offset) for offset in (-1, 0, 1)]
        assert any(span.holds(seconds) for day in near for span in spans_of((diary.who.awake,), diary.zone, day))
        assert not any(span.holds(seconds) for day in near for span in spans_of(diary.who.quiet, diary.zone, day))
        assert not any(pause.covers(ask.split("/")[1], at) for pause in diary.pauses for ask in asks)
        assert len(asks) <= 2


@settings(CALM, max_examples=60)
@given(lives(), days, st.booleans(), st.data())
def test_whatever_happens_every_nudge_is_welcome_and_every_slot_is_decided_once(
    who: Person,
    day: date,
    answers: bool,  # noqa: FBT001 - drawn
    data: st.DataObject,
) -> None:
    diary = Diary(who, HOMES[0], answers_at_once=answers)
    now = as_instant(day_span(HOMES[0], day).opens)
    end = now + timedelta(hours=40)
    while now < end:
        before = set(diary.sent)
        next_at = diary.turn(now).next_at
        assert_welcome(diary, before)
        surprise(data, diary, now)
        now = max(now + timedelta(seconds=1), data.draw(st.sampled_from([next_at, next_at, now + minutes(17)])))
        now += timedelta(minutes=data.draw(st.sampled_from([0, 0, 0, 45, 600])))
    first = [ask for name, (_, asks) in diary.sent.items() if "#" not in name for ask in asks]
    assert len(first) == len(set(first))
