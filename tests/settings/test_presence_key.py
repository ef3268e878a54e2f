"""Holds: the desk is looked at unless the file says off, by a word or by the environment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reminders.domain.household import Household
from reminders.settings.fields import parse_switch
from reminders.settings.mistakes import Mistake

AsHousehold = Callable[[str], Household]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("me: {}\n", True),
        ("presence: on\n", True),
        ("presence:\n", True),
        ("presence: off\n", False),
        ("presence: false\n", False),
    ],
)
def test_the_desk_is_looked_at_unless_the_file_says_off(
    household: AsHousehold,
    text: str,
    expected: bool,  # noqa: FBT001
) -> None:
    assert household(text).presence is expected


@pytest.mark.parametrize(("value", "hint"), [("no", "off"), ("yes", "on"), ("No", "off"), (1, None), ("maybe", None)])
def test_what_is_neither_on_nor_off_is_refused_with_the_word_that_was_meant(value: object, hint: str | None) -> None:
    with pytest.raises(Mistake) as refused:
        parse_switch(value)
    assert refused.value.allowed == "on, off"
    assert refused.value.hint == (hint and f'did you mean "{hint}"?')


def test_a_desktop_is_somebodys_when_one_person_alone_uses_it(household: AsHousehold) -> None:
    channels = "channels: {desk: 'desktop://', phone: 'ntfys://topic'}\n"
    two = channels + "people:\n  alex: {}\n  sam: {%s}\nhabits: {movement: }\n"
    alone = household(two % "send_to: [phone]")
    assert alone.at_the_desk is alone.person("alex")
    assert alone.desktops_of(alone.people[0]) == {"desk"}
    assert household(two % "").at_the_desk is None
    assert household("channels: {here: 'console://'}\n").at_the_desk is None
    assert household("me: {}\n").at_the_desk is not None


def test_the_built_in_breaks_have_a_length_and_nothing_else_has(household: AsHousehold) -> None:
    person = household("habits: {movement: , eyes: , hydration: , look_out: {every: 1h, say: Look out}}\n").people[0]
    lengths = {habit.id: habit.break_length for habit in person.habits}
    assert {name: length and length.total_seconds() / 60 for name, length in lengths.items()} == {
        "hydration": None,
        "movement": 5,
        "eyes": 2,
        "look_out": None,
    }
