"""Why a habit is off for safety: told in the language spoken; programs and the record have it in English."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from reminders.cli import main
from reminders.domain.occurrence import Reason
from tests.cli.desk import FILE, NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

IN_ENGLISH = (
    "potassium ideas stay off until both health questions are answered: set me.profile.conditions and "
    "me.profile.medicines, each to none or to a list"
)
IN_GERMAN = (
    "Kalium-Ideen bleiben aus, bis beide Gesundheitsfragen beantwortet sind: Setz me.profile.conditions und "
    "me.profile.medicines jeweils auf none oder auf eine Liste"
)
FROM_RECORD = "water prompts stay off because of an answer in people.kim.profile; keep to what your clinician told you "
FROM_RECORD += 'about drinking, and write "hydration: off" to stop seeing this'
AT_NOON = ("why", "potassium_meal", "--at", "12:15")
COMMANDS = (("status",), ("plan", "--from", "2026-03-24"), AT_NOON, ("why", "potassium_meal", "--at", "14:00"))


def put_down(desk: Desk) -> Desk:
    """Have a habit held back on record, as it was put down in English."""
    desk.hold_back("hydration", NOW - timedelta(hours=3), Reason.UNSAFE, FROM_RECORD)
    return desk


@pytest.fixture
def silent(used_desk_of: Callable[[str], Desk]) -> Desk:
    """Alex, whose file says nothing of a language."""
    return put_down(used_desk_of(FILE))


@pytest.fixture
def german(used_desk_of: Callable[[str], Desk]) -> Desk:
    """Alex, whose file is in German."""
    return put_down(used_desk_of("language: de\n" + FILE))


def at_a_german_terminal(desk: Desk, *words: str) -> Result:
    return CliRunner(env={"LC_ALL": "de_DE.UTF-8"}).invoke(main, [*words, *desk.places])


def hints(result: Result) -> list[str]:
    return [line.strip() for line in result.stdout.splitlines() if line.strip().startswith(("hint: ", "Hinweis: "))]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_german_terminal_is_told_in_german_where_the_file_names_no_language(
    silent: Desk, command: tuple[str, ...]
) -> None:
    told = "\n".join(hints(at_a_german_terminal(silent, *command)))
    assert IN_GERMAN in told
    assert "stay off" not in told


@pytest.mark.parametrize("command", COMMANDS)
def test_an_english_terminal_is_told_in_english(silent: Desk, command: tuple[str, ...]) -> None:
    assert IN_ENGLISH in "\n".join(hints(silent.run(*command)))


@pytest.mark.parametrize("command", [("history",), ("why", "hydration", "--at", "08:20")])
def test_what_was_put_down_in_english_is_told_in_german(german: Desk, command: tuple[str, ...]) -> None:
    told = "\n".join(hints(german.run(*command)))
    assert "Trinkerinnerungen bleiben wegen einer Antwort in people.kim.profile aus; halte dich an das, was" in told
    assert "stay off" not in told


def test_the_checkup_of_a_german_terminal_speaks_no_english_of_it(silent: Desk) -> None:
    told = at_a_german_terminal(silent, "doctor").stdout
    assert "nicht beantwortet, darum bleibt potassium_meal aus" in told
    assert "potassium ideas" not in told


def every_text(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        for one in found.values():
            yield from every_text(one)
    elif isinstance(found, list):
        for one in found:
            yield from every_text(one)
    elif isinstance(found, str):
        yield found


@pytest.mark.parametrize("command", [("status",), AT_NOON, ("history",)])
def test_programs_read_it_in_english_whatever_the_file_and_the_terminal_speak(
    german: Desk, command: tuple[str, ...]
) -> None:
    texts = list(every_text(json.loads(at_a_german_terminal(german, *command, "--json").stdout)))
    assert (FROM_RECORD if command == ("history",) else IN_ENGLISH) in texts
    assert not any("Ideen bleiben aus" in text for text in texts)


def test_the_hint_of_status_for_programs_is_the_english_one(german: Desk) -> None:
    (person,) = german.json("status")["people"]
    assert person["unsafe"] == [{"habit": "potassium_meal", "hint": IN_ENGLISH}]
