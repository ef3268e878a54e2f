"""The part of the journal that forgets: what is too old, every night, and what a person wants gone, at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Generator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from reminders.catalogue.phrases import say
from reminders.domain.errors import JournalFault, JournalUnavailable
from reminders.journal import backups, forgetting
from reminders.journal.forgetting import Forgotten, Scope
from reminders.journal.instants import to_instant, to_text
from reminders.journal.queries import sql_of
from reminders.journal.transaction import reading, translated, writing

_BEGUN = "forgetting_begun"
KEPT_FOR = timedelta(days=400)
# A clock that is wrong for one night must not cost a record its years.
AT_MOST_A_NIGHT = timedelta(days=7)


class ForgetfulJournal:
    """Forgets in one open journal, never more of an occurrence than everything that hangs on it."""

    _connection: sqlite3.Connection
    path: Path

    def too_old(self, now: datetime, kept_for: timedelta = KEPT_FOR) -> datetime:
        """Return before which instant tonight's ``trim`` is to forget; it takes at most a week of the oldest."""
        with reading(self._connection) as connection:
            first = forgetting.oldest(connection)
        return now - kept_for if first is None else min(now - kept_for, first + AT_MOST_A_NIGHT)

    def trim(self, cutoff: datetime, now: datetime) -> Generator[None, None, Forgotten]:
        """Forget what ended and whose slot lies before ``cutoff``, old pauses and events; each step is quick.

        What shares a nudge with something that stays, stays. The last step writes ``journal.trimmed``.
        """
        scope = Scope(now=now, before=cutoff)
        with translated():
            yield from forgetting.steps(self._connection, scope)
            return forgetting.conclude(self._connection, scope, "journal.trimmed")

    def forget_before(self, cutoff: datetime, now: datetime) -> Forgotten:
        """Do all steps of ``trim`` at once."""
        return _all_of(self.trim(cutoff, now))

    def on_record(self, person: str | None, before: datetime | None, now: datetime) -> Forgotten:
        """Return how much there is of what is meant, what would have to stay for a while included."""
        with reading(self._connection) as connection:
            return forgetting.on_record(connection, Scope(now=now, person=person, before=before, is_wish=True))

    def would_go(self, person: str | None, before: datetime | None, now: datetime) -> Forgotten:
        """Return how much ``forget`` would tell to be gone, but for events."""
        with reading(self._connection) as connection:
            return forgetting.would_go(connection, Scope(now=now, person=person, before=before, is_wish=True))

    def people_on_record(self) -> tuple[str, ...]:
        """Return whom the record is about, people who are served no more included."""
        with reading(self._connection) as connection:
            return forgetting.people_on_record(connection)

    def forget(
        self, person: str | None, before: datetime | None, now: datetime, *, served: Collection[str] = ()
    ) -> Forgotten:
        """Forget for good, in the file and its backups: a person (None = everybody), before an instant (None = all).

        What is being sent at this moment stays, and what was sent ahead of its slot. Where the plans of those who are
        ``served`` stand is kept, so that nothing is decided a second time. Raises JournalUnavailable; called again, it
        goes on where it stopped.
        """
        scope = Scope(now=now, person=person, before=before, is_wish=True)
        begun = [*self._begun(now), scope]
        self._remember(begun)
        with translated():
            self._connection.execute("PRAGMA secure_delete = ON").fetchone()
            try:
                for _ in forgetting.steps(self._connection, scope):
                    pass
                forgetting.forget_places(self._connection, scope, served)
                forgotten = forgetting.conclude(self._connection, scope, "journal.forgotten")
                self._connection.execute("VACUUM")
                self._write_back()
            finally:
                self._connection.execute("PRAGMA secure_delete = OFF").fetchone()
        fresh = backups.daily(self._connection, self.path, now)
        backups.forget_others(self.path, fresh, lambda copy: any(_holds(copy, one) for one in begun))
        self._remember([])
        return forgotten

    def is_forgetting_unfinished(self) -> bool:
        """Tell whether a ``forget`` was cut short, so that the file or a backup may still hold what was meant."""
        with reading(self._connection) as connection:
            return connection.execute(sql_of("meta_get"), {"key": _BEGUN}).fetchone() is not None

    def _begun(self, now: datetime) -> list[Scope]:
        """Return what earlier calls meant to forget and did not finish."""
        with reading(self._connection) as connection:
            row = connection.execute(sql_of("meta_get"), {"key": _BEGUN}).fetchone()
        wishes = [] if row is None else json.loads(row["value"])
        return [Scope(now=now, person=one["person"], before=to_instant(one["before"]), is_wish=True) for one in wishes]

    def _remember(self, scopes: Sequence[Scope]) -> None:
        wishes = [{"person": scope.person, "before": to_text(scope.before)} for scope in scopes]
        with writing(self._connection) as connection:
            if wishes:
                connection.execute(sql_of("meta_set"), {"key": _BEGUN, "value": json.dumps(wishes)})
            else:
                connection.execute(sql_of("meta_delete"), {"key": _BEGUN})

    def _write_back(self) -> None:
        """Empty the log, which holds what was written before."""
        is_busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if is_busy:
            told = say(
                "the journal is not available: another process reads it, so its log still holds what was forgotten"
            )
            raise JournalUnavailable(told, JournalFault.LOCKED)


def _holds(copy: sqlite3.Connection, scope: Scope) -> bool:
    copy.row_factory = sqlite3.Row
    return not forgetting.on_record(copy, scope).is_nothing


def _all_of(steps: Generator[None, None, Forgotten]) -> Forgotten:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            done: Forgotten = end.value
            return done
