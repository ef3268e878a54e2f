"""Which person, which habit a command means; what is not found is refused with what there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from reminders.catalogue.phrases import say, say_as
from reminders.cli.refusal import Refusal
from reminders.domain.habit import Habit
from reminders.domain.household import Household
from reminders.domain.person import Person


def person_of(household: Household, name: str | None) -> Person:
    """Return the one person meant; None = the only one there is. Raises Refusal when that is not clear."""
    if name is None and len(household.people) == 1:
        return household.people[0]
    if name is None:
        hint = say("add --person NAME; there are: {people}", people=_names(household))
        raise Refusal(say("it is not clear who is meant"), hint=hint)
    return _named(household, name)


def people_of(household: Household, name: str | None) -> tuple[Person, ...]:
    """Return the people to show: the one named, or everyone."""
    return household.people if name is None else (_named(household, name),)


def shows_health(household: Household, name: str | None) -> bool:
    """Tell whether what concerns health may be shown: only to the one person it concerns."""
    return name is not None or len(household.people) == 1


def _named(household: Household, name: str) -> Person:
    wanted = name.casefold()
    for person in household.people:
        if wanted in (person.id.casefold(), person.name.casefold()):
            return person
    raise Refusal(
        say('unknown person "{name}"; there are: {people}', name=name, people=_names(household)),
        hint=_nearest(name, [person.id for person in household.people]),
    )


def _names(household: Household) -> str:
    return ", ".join(person.id for person in household.people)


def habit_of(person: Person, word: str) -> Habit:
    """Return the person's habit; ``-`` may stand for ``_``. Raises Refusal for one they do not have."""
    wanted = habit_id(word)
    found = person.habit(wanted)
    if found is not None:
        return found
    if wanted in person.off_habits:
        hint = say('take "off" from behind {habit} in the file to have it back', habit=wanted)
        raise Refusal(say('the habit "{habit}" is switched off', habit=wanted), hint=hint)
    raise unknown_habit(word, [habit.id for habit in person.habits])


def unknown_habit(word: str, known: Collection[str]) -> Refusal:
    """Return the refusal of a habit that nobody knows."""
    refused = say('unknown habit "{habit}"; yours: {habits}', habit=word, habits=_listed(known))
    from reminders.cli.habit_meant import habit_meant
    from reminders.settings.mistakes import meant

    near = habit_meant(word, known)
    return Refusal(refused, hint=None if near is None else meant(near))


def unknown_channels(words: Iterable[str], known: Collection[str]) -> Refusal:
    """Return the refusal of channels that the file does not define."""
    missing = tuple(words)
    quoted = ", ".join(f'"{word}"' for word in missing)
    if len(missing) == 1:
        refused = say("unknown channel {channel}; yours: {channels}", channel=quoted, channels=_listed(known))
    else:
        refused = say("unknown channels {unknown}; yours: {channels}", unknown=quoted, channels=_listed(known))
    return Refusal(refused, hint=_nearest(missing[0], known))


def _listed(known: Iterable[str]) -> str:
    return ", ".join(known) or say_as("list", "none")


def habit_id(word: str) -> str:
    """Return the id that a typed name stands for."""
    return word.strip().casefold().replace("-", "_")


def _nearest(word: str, known: Iterable[str]) -> str | None:
    from reminders.settings.mistakes import did_you_mean

    return did_you_mean(word, known)
