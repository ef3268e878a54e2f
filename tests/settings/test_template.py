"""``${NAME}`` is filled in once, ``$$`` is a dollar sign, and what is not set is named."""

from __future__ import annotations

import pytest

from reminders.settings.template import TemplateMistake, fill, variables_of


def test_a_variable_is_filled_in() -> None:
    assert fill("ntfys://${TOPIC}/x", {"TOPIC": "alex"}) == "ntfys://alex/x"


def test_a_value_is_not_filled_in_a_second_time() -> None:
    assert fill("${A}", {"A": "${B}$$", "B": "never"}) == "${B}$$"


def test_two_dollars_are_one_and_a_lone_one_stays() -> None:
    assert fill("$$ $${A} 5$ pa$word", {"A": "x"}) == "$ ${A} 5$ pa$word"


@pytest.mark.parametrize("environment", [{}, {"TOPIC": ""}])
def test_a_variable_that_is_not_set_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(TemplateMistake) as caught:
        fill("${TOPIC}", environment)
    assert caught.value.variable == "TOPIC"


@pytest.mark.parametrize("text", ["${", "${A", "${}", "${A B}", "${1}", "${A-default}", "${É}"])
def test_a_malformed_variable_is_refused(text: str) -> None:
    with pytest.raises(TemplateMistake) as caught:
        fill(text, {"A": "x"})
    assert caught.value.variable is None


def test_the_variables_of_a_text_are_listed_once() -> None:
    assert variables_of("${A} $${B} ${C} ${A} ${not one}") == ("A", "C")
