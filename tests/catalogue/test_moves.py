"""Moves name known codes, and what is shown is short, sourced and complete."""

from __future__ import annotations

import pytest

from reminders.catalogue.content import load_content
from reminders.catalogue.move import Move

CONTENT = load_content()
MOVES = tuple(CONTENT.moves.values())


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.id)
def test_a_move_says_how_how_much_and_when_not(move: Move) -> None:
    assert move.steps
    assert move.label
    assert move.dose
    assert move.avoid_when <= CONTENT.avoid_codes | {"driving"}
    assert move.checked in {"true", "secondary", "false"}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.id)
def test_easy_moves_are_gentle_and_off_the_floor(move: Move) -> None:
    if move.easy:
        assert move.position in {"sitting", "standing", "any"}


def test_moves_from_memory_are_never_to_be_shown() -> None:
    unchecked = {move.id for move in MOVES if not move.may_be_shown}
    assert unchecked == {
        "posture_change", "ankle_pumps", "wu_hip_hinge", "wu_jumping_jacks", "wu_easy_jog", "rest_legs_on_chair",
        "flare_short_walk",
    }  # fmt: skip


def test_sequences_and_routines_name_moves_that_exist() -> None:
    for sequence in CONTENT.sequences.values():
        assert set(sequence.moves) <= set(CONTENT.moves)
    for plan in CONTENT.routines.values():
        assert {*plan.texts_say, *plan.first, *plan.pool} <= set(CONTENT.moves)
        assert set(plan.sequences) <= set(CONTENT.sequences)
        assert plan.say in {"steps", "label"}


def test_the_warm_up_lasts_six_minutes_at_least() -> None:
    warm_up = CONTENT.routines["warm_up"]
    assert min(CONTENT.sequences[name].seconds for name in warm_up.sequences) >= 360


def test_the_short_stop_rule_keeps_every_sign_of_the_full_one() -> None:
    for sign in ("sharp", "new", "spreading", "pain", "tingling", "dizziness", "chest pain", "unusual breathlessness"):
        assert sign in CONTENT.texts.stop_rule
