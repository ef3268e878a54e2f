"""When the daemon began and ceased to run, on record, so that nobody has to infer it."""

from __future__ import annotations

from datetime import datetime

import reminders
from reminders.journal.sqlite_journal import SqliteJournal


class RunLog:
    """Puts down one start and one stop; both need a clock that is set."""

    def __init__(self, journal: SqliteJournal) -> None:
        """Nothing is written before ``begin``."""
        self._journal = journal
        self._has_begun = False

    def begin(self, now: datetime) -> None:
        """Put the start down, once. Raises JournalUnavailable; then it is done the next time."""
        if not self._has_begun:
            self._journal.begin_run(now, reminders.__version__)
            self._has_begun = True

    def end(self, now: datetime) -> None:
        """Put the stop down, where there was a start. Raises JournalUnavailable."""
        if self._has_begun:
            self._journal.end_run(now, reminders.__version__)
            self._has_begun = False
