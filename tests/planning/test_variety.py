"""Variety: nothing comes back before the pools allow it, and the choice can be repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.planning.variety import choose, variant_name


def in_turn(texts: list[str], details: list[str], count: int, seed: str) -> list[str]:
    recent: list[str] = []
    for number in range(count):
        recent.insert(0, variant_name(*choose(texts, details, recent, f"{seed}/{number}")))
    return recent[::-1]


@given(
    texts=st.integers(1, 10),
    details=st.integers(1, 12),
    seed=st.text(max_size=8),
)
def test_every_pair_is_used_before_one_comes_back(texts: int, details: int, seed: str) -> None:
    pairs = texts * details
    used = in_turn([f"t{n}" for n in range(texts)], [f"d{n}" for n in range(details)], 2 * pairs, seed)
    for place in range(len(used)):
        window = used[max(0, place - pairs + 1) : place]
        assert used[place] not in window


@given(seed=st.text(max_size=8))
def test_a_text_and_a_food_rest_while_fresher_ones_are_left(seed: str) -> None:
    used = in_turn([f"t{n}" for n in range(8)], [f"d{n}" for n in range(20)], 8, seed)
    assert len({name.partition("+")[0] for name in used}) == 8
    assert len({name.partition("+")[2] for name in used}) == 8


def test_the_same_past_and_seed_give_the_same_choice() -> None:
    arguments = (["a", "b", "c"], ["x", "y"], ["a+x", "b+y"], "me/walk/2026-03-02/17:45")
    assert choose(*arguments) == choose(*arguments)


def test_another_moment_may_give_another_choice() -> None:
    chosen = {choose([str(n) for n in range(8)], [""], [], f"seed {n}") for n in range(50)}
    assert len(chosen) == 8


@pytest.mark.parametrize("recent", [["a"] * 10, ["gone", "a+old food", "b"], ["", "+"]])
def test_names_of_an_older_catalogue_do_no_harm(recent: list[str]) -> None:
    text, detail = choose(["a", "b"], [""], recent, "seed")
    assert text in {"a", "b"}
    assert detail == ""


def test_a_single_text_is_used_again() -> None:
    assert choose(["a"], [""], ["a", "a"], "seed") == ("a", "")
