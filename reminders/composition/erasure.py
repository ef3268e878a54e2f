"""Forgetting on request: what there is, and having it gone, in the journal and its backups."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import say
from reminders.composition.surroundings import JOURNAL_NAME, now, open_journal, poke
from reminders.domain.errors import JournalUnavailable

if TYPE_CHECKING:
    from reminders.journal.forgetting import Forgotten
    from reminders.journal.sqlite_journal import SqliteJournal


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Whose record is meant, None = everybody's, and before which instant, None = all of it."""

    person: str | None
    before: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """How much is gone, how many occurrences had to stay for now, and damaged journals put aside, which are as ever."""

    forgotten: Forgotten
    staying: int
    put_aside: tuple[Path, ...]


def people_on_record(data_dir: Path) -> tuple[str, ...]:
    """Return whom the record is about; nobody when there is none. Raises JournalUnavailable."""
    journal = open_journal(data_dir, read_only=True)
    if journal is None:
        return ()
    with closing(journal):
        return journal.people_on_record()


def would_go(data_dir: Path, wish: Wish) -> Forgotten | None:
    """Return how much ``erase`` would forget, events left out, though more may be on record that has to stay for now.

    None = nothing of it is on record, nor left of an earlier wish. Raises JournalUnavailable.
    """
    journal = open_journal(data_dir, read_only=True)
    if journal is None:
        return None
    with closing(journal):
        if _found(journal, wish).is_nothing and not journal.is_forgetting_unfinished():
            return None
        return journal.would_go(wish.person, wish.before, now())


def erase(data_dir: Path, wish: Wish, served: Collection[str]) -> Erased:
    """Forget it for good and tell the daemon; ``served`` are the people in the file. Raises JournalUnavailable."""
    journal = open_journal(data_dir)
    if journal is None:
        raise JournalUnavailable(say("the journal cannot be opened"))
    with closing(journal):
        forgotten = journal.forget(wish.person, wish.before, now(), served=served)
        staying = _found(journal, wish).occurrences
    with suppress(JournalUnavailable):  # a daemon that was not told sees it at its next heartbeat
        poke(data_dir)
    put_aside = tuple(sorted(data_dir.glob(f"{Path(JOURNAL_NAME).stem}.corrupt-*Z")))
    return Erased(forgotten=forgotten, staying=staying, put_aside=put_aside)


def _found(journal: SqliteJournal, wish: Wish) -> Forgotten:
    return journal.on_record(wish.person, wish.before, now())
