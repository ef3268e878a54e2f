"""What is said when an ask is put again: the words on record, nothing new."""

from __future__ import annotations

import pytest

from reminders.domain.habit import Habit
from reminders.planning.wording import TITLE_AT_MOST, compose, compose_again
from tests.planning.test_wording import ANSWERED, BERLIN, CONTENT, HOURLY, a_person, a_send

OWN = Habit(id="pill", schedule=HOURLY, built_in=False, say="Take your pill.\nThe blue one.")


@pytest.mark.parametrize(
    "habits",
    [
        ("hydration",),
        ("movement",),
        ("hydration", "movement"),
        ("warm_up", "movement"),
        ("movement", "eyes"),
        ("calcium_meal", "potassium_meal"),
        ("pill",),
        ("pill", "cool_down"),
    ],
)
def test_all_asks_of_a_nudge_are_said_again_as_they_were_said(habits: tuple[str, ...]) -> None:
    sends = tuple(a_send(habit, amount_ml=200) for habit in habits)
    said = compose(a_person(ANSWERED, OWN), sends, CONTENT, {}, BERLIN)
    assert compose_again(said.asks, CONTENT) == said


def test_one_of_two_asks_is_said_alone_with_its_own_title_and_stop_rule() -> None:
    said = compose(a_person(), (a_send("movement"), a_send("warm_up")), CONTENT, {}, BERLIN)
    again = compose_again(said.asks[:1], CONTENT)
    assert again.title == "Short break"
    assert again.text == said.asks[0].text
    assert again.text.endswith(CONTENT.texts.stop_rule)
    assert again.discreet_text == CONTENT.texts.habits["movement"].discreet
    assert again.asks == said.asks[:1]


def test_a_habit_gone_from_the_catalogue_is_called_by_its_name() -> None:
    said = compose(a_person(ANSWERED, OWN), (a_send("pill"),), CONTENT, {}, BERLIN)
    again = compose_again(said.asks, CONTENT)
    assert (again.title, again.discreet_text) == ("Pill", CONTENT.texts.discreet_own)
    assert len(again.title) <= TITLE_AT_MOST
