"""The journal behind one class: every public method is one committed transaction, or one reading of one picture.

Every method raises JournalUnavailable, with its cause, when the file cannot be read or written now; nothing of the
transaction is kept then. One instance serves one thread; other processes may write the same file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.domain.answer import AnswerReceipt, Verb
from reminders.domain.delivery import Delivery, DeliveryState, SendResult
from reminders.domain.facts import Facts
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Occurrence, Reason
from reminders.domain.pause import Pause
from reminders.domain.turn_record import TurnRecord
from reminders.journal import (
    answer_log,
    backups,
    delivery_log,
    event_log,
    expiry_log,
    journal_file,
    migrations,
    nudge_log,
    occurrence_log,
    pause_log,
    planning_facts,
    recovery,
    set_back_log,
    turn_log,
)
from reminders.journal.answer_log import Said
from reminders.journal.delivery_log import RecoveryCounts
from reminders.journal.instants import to_text
from reminders.journal.recovery import Recovery
from reminders.journal.transaction import reading, together, translated, writing
from reminders.planning.answering import SNOOZE_UNLESS_SAID

if TYPE_CHECKING:
    # Imported by the methods that answer a command: the daemon never asks for what is shown.
    from reminders.journal.read_models import EventRow, Explanation, HabitTotals, HistoryRow, JournalCounts


class SqliteJournal:
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

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        return writing(self._connection)

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return reading(self._connection)

    def settle_recovery(self, people: Iterable[str], notices: Iterable[Nudge], now: datetime) -> None:
        """After a damaged journal, count all that was due before ``now`` as dealt with and queue the notices."""
        with self._writing() as connection:
            recovery.settle(connection, people, notices, now)
        self.recovery = None

    # Turns

    def facts(self, person: str, since: datetime, until: datetime) -> Facts:
        """Return what planning needs: slots in [since, until) and all open ones, answers, pauses, planned_until."""
        with self._reading() as connection:
            return planning_facts.facts(connection, person, since, until)

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

    def set_back(self, now: datetime, until: datetime | None = None) -> None:
        """Remember the clock was set back from ``until`` to ``now``; None = from the last turn, if that was later."""
        with self._writing() as connection:
            set_back_log.write(connection, now, until)

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
    ) -> tuple[AnswerReceipt, ...]:
        """Answer every occurrence of a nudge, one receipt each; ``snooze_for`` None = 15 min.

        Done without an amount counts the amount asked for.
        """
        said = Said(verb=verb, at=now, via=via, amount_ml=amount_ml, snooze_for=snooze_for or SNOOZE_UNLESS_SAID)
        with self._writing() as connection:
            return answer_log.answer_nudge(connection, nudge_id, said)

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
    ) -> AnswerReceipt:
        """Answer every open ask of a habit; with none open, Done is credited. ``snooze_for`` None = 15 min."""
        said = Said(verb=verb, at=now, via=via, amount_ml=amount_ml, snooze_for=snooze_for or SNOOZE_UNLESS_SAID)
        with self._writing() as connection:
            return answer_log.answer_habit(connection, person, habit_id, said)

    def undo(self, person: str, habit_id: str | None, now: datetime) -> AnswerReceipt | None:
        """Take the newest answer of the last ten minutes back; None = there is none. ``habit_id`` None = any habit."""
        with self._writing() as connection:
            return answer_log.undo(connection, person, habit_id, now)

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

    # Deliveries: ``ports.DeliveryLog``

    def together(self) -> AbstractContextManager[None]:
        """Make all that is called in the block one transaction: committed when it ends, or nothing of it is kept."""
        return together(self._connection)

    def open_deliveries(self, after: int = 0, limit: int = 2**31) -> tuple[Delivery, ...]:
        """Return the first ``limit`` deliveries that are not terminal and have a higher id than ``after``, by id."""
        with self._reading() as connection:
            return delivery_log.select(connection, "deliveries_open_after", {"after": after, "limit": limit})

    def stranded_nudges(self) -> tuple[str, ...]:
        """Return the nudges that are still to be sent but have no open delivery: a stop came before the next step."""
        with self._reading() as connection:
            return delivery_log.stranded_nudges(connection)

    def deliveries_of(self, nudge_id: str) -> tuple[Delivery, ...]:
        """Return every delivery of a nudge by position, terminal ones included."""
        with self._reading() as connection:
            return delivery_log.of_nudge(connection, nudge_id)

    def nudge(self, nudge_id: str) -> Nudge:
        """Return the nudge; KeyError for an unknown one."""
        with self._reading() as connection:
            return nudge_log.load(connection, nudge_id)

    def is_wanted(self, nudge_id: str) -> bool:
        """Tell whether any occurrence of the nudge still waits for it; a service nudge always does."""
        with self._reading() as connection:
            return nudge_log.is_wanted(connection, nudge_id)

    def begin(self, delivery_id: int, now: datetime) -> bool:
        """Commit ``sending`` and count the attempt; False when the delivery is no longer queued or waiting."""
        with self._writing() as connection:
            return delivery_log.begin(connection, delivery_id, now)

    def finish(
        self,
        delivery_id: int,
        result: SendResult,
        state: DeliveryState,
        now: datetime,
        next_attempt_at: datetime | None,
    ) -> None:
        """Commit how the attempt ended. Accepted or unknown makes the nudge's planned occurrences sent.

        An attempt that is no longer under way leaves an event and changes nothing. A retry nobody waits for any
        more is abandoned at once. Raises ValueError for a state no attempt ends in.
        """
        with self._writing() as connection:
            delivery_log.finish(connection, delivery_id, result, state, now, next_attempt_at)

    def abandon(self, delivery_id: int, now: datetime, detail: str) -> None:
        """Close a delivery that is no longer wanted, without an attempt; one under way stays."""
        with self._writing() as connection:
            delivery_log.abandon(connection, delivery_id, now, detail)

    def add_fallback(self, nudge_id: str, channel: str, position: int, now: datetime) -> None:
        """Queue the nudge on a fallback channel; nothing happens when it is there already or not wanted."""
        with self._writing() as connection:
            delivery_log.add_fallback(connection, nudge_id, channel, position, now)

    def queue_again(self, delivery_id: int, now: datetime) -> None:
        """Queue the one permitted repeat of a delivery whose outcome is unknown; otherwise nothing happens."""
        with self._writing() as connection:
            delivery_log.queue_again(connection, delivery_id, now)

    def miss(self, nudge_id: str, reason: Reason, now: datetime) -> None:
        """End the nudge's occurrences that no channel took as missed, unless an attempt is under way."""
        with self._writing() as connection:
            delivery_log.miss(connection, nudge_id, reason, now)

    def replaced_external_id(self, nudge_id: str, channel: str) -> str | None:
        """Return the external id of the newest older message about the same occurrences on that channel, or None."""
        with self._reading() as connection:
            return delivery_log.replaced_external_id(connection, nudge_id, channel)

    def external_ids_to_withdraw(self, nudge_id: str) -> tuple[tuple[str, str], ...]:
        """Return (channel, external id) of every accepted message that carries an occurrence of this nudge."""
        with self._reading() as connection:
            return delivery_log.external_ids_to_withdraw(connection, nudge_id)

    def external_ids(self, channel: str) -> dict[str, str]:
        """Return external id -> nudge id of the accepted nudges on a channel that wait for an answer."""
        with self._reading() as connection:
            return delivery_log.external_ids(connection, channel)

    def external_ids_ended(self, channel: str, since: datetime) -> tuple[str, ...]:
        """Return the external ids of asks accepted on a channel, made since then, that wait for no answer any more."""
        with self._reading() as connection:
            return delivery_log.external_ids_ended(connection, channel, since)

    def shown_again(self, nudge_id: str, channel: str, external_id: str, now: datetime) -> None:
        """Note under which external id an accepted message is shown since a restart."""
        with self._writing() as connection:
            delivery_log.shown_again(connection, nudge_id, channel, external_id, now)

    def recover(self, now: datetime) -> RecoveryCounts:
        """At start, close the attempts that the last run left under way as unknown."""
        with self._writing() as connection:
            return delivery_log.recover(connection, now)

    # What is on record

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
