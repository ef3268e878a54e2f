"""REMINDERS_WEB__PORT goes before the file; what is wrong with a variable is told by its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reminders.domain.household import Household
from reminders.domain.web import WebSpec
from reminders.settings.reading import Reading

FILE = "channels: {desktop: desktop://}\nweb: {port: 9000}\nhabits: {hydration: {every: 2h}, movement: }\n"
Read = Callable[..., Reading]


def test_the_environment_goes_before_the_file(household: Callable[..., Household]) -> None:
    found = household(FILE, {"REMINDERS_WEB__PORT": "9001", "REMINDERS_TIMEZONE": "Europe/Berlin"})
    assert found.web == WebSpec(port=9001)
    assert found.people[0].zone == "Europe/Berlin"


def test_a_variable_may_set_a_whole_block_or_one_key_of_it(household: Callable[..., Household]) -> None:
    found = household(FILE, {"REMINDERS_WEB": "off", "REMINDERS_HABITS__MOVEMENT": "off", "REMINDERS_ME__NAME": "Kim"})
    assert found.web is None
    assert found.people[0].off_habits == ("movement",)
    assert found.people[0].name == "Kim"


def test_a_text_of_digits_is_a_text(household: Callable[..., Household]) -> None:
    assert household(FILE, {"REMINDERS_ME__NAME": "007"}).people[0].name == "007"


def test_an_empty_variable_counts_as_not_set(household: Callable[..., Household]) -> None:
    assert household(FILE, {"REMINDERS_WEB__PORT": ""}).web == WebSpec(port=9000)


@pytest.mark.parametrize(
    "name", ["REMINDERS_CONFIG", "REMINDERS_DATA_DIR", "REMINDERS_TEST_LONG", "HOME", "REMINDER_X"]
)
def test_variables_that_are_no_settings_are_left_alone(household: Callable[..., Household], name: str) -> None:
    assert household(FILE, {name: "1"}) == household(FILE)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("REMINDERS_WEB__PROT", "1", 'unknown key "prot"'),
        ("REMINDERS_CHANELS", "1", 'unknown key "chanels"'),
        ("REMINDERS_WEB__PORT", "many", '"many" is not a whole number'),
        ("REMINDERS_WEB__PORT__X", "1", "is not a whole number"),
        ("REMINDERS_TRAINING__0__AT", "08:00", "a block of keys is not a list"),
        ("REMINDERS_", "1", 'unknown key ""'),
        ("REMINDERS_" + "A__" * 2000, "1", "no key lies so deep"),
    ],
)
def test_a_wrong_variable_is_named(read: Read, variable: str, value: str, words: str) -> None:
    reading = read(FILE, {variable: value})
    assert reading.household is None
    (problem,) = reading.problems
    assert (problem.file, problem.line, problem.key) == ("environment", None, variable)
    assert words in problem.message


def test_two_variables_that_exclude_each_other_are_a_problem(read: Read) -> None:
    reading = read(FILE, {"REMINDERS_WEB": "off", "REMINDERS_WEB__PORT": "9001"})
    assert [problem.key for problem in reading.problems] == ["REMINDERS_WEB__PORT"]


def test_a_variable_the_file_asks_for_is_no_setting(household: Callable[..., Household]) -> None:
    text = FILE + "me: {name: '${REMINDERS_NTFY_TOPIC}'}\n"
    assert household(text, {"REMINDERS_NTFY_TOPIC": "Alex"}).people[0].name == "Alex"


def test_the_url_of_a_channel_from_the_environment_is_never_stored(household: Callable[..., Household]) -> None:
    found = household(FILE, {"REMINDERS_CHANNELS__PHONE": "ntfys://token-of-alex"})
    phone = found.channel("phone")
    assert phone is not None
    assert phone.url == "${REMINDERS_CHANNELS__PHONE}"
