"""Routines hold only moves that suit the person today."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.catalogue.content import load_content
from reminders.domain.person import Profile
from reminders.planning.routine import routines_for

CONTENT = load_content()
ANSWERED = Profile(conditions=frozenset(), medicines=frozenset())
NAMED = {move.label: move for move in CONTENT.moves.values()} | {move.steps: move for move in CONTENT.moves.values()}


def moves_in(steps: str) -> set[str]:
    return {move.id for said, move in NAMED.items() if said in steps}


@given(
    habit=st.sampled_from(["movement", "warm_up", "cool_down", "walk", "strength", "eyes"]),
    avoid=st.frozensets(st.sampled_from(sorted(CONTENT.avoid_codes))),
    answered=st.booleans(),
    flare=st.booleans(),
)
def test_no_routine_holds_a_move_to_avoid_or_from_memory(
    habit: str, avoid: frozenset[str], *, answered: bool, flare: bool
) -> None:
    profile = replace(ANSWERED if answered else Profile(), avoid=avoid)
    today = avoid | {"acute_flare"} if flare else avoid
    for routine in routines_for(habit, profile, CONTENT, flare=flare):
        for name in moves_in(routine.steps):
            move = CONTENT.moves[name]
            assert not move.avoid_when & today
            assert move.may_be_shown
            assert move.easy or answered


def test_a_short_break_brings_one_extra_move() -> None:
    routines = routines_for("movement", ANSWERED, CONTENT)
    assert len(routines) == 11
    assert all(len(moves_in(routine.steps)) == 1 for routine in routines)


def test_the_warm_up_is_a_whole_sequence_for_a_person_without_limits() -> None:
    six_minutes = routines_for("warm_up", ANSWERED, CONTENT)[0]
    assert six_minutes.id == "warmup_nhs_6min"
    assert six_minutes.steps == "march 2 min, 60 heel digs, 30 knee lifts, 20 shoulder rolls, 10 small knee bends"


def test_what_does_not_suit_is_dropped_from_a_sequence_and_the_rest_kept() -> None:
    profile = replace(ANSWERED, avoid=frozenset({"hip_replacement", "knee_problem"}))
    assert routines_for("warm_up", profile, CONTENT)[0].steps == "march 2 min, 60 heel digs, 20 shoulder rolls"


def test_a_cool_down_begins_by_slowing_down() -> None:
    for routine in routines_for("cool_down", ANSWERED, CONTENT):
        assert routine.steps.startswith("slow down")
        assert len(moves_in(routine.steps)) == 3


def test_strength_takes_three_moves_at_a_time_and_uses_them_all() -> None:
    routines = routines_for("strength", ANSWERED, CONTENT)
    assert {name for routine in routines for name in moves_in(routine.steps)} == set(CONTENT.routines["strength"].pool)
    assert all(len(moves_in(routine.steps)) == 3 for routine in routines)


@pytest.mark.parametrize("habit", ["movement", "warm_up", "cool_down", "strength", "walk"])
def test_a_warning_sign_leaves_no_routine(habit: str) -> None:
    assert routines_for(habit, replace(ANSWERED, avoid=frozenset({"red_flag"})), CONTENT) == ()


@pytest.mark.parametrize("habit", ["movement", "warm_up", "cool_down", "strength", "walk", "eyes"])
def test_open_health_questions_still_leave_an_easy_routine(habit: str) -> None:
    assert routines_for(habit, Profile(), CONTENT)


def test_a_habit_without_moves_has_no_routine() -> None:
    assert routines_for("hydration", ANSWERED, CONTENT) == ()
