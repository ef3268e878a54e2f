"""The journal as the page uses it: opened for each piece of work, in a thread of its own, so that nothing waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TypeVar

import anyio
from anyio import to_thread

from reminders.journal.sqlite_journal import SqliteJournal
from reminders.web.house import House

Result = TypeVar("Result")
THREADS_AT_MOST = 4  # the journal has one writer, and the machine other things to do


class Record:
    """Reads and writes the journal for one page. Both raise JournalUnavailable."""

    def __init__(self, house: House) -> None:
        """Nothing is opened before it is needed."""
        self._house = house
        self._limiter = anyio.CapacityLimiter(THREADS_AT_MOST)

    async def read(self, work: Callable[[SqliteJournal], Result]) -> Result:
        """Return what ``work`` finds in the journal."""
        return await self.aside(partial(self._work, work, read_only=True))

    async def write(self, work: Callable[[SqliteJournal], Result]) -> Result:
        """Let ``work`` write, tell the daemon, and return what it returns."""
        found = await self.aside(partial(self._work, work, read_only=False))
        self._house.changed()
        return found

    async def aside(self, work: Callable[[], Result]) -> Result:
        """Do what takes time in another thread."""
        return await to_thread.run_sync(work, limiter=self._limiter)

    def _work(self, work: Callable[[SqliteJournal], Result], *, read_only: bool) -> Result:
        with closing(self._house.open_journal(read_only=read_only)) as journal:
            return work(journal)
