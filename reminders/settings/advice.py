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
from reminders.settings.calendar_block import idle_calendars
from reminders.settings.channel_check import idle_keys
from reminders.settings.digest_block import is_inside
from reminders.settings.durations import duration_text
from reminders.settings.habit_layers import LayeredHabit, layered_habits
from reminders.settings.layers import PersonLayers, people_of
from reminders.settings.mistakes import Finding, Path
from reminders.settings.schema import Configuration

# any week does; one without a change of clocks anywhere that anyone lives
_MONDAY = date(2024, 6, 3)
# nobody reads so many warnings, and planning them all would keep the reader waiting
_PLANNED_AT_MOST = 24
_HALF_A_DAY = MINUTES_PER_DAY // 2
_LIMITS = {Reason.DAILY_LIMIT: "per_day", Reason.GAP: "gap"}


def advice(configuration: Configuration, household: Household) -> Iterator[Finding]:
    """Find what works and is probably not meant; the configuration must be without errors."""
    yield from idle_keys(configuration.channels or {})
    yield from idle_calendars(("calendars",), configuration.calendars or {})
    yield from _about_page(household)
    for layers in people_of(configuration):
        person = household.person(layers.id)
        if layers.own is not None:
            yield from idle_calendars((*layers.path, "calendars"), layers.own.calendars or {})
        if person is not None:
            habits = {habit.id: habit for habit in layered_habits(layers.habits)}
            hours = list(_about_hours(layers, person))
            yield from (*hours, *_about_person(layers, person))
            for habit in person.habits:
                yield from _about_habit(habits[habit.id], habit, person)
                yield from _about_fallback(layers, habits[habit.id], habit)
            if layers.lists_habits:
                yield from _about_training(habits, person)
            if not hours:  # sums about hours that nobody meant would lead astray
                yield from _about_week(layers, habits, person)


def _about_page(household: Household) -> Iterator[Finding]:
    web = household.web
    if web is not None and web.elsewhere is not None and web.login_token is None and web.login_token_file is None:
        message = "without a login the page is shut to everybody, this machine included; links and buttons work"
        yield _warning(("web", "public_url"), message, "add web.login_token or web.login_token_file")


def _warning(path: tuple[str | int, ...], message: str, hint: str | None = None) -> Finding:
    return Finding(path=path, message=message, hint=hint, severity=Severity.WARNING)


def _about_person(layers: PersonLayers, person: Person) -> Iterator[Finding]:
    if not _minutes(person.awake) - set().union(*map(_minutes, person.quiet)):
        yield _warning((*layers.path, "quiet"), f"quiet covers all of awake {person.awake}: nothing would be sent")
    if person.digest is not None and not is_inside(person.digest.at, person.awake):
        message = f"digest {person.digest.at:%H:%M} is outside awake {person.awake}: it waits until awake begins"
        yield _warning(layers.digest_path, message)
    if not person.habits:
        yield _warning(layers.habits[-1][0], "no habit is on: nothing would be sent")


def _about_hours(layers: PersonLayers, person: Person) -> Iterator[Finding]:
    """Find hours that run over midnight and make sense the other way round alone."""
    for range_ in (person.awake,) if layers.about.awake is not None else ():
        yield from _turned_round((*layers.path, "awake"), "awake", range_, is_odd=_length(range_) < _HALF_A_DAY)
    for range_ in person.work.ranges:
        yield from _turned_round((*layers.path, "work", "hours"), "work", range_, is_odd=_length(range_) > _HALF_A_DAY)
    for range_ in person.quiet:
        yield from _turned_round((*layers.path, "quiet"), "quiet", range_, is_odd=_length(range_) > _HALF_A_DAY)


def _turned_round(path: Path, name: str, range_: LocalRange, *, is_odd: bool) -> Iterator[Finding]:
    start, _, end = str(range_).partition("-")
    if is_odd and range_.end_minute > MINUTES_PER_DAY:
        long = duration_text(timedelta(minutes=_length(range_)))
        yield _warning(
            path, f"{name} {range_} runs over midnight, {long} long", f"if {end}-{start} was meant, write that"
        )


def _length(range_: LocalRange) -> int:
    return range_.end_minute - range_.start_minute


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
    has_training = person.training or any(calendar.training for calendar in person.calendars)
    for habit in person.habits if not has_training else ():
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
            yield from _about_follow_up(habits[habit.id], habit, [one for day in mine for one in day])


def _about_day(layers: PersonLayers, habit: LayeredHabit, day: list[Decision]) -> Iterator[Finding]:
    sent = sum(isinstance(one.verdict, Send) for one in day)
    reasons = [one.verdict.reason for one in day if isinstance(one.verdict, Suppress)]
    limits = [_LIMITS[reason] for reason in reasons if reason in _LIMITS]
    if limits and sent * 2 <= len(day):
        limit = max(limits, key=limits.count)
        message = f"{habit.id}: {len(day)} due a day, {sent} would be sent: limits.{limit}"
        yield _warning(layers.limit_path(limit) or habit.path, message)


def _about_follow_up(layered: LayeredHabit, habit: Habit, week: list[Decision]) -> Iterator[Finding]:
    again = habit.follow_up
    lives = [one.expires_at - one.verdict.at for one in week if isinstance(one.verdict, Send)]
    if again is None or not lives:
        return
    life = max(lives)
    fitting = sum(again.after * number < life for number in range(1, again.times + 1))
    if fitting < again.times:
        each, total = duration_text(again.after), duration_text(again.after * again.times)
        asked = f"{again.times} follow-ups x {each} = {total}" if again.times > 1 else f"a follow-up waits {each}"
        would = f"{fitting} of {again.times} would come" if fitting else "it would never come"
        message = f"{habit.id}: {asked}, and an ask ends after {duration_text(life)}: {would}"
        is_cut = habit.expire_after is not None and life < habit.expire_after
        mend = "an ask ends where quiet, sleep or its next slot begins: wait less, or ask earlier" if is_cut else None
        path = layered.paths.get("follow_up", layered.path)
        yield _warning(path, message, mend or "wait less, or raise expire_after")


def _window(habit: Habit, person: Person) -> tuple[LocalRange, ...]:
    if habit.within.kind is WithinKind.AWAKE:
        return (person.awake,)
    return person.work.ranges if habit.within.kind is WithinKind.WORK else habit.within.ranges


def _minutes(range_: LocalRange) -> set[int]:
    return {minute % MINUTES_PER_DAY for minute in range(range_.start_minute, range_.end_minute)}
