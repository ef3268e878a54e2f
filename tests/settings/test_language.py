"""What a file may say about the language of the nudges."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reminders.domain.household import Household
from reminders.settings.compiled import household_from_json, household_to_json
from reminders.settings.reading import Reading

AsHousehold = Callable[..., Household]
Read = Callable[..., Reading]


def test_english_is_spoken_unless_the_file_says_otherwise(household: AsHousehold) -> None:
    assert [person.language for person in household("me: {}\n").people] == ["en"]
    assert [person.language for person in household("language:\nme: {}\n").people] == ["en"]


def test_everybody_is_spoken_to_in_the_language_of_the_file_unless_their_block_has_its_own(
    household: AsHousehold,
) -> None:
    found = household("language: de\npeople:\n  alex: {}\n  sam: {language: en}\n")
    assert {person.id: person.language for person in found.people} == {"alex": "de", "sam": "en"}
    assert household_from_json(household_to_json(found)) == found


def test_the_environment_may_choose_the_language(household: AsHousehold) -> None:
    assert household("me: {}\n", {"REMINDERS_LANGUAGE": "de"}).people[0].language == "de"


def test_why_a_habit_stays_off_is_put_down_in_english_whatever_the_persons_language(household: AsHousehold) -> None:
    (person,) = household("language: de\nhabits: {potassium_meal: }\n").people
    (habit,) = person.habits
    assert habit.unsafe is not None
    assert habit.unsafe.startswith("potassium ideas stay off until both health questions are answered")
    assert "me.profile.conditions" in habit.unsafe


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("German", 'did you mean "de"?'),
        ("deutsch", 'did you mean "de"?'),
        ("de-AT", 'did you mean "de"?'),
        ("de_CH.UTF-8", 'did you mean "de"?'),
        ("EN", 'did you mean "en"?'),
        ("dee", 'did you mean "de"?'),
        ("tlh", None),
        ("x" * 200, None),
        ("49", None),
        ("[de]", None),
    ],
)
def test_a_language_without_texts_is_refused_with_those_there_are(read: Read, written: str, hint: str | None) -> None:
    (problem,) = read(f"language: {written}\n").problems
    assert (problem.line, problem.column, problem.key) == (1, 11, "language")
    assert problem.message.endswith("is not a language that there are texts in")
    assert (problem.allowed, problem.hint) == ("de, en", hint)
