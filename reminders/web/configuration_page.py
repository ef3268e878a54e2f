"""The page of the configuration: what the service was told, as it understood it, and what is wrong with the file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from reminders.domain.errors import Problem, Severity
from reminders.domain.habit import Habit
from reminders.domain.person import Person
from reminders.planning.water_words import litres
from reminders.planning.wording_of_time import length, when
from reminders.web.channel_words import kind_words
from reminders.web.habit_name import name_of
from reminders.web.house import House
from reminders.web.notices import Notices
from reminders.web.schedule_words import day_words, limit_words, ranges_words, schedule_words, training_words
from reminders.web.templating import render
from reminders.web.today import safety_notes
from reminders.web.visit import frame, record_of, visit_of

STARTER = "the built-in starter, because no file was found"


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitRow:
    """One habit in words."""

    name: str
    schedule: str
    further: str
    send_to: str
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
    found = await record_of(request).aside(house.problems)
    problems = [_masked(one) for one in found] if len(household.people) > 1 else found
    service = house.service()
    zone = house.zone_of(household.people[0]) if visit is None else visit.zone
    return render(
        request,
        "configuration.html",
        **frame(request, house, visit, notices, page="/configuration"),
        source=household.source or STARTER,
        loaded=when(service.loaded_at or service.started_at, zone, house.now()),
        refused=service.refused,
        errors=[one for one in problems if one.severity is Severity.ERROR],
        warnings=[one for one in problems if one.severity is Severity.WARNING],
        place_of=place_of,
        blocks=[_block(person, house, is_own=person.id == shown_to) for person in household.people],
        channels=[(spec.name, kind_words(spec)) for spec in household.channels],
        this_day=None if visit is None else visit.address("/"),
    )


def _masked(problem: Problem) -> Problem:
    """Return a problem without what it says about somebody's health answers, which others might read here."""
    if "profile" not in problem.key.split("."):
        return problem
    message = "something in it cannot be used; reminders check tells what"
    return replace(problem, message=message, allowed=None, hint=None)


def place_of(problem: Problem) -> str:
    """Return where a problem stands: ``line 14, column 5``; "" = not in a file."""
    if problem.line is None:
        return ""
    return f"line {problem.line}" + (f", column {problem.column}" if problem.column is not None else "")


def _block(person: Person, house: House, *, is_own: bool) -> PersonBlock:
    return PersonBlock(
        name=person.name,
        facts=tuple(_facts(person, house)),
        habits=tuple(_habit(habit, is_own=is_own) for habit in person.habits),
        off=", ".join(name_of(habit) for habit in person.off_habits),
        safety=tuple(safety_notes(person)) if is_own else (),
    )


def _facts(person: Person, house: House) -> list[tuple[str, str]]:
    zone = person.zone or f"{house.zone_of(person)}, that of this machine"
    facts = [("Time zone", zone), ("Awake", ranges_words([person.awake]))]
    if person.quiet:
        facts.append(("Quiet", ranges_words(person.quiet)))
    facts.append(("Work", f"{ranges_words(person.work.ranges)}, {day_words(person.work.days)}"))
    facts += [("Training", words) for words in training_words(person)]
    if person.digest is not None:
        facts.append(("Week summed up", f"{day_words([person.digest.weekday])} at {person.digest.at:%H:%M}"))
    return [*facts, ("Limits", "; ".join(limit_words(person)))]


def _habit(habit: Habit, *, is_own: bool) -> HabitRow:
    further = []
    if habit.goal_ml is not None and is_own:  # the goal follows from health answers
        further.append(f"goal {litres(habit.goal_ml)} L a day")
    further.append(f"snooze {length(habit.snooze)}")
    if habit.follow_up is not None:
        further.append(f"asked again after {length(habit.follow_up.after)}, {habit.follow_up.times} at most")
    if habit.fallback:
        further.append(f"else {', '.join(habit.fallback)}")
    return HabitRow(
        name=name_of(habit.id),
        schedule=schedule_words(habit),
        further="; ".join(further),
        send_to=", ".join(habit.send_to),
        is_off=habit.unsafe is not None and is_own,
    )
