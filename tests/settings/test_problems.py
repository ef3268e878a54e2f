"""Problems are told once, sorted by line, and never show a secret."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reminders.domain.errors import Problem, Severity
from reminders.settings.problems import in_order, problems_from_json, problems_json, problems_text
from reminders.settings.reading import Reading

Read = Callable[..., Reading]
SECRET = "tk_5ecret"


def problem(line: int | None, message: str = "x", severity: Severity = Severity.ERROR) -> Problem:
    return Problem(severity=severity, file="a.yaml", line=line, column=1 if line else None, key="k", message=message)


def test_problems_are_sorted_by_line_and_told_once() -> None:
    found = in_order([problem(None), problem(7), problem(2), problem(7)])
    assert [one.line for one in found] == [2, 7, None]


def test_past_a_hundred_problems_are_only_counted() -> None:
    found = in_order(problem(line) for line in range(1, 251))
    assert len(found) == 101
    assert found[-1].message == "150 more problems are not shown"


def test_the_text_is_the_one_people_read() -> None:
    found = Problem(
        severity=Severity.ERROR,
        file="config/reminders.yaml",
        line=14,
        column=5,
        key="habits.hydration.evry",
        message='unknown key "evry"',
        allowed="every, within, goal, at, ...",
        hint='did you mean "every"?',
    )
    assert problems_text([found, problem(None)]) == (
        "config/reminders.yaml:14:5  habits.hydration.evry\n"
        '  unknown key "evry"\n'
        "  allowed here: every, within, goal, at, ...\n"
        '  did you mean "every"?\n'
        "a.yaml  k\n"
        "  x\n"
        "2 problems, nothing was changed"
    )


@pytest.mark.parametrize(
    ("severities", "ending"),
    [
        ((), "no problems"),
        ((Severity.ERROR,), "1 problem, nothing was changed"),
        ((Severity.WARNING, Severity.WARNING), "2 warnings"),
        ((Severity.ERROR, Severity.WARNING), "1 problem, 1 warning, nothing was changed"),
    ],
)
def test_the_last_line_counts(severities: tuple[Severity, ...], ending: str) -> None:
    text = problems_text([problem(1, severity=severity) for severity in severities])
    assert text.splitlines()[-1] == ending


def test_problems_survive_json() -> None:
    found = (problem(1), problem(None, severity=Severity.WARNING))
    assert problems_from_json(problems_json(found)["problems"]) == found


def test_json_holds_every_part_by_name() -> None:
    (entry,) = problems_json([problem(3)])["problems"]
    assert list(entry) == ["severity", "file", "line", "column", "key", "message", "allowed", "hint"]


SPILLS = [
    f"channels: {{phone: {SECRET}}}",
    f"channels: {{phone: ['ntfys://{SECRET}']}}",
    f"channels: {{phone: {{url: {SECRET}, discreet: {SECRET}}}}}",
    f"channels: {{phone: {{url: ntfys://{SECRET}, url_file: /run/{SECRET}}}}}",
    f"channels: {{phone: {{url_file: {SECRET}}}}}",
    f"channels: {{phone: {{'ntfys://{SECRET}': x}}}}",
    f"channels: {{'ntfys://{SECRET}': x}}",
    f"channels: ntfys://{SECRET}",
    f"channels: ['ntfys://{SECRET}']",
    f"channels: {{phone: 'ntfys://{SECRET}?retry=3'}}",
    f"channels: {{phone: 'ntfys://{SECRET}', phone: 'ntfys://{SECRET}'}}",
    f"channels: {{'ntfys://{SECRET}': x, 'ntfys://{SECRET}': y}}",
    f"channels: {{phone: &a 'ntfys://{SECRET}', other: *a}}",
    f"channels: {{phone: !!str 'ntfys://{SECRET}'}}",
    f"channels: {{phone: 'ntfys://{SECRET}",
    f"channels:\n  phone: ntfys://x: {SECRET}\n",
    f"send_to: ['ntfys://{SECRET}']",
    f"fallback: 'ntfys://{SECRET}'",
    f"habits: {{movement: {{send_to: 'ntfys://{SECRET}'}}}}",
    f"'ntfys://{SECRET}': phone",
    "channels: {phone: '${TOKEN}'}",
    "channels: {phone: {url: '${TOKEN}'}}",
    "me: {awake: '${TOKEN}', name: 7}",
    "timezone: ${TOKEN}",
    "send_to: [desktop, '${TOKEN}']",
    "habits: {movement: {every: '${TOKEN}', days: [mon, '${TOKEN}'], cron: '${TOKEN}'}}",
    "me: {profile: {conditions: ['${TOKEN}'], sex: '${TOKEN}'}}",
    "habits: {movement: '${TOKEN}'}",
]


@pytest.mark.parametrize("text", SPILLS)
def test_a_secret_never_stands_in_a_problem(read: Read, text: str) -> None:
    reading = read(text, {"TOKEN": SECRET})
    assert reading.household is None
    assert reading.problems
    assert SECRET not in str(problems_json(reading.problems))


def test_a_secret_of_the_environment_never_stands_in_a_problem(read: Read) -> None:
    reading = read("me: {}\nhabits: {}\n", {"REMINDERS_CHANNELS__PHONE": SECRET})
    assert reading.household is None
    assert SECRET not in str(problems_json(reading.problems))


def test_what_is_written_in_the_file_is_shown_without_what_a_terminal_obeys(read: Read) -> None:
    reading = read('habits: {movement: {every: "\\e[31m\\u202e2h\\a"}}')
    assert all(character.isprintable() for character in reading.problems[0].message)


def test_an_unset_variable_is_named_with_its_line(read: Read) -> None:
    reading = read("channels:\n  phone: ntfys://${NTFY_TOPIC}\n")
    (found,) = reading.problems
    assert (found.line, found.column) == (2, 10)
    assert "NTFY_TOPIC" in found.message
    assert reading.variables == ("NTFY_TOPIC",)
