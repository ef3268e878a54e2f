"""What the parser stumbled over is told in plain words and where it stands, and never with a piece of the file."""

from __future__ import annotations

import pytest
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from reminders.settings.document import Document
from reminders.settings.yaml_source import read_yaml
from reminders.settings.yaml_syntax import complain_of_syntax

SECRET = "tk_5ecret"


def complaint(text: str) -> tuple[int | None, int | None, str]:
    """Return place and words of the one problem of a text."""
    document = Document(file="a.yaml")
    read_yaml(text.encode(), document, {})
    (problem,) = document.problems
    return problem.line, problem.column, problem.message


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb: [1\n", 3, 1, "a [ is not closed"),
        ("a: [\n", 2, 1, "the file ends where a value should stand"),
        ('a: "x\nb: 1\n', 1, 4, "a quote is not closed"),
        ('a: "x\n---\n', 1, 4, "a quote is not closed"),
        ('a: 1\nb: "\\d"\n', 2, 6, "a backslash in double quotes begins an escape, and this is none"),
        ('a: "\\x5"\n', 1, 7, "a backslash in double quotes begins an escape, and this is none"),
        ("a: - b\n", 1, 4, "a list cannot begin on the line of its key"),
        ("a: |x\n", 1, 5, "after | or > only a line break may stand"),
        ("a: > x\n", 1, 6, "after | or > only a line break may stand"),
        ("a: |\n    \n  x\n", 3, 3, "something stands after the end of a value"),
        ('a: "b" c\n', 1, 8, "something stands after the end of a value"),
        ("a: [1] [2]\n", 1, 8, "something stands after the end of a value"),
        ('a: ["b" c]\n', 1, 9, "something stands after the end of a value"),
        ("{a: 1}\nb: 2\n", 2, 1, "something stands after the end of a value"),
        ("a: 1\n]\n", 2, 1, "a bracket is closed here that was never opened"),
        ("a: ,\n", 1, 4, "a value is missing before this character"),
        ("a: @b\n", 1, 4, "a text cannot begin with this character"),
        ("a: ? b\n", 1, 4, "a text cannot begin with this character"),
        ("a: & b\n", 1, 5, "a text cannot begin with this character"),
        ("a: 1\n- b\n", 2, 1, "the indentation does not fit the lines above"),
        ("a: 1\nb\nc: 2\n", 2, 1, "a key without its colon"),
        ("a: !b!c d\n", 1, 4, "tags are not allowed"),
        ("a: !<b c>\n", 1, 7, "tags are not allowed"),
        ("a: !%ZZ c\n", 1, 6, "tags are not allowed"),
        ("%YAML x\n---\na: 1\n", 1, 7, "directives are not allowed"),
        ("%TAG ! !\n%TAG ! !\n---\na: 1\n", 2, 1, "directives are not allowed"),
        ("%FOO\n", 2, 1, "directives are not allowed"),
        ("a: b: c\n", 1, 5, "a second colon, or a wrong indentation"),
    ],
)
def test_a_slip_is_told_in_plain_words_where_it_was_made(text: str, line: int, column: int, words: str) -> None:
    assert complaint(text) == (line, column, words)


@pytest.mark.parametrize(
    "text",
    [
        f"a: !{SECRET}!x y\n",
        f"%TAG !{SECRET}! !\n%TAG !{SECRET}! !\n---\na: 1\n",
        f'a: "{SECRET}" {SECRET}\n',
        f'a: "{SECRET}\n',
        f"a: [{SECRET}\n",
        f"a: b: {SECRET}\n",
        f"a: 1\n{SECRET}\nc: 2\n",
        f'a: "\\d{SECRET}"\n',
        f"a: |{SECRET}\n",
        f"a: @{SECRET}\n",
    ],
)
def test_nothing_of_the_file_is_in_the_words(text: str) -> None:
    document = Document(file="a.yaml")
    read_yaml(text.encode(), document, {})
    assert document.problems
    assert SECRET not in repr(document.problems)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("met a zebra", "this is not YAML: met a zebra"),
        (f"expected a zebra, but found '{SECRET}'", "this is not YAML: expected a zebra"),
        (f'expected a zebra but got "{SECRET}"', "this is not YAML: expected a zebra"),
        (f"found zebra {SECRET!r} here", "this is not YAML: found zebra"),
        (f"'{SECRET}' is a zebra", "this is not YAML"),
        (None, "this is not YAML"),
    ],
)
def test_what_the_parser_says_for_the_first_time_is_told_without_its_quotes(problem: str | None, words: str) -> None:
    document = Document(file="a.yaml")
    complain_of_syntax(document, MarkedYAMLError(problem=problem))
    assert [(one.line, one.message) for one in document.problems] == [(1, words)]


def test_an_error_without_a_place_is_told_at_the_start() -> None:
    document = Document(file="a.yaml")
    complain_of_syntax(document, YAMLError(SECRET))
    assert [(one.line, one.column, one.message) for one in document.problems] == [(1, 1, "this is not YAML")]
