"""What the journal shows of the record: the reading half of the journal."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.domain.answer import Answer
from reminders.domain.context import RealBreak
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Occurrence
from reminders.journal import break_log, journal_file, occurrence_log
from reminders.journal.transaction import reading

if TYPE_CHECKING:
    # Imported by the methods that answer a command: the daemon never asks for what is shown.
    from reminders.journal.read_models import (
        EventRow,
        Explanation,
        HabitTotals,
        HistoryRow,
        JournalCounts,
        JournalTallies,
        OutcomeRow,
    )


class RecordReader:
    """Reads one open journal; every method is one reading of one picture and raises JournalUnavailable."""

    _connection: sqlite3.Connection
    path: Path

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return reading(self._connection)

    def history(
        self, person: str | None, since: datetime, until: datetime, habit: str | None = None
    ) -> tuple[HistoryRow, ...]:
        """Return the occurrences whose slot lies in [since, until), oldest first; None = everybody, every habit."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.history(connection, person, since, until, habit)

    def totals(
        self, person: str | None, since: datetime, until: datetime, habit: str | None = None
    ) -> tuple[HabitTotals, ...]:
        """Return the states of the occurrences whose slot lies in [since, until), by person and habit."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.totals(connection, person, since, until, habit)

    def outcomes(self, person: str, since: datetime, until: datetime) -> tuple[OutcomeRow, ...]:
        """Return what became of the occurrences whose slot lies in [since, until), oldest first; quick for years."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.outcomes(connection, person, since, until)

    def nudges_between(self, person: str, since: datetime, until: datetime) -> tuple[Nudge, ...]:
        """Return every message made for a person in [since, until), service messages included, oldest first."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.nudges_between(connection, person, since, until)

    def answers(self, person: str, since: datetime, until: datetime) -> tuple[Answer, ...]:
        """Return the answers given in [since, until) and not undone, Snooze included, oldest first."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.answers(connection, person, since, until)

    def breaks(self, person: str, since: datetime, until: datetime) -> tuple[RealBreak, ...]:
        """Return the real breaks of a person that ended in [since, until), oldest first."""
        with self._reading() as connection:
            return break_log.read(connection, person, since, until)

    def open_occurrences(self, person: str | None = None) -> tuple[Occurrence, ...]:
        """Return the occurrences that have not ended, by slot; None = everybody's."""
        with self._reading() as connection:
            return occurrence_log.select(connection, "occurrences_open", {"person": person, "habit": None})

    def asked(self, nudge_id: str) -> tuple[Occurrence, ...]:
        """Return the occurrences that a nudge asked for, in its order, as they stand; none for an unknown nudge."""
        with self._reading() as connection:
            return occurrence_log.select(connection, "occurrences_asked", {"nudge_id": nudge_id})

    def occurrence(self, occurrence_id: str) -> Occurrence | None:
        """Return an occurrence by its name; None = it is not on record."""
        with self._reading() as connection:
            return occurrence_log.find(connection, occurrence_id)

    def can_undo(self, nudge_id: str, now: datetime) -> bool:
        """Tell whether an answer to what a nudge asked can still be taken back."""
        from reminders.journal import answer_log  # noqa: PLC0415

        with self._reading() as connection:
            return answer_log.undoable(connection, nudge_id, now) is not None

    def last_events(
        self, limit: int, *, person: str | None = None, habit: str | None = None, kind: str | None = None
    ) -> tuple[EventRow, ...]:
        """Return the newest events, newest first; None = no filter."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.last_events(connection, limit, person, habit, kind)

    def service_events(self, since: datetime, until: datetime) -> tuple[EventRow, ...]:
        """Return what happened to the service itself in [since, until), such as ``clock.suspended``, oldest first."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.service_events(connection, since, until)

    def run_around(self, at: datetime) -> tuple[EventRow | None, EventRow | None]:
        """Return the newest start or stop of the daemon at ``at`` or before, and the first after it; None = none."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.run_around(connection, at)

    def began_at(self) -> datetime | None:
        """Return when the record begins; None = nothing is on it."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.began_at(connection)

    def explain(self, person: str, habit: str | None, at: datetime) -> tuple[Explanation, ...]:
        """Return what is behind a moment: per habit the occurrences alive then, else the nearest within a day."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.explain(connection, person, habit, at)

    def counts(self) -> JournalCounts:
        """Return how much is on record."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.counts(connection)

    def tallies(self) -> JournalTallies:
        """Return how much is on record, and the size of the file, for a monitor."""
        from reminders.journal import read_models  # noqa: PLC0415

        with self._reading() as connection:
            return read_models.tallies(connection, journal_file.size_bytes(self.path))

    def check_invariant(self) -> tuple[str, ...]:
        """Return what contradicts the invariant, in words; empty = it holds. Reads everything."""
        from reminders.journal import invariant  # noqa: PLC0415

        with self._reading() as connection:
            return invariant.violations(connection)
