"""Who gives a command: the person, their zone, the moment, and the journal their words go to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reminders import composition
from reminders.cli.selection import person_of
from reminders.domain.errors import JournalUnavailable
from reminders.domain.person import Person

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.sqlite_journal import SqliteJournal

VIA = "command"


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """The person who answers, undoes or pauses; ``now`` is the moment they do."""

    data_dir: Path
    person: Person
    zone: ZoneInfo
    now: datetime

    @contextmanager
    def journal(self) -> Iterator[SqliteJournal]:
        """Open the journal to write, created where there is none; afterwards the daemon is told, if one runs."""
        journal = composition.open_journal(self.data_dir)
        if journal is None:
            raise JournalUnavailable("the journal cannot be opened")
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
