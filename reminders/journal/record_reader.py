"""What the journal shows of the record: the reading half of the journal."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from reminders.domain.occurrence import Occurrence
from reminders.journal import occurrence_log
from reminders.journal.transaction import reading

if TYPE_CHECKING:
    # Imported by the methods that answer a command: the daemon never asks for what is shown.
    from reminders.journal.read_models import EventRow, Explanation, HabitTotals, HistoryRow, JournalCounts


class RecordReader:
    """Reads one open journal; every method is one reading of one picture and raises JournalUnavailable."""

    _connection: sqlite3.Connection

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

    def open_occurrences(self, person: str | None = None) -> tuple[Occurrence, ...]:
        """Return the occurrences that have not ended, by slot; None = everybody's."""
        with self._reading() as connection:
            return occurrence_log.select(connection, "occurrences_open", {"person": person, "habit": None})

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

    def check_invariant(self) -> tuple[str, ...]:
        """Return what contradicts the invariant, in words; empty = it holds. Reads everything."""
        from reminders.journal import invariant  # noqa: PLC0415

        with self._reading() as connection:
            return invariant.violations(connection)
