"""Generated people, zones and days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from reminders.domain.decision import Decision, Send
from reminders.domain.habit import Habit
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
from tests.planning.people import hours, limits, minutes, person

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
