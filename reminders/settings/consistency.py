"""What can be wrong between keys: references, codes, habits as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import phrase, say
from reminders.settings.calendar_block import check_calendars
from reminders.settings.channel_check import check_channels
from reminders.settings.fields import NONE
from reminders.settings.follow_up_block import FollowUpBlock
from reminders.settings.habit_block import HabitBlock, HabitsBlock
from reminders.settings.habit_check import check_blocks, check_habit, check_references
from reminders.settings.habit_layers import layered_habits
from reminders.settings.layers import PersonLayers, people_of
from reminders.settings.mistakes import FOUND, Finding, Path, did_you_mean, kin
from reminders.settings.person_block import ProfileBlock
from reminders.settings.schema import Configuration
from reminders.settings.web_block import check_web
from reminders.settings.yaml_source import HABITS_AT_MOST

_MAY_BE_NONE = ("conditions", "medicines")  # questions to which that is an answer; the others have a list without any


def inconsistencies(
    configuration: Configuration, channels: Collection[str], channels_line: int | None
) -> Iterator[Finding]:
    """Find every error between keys.

    ``channels`` are the names defined, those in error included; none at all = they could not be read, and names of
    channels are not looked at.
    """
    if configuration.me is not None and configuration.people:
        hint = say("keep people, and move the keys of me into a block there")
        yield Finding(path=("me",), message=say('"me" and "people" both say who is served'), hint=hint, at_key=True)
    yield from check_channels(configuration.channels or {})
    yield from check_calendars(("calendars",), configuration.calendars or {})
    yield from check_web(configuration.web)
    people = tuple(people_of(configuration))
    if channels:
        yield from check_references(_references(configuration, people), channels, channels_line)
    yield from check_blocks(("habits",), configuration.habits)
    total = sum(len(list(layered_habits(person.habits))) for person in people)
    if total > HABITS_AT_MOST:
        message = say("{count} habits are on the list of all people together", count=total)
        allowed = say("at most {most}", most=HABITS_AT_MOST)
        yield Finding(path=("people",), message=message, allowed=allowed, at_key=True)
    for person in people:
        yield from _check_person(person)


def _check_person(person: PersonLayers) -> Iterator[Finding]:
    if person.own is not None:
        yield from check_blocks((*person.path, "habits"), person.own.habits)
        yield from check_calendars((*person.path, "calendars"), person.own.calendars or {})
    yield from _check_profile((*person.path, "profile"), person.about.profile)
    for habit in layered_habits(person.habits):
        if not habit.is_off:
            yield from check_habit(habit)


def _check_profile(path: Path, profile: ProfileBlock | None) -> Iterator[Finding]:
    content = load_content()
    questions = {
        "diet": (phrase("{found} is not a diet that is known here"), content.diets),
        "allergies": (phrase("{found} is not an allergy that is known here"), content.allergies),
        "conditions": (phrase("{found} is not a condition that is known here"), content.condition_codes),
        "medicines": (phrase("{found} is not a medicine that is known here"), content.medicine_codes),
        "avoid": (phrase("{found} is not a move to avoid that is known here"), content.avoid_codes),
    }
    for key, (refusal, codes) in questions.items() if profile is not None else ():
        for index, code in enumerate(getattr(profile, key) or ()):
            if code not in codes:
                hint = did_you_mean(code, codes) or kin(code, codes)
                listed = [*((NONE,) if key in _MAY_BE_NONE else ()), *sorted(codes)]
                allowed = ", ".join(listed) if hint is None else None  # dozens, where one is meant
                message = say(refusal, found=FOUND)
                yield Finding(path=(*path, key), message=message, found=code, allowed=allowed, hint=hint, index=index)


def _references(
    configuration: Configuration, people: tuple[PersonLayers, ...]
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    blocks: list[tuple[Path, object]] = [((), configuration)]
    blocks += [(person.path, person.own) for person in people if person.own is not None]
    for path, block in tuple(blocks):
        blocks += _habit_blocks((*path, "habits"), getattr(block, "habits", None))
    for path, block in blocks:
        for key in ("send_to", "fallback"):
            names = getattr(block, key)
            if names is not None:
                yield (*path, key), names
        follow_up = getattr(block, "follow_up", None)
        if isinstance(follow_up, FollowUpBlock) and follow_up.to is not None:
            yield (*path, "follow_up", "to"), follow_up.to


def _habit_blocks(path: Path, habits: HabitsBlock | None) -> list[tuple[Path, object]]:
    entries = habits.entries() if habits is not None else {}
    return [((*path, name), entry) for name, entry in entries.items() if isinstance(entry, HabitBlock)]
