"""Holds: on a terminal no line of the plan is wider than it; a text is cut, a reason goes on under itself."""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from fcntl import ioctl

import pytest

from reminders.cli.plan_table import Entry, fitted, table_lines
from tests.cli.desk import FILE, Desk

TEXT = "Top up the bottle on your desk; about 250 ml is enough for now, and the rest of it can wait until the next one"
WHY = "too close to another nudge (hydration at 12:00, which goes first)"
ENTRIES = [
    Entry(cells=("09:00", "hydration", "would be sent"), texts=(TEXT,), why=("(it was due 08:50: merged)",)),
    Entry(cells=("12:15", "movement", "would not be sent"), why=(WHY,)),
]


def test_without_a_terminal_a_text_is_cut_at_ninety_and_a_reason_is_whole() -> None:
    first, moved, held = table_lines(ENTRIES, None)
    text = first[first.index("Top up") :]
    assert text.endswith(" ...")
    assert 80 < len(text) <= 90
    assert moved.strip() == "(it was due 08:50: merged)"
    assert held.endswith(WHY)


@pytest.mark.parametrize("width", [60, 80, 110, 130])
def test_on_a_terminal_everything_fits_and_lines_up(width: int) -> None:
    lines = table_lines(ENTRIES, width)
    assert max(map(len, lines)) <= width
    assert WHY in " ".join(line.strip() for line in lines)
    assert any(line.endswith("...") for line in lines)
    (where,) = {line.index(word) for line in lines for word in ("Top up", "(it was", "too close") if word in line}
    assert all(line[:2] == "  " for line in lines)
    assert where > len("  09:00")


def test_where_little_room_is_left_the_text_stands_below() -> None:
    assert table_lines(ENTRIES[1:], 50) == [
        "  12:15  movement  would not be sent",
        "         too close to another nudge (hydration at",
        "         12:00, which goes first)",
    ]


def test_a_sentence_goes_on_in_the_next_line() -> None:
    assert fitted("one two three four five six seven", None) == ["one two three four five six seven"]
    assert fitted("one two three four five six seven", 24) == ["one two three four five", "  six seven"]


def on_a_terminal(desk: Desk, columns: int, *words: str) -> list[str]:
    """Run a command on a terminal of so many columns and return its lines."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    command = [sys.executable, "-m", "reminders", *words, *desk.places]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, "LC_ALL": "C.UTF-8"}
    )
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # how Linux says that the other side is shut
        while more := os.read(ours, 65536):
            seen += more
    os.close(ours)
    assert process.wait(30) == 0, seen
    return seen.decode().splitlines()


@pytest.mark.parametrize("columns", [80, 110])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_plan_fits_the_terminal(used_desk_of: Callable[[str], Desk], columns: int, language: str) -> None:
    desk = used_desk_of(f"language: {language}\n" + FILE)
    shown = on_a_terminal(desk, columns, "plan", "--from", "2026-03-24", "--days", "3")
    assert max(map(len, shown)) <= columns
    assert any(line.endswith(" ...") for line in shown)
    assert sum(bool(re.match(r"  \d\d:\d\d  ", line)) for line in shown) > 20
