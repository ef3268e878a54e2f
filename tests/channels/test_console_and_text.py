"""Holds: the console prints a nudge a person can read and answer; texts are made fit to leave."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.channels.console_channel import ConsoleChannel
from reminders.channels.message_text import clean_text, clean_title
from reminders.domain.delivery import SendOutcome

NOON = datetime(2026, 3, 3, 12, 30, tzinfo=UTC)


class Clock:
    def now(self) -> Any:
        return NOON

    def monotonic(self) -> Any:
        return 0.0

    def boottime(self) -> Any:
        return 0.0


def printed(message: Any, out: Any = None, clock: Any = None) -> Any:
    out = out or io.StringIO()
    result = asyncio.run(ConsoleChannel("log", out, clock).send(message, 5))
    return result, out


def test_a_nudge_is_a_block_with_title_lines_and_the_commands(a_message: Any) -> None:
    _, out = printed(a_message(text="Walk to the kitchen.\n\nDrink it there."))
    assert out.getvalue() == (
        "\nA glass of water\nWalk to the kitchen.\n\nDrink it there.\n"
        "answer with: reminders done HABIT (or snooze, skip)\n"
    )


def test_the_commands_name_the_habits_that_are_asked_for(a_message: Any) -> None:
    _, out = printed(a_message(habits=("hydration", "movement")))
    assert out.getvalue().endswith(
        "\nanswer with: reminders done hydration, reminders done movement (or snooze, skip)\n"
    )


def test_with_a_clock_the_block_begins_with_the_local_time(a_message: Any) -> None:
    _, out = printed(a_message(buttons=()), clock=Clock())
    assert out.getvalue() == f"\n{NOON.astimezone():%H:%M}  A glass of water\n       Walk to the kitchen.\n"


def test_a_console_that_is_closed_or_knows_few_letters_is_no_disaster(a_message: Any) -> None:
    closed = io.StringIO()
    closed.close()
    result, _ = printed(a_message(), out=closed)
    assert result.outcome is SendOutcome.FAILED
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    result, _ = printed(a_message(text="café 💧 \x1b[2J"), out=ascii_only)
    assert result.outcome is SendOutcome.ACCEPTED
    assert b"caf? ? [2J" in ascii_only.buffer.getvalue()


@given(st.text())
def test_cleaned_text_is_encodable_bounded_and_without_control_characters(text: str) -> None:
    for cleaned, limit in ((clean_text(text), 3900), (clean_title(text), 250)):
        assert len(cleaned.encode()) <= limit
        assert not {character for character in cleaned if ord(character) < 32} - {"\n", "\t"}
        assert clean_text(cleaned) == cleaned
    assert "\n" not in clean_title(text)


@pytest.mark.parametrize("letter", ["x", "é", "水", "💧"])
def test_what_is_too_long_ends_in_an_ellipsis_on_a_whole_letter(letter: str) -> None:
    cleaned = clean_text(letter * 5000)
    assert cleaned.endswith("…")
    assert set(cleaned[:-1]) == {letter}
    assert 3890 <= len(cleaned.encode()) <= 3900


def test_writing_direction_and_joined_emoji_pass_untouched() -> None:
    for text in ("שתה כוס מים", "👩‍💻", "\u202brtl\u202c"):
        assert clean_text(text) == text
