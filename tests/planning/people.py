"""People, habits and moments to plan with: the default day of the shipped file, and anything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.context import RealBreak
from reminders.domain.decision import Decision, Defer, Send
from reminders.domain.facts import Facts
from reminders.domain.habit import CatchUp, Habit
from reminders.domain.pause import Pause
from reminders.domain.person import DailyIntake, Limits, Person, TrainingSession, WorkHours
from reminders.domain.schedule import (
    AfterTraining,
    Anchor,
    At,
    BeforeTraining,
    Cron,
    Every,
    LocalRange,
    Times,
    Within,
    WithinKind,
)
from reminders.planning.agenda import agenda
from reminders.planning.wall_time import as_seconds

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 11, 24)
WORKDAYS = frozenset(range(5))
INTAKE = DailyIntake(drinks_ml=1600, calcium_mg=950, potassium_mg=3500, authority="efsa")
GYM = TrainingSession(name="Gym", days=frozenset({1, 3}), at=time(18, 30), lasts=timedelta(hours=1))
NO_LIMITS = Limits(per_day=10_000, gap=timedelta(0), merge=timedelta(0))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def span(text: str) -> LocalRange:
    """Read ``HH:MM-HH:MM``; an end that is not after the start is the next day's."""
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return LocalRange(start_minute=start, end_minute=end if end > start else end + 1440)


def within(*texts: str) -> Within:
    return Within(kind=WithinKind.RANGES, ranges=tuple(span(text) for text in texts))


AT_WORK = Within(kind=WithinKind.WORK)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def at(name: str, *times: str, **more: object) -> Habit:
    return habit(name, At(times=tuple(clock(text) for text in times)), **more)


def every(name: str, interval: timedelta, anchor: Anchor = Anchor.CLOCK, **more: object) -> Habit:
    return habit(name, Every(interval=interval, anchor=anchor), **more)


def times(name: str, count: int, **more: object) -> Habit:
    return habit(name, Times(count=count), **more)


def cron(name: str, expression: str, **more: object) -> Habit:
    return habit(name, Cron(expression=expression), **more)


def habit(name: str, schedule: object, **more: object) -> Habit:
    return Habit(id=name, schedule=schedule, **{"built_in": False, **more})  # type: ignore[arg-type]


def hydration(interval: timedelta = timedelta(hours=2), goal_ml: int | None = 1600) -> Habit:
    return every("hydration", interval, built_in=True, goal_ml=goal_ml, quiet_before_sleep=hours(2))


def movement(interval: timedelta = timedelta(hours=1)) -> Habit:
    return every("movement", interval, Anchor.ANSWER, built_in=True, within=AT_WORK, catch_up=CatchUp.SKIP)


def warm_up(lead: timedelta = timedelta(minutes=10)) -> Habit:
    return habit("warm_up", BeforeTraining(lead=lead), built_in=True, catch_up=CatchUp.NONE_AFTER_EVENT)


def cool_down(lag: timedelta = timedelta(0)) -> Habit:
    return habit("cool_down", AfterTraining(lag=lag), built_in=True, life_limit=minutes(30))


def meal(name: str, *when: str) -> Habit:
    return at(name, *when, built_in=True, life_limit=minutes(90))


def default_habits() -> tuple[Habit, ...]:
    return (
        hydration(),
        movement(),
        warm_up(),
        cool_down(),
        meal("calcium_meal", "07:45"),
        meal("potassium_meal", "12:15"),
    )


def person(*habits: Habit, **more: object) -> Person:
    """Return a person of the shipped file's hours without training; no habits = none, see ``alex``."""
    fields: dict[str, object] = {
        "id": "me",
        "name": "me",
        "zone": "Europe/Berlin",
        "awake": span("07:00-22:30"),
        "work": WorkHours(ranges=(span("09:00-17:30"),), days=WORKDAYS),
        "intake": INTAKE,
        "habits": habits,
    }
    return Person(**{**fields, **more})  # type: ignore[arg-type]


def alex(**more: object) -> Person:
    """Return the person of the shipped file."""
    return person(*default_habits(), **{"training": (GYM,), **more})


def always_on(*habits: Habit, **more: object) -> Person:
    """Return a person who never sleeps and has no limits, to look at schedules alone."""
    hours_of_work = WorkHours(ranges=(span("09:00-17:30"),), days=WORKDAYS)
    return person(*habits, **{"awake": span("00:00-24:00"), "limits": NO_LIMITS, "work": hours_of_work, **more})


def limits(per_day: int = 12, gap: float = 30, merge: float = 30) -> Limits:
    return Limits(per_day=per_day, gap=minutes(gap), merge=minutes(merge))


def moment(text: str, day: date = TUESDAY, zone: ZoneInfo = BERLIN) -> datetime:
    """Return the instant of a wall time of the day (the first pass of one that comes twice)."""
    return datetime.combine(day, clock(text), zone).astimezone(UTC)


def pause(start: str, end: str, habit: str | None = None, day: date = TUESDAY) -> Pause:
    starts_at, ends_at = moment(start, day), moment(end, day)
    return Pause(id=1, person="me", habit=habit, starts_at=starts_at, ends_at=ends_at, author="me", reason="meeting")


def break_until(end: str, start: str | None = None, day: date = TUESDAY) -> RealBreak:
    """Return a real break that ended at a wall time; it took ten minutes unless told otherwise."""
    ended = moment(end, day)
    return RealBreak(started=ended - minutes(10) if start is None else moment(start, day), ended=ended)


def quiet(who: Person, *texts: str) -> Person:
    return replace(who, quiet=tuple(span(text) for text in texts))


def wall(instant: datetime, zone: ZoneInfo = BERLIN) -> str:
    return f"{instant.astimezone(zone):%H:%M}"


def told(decision: Decision, zone: ZoneInfo = BERLIN) -> str:
    """Write a decision as ``HH:MM habit -> HH:MM`` or ``HH:MM habit: reason``, with the amount asked for."""
    verdict = decision.verdict
    head = f"{wall(decision.due_at, zone)} {decision.habit}"
    if isinstance(verdict, Send):
        amount = "" if verdict.amount_ml is None else f" {verdict.amount_ml} ml"
        return f"{head} -> {wall(verdict.at, zone)}{amount}"
    return f"{head}: until {wall(verdict.until, zone)}" if isinstance(verdict, Defer) else f"{head}: {verdict.reason}"


def story(
    who: Person,
    day: date = TUESDAY,
    facts: Facts | None = None,
    now: datetime | None = None,
    since: datetime | None = None,
    zone: ZoneInfo = BERLIN,
) -> list[str]:
    """Return the day's decisions as lines."""
    bounds = [None if instant is None else as_seconds(instant) for instant in (now, since)]
    return [told(decision, zone) for decision in agenda(who, zone, day, facts, *bounds)]


def nudges(decisions: Iterable[Decision]) -> dict[str, datetime]:
    """Return when each nudge among the decisions leaves."""
    return {d.verdict.nudge_id: d.verdict.at for d in decisions if isinstance(d.verdict, Send)}
