"""A habit that is typed by what it is called, or by what one does, is refused with its id."""

from __future__ import annotations

import pytest

from reminders.catalogue.phrases import speaking
from reminders.cli.habit_meant import habit_meant
from reminders.cli.refusal import Refusal
from reminders.cli.selection import unknown_habit

ALL = (
    "hydration",
    "movement",
    "warm_up",
    "cool_down",
    "calcium_meal",
    "potassium_meal",
    "walk",
    "strength",
    "eyes",
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wasser", "hydration"),
        ("trinken", "hydration"),
        ("Water", "hydration"),
        ("hydratoin", "hydration"),
        ("Pause", "movement"),
        ("aufwaermen", "warm_up"),
        ("spazieren", "walk"),
        ("Augen", "eyes"),
    ],
)
def test_a_title_of_the_language_spoken_or_of_english_leads_to_the_id(typed: str, meant: str) -> None:
    with speaking("de"):
        assert habit_meant(typed, ALL) == meant


@pytest.mark.parametrize("typed", ["wasser", "trinken", "foo", "", "-", "x" * 10_000])
def test_a_word_of_another_language_or_of_none_leads_nowhere(typed: str) -> None:
    assert habit_meant(typed, ALL) is None


def test_what_is_not_among_the_habits_is_not_suggested() -> None:
    assert habit_meant("water", ("movement", "stretch_own")) is None
    assert habit_meant("water", ()) is None


def test_the_refusal_names_it() -> None:
    with speaking("de"):
        refusal: Refusal = unknown_habit("trinken", ALL)
        assert refusal.hint == 'meintest du "hydration"?'
    assert unknown_habit("drink", ALL).hint == 'did you mean "hydration"?'
