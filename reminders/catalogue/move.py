"""Moves and the sequences made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reminders.catalogue.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One move.

    ``dose`` is one round: seconds, reps, hold_s (seconds held each time), sets, per_side. ``steps`` says how to do it
    in one line, ``label`` names it with its dose. ``avoid_when`` are avoid codes. ``easy`` marks gentle seated and
    standing moves, for people whose health questions are open. ``checked`` is "true", "secondary" or "false";
    "false" = from memory, never shown.
    """

    id: str
    name: str
    kind: str
    position: str
    dose: Mapping[str, object]
    steps: str
    label: str
    avoid_when: frozenset[str]
    easy: bool
    source: str
    checked: str

    @property
    def may_be_shown(self) -> bool:
        """False for a move from memory."""
        return self.checked != "false"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sequence:
    """Moves done one after the other, ``seconds`` long when complete."""

    id: str
    name: str
    moves: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoutinePlan:
    """How a habit puts its routines together.

    The moves of ``texts_say`` are described by the texts themselves: they must suit, and are not listed again. A
    routine is ``first`` and then ``choose`` moves of ``pool``, or one of the ``sequences``. ``say`` is "steps" (how to
    do it) or "label" (names and doses).
    """

    texts_say: tuple[str, ...]
    first: tuple[str, ...]
    choose: int
    pool: tuple[str, ...]
    sequences: tuple[str, ...]
    say: str


def read_moves(moves: Record) -> dict[str, Move]:
    """Read the moves in the file's order; raise ValueError for a field amiss."""
    return {record.text("id"): _move(record) for record in moves.records("moves")}


def moves_in_words(moves: Mapping[str, Move], words: Record) -> dict[str, Move]:
    """Return the moves as a language says them, where it does."""
    said = words.nested("moves")
    return {name: _in_words(move, said.record(name)) if name in said.fields else move for name, move in moves.items()}


def _in_words(move: Move, words: Record) -> Move:
    return replace(move, steps=words.text("steps", move.steps), label=words.text("label", move.label))


def read_sequences(moves: Record) -> dict[str, Sequence]:
    """Read the sequences in the file's order; raise ValueError for a field amiss."""
    return {record.text("id"): _sequence(record) for record in moves.records("sequences")}


def read_routine_plans(moves: Record) -> dict[str, RoutinePlan]:
    """Read how each habit uses the moves; raise ValueError for a field amiss."""
    return {habit: _routine_plan(record) for habit, record in moves.named_records("routines")}


def _routine_plan(record: Record) -> RoutinePlan:
    return RoutinePlan(
        texts_say=record.texts("texts_say"),
        first=record.texts("first"),
        choose=record.optional_integer("choose") or 0,
        pool=record.texts("from"),
        sequences=record.texts("sequences"),
        say=record.text("say"),
    )


def _move(record: Record) -> Move:
    checked = record.fields.get("checked")
    return Move(
        id=record.text("id"),
        name=record.text("name"),
        kind=record.text("kind"),
        position=record.text("position"),
        dose=record.mapping("dose"),
        steps=record.text("steps"),
        label=record.text("label"),
        avoid_when=record.codes("avoid_when"),
        easy=record.flag("easy", default=False),
        source=record.text("source"),
        checked=checked if isinstance(checked, str) else str(record.flag("checked")).lower(),
    )


def _sequence(record: Record) -> Sequence:
    return Sequence(
        id=record.text("id"),
        name=record.text("name"),
        moves=record.texts("moves"),
        seconds=record.integer("seconds"),
    )
