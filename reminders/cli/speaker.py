"""Who gives a command: the person, their zone, the moment, and the journal their words go to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reminders import composition
from reminders.catalogue.phrases import say
from reminders.cli.refusal import Refusal
from reminders.cli.selection import habit_id, habit_of, person_of
from reminders.domain.errors import JournalUnavailable
from reminders.domain.person import Person
from reminders.planning.answering import SNOOZE_UNLESS_SAID, interval_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.sqlite_journal import SqliteJournal

VIA = "command"


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedHabit:
    """What an answer needs to know of a habit; one that is gone from the file has the usual snooze and no goal.

    ``interval`` None = it has fixed times.
    """

    id: str
    snooze: timedelta = SNOOZE_UNLESS_SAID
    goal_ml: int | None = None
    interval: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """The person who answers, undoes or pauses; ``now`` is the moment they do."""

    data_dir: Path
    person: Person
    zone: ZoneInfo
    now: datetime

    def habit(self, word: str) -> AskedHabit:
        """Return the habit meant: one the person has, or had when what is still open of it was asked.

        Raises Refusal for any other.
        """
        try:
            habit = habit_of(self.person, word)
        except Refusal:
            if not self._is_open(habit_id(word)):
                raise
            return AskedHabit(id=habit_id(word))
        interval = interval_of(habit)
        return AskedHabit(id=habit.id, snooze=habit.snooze, goal_ml=habit.goal_ml, interval=interval)

    def _is_open(self, habit: str) -> bool:
        with suppress(JournalUnavailable):
            journal = composition.open_journal(self.data_dir, read_only=True)
            if journal is not None:
                with closing(journal):
                    return any(one.habit == habit for one in journal.open_occurrences(self.person.id))
        return False

    @contextmanager
    def journal(self) -> Iterator[SqliteJournal]:
        """Open the journal to write, created where there is none; afterwards the daemon is told, if one runs."""
        journal = composition.open_journal(self.data_dir)
        if journal is None:
            raise JournalUnavailable(say("the journal cannot be opened"))
        try:
            yield journal
        finally:
            journal.close()
        # What was said is on record by now, and a daemon that was not told sees it at its next heartbeat.
        with suppress(JournalUnavailable):
            composition.poke(self.data_dir)


def speaker(config: str | None, data_dir: str | None, name: str | None) -> Speaker:
    """Return who speaks; reads the configuration, opens nothing yet. Raises Refusal and ConfigurationRefused."""
    place = composition.data_directory(data_dir)
    person = person_of(composition.load(config, place).household, name)
    return Speaker(data_dir=place, person=person, zone=composition.zone_of(person), now=composition.now())
