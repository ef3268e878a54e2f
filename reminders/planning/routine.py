"""Routines: which moves go together for a habit, and suit the person today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from reminders.catalogue.content import Content
from reminders.catalogue.move import Move, RoutinePlan
from reminders.domain.person import Profile
from reminders.planning.safety import move_suits

_LOOKING = "eye_break"


@dataclass(frozen=True, kw_only=True, slots=True)
class Routine:
    """Moves to be done one after the other; ``steps`` says them. ``id`` is empty when the text itself says them."""

    id: str
    steps: str


@lru_cache(maxsize=256)
def routines_for(habit_id: str, profile: Profile, content: Content, *, flare: bool = False) -> tuple[Routine, ...]:
    """Return the routines of a habit that suit the person; empty when there is none, or the habit has no moves."""
    plan = content.routines.get(habit_id)
    if plan is None or len(_suiting(plan.texts_say, profile, content, flare)) < len(plan.texts_say):
        return ()
    if plan.sequences:
        return _sequences(plan, profile, content, flare)
    first = _suiting(plan.first, profile, content, flare)
    pool = _suiting(plan.pool, profile, content, flare)
    if not plan.choose:
        return (Routine(id="", steps=_said(first, plan)),)
    chosen = _windows(pool, plan.choose) or [()]
    return tuple(_routine((*first, *some), plan) for some in chosen if first or some)


@lru_cache(maxsize=256)
def asks_to_move(habit_id: str, content: Content) -> bool:
    """Tell whether a habit is about moving the body, so that the stop rule goes with it; looking far away is not."""
    plan = content.routines.get(habit_id)
    if plan is None:
        return False
    of_sequences = (move for name in plan.sequences for move in content.sequences[name].moves)
    moves = (*plan.texts_say, *plan.first, *plan.pool, *of_sequences)
    return any(content.moves[move].kind != _LOOKING for move in moves)


def _suiting(ids: tuple[str, ...], profile: Profile, content: Content, flare: bool) -> tuple[Move, ...]:  # noqa: FBT001
    return tuple(content.moves[one] for one in ids if move_suits(content.moves[one], profile, content, flare=flare))


def _sequences(plan: RoutinePlan, profile: Profile, content: Content, flare: bool) -> tuple[Routine, ...]:  # noqa: FBT001
    suiting = {name: _suiting(content.sequences[name].moves, profile, content, flare) for name in plan.sequences}
    return tuple(Routine(id=name, steps=_said(moves, plan)) for name, moves in suiting.items() if moves)


def _windows(pool: tuple[Move, ...], size: int) -> list[tuple[Move, ...]]:
    if len(pool) <= size:
        return [pool] if pool else []
    return [tuple(pool[(start + offset) % len(pool)] for offset in range(size)) for start in range(len(pool))]


def _routine(moves: tuple[Move, ...], plan: RoutinePlan) -> Routine:
    return Routine(id="+".join(move.id for move in moves), steps=_said(moves, plan))


def _said(moves: tuple[Move, ...], plan: RoutinePlan) -> str:
    return ", ".join(move.steps if plan.say == "steps" else move.label for move in moves)
