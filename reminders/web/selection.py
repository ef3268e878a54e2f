"""Which person and which habit a request means; what is not found is refused with what there is."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from reminders.domain.habit import Habit
from reminders.domain.household import Household
from reminders.domain.person import Person


def person_of(household: Household, name: str | None) -> Person:
    """Return the one person meant; None = the only one there is. Raises HTTPException 404 or 422."""
    if name is None and len(household.people) == 1:
        return household.people[0]
    if name is None:
        raise HTTPException(422, f'it is not clear who is meant: add "person"; there are: {_names(household)}')
    person = household.person(name)
    if person is None:
        raise HTTPException(404, f"nobody here has that name; there are: {_names(household)}")
    return person


def people_of(household: Household, name: str | None) -> tuple[Person, ...]:
    """Return the people to show: the one named, or everyone. Raises HTTPException 404."""
    return household.people if name is None else (person_of(household, name),)


def shows_health(household: Household, name: str | None) -> bool:
    """Tell whether what concerns health may be shown: only to the one person it concerns."""
    return name is not None or len(household.people) == 1


def habit_of(person: Person, name: str) -> Habit:
    """Return the person's habit. Raises HTTPException 404."""
    habit = person.habit(name)
    if habit is None:
        there_are = ", ".join(one.id for one in person.habits) or "none"
        raise HTTPException(404, f"they have no such habit; there are: {there_are}")
    return habit


def _names(household: Household) -> str:
    return ", ".join(person.id for person in household.people)
