"""Holds: what counts as an answer in a message's text, and at which moment it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminders.answers.links import new_token
from reminders.answers.press import Press, pressed_at, read_press
from reminders.domain.answer import Verb

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
TEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def whole_ml(text: str) -> int | None:
    return int(text.removesuffix("ml")) if text.removesuffix("ml").isdecimal() else None


@pytest.mark.parametrize("verb", Verb)
def test_a_token_and_a_verb_are_an_answer(verb: Verb) -> None:
    token = new_token()
    assert read_press(f"{token} {verb}\n", whole_ml) == Press(token=token, verb=verb)


def test_done_may_come_with_an_amount() -> None:
    assert read_press("abc done 300ml", whole_ml) == Press(token="abc", verb=Verb.DONE, amount_ml=300)


@pytest.mark.parametrize(
    "text",
    [
        "", "triggered", "abc", "abc DONE", "abc undo", "done abc", "abc  done", "abc done lots", "abc skip 300ml",
        "abc done 300ml now", "äbc done", "abc done\nabc skip", "abc\tdone", "a" * 200 + " done",
    ],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert read_press(text, whole_ml) is None


def test_a_token_is_not_shown() -> None:
    assert "secret" not in repr(read_press("secret done", whole_ml))


@pytest.mark.parametrize(
    ("told", "counts_at"),
    [
        (TEN + timedelta(minutes=2), TEN + timedelta(minutes=2)),
        (None, NOON),
        (NOON + timedelta(hours=3), NOON),
        (TEN - timedelta(minutes=1), TEN),
        (datetime(1970, 1, 1, tzinfo=UTC), TEN),
    ],
)
def test_a_press_counts_when_the_server_took_it_never_before_the_nudge_nor_later_than_now(
    told: datetime | None, counts_at: datetime
) -> None:
    assert pressed_at(told, TEN, NOON) == counts_at


def test_a_press_counts_at_most_twelve_hours_back() -> None:
    made = NOON - timedelta(days=2)
    assert pressed_at(made, made, NOON) == NOON - timedelta(hours=12)


def test_a_clock_that_was_set_back_makes_no_press_lie_in_the_future() -> None:
    assert pressed_at(NOON, NOON, TEN) == TEN
