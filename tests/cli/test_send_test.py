"""``send-test``: one line a channel, and the exit code says how many took the message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.desk import Desk

CHANNELS = """\
channels:
  here: console://
  there: console://
  gone: json://127.0.0.1:9/closed
habits: {hydration: }
"""


@pytest.fixture
def desk(used_desk_of: Callable[[str], Desk]) -> Desk:
    """Two channels that take everything, and one whose server refuses connections."""
    return used_desk_of(CHANNELS)


def test_channels_that_take_it_are_accepted(desk: Desk) -> None:
    result = desk.run("send-test", "here", "there")
    assert result.exit_code == 0
    assert "here: accepted\nthere: accepted\n" in result.stdout


def test_some_that_fail_make_it_partly(desk: Desk) -> None:
    result = desk.run("send-test")
    assert result.exit_code == 4
    assert "here: accepted\n" in result.stdout
    assert "gone: failed, for now: " in result.stdout
    assert "hint: " in result.stdout
    assert "127.0.0.1" not in result.stdout


def test_none_that_takes_it_is_a_failure(desk: Desk) -> None:
    assert desk.run("send-test", "gone").exit_code == 1


def test_an_unknown_channel_is_refused_and_nothing_is_sent(desk: Desk) -> None:
    result = desk.run("send-test", "here", "ther", "phone")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        'error: unknown channels "ther", "phone"; yours: here, there, gone\nhint: did you mean "there"?\n'
    )


def test_nothing_is_recorded(desk: Desk) -> None:
    before = sorted(desk.data_dir.iterdir())
    desk.run("send-test", "here")
    assert sorted(desk.data_dir.iterdir()) == before
