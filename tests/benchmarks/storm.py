"""The due storm: ours beside APScheduler with its job stores, turn by turn."""

from __future__ import annotations

import json
from importlib.util import find_spec

from tests.benchmarks.figure import Figure, Skipped, middle
from tests.benchmarks.long_record import build
from tests.benchmarks.measure import Results, Scale
from tests.benchmarks.place import Place

EIGHT_TIMES = 1 / 8
OURS, SQLITE, MEMORY = "ours", "SQLAlchemyJobStore (SQLite, WAL)", "MemoryJobStore"
INSTALL = "pip install sqlalchemy"
Storm = dict[str, float]


def storm(place: Place, scale: Scale) -> Results:
    """Let as many fall due at once on every side; two rounds, for a round takes minutes."""
    sides = [OURS, *([SQLITE] if find_spec("sqlalchemy") else []), MEMORY]
    seen: dict[str, list[Storm]] = {side: [] for side in sides}
    for index in range(min(scale.rounds, 2)):
        for side in sides:
            seen[side].append(_storm(place, scale, side, index))
    results = [figure for side in sides[1:] for figure in _beside(seen[OURS], seen[side], side, scale)]
    if SQLITE not in seen:
        results = [Skipped(name=f"storm beside {SQLITE}", install=INSTALL), *results]
    return [*results, *_alone(seen[OURS], f"of {scale.stored:,}"), *_with_long_record(place, scale)]


def _storm(place: Place, scale: Scale, side: str, index: int) -> Storm:
    numbers = str(scale.stored), str(scale.due)
    file = place.folder / f"storm-{side.partition(' ')[0]}-{index}.db"
    if side == OURS:
        command = place.module("storm_ours", str(file), *numbers)
    else:
        command = place.module("storm_theirs", "memory" if side == MEMORY else str(file), *numbers)
    try:
        storm: Storm = json.loads(place.output_of(command))
    finally:
        for left in place.folder.glob(f"{file.name}*"):
            left.unlink()
    return storm


def _beside(ours: list[Storm], theirs: list[Storm], comparator: str, scale: Scale) -> list[Figure]:
    names = {
        "cpu_us": ("CPU a fire", "us"),
        "wall_s": ("time to the last", "s"),
        "stall_ms": ("worst loop stall", "ms"),
    }
    return [
        Figure(
            name=f"storm, {scale.due:,} of {scale.stored:,} due: {name}", unit=unit, ours=_middle(ours, key),
            theirs=_middle(theirs, key), comparator=comparator,
            at_most=EIGHT_TIMES if comparator == SQLITE and key != "stall_ms" else None,
        )
        for key, (name, unit) in names.items()
    ]  # fmt: skip


def _alone(ours: list[Storm], stored: str) -> list[Figure]:
    return [
        Figure(name=f"storm {stored}: worst loop stall", unit="ms", ours=_middle(ours, "stall_ms"), at_most=50),
        Figure(name=f"storm {stored}: lost", unit="", ours=sum(one["lost"] for one in ours), at_most=0),
    ]


def _with_long_record(place: Place, scale: Scale) -> list[Figure]:
    """Show what the same storm takes when the journal holds a long record besides."""
    file = place.folder / "storm-long.db"
    build(file, scale.long_record)
    try:
        one = json.loads(place.output_of(place.module("storm_ours", str(file), str(scale.stored), str(scale.due))))
    finally:
        for left in place.folder.glob(f"{file.name}*"):
            left.unlink()
    stored = f"beside {scale.long_record:,} on record"
    return [
        Figure(name=f"storm {stored}: CPU a fire", unit="us", ours=one["cpu_us"]),
        *_alone([one], stored),
    ]


def _middle(storms: list[Storm], key: str) -> float:
    return middle([one[key] for one in storms])
