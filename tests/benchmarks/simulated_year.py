"""What a year of turns adds to the memory of a process like the daemon's. Run with config, data and the days.

The clock is handed in, the journal is the real one, every nudge is accepted and every second one answered. Prints the
resident memory in MB before the first nudge, after it, after the first tenth of the days and after all of them.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

# What the daemon holds before its first nudge.
import reminders.cli.run
import reminders.daemon.service  # noqa: F401
from reminders import composition
from reminders.composition import premises
from reminders.daemon.turn import Turn
from reminders.domain.answer import Verb
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.journal.sqlite_journal import SqliteJournal
from tests.benchmarks.proc import resident

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED)


def main(config: str, data: str, days: int) -> None:
    household = composition.load(config, Path(data)).household
    journal = SqliteJournal.open(Path(data) / "year.db")
    turn = Turn(household, journal, composition.zone_of, premises._compose)
    now, end, marks = FIRST, FIRST + timedelta(days=days), {"nothing": _mb()}
    settled = FIRST + timedelta(days=days) / 10
    upkeep_at, numbers = FIRST, count()
    while now < end:
        now = max(turn.take(now), now + timedelta(seconds=1))
        if _deliver(journal, now, numbers) and "first" not in marks:
            marks["first"] = _mb()
        if now >= upkeep_at:
            gc.collect()  # as the daemon does once a day
            upkeep_at += timedelta(days=1)
        if now >= settled and "settled" not in marks:
            marks["settled"] = _mb()
    marks["end"] = _mb()
    journal.close()
    print(json.dumps({**marks, "nudges": next(numbers)}))


def _deliver(journal: SqliteJournal, now: datetime, numbers: count[int]) -> bool:
    """Send what is queued and answer every second nudge; True = there was something."""
    deliveries = journal.open_deliveries()
    for delivery in deliveries:
        journal.begin(delivery.id, now)
        journal.finish(delivery.id, ACCEPTED, DeliveryState.ACCEPTED, now, None)
        if next(numbers) % 2:
            journal.answer_nudge(delivery.nudge_id, Verb.DONE, now, "command")
    return bool(deliveries)


def _mb() -> float:
    return resident(os.getpid()).rss


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
