"""The page of the configuration: what the service was told, as it understood it, and what is wrong with the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from reminders.catalogue.phrases import phrase, say
from reminders.domain.errors import Problem, Severity
from reminders.domain.habit import FollowUp, Habit
from reminders.domain.person import Person
from reminders.planning.water_words import litres
from reminders.planning.wording_of_time import WEEKDAYS_IN_SHORT, length, when
from reminders.web.channel_words import kind_words
from reminders.web.habit_name import name_of, read_names
from reminders.web.house import House
from reminders.web.notices import Notices
from reminders.web.schedule_words import day_words, limit_words, ranges_words, schedule_words, training_words
from reminders.web.templating import render
from reminders.web.today import safety_notes
from reminders.web.visit import frame, record_of, visit_of

STARTER = phrase("the built-in starter, because no file was found")


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitRow:
    """One habit in words; ``says`` None = texts from the catalogue, or somebody else's own words."""

    name: str
    schedule: str
    further: str
    says: str | None
    is_off: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonBlock:
    """One person, without their health answers; ``safety`` holds notes for that person alone, empty for others."""

    name: str
    facts: tuple[tuple[str, str], ...]
    habits: tuple[HabitRow, ...]
    off: str
    safety: tuple[tuple[str, str], ...]


async def configuration(request: Request, house: House, notices: Notices) -> Response:
    """Show the configuration in force, and the problems of the file as it is now."""
    household = house.household()
    named = request.query_params.get("person")
    visit = visit_of(house, named)
    shown_to = None if visit is None else visit.person.id
    found = await record_of(request).aside(lambda: _problems(house))
    problems = [_masked(one) for one in found] if len(household.people) > 1 else found
    service = house.service()
    zone = house.zone_of(household.people[0]) if visit is None else visit.zone
    return render(
        request,
        "configuration.html",
        **frame(request, house, visit, notices, page="/configuration"),
        source=household.source or say(STARTER),
        loaded=when(service.loaded_at or service.started_at, zone, house.now()),
        refused=service.refused,
        errors=[one for one in problems if one.severity is Severity.ERROR],
        warnings=[one for one in problems if one.severity is Severity.WARNING],
        place_of=place_of,
        blocks=[_block(person, house, is_own=person.id == shown_to) for person in household.people],
        channels=[(spec.name, kind_words(spec)) for spec in household.channels],
        this_day=None if visit is None else visit.address("/"),
    )


def _problems(house: House) -> tuple[Problem, ...]:
    read_names()
    return house.problems()


def _masked(problem: Problem) -> Problem:
    """Return a problem without what it says about somebody's health answers, which others might read here."""
    if "profile" not in problem.key.split("."):
        return problem
    message = say("something in it cannot be used; reminders check tells what")
    return replace(problem, message=message, allowed=None, hint=None)


def place_of(problem: Problem) -> str:
    """Return where a problem stands: ``line 14, column 5``; "" = not in a file."""
    if problem.line is None:
        return ""
    if problem.column is None:
        return say("line {line}", line=problem.line)
    return say("line {line}, column {column}", line=problem.line, column=problem.column)


def _block(person: Person, house: House, *, is_own: bool) -> PersonBlock:
    return PersonBlock(
        name=person.name,
        facts=tuple(_facts(person, house)),
        habits=tuple(_habit(habit, is_own=is_own) for habit in person.habits),
        off=", ".join(name_of(habit) for habit in person.off_habits),
        safety=tuple(safety_notes(person)) if is_own else (),
    )


def _facts(person: Person, house: House) -> list[tuple[str, str]]:
    zone = person.zone or say("{zone}, that of this machine", zone=house.zone_of(person))
    facts = [(say("Time zone"), zone), (say("Awake"), ranges_words([person.awake]))]
    if person.quiet:
        facts.append((say("Quiet"), ranges_words(person.quiet)))
    facts.append((say("Work"), f"{ranges_words(person.work.ranges)}, {day_words(person.work.days)}"))
    facts += [(say("Training"), words) for words in training_words(person)]
    if person.digest is not None:
        day, time = say(WEEKDAYS_IN_SHORT[person.digest.weekday]), f"{person.digest.at:%H:%M}"
        facts.append((say("Week summed up"), say("{day} at {time}", day=day, time=time)))
    return [*facts, (say("Limits"), "; ".join(limit_words(person)))]


def _habit(habit: Habit, *, is_own: bool) -> HabitRow:
    return HabitRow(
        name=name_of(habit.id),
        schedule=schedule_words(habit),
        further="; ".join(_further(habit, is_own=is_own)),
        says=habit.say if is_own else None,
        is_off=habit.unsafe is not None and is_own,
    )


def _further(habit: Habit, *, is_own: bool) -> Iterator[str]:
    yield say("to {channels}", channels=", ".join(habit.send_to)) if habit.send_to else say("to no channel")
    if habit.goal_ml is not None and is_own:  # the goal follows from health answers
        yield say("goal {litres} L a day", litres=litres(habit.goal_ml))
    yield say("snooze {length}", length=length(habit.snooze))
    if habit.expire_after is not None:
        yield say("lapses after {length}", length=length(habit.expire_after))
    if habit.follow_up is not None:
        yield _follow_up_words(habit.follow_up)
    if habit.fallback:
        yield say("else {channels}", channels=", ".join(habit.fallback))


def _follow_up_words(follow_up: FollowUp) -> str:
    after, times, to = length(follow_up.after), follow_up.times, ", ".join(follow_up.to)
    if to:
        return say("asked again after {length} on {channels}, {times} at most", length=after, channels=to, times=times)
    return say("asked again after {length}, {times} at most", length=after, times=times)
