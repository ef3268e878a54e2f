"""Hostile and broken files are refused at once, with their place, and cost next to nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reminders.settings.document import Document
from reminders.settings.yaml_source import plain_scalar, read_yaml, read_yaml_file

ALIAS_BOMB = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (i + 1, i + 1, i, i) for i in range(97, 121))
HOSTILE = {
    "deep": b"a: " + b"[" * 3000,
    "deep_block": b"a:\n" + b"".join(b" " * i + b"-\n" for i in range(1, 400)),
    "deep_keys": b"{a: " * 3000,
    "too_large": b"#" * (128 * 1024 + 1),
    "alias_bomb": ALIAS_BOMB,
    "many_values": b"a: [" + b"a," * 60_000 + b"]",
    "many_keys": b"".join(b"key%d: x\n" % number for number in range(9_900)),
    "many_habits": b"habits:\n" + b"".join(b"  own%d: {evry: 2h}\n" % number for number in range(500)),
    "too_many_habits": b"habits:\n" + b"".join(b"  own%d: {every: 2h, say: x}\n" % number for number in range(501)),
    "too_many_people": b"people:\n" + b"".join(b"  p%d: {}\n" % number for number in range(9_000)),
    "long_number": b"limits: {per_day: " + b"9" * 120_000 + b"}",
    "long_duration": b"habits: {movement: {every: '" + b"9" * 120_000 + b"min'}}",
    "long_url": b"channels: {a: 'x://" + b", " * 60_000 + b"'}",
    "long_key": b"k" * 100_000 + b": x",
    "many_variables": b"me: {name: '" + b"${" * 60_000 + b"'}",
    "many_names": b"send_to: [" + b"".join(b"c%d, " % number for number in range(9_000)) + b"]",
}


def problem_of(data: bytes) -> tuple[int | None, int | None, str]:
    document = Document(file="reminders.yaml")
    read_yaml(data, document, {})
    problem = document.problems[0]
    return problem.line, problem.column, problem.message


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_lines_in_less_than_50_mib(name: str, tmp_path: Path) -> None:
    """The floor of the child is about 43 MiB and 0.3 s; the deadline here only ends a reader that hangs."""
    path = tmp_path / "reminders.yaml"
    path.write_bytes(HOSTILE[name])
    program = (
        "import runpy, sys; runpy.run_module('reminders.settings', run_name='__main__'); "
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps({"path": str(path)}),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    reply = json.loads(done.stdout)
    assert reply["household"] is None
    assert reply["problems"]
    assert all(one["line"] for one in reply["problems"] if not one["message"].endswith("are not shown"))
    assert int(done.stderr) < 50 * 1024


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"a: b\nc: \x00", 2, 4, "U+0000"),
        (b"a: \x1b[31m", 1, 4, "U+001B"),
        (b"me: {name: Zo\xeb}", 1, 14, "not in UTF-8"),
        ("a: b".encode("utf-16"), 1, 1, "not in UTF-8"),
        (b"habits:\n\tmovement:\n", 2, 1, "a tab stands"),
        (b"habits:\n  - \tmovement\n", 2, 5, "a tab stands"),
        (b"limits: 1\nlimits: 2\n", 2, 1, 'the key "limits" stands here a second time'),
        (b"a: {b: 1, b: 2}\n", 1, 11, "a second time"),
        (b"a: *b\n", 1, 4, "aliases are not allowed"),
        (b"a: &b c\n", 1, 4, "anchors are not allowed"),
        (b"&b a: c\n", 1, 1, "anchors are not allowed"),
        (b"a: !!python/object:os.system x\n", 1, 4, "tags are not allowed"),
        (b"--- !x\na: b\n", 1, 5, "tags are not allowed"),
        (b"a: [b\n", 2, 1, "is not closed"),
        (b"? [a]\n: b\n", 1, 3, "a key must be a word"),
        (b"true: b\n", 1, 1, "a key must be a word"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_column(data: bytes, line: int, column: int, words: str) -> None:
    found = problem_of(data)
    assert found[:2] == (line, column)
    assert words in found[2]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# only words\n", b"---\n", b"{}", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_error(data: bytes) -> None:
    assert problem_of(data)[2] == "the file is empty"


def test_a_byte_order_mark_is_left_out() -> None:
    document = Document(file="reminders.yaml")
    read_yaml(b"\xef\xbb\xbfme: {name: Alex}\n", document, {})
    assert document.values == {"me": {"name": "Alex"}}
    assert document.problems == []


def test_unquoted_times_and_no_are_words() -> None:
    document = Document(file="reminders.yaml")
    read_yaml(b"a: 22:30\nb: no\nc: off\nd: yes\ne: 2026-03-01\nf: 1_000\ng: 0777", document, {})
    expected = {"a": "22:30", "b": "no", "c": "off", "d": "yes", "e": "2026-03-01", "f": "1_000", "g": 777}
    assert document.values == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("~", None), ("null", None), ("true", True), ("False", False), ("-7", -7), ("1.5", 1.5)],
)
def test_unquoted_scalars_follow_the_core_schema(text: str, value: object) -> None:
    assert plain_scalar(text) == value


def test_positions_are_kept_for_keys_and_values() -> None:
    document = Document(file="reminders.yaml")
    read_yaml(b"habits:\n  hydration: {every: 2h,\n    within: awake}\ntraining:\n  - name: Gym\n", document, {})
    key = document.keys_at["habits", "hydration", "within"]
    value = document.values_at["training", 0, "name"]
    assert (key.line, key.column) == (3, 5)
    assert (value.line, value.column) == (5, 11)


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    document = read_yaml_file(str(tmp_path / "none.yaml"), {})
    assert document.problems[0].file.endswith("none.yaml")
    assert document.problems[0].message == "the file cannot be read: no such file or directory"
    assert document.problems[0].hint == "have one written there: reminders init --config FILE"


def test_a_directory_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        assert read_yaml_file(str(path), {}).problems[0].message == "this is not a file"


def test_a_path_that_is_none_is_an_error() -> None:
    assert "its name is no path" in read_yaml_file("a\0b", {}).problems[0].message
