"""Warnings with arithmetic, computed by the planner itself on a week that stands for all weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.errors import Severity
from reminders.domain.habit import Habit
from reminders.domain.household import Household
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.domain.schedule import MINUTES_PER_DAY, AfterTraining, At, BeforeTraining, LocalRange, WithinKind
from reminders.planning.agenda import agenda
from reminders.settings.habit_layers import LayeredHabit, layered_habits
from reminders.settings.layers import PersonLayers, people_of
from reminders.settings.mistakes import Finding
from reminders.settings.schema import Configuration

# any week does; one without a change of clocks anywhere that anyone lives
_MONDAY = date(2024, 6, 3)
# nobody reads so many warnings, and planning them all would keep the reader waiting
_PLANNED_AT_MOST = 24
_LIMITS = {Reason.DAILY_LIMIT: "per_day", Reason.GAP: "gap"}


def advice(configuration: Configuration, household: Household) -> Iterator[Finding]:
    """Find what works and is probably not meant; the configuration must be without errors."""
    for layers in people_of(configuration):
        person = household.person(layers.id)
        if person is not None:
            habits = {habit.id: habit for habit in layered_habits(layers.habits)}
            yield from _about_person(layers, person)
            for habit in person.habits:
                yield from _about_habit(habits[habit.id], habit, person)
                yield from _about_fallback(layers, habits[habit.id], habit)
            if layers.lists_habits:
                yield from _about_training(habits, person)
            yield from _about_week(layers, habits, person)


def _warning(path: tuple[str | int, ...], message: str, hint: str | None = None) -> Finding:
    return Finding(path=path, message=message, hint=hint, severity=Severity.WARNING)


def _about_person(layers: PersonLayers, person: Person) -> Iterator[Finding]:
    if not _minutes(person.awake) - set().union(*map(_minutes, person.quiet)):
        yield _warning((*layers.path, "quiet"), f"quiet covers all of awake {person.awake}: nothing would be sent")
    if not person.habits:
        yield _warning(layers.habits[-1][0], "no habit is on: nothing would be sent")


def _about_habit(layered: LayeredHabit, habit: Habit, person: Person) -> Iterator[Finding]:
    awake = _minutes(person.awake)
    times = habit.schedule.times if isinstance(habit.schedule, At) else ()
    for time in times:
        if time.hour * 60 + time.minute not in awake:
            path = layered.paths.get("at", layered.path)
            yield _warning(path, f"{habit.id} {time:%H:%M} is outside awake {person.awake}: it would never be sent")
    window = set().union(*map(_minutes, _window(habit, person)))
    if not window & awake:
        path = layered.paths.get("within", layered.path)
        yield _warning(path, f"{habit.id}: its window never meets awake {person.awake}: it would never be sent")


def _about_fallback(layers: PersonLayers, layered: LayeredHabit, habit: Habit) -> Iterator[Finding]:
    shared = layers.names("fallback")
    path = layered.paths.get("fallback") or (shared[0] if shared is not None else None)
    if path is not None and habit.fallback and set(habit.fallback) <= set(habit.send_to):
        hint = "send_to left out is every channel" if layers.names("send_to") is None else None
        yield _warning(path, "every fallback is in send_to already", hint)


def _about_training(habits: dict[str, LayeredHabit], person: Person) -> Iterator[Finding]:
    for habit in person.habits if not person.training else ():
        if isinstance(habit.schedule, BeforeTraining | AfterTraining):
            yield _warning(habits[habit.id].path, f"{habit.id} waits for training, and none is listed")


def _about_week(layers: PersonLayers, habits: dict[str, LayeredHabit], person: Person) -> Iterator[Finding]:
    if len(person.habits) > _PLANNED_AT_MOST:
        return
    whole = replace(person, habits=tuple(replace(one, first_date=None, last_date=None) for one in person.habits))
    zone = ZoneInfo(person.zone or "UTC")
    days = [agenda(whole, zone, _MONDAY + timedelta(days=offset)) for offset in range(7)]
    for habit in person.habits:
        mine = [[one for one in day if one.habit == habit.id] for day in days]
        busiest = max(mine, key=len)
        if habit.unsafe is None and busiest:
            yield from _about_day(layers, habits[habit.id], busiest)


def _about_day(layers: PersonLayers, habit: LayeredHabit, day: list[Decision]) -> Iterator[Finding]:
    sent = sum(isinstance(one.verdict, Send) for one in day)
    reasons = [one.verdict.reason for one in day if isinstance(one.verdict, Suppress)]
    limits = [_LIMITS[reason] for reason in reasons if reason in _LIMITS]
    if limits and sent * 2 <= len(day):
        limit = max(limits, key=limits.count)
        message = f"{habit.id}: {len(day)} due a day, {sent} would be sent: limits.{limit}"
        yield _warning(layers.limit_path(limit) or habit.path, message)


def _window(habit: Habit, person: Person) -> tuple[LocalRange, ...]:
    if habit.within.kind is WithinKind.AWAKE:
        return (person.awake,)
    return person.work.ranges if habit.within.kind is WithinKind.WORK else habit.within.ranges


def _minutes(range_: LocalRange) -> set[int]:
    return {minute % MINUTES_PER_DAY for minute in range(range_.start_minute, range_.end_minute)}
