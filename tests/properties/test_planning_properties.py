"""What holds for every person, zone and day: planning's promises, tried on generated lives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reminders.domain.decision import Decision, Send
from reminders.domain.facts import Facts
from reminders.domain.habit import Habit
from reminders.domain.occurrence import OccurrenceState
from reminders.domain.pause import Pause
from reminders.domain.person import Person, TrainingSession, WorkHours
from reminders.domain.schedule import (
    AfterTraining,
    Anchor,
    At,
    BeforeTraining,
    Cron,
    Every,
    LocalRange,
    Schedule,
    Times,
    Within,
    WithinKind,
)
from reminders.planning.agenda import agenda
from reminders.planning.forecast import forecast
from reminders.planning.recurrence import day_span, slots, spans_of
from reminders.planning.wall_time import as_instant, as_seconds, exists, local_date
from tests.planning.diary import Diary
from tests.planning.people import hours, limits, minutes, nudges, person

ZONES = sorted(available_timezones())
EVERY_WEEKDAY = frozenset(range(7))
CALM = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
INTERVALS = tuple(minutes(count) for count in (20, 25, 30, 45, 60, 90, 120, 240))

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2000, 1, 3), date(2040, 12, 25))
wall_times = st.times().map(lambda value: value.replace(second=0, microsecond=0))


@st.composite
def ranges(draw: st.DrawFn, longest: int = 1440) -> LocalRange:
    start = draw(st.integers(0, 95)) * 15
    return LocalRange(start_minute=start, end_minute=start + draw(st.integers(2, longest // 15)) * 15)


waking = st.one_of(
    st.just(LocalRange(start_minute=0, end_minute=1440)),
    st.just(LocalRange(start_minute=7 * 60, end_minute=22 * 60 + 30)),
    st.just(LocalRange(start_minute=14 * 60, end_minute=26 * 60)),
    ranges(),
)
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.lists(wall_times, min_size=1, max_size=3, unique=True).map(lambda found: At(times=tuple(found))),
    st.sampled_from(INTERVALS).map(lambda interval: Every(interval=interval)),
    st.sampled_from(INTERVALS).map(lambda interval: Every(interval=interval, anchor=Anchor.ANSWER)),
    st.integers(1, 8).map(lambda count: Times(count=count)),
    st.sampled_from(["0 9-17 * * *", "*/40 * * * *", "30 2 * * *"]).map(lambda text: Cron(expression=text)),
    st.sampled_from([0, 10, 45]).map(lambda lead: BeforeTraining(lead=minutes(lead))),
    st.sampled_from([0, 20]).map(lambda lag: AfterTraining(lag=minutes(lag))),
)
windows_of_habits = st.one_of(
    st.just(Within()),
    st.just(Within(kind=WithinKind.WORK)),
    ranges().map(lambda found: Within(kind=WithinKind.RANGES, ranges=(found,))),
)


@st.composite
def lives(draw: st.DrawFn) -> Person:
    habits = []
    for index in range(draw(st.integers(1, 6))):
        goal = draw(st.sampled_from([None, None, None, 1600]))
        habit = Habit(
            id=f"habit{index}",
            schedule=draw(schedules),
            built_in=False,
            within=draw(windows_of_habits),
            goal_ml=goal,
            expire_after=draw(st.sampled_from([None, None, minutes(5), hours(1)])),
            quiet_before_sleep=hours(2) if goal else timedelta(0),
        )
        habits.append(habit)
    session = TrainingSession(
        name="Gym",
        days=EVERY_WEEKDAY,
        at=draw(st.sampled_from([time(0, 10), time(12), time(18, 30), time(23, 30)])),
        lasts=draw(st.sampled_from([minutes(30), hours(1), hours(3)])),
    )
    return person(
        *habits,
        awake=draw(waking),
        quiet=tuple(draw(st.lists(ranges(180), max_size=1))),
        work=WorkHours(ranges=(draw(ranges()),), days=EVERY_WEEKDAY),
        training=draw(st.sampled_from([(), (session,)])),
        limits=limits(
            draw(st.sampled_from([1, 3, 6, 12, 40])),
            draw(st.sampled_from([0, 10, 30, 60])),
            draw(st.sampled_from([0, 10, 30, 45])),
        ),
    )


def sends(decisions: Iterable[Decision]) -> list[Decision]:
    return [decision for decision in decisions if isinstance(decision.verdict, Send)]


def sent(decision: Decision) -> datetime:
    assert isinstance(decision.verdict, Send)
    return decision.verdict.at


def asks_per_nudge(decisions: Iterable[Decision]) -> Counter[str]:
    return Counter(d.verdict.nudge_id for d in decisions if isinstance(d.verdict, Send))


# -- recurrence -------------------------------------------------------------------------------------------------------


def changes(zone: ZoneInfo, first: int, last: int) -> list[date]:
    """Return the dates around every change of the zone's clocks in those years."""
    found: list[date] = []
    day, end = date(first, 1, 1), date(last, 12, 31)
    before = datetime.combine(day, time(), zone).utcoffset()
    while day < end:
        day += timedelta(days=1)
        after = datetime.combine(day, time(), zone).utcoffset()
        if after != before:
            found += [day - timedelta(days=2), day - timedelta(days=1), day]
        before = after
    return found


@pytest.mark.parametrize("letter", sorted({name[0] for name in ZONES}))
def test_an_at_habit_has_one_instant_on_every_local_date_around_every_change_of_clocks_in_every_zone(
    letter: str,
) -> None:
    names = [name for name in ZONES if name[0] == letter]
    seen: set[tuple[date, ...]] = set()
    for zone in map(ZoneInfo, names):
        around = tuple(changes(zone, 2000, 2040))
        if around in seen:
            continue  # another name for a zone that was looked at, or one that never changes
        seen.add(around)
        for minute in (0, 30, 90, 150, 195, 1439):
            habit = Habit(id="pill", schedule=At(times=(time(minute // 60, minute % 60),)), built_in=False)
            for day in sorted(set(around)):
                assert_one_instant(habit, zone, day, minute)


def assert_one_instant(habit: Habit, zone: ZoneInfo, day: date, minute: int) -> None:
    found = slots(habit, person(habit), zone, day)
    if not exists(zone, day):
        assert found == []
        return
    (slot,) = found
    wanted = datetime.combine(day, time(minute // 60, minute % 60))
    shown = as_instant(slot.due).astimezone(zone)
    assert shown.replace(tzinfo=None) >= wanted
    if shown.replace(tzinfo=None) != wanted:  # the clocks skipped it: then it is the very first instant after the gap
        earlier = as_instant(slot.due - 1).astimezone(zone).replace(tzinfo=None)
        assert earlier < wanted
    else:  # shown twice that night: then it is the first time
        assert shown.fold == 0


@CALM
@given(zones, days, wall_times)
@example(ZoneInfo("Pacific/Apia"), date(2011, 12, 30), time(12))
def test_an_at_habit_has_one_instant_on_every_local_date_that_exists(zone: ZoneInfo, day: date, at: time) -> None:
    habit = Habit(id="pill", schedule=At(times=(at,)), built_in=False)
    assert_one_instant(habit, zone, day, at.hour * 60 + at.minute)


@CALM
@given(zones, days, st.sampled_from(INTERVALS))
def test_an_interval_through_the_day_has_steps_of_elapsed_time_only(
    zone: ZoneInfo, day: date, interval: timedelta
) -> None:
    habit = Habit(
        id="sip",
        schedule=Every(interval=interval),
        built_in=False,
        within=Within(kind=WithinKind.RANGES, ranges=(LocalRange(start_minute=0, end_minute=1440),)),
    )
    who = person(habit)
    found = [slot for offset in range(3) for slot in slots(habit, who, zone, day + timedelta(days=offset))]
    assert {b.due - a.due for a, b in pairwise(found)} <= {int(interval.total_seconds())}
    assert len({slot.key for slot in found}) == len(found)


@CALM
@given(zones, days)
def test_local_dates_follow_each_other_without_a_hole_or_an_overlap(zone: ZoneInfo, day: date) -> None:
    today, tomorrow = day_span(zone, day), day_span(zone, day + timedelta(days=1))
    assert today.closes == tomorrow.opens
    if exists(zone, day):
        assert local_date(zone, today.opens) == day == local_date(zone, today.closes - 1)
    else:
        assert today.closes == today.opens


# -- the plan of a day ------------------------------------------------------------------------------------------------

planned_days = settings(CALM, max_examples=150)


@planned_days
@given(lives(), zones, days)
def test_nothing_is_planned_outside_awake_or_in_a_quiet_time(who: Person, zone: ZoneInfo, day: date) -> None:
    near = [day + timedelta(days=offset) for offset in (-1, 0, 1)]
    awake = [span for one in near for span in spans_of((who.awake,), zone, one)]
    quiet = [span for one in near for span in spans_of(who.quiet, zone, one)]
    for decision in sends(agenda(who, zone, day)):
        at = as_seconds(sent(decision))
        assert any(span.holds(at) for span in awake)
        assert not any(span.holds(at) for span in quiet)
        assert sent(decision) < decision.expires_at


@planned_days
@given(lives(), zones, days)
def test_never_more_nudges_than_the_limit_and_never_more_than_two_asks_in_one(
    who: Person, zone: ZoneInfo, day: date
) -> None:
    asks = asks_per_nudge(agenda(who, zone, day))
    assert len(asks) <= who.limits.per_day
    assert max(asks.values(), default=0) <= 2


@planned_days
@given(lives(), zones, days)
def test_every_slot_is_decided_exactly_once(who: Person, zone: ZoneInfo, day: date) -> None:
    decisions = agenda(who, zone, day)
    assert len({decision.occurrence_id for decision in decisions}) == len(decisions)
    on_the_clock = {
        f"{who.id}/{habit.id}/{slot.key}"
        for habit in who.habits
        if not (isinstance(habit.schedule, Every) and habit.schedule.anchor is Anchor.ANSWER)
        for slot in slots(habit, who, zone, day)
    }
    assert on_the_clock <= {decision.occurrence_id for decision in decisions}


@planned_days
@given(lives(), zones, days)
def test_a_nudge_of_intervals_alone_keeps_the_gap_to_every_other(who: Person, zone: ZoneInfo, day: date) -> None:
    assert_gap(who, [d for offset in (0, 1) for d in agenda(who, zone, day + timedelta(days=offset))])


def assert_gap(who: Person, decisions: list[Decision]) -> None:
    fixed = {
        decision.verdict.nudge_id
        for decision in decisions
        if isinstance(decision.verdict, Send) and not isinstance(habit_of(who, decision).schedule, Every | Times)
    }
    moments = sorted((at, name in fixed) for name, at in nudges(decisions).items())
    for (earlier, fixed_before), (later, fixed_after) in pairwise(moments):
        assert later - earlier >= who.limits.gap or (fixed_before and fixed_after)


def habit_of(who: Person, decision: Decision) -> Habit:
    found = who.habit(decision.habit)
    assert found is not None
    return found


@planned_days
@given(lives(), zones, days)
def test_an_interval_habit_is_never_asked_twice_within_half_its_interval(
    who: Person, zone: ZoneInfo, day: date
) -> None:
    decisions = sends([d for offset in (0, 1) for d in agenda(who, zone, day + timedelta(days=offset))])
    for habit in who.habits:
        if isinstance(habit.schedule, Every):
            moments = sorted(sent(decision) for decision in decisions if decision.habit == habit.id)
            half = habit.schedule.interval / 2
            assert all(b - a >= half for a, b in pairwise(moments))


@settings(CALM, max_examples=60)
@given(lives(), zones, days, st.integers(1, 5))
def test_splitting_a_range_does_not_change_the_plan(who: Person, zone: ZoneInfo, day: date, split: int) -> None:
    start = as_instant(day_span(zone, day).opens)
    middle = as_instant(day_span(zone, day + timedelta(days=split)).opens)
    whole = list(forecast(who, zone, start, 6, Facts()))
    parts = [*forecast(who, zone, start, split, Facts()), *forecast(who, zone, middle, 6 - split, Facts())]
    assert {d.occurrence_id: d for d in whole} == {d.occurrence_id: d for d in parts}


@settings(CALM, max_examples=60)
@given(lives(), zones, days, st.sampled_from([Anchor.CLOCK, Anchor.ANSWER]), st.integers(1, 10**7))
def test_any_interval_comes_to_an_end(who: Person, zone: ZoneInfo, day: date, anchor: Anchor, count: int) -> None:
    habit = Habit(id="odd", schedule=Every(interval=timedelta(seconds=59 + count), anchor=anchor), built_in=False)
    found = agenda(person(habit, awake=who.awake, work=who.work), zone, day)
    assert len(found) <= 25 * 60


# -- a day lived through ----------------------------------------------------------------------------------------------


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
            diary.breaks = (*diary.breaks, now)
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
