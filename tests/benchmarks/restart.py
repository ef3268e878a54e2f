"""What a start takes on a long record beside a start on a short one."""

from __future__ import annotations

from dataclasses import replace

from tests.benchmarks.figure import Figure, middle
from tests.benchmarks.long_record import build
from tests.benchmarks.measure import Results, Scale
from tests.benchmarks.place import Place
from tests.benchmarks.running import daemon_command, started

SHORT = 10
ROUNDS = 5


def restart(place: Place, scale: Scale) -> Results:
    """Start the daemon on both records by turns, each time after a stop in good order, once before after a bad one."""
    places = {number: replace(place, folder=place.folder / f"record-{number}") for number in (SHORT, scale.long_record)}
    walls: dict[int, list[float]] = {number: [] for number in places}
    first = {number: _prepare(own, number) for number, own in places.items()}
    for _ in range(min(scale.rounds, ROUNDS) + 2):
        for number, own in places.items():
            walls[number].append(_start(own))
    short, long = (middle(walls[number]) for number in places)
    for own in places.values():
        (own.data / "journal.db").unlink()
    comparator = f"the same with {SHORT}"
    name, worst = f"start to armed with {scale.long_record:,} on record", "the same, read through after a bad end"
    return [
        Figure(name=name, unit="ms", ours=long, theirs=short, comparator=comparator),
        Figure(name=worst, unit="ms", ours=first[scale.long_record], theirs=first[SHORT], comparator=comparator),
    ]


def _prepare(place: Place, number: int) -> float:
    """Write the record, and start once: like after a bad end, nobody vouches for the file."""
    place.make_ready()
    build(place.data / "journal.db", number)
    _start(place)  # compiles; what it leaves behind is taken away
    (place.data / "journal.db.sound").unlink(missing_ok=True)
    return _start(place)


def _start(place: Place) -> float:
    with started(daemon_command(place), "service.started", place) as running:
        return running.wall_seconds * 1000
