"""What holds for every person, zone and day: planning's promises, tried on generated lives."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reminders.domain.decision import Decision, Send
from reminders.domain.facts import Facts
from reminders.domain.habit import Habit
from reminders.domain.person import Person
from reminders.domain.schedule import (
    Anchor,
    At,
    Every,
    LocalRange,
    Times,
    Within,
    WithinKind,
)
from reminders.planning.agenda import agenda
from reminders.planning.forecast import forecast
from reminders.planning.recurrence import day_span, slots, spans_of
from reminders.planning.wall_time import as_instant, as_seconds, exists, local_date
from tests.planning.people import nudges, person
from tests.properties.lives import (
    CALM,
    INTERVALS,
    ZONES,
    asks_per_nudge,
    days,
    lives,
    sends,
    sent,
    wall_times,
    zones,
)


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
