"""A calendar that a person keeps elsewhere, and what of its events matters here: when one is busy, when one trains."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarSpec:
    """A calendar as the file names it; exactly one of ``url``, ``url_file`` and ``file`` is set.

    ``url`` has ``${NAME}`` not yet filled in, so that what comes from the environment is never stored; ``url_file``
    names a file that holds the URL, ``file`` the calendar itself. ``training`` are the words that mark a training in
    an event's title. ``allow_private`` = its server may stand in a private network.
    """

    name: str
    url: str | None = field(default=None, repr=False)
    url_file: str | None = None
    file: str | None = None
    busy: bool = True
    training: tuple[str, ...] = ()
    refresh: timedelta = timedelta(hours=1)
    allow_private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEvent:
    """One event, from ``starts_at`` to before ``ends_at``, both in UTC.

    ``recurrence_id`` is the wall time that an event of a series had before anybody moved it; None = of no series.
    ``training`` is the word that marks a training; None = it is none, and the person is just busy.
    """

    uid: str
    recurrence_id: str | None = None
    starts_at: datetime
    ends_at: datetime
    training: str | None = None

    @property
    def key(self) -> str:
        """The event's stable name: the same wherever it is moved to."""
        return self.uid if self.recurrence_id is None else f"{self.uid}@{self.recurrence_id}"
