"""What is done once a day, while the people sleep: a copy of the record, then what is too old is forgotten."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Generator, Mapping
from datetime import datetime, timedelta

from reminders.domain.errors import JournalUnavailable
from reminders.journal.forgetting import Forgotten
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import Clock

LINKS_KEPT_FOR = timedelta(days=30)  # after their death, so that an old link is told from an unknown one
SECONDS_BETWEEN = 12 * 3600.0
logger = logging.getLogger("reminders.daemon")


class Upkeep:
    """The daily upkeep; ``is_set`` tells whether the clock can be right, ``note`` puts a failure on record."""

    def __init__(
        self,
        journal: SqliteJournal,
        clock: Clock,
        is_set: Callable[[datetime], bool],
        note: Callable[[str, Mapping[str, object], int], None],
    ) -> None:
        """Keep the pieces."""
        self._journal, self._clock, self._is_set, self._note = journal, clock, is_set, note
        self._forgot_at: float | None = None

    async def run(self) -> None:
        """Do all of it. Nothing is forgotten on a day that has no copy of the record from before."""
        # A quiet process makes too little garbage for Python to look for it soon: a megabyte would gather in a year.
        gc.collect()
        now = self._clock.now()
        if self._is_set(now) and self._has_backed_up(now):  # a name from another century would be the newest for ever
            await self._forget(now)

    def _has_backed_up(self, now: datetime) -> bool:
        try:
            self._journal.backup(now)
        except (JournalUnavailable, OSError) as error:
            self._note("backup.failed", {"error": str(error)}, logging.ERROR)
            return False
        return True

    async def _forget(self, now: datetime) -> None:
        seconds = self._clock.boottime()
        if self._forgot_at is not None and seconds - self._forgot_at < SECONDS_BETWEEN:
            return  # a clock that is set about brings many nights in one
        self._forgot_at = seconds
        try:
            self._journal.forget_dead_links(now - LINKS_KEPT_FOR)
            forgotten = await _slowly(self._journal.trim(self._journal.too_old(now), now))
        except JournalUnavailable as error:
            self._note("trimming.failed", {"error": str(error)}, logging.ERROR)
            return
        if not forgotten.is_nothing:
            fields = {"occurrences": forgotten.occurrences, "events": forgotten.events}
            logger.info("journal.trimmed", extra={"fields": fields})


async def _slowly(steps: Generator[None, None, Forgotten]) -> Forgotten:
    """Do one step after the other; whatever falls due meanwhile comes between two."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            done: Forgotten = end.value
            return done
        await asyncio.sleep(0)
