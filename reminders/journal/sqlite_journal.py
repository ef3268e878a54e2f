"""The journal behind one class: every public method is one committed transaction, or one reading of one picture.

Every method raises JournalUnavailable, with its cause, when the file cannot be read or written now; nothing of the
transaction is kept then. One instance serves one thread; other processes may write the same file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from reminders.domain.answer import AnswerReceipt, Verb
from reminders.domain.context import RealBreak
from reminders.domain.facts import Facts
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Occurrence
from reminders.domain.pause import Pause
from reminders.domain.turn_record import TurnRecord
from reminders.journal import (
    answer_log,
    backups,
    break_log,
    event_log,
    expiry_log,
    journal_file,
    migrations,
    nudge_log,
    pause_log,
    planning_facts,
    recovery,
    run_log,
    set_back_log,
    set_forward_log,
    turn_log,
)
from reminders.journal.answer_log import Said
from reminders.journal.delivery_journal import DeliveryJournal
from reminders.journal.forgetful_journal import ForgetfulJournal
from reminders.journal.instants import to_text
from reminders.journal.record_reader import RecordReader
from reminders.journal.recovery import Recovery
from reminders.journal.transaction import translated
from reminders.planning.answering import SNOOZE_UNLESS_SAID


class SqliteJournal(DeliveryJournal, RecordReader, ForgetfulJournal):
    """One open journal; ``recovery`` says whose place it took, None = nobody's, or ``settle_recovery`` was called."""

    def __init__(self, connection: sqlite3.Connection, path: Path, recovery: Recovery | None) -> None:
        self._connection = connection
        self.path = path
        self.recovery = recovery

    @classmethod
    def open(
        cls, path: Path, *, read_only: bool = False, check: bool = False, now: datetime | None = None
    ) -> SqliteJournal:
        """Open the journal at ``path``; it is created when absent, migrated when old, unless ``read_only``.

        ``check`` is for the daemon, the only one to mend: a damaged journal is put aside, under a name with ``now``
        (None = when it was last written), and the newest backup takes its place. Raises StartRefused for a newer
        journal or something else in its place, JournalUnavailable otherwise.
        """
        steps = migrations.all_migrations()
        if read_only:
            return cls(journal_file.open_to_read(path, steps), path, None)
        if check:
            journal_file.mend(path, steps, now)
        connection = journal_file.open_to_write(path, steps)
        try:
            with translated():
                return cls(connection, path, recovery.remembered(connection) if check else None)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        with translated():
            self._connection.close()

    def data_version(self) -> int:
        """Return a number that changes when another process, not this instance, has written."""
        with translated():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def version(self) -> int:
        """Return the number of the schema's newest step that the file has."""
        with translated():
            return migrations.version_of(self._connection)

    def backup(self, now: datetime) -> Path:
        """Write the backup of today (the UTC date) and keep the newest seven; return its path."""
        return backups.daily(self._connection, self.path, now)

    def settle_recovery(self, people: Iterable[str], notices: Iterable[Nudge], now: datetime) -> None:
        """After a damaged journal, count all that was due before ``now`` as dealt with and queue the notices."""
        with self._writing() as connection:
            recovery.settle(connection, people, notices, now)
        self.recovery = None

    # Turns

    def facts(self, person: str, since: datetime, until: datetime, also: Iterable[str] = ()) -> Facts:
        """Return what planning needs: slots in [since, until) and all open ones, answers, pauses, planned_until.

        ``also`` names occurrences that are to be among them whenever they were due.
        """
        with self._reading() as connection:
            return planning_facts.facts(connection, person, since, until, also)

    def recent_variants(self, person: str, habit: str, limit: int) -> tuple[str, ...]:
        """Return the variants put to the person for a habit, newest first."""
        with self._reading() as connection:
            return nudge_log.recent_variants(connection, person, habit, limit)

    def record(self, turn: TurnRecord) -> tuple[str, ...]:
        """Write a turn whole and return the ids of the occurrences it took; decided ones are left out.

        Raises ValueError for a turn that contradicts itself.
        """
        with self._writing() as connection:
            return turn_log.record(connection, turn)

    def record_notice(self, nudge: Nudge) -> None:
        """Write and queue a message about the service itself, once. Raises ValueError for another kind."""
        with self._writing() as connection:
            turn_log.record_notice(connection, nudge)

    def close_expired(self, now: datetime) -> tuple[Occurrence, ...]:
        """End every open occurrence whose time is over; return those ended."""
        with self._writing() as connection:
            return expiry_log.close_expired(connection, now)

    def next_deadline(self) -> datetime | None:
        """Return when the next open occurrence ends or a waiting one is due; None = nothing is open."""
        with self._reading() as connection:
            return expiry_log.next_deadline(connection)

    def note(self, kind: str, now: datetime, data: Mapping[str, object]) -> None:
        """Write an event about the service itself, such as ``clock.stepped``; ``data`` must be JSON."""
        with self._writing() as connection:
            event_log.append(connection, kind, now, data)

    def note_break(self, person: str, taken: RealBreak) -> None:
        """Write that a person took a real break; it answers nothing, and intervals may count from it."""
        with self._writing() as connection:
            break_log.write(connection, person, taken)

    def begin_run(self, now: datetime, version: str) -> None:
        """Write that the daemon has begun to run, and whether the run before ended in good order."""
        with self._writing() as connection:
            run_log.begin(connection, now, version)

    def end_run(self, now: datetime, version: str) -> None:
        """Write that the daemon ceases to run, in good order."""
        with self._writing() as connection:
            run_log.end(connection, now, version)

    def set_back(self, now: datetime, until: datetime | None = None) -> None:
        """Remember the clock was set back from ``until`` to ``now``; None = from the last turn, if that was later."""
        with self._writing() as connection:
            set_back_log.write(connection, now, until)

    def set_forward(self, since: datetime, now: datetime) -> None:
        """Remember that the clock was corrected from ``since`` to ``now``; what was due between is never sent."""
        with self._writing() as connection:
            set_forward_log.write(connection, since, now)

    # Answers

    def answer_nudge(
        self,
        nudge_id: str,
        verb: Verb,
        now: datetime,
        via: str,
        *,
        amount_ml: int | None = None,
        snooze_for: timedelta | None = None,
        only: str | None = None,
    ) -> tuple[AnswerReceipt, ...]:
        """Answer the occurrences of a nudge, one receipt each; ``snooze_for`` None = 15 min, ``only`` None = all.

        Done without an amount counts the amount asked for.
        """
        said = Said(verb=verb, at=now, via=via, amount_ml=amount_ml, snooze_for=snooze_for or SNOOZE_UNLESS_SAID)
        with self._writing() as connection:
            return answer_log.answer_nudge(connection, nudge_id, said, only)

    def answer_occurrence(
        self,
        occurrence_id: str,
        verb: Verb,
        now: datetime,
        via: str,
        *,
        amount_ml: int | None = None,
        snooze_for: timedelta | None = None,
    ) -> AnswerReceipt:
        """Answer one occurrence by its name, sent or ended; as ``answer_nudge``."""
        said = Said(verb=verb, at=now, via=via, amount_ml=amount_ml, snooze_for=snooze_for or SNOOZE_UNLESS_SAID)
        with self._writing() as connection:
            return answer_log.answer_occurrence(connection, occurrence_id, said)

    def answer_habit(
        self,
        person: str,
        habit_id: str,
        verb: Verb,
        now: datetime,
        via: str,
        *,
        amount_ml: int | None = None,
        snooze_for: timedelta | None = None,
        interval: timedelta | None = None,
    ) -> AnswerReceipt:
        """Answer every open ask of a habit; with none open, Done is late for the last one, or credited.

        ``snooze_for`` None = 15 min. ``interval`` is the habit's, None = it has fixed times.
        """
        said = Said(verb=verb, at=now, via=via, amount_ml=amount_ml, snooze_for=snooze_for or SNOOZE_UNLESS_SAID)
        with self._writing() as connection:
            return answer_log.answer_habit(connection, person, habit_id, said, interval)

    def undo(self, person: str, habit_id: str | None, now: datetime) -> AnswerReceipt | None:
        """Take the newest answer of the last ten minutes back; None = there is none. ``habit_id`` None = any habit."""
        with self._writing() as connection:
            return answer_log.undo(connection, person, habit_id, now)

    def undo_nudge(self, nudge_id: str, now: datetime) -> AnswerReceipt | None:
        """Take the newest answer to what a nudge asked back, as ``undo``."""
        with self._writing() as connection:
            return answer_log.undo_nudge(connection, nudge_id, now)

    def water_ml(self, person: str, since: datetime, until: datetime) -> int:
        """Return what was drunk in [since, until), in millilitres."""
        with self._reading() as connection:
            return answer_log.water_ml(connection, person, since, until)

    # Pauses

    def pause(
        self,
        person: str,
        habit: str | None,
        now: datetime,
        ends_at: datetime,
        author: str,
        reason: str,
        flare: bool = False,  # noqa: FBT001, FBT002
    ) -> Pause:
        """Mute a habit, None = every one, until ``ends_at``. Raises ValueError for an end that is not to come."""
        with self._writing() as connection:
            return pause_log.begin(connection, person, habit, now, ends_at, author, reason, flare=flare)

    def resume(self, person: str, habit: str | None, now: datetime) -> tuple[Pause, ...]:
        """End the pauses in force now and return them: all of the person, or those of one habit alone."""
        with self._writing() as connection:
            return pause_log.end(connection, person, habit, now)

    def pauses(self, person: str, now: datetime) -> tuple[Pause, ...]:
        """Return the pauses that have not ended."""
        with self._reading() as connection:
            return pause_log.select(connection, "pauses_ending_after", {"person": person, "now": to_text(now)})
