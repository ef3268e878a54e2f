"""Watches the clocks from beat to beat: what happened to them is logged, put on record, and handed to planning."""

from __future__ import annotations

import contextlib
import logging
from datetime import datetime, timedelta

from reminders.daemon.heartbeat import ClockEvent, Stepped, clock_is_set, compare, read_clocks
from reminders.domain.errors import JournalUnavailable
from reminders.domain.facts import LARGEST_ADJUSTMENT
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import Clock

SECONDS_BETWEEN_WARNINGS = 60.0
logger = logging.getLogger("reminders.daemon")


class ClockWatch:
    """Compares the three clocks at every ``look``; ``settle`` puts down how the wall clock was set."""

    def __init__(self, clock: Clock, journal: SqliteJournal, tz_year: int, beat: timedelta) -> None:
        """Read the clocks for the first time."""
        self._clock, self._journal, self._tz_year, self._beat = clock, journal, tz_year, beat
        self._reading = read_clocks(clock)
        self._set_back: list[tuple[datetime, datetime]] = []
        self._set_forward: list[tuple[datetime, datetime]] = []
        self._is_trusted = False  # since when the clock is followed without a break; before, the journal is asked
        self._warned_at: float | None = None

    def look(self) -> tuple[ClockEvent, ...]:
        """Return what happened since the last look."""
        before, self._reading = self._reading, read_clocks(self._clock)
        now = self._reading.wall
        events = compare(before, self._reading, self._beat)
        for event in events:
            self._note(event, now)
        if not self._says_sane(before.wall) or not self._says_sane(now):
            self._is_trusted = False
        elif (step := sum(event.seconds for event in events if isinstance(event, Stepped))) < 0:
            self._set_back.append((now, now - timedelta(seconds=step)))
        elif timedelta(seconds=step) > LARGEST_ADJUSTMENT:
            self._set_forward.append((now - timedelta(seconds=step), now))
        return events

    def is_set(self, now: datetime) -> bool:
        """Tell whether the wall clock can be right; when it cannot, say so in the log once a minute."""
        if self._says_sane(now):
            self._warned_at = None
            return True
        seconds = self._clock.boottime()
        if self._warned_at is None or seconds - self._warned_at >= SECONDS_BETWEEN_WARNINGS:
            self._warned_at = seconds
            logger.warning("clock.not_set", extra={"fields": {"now": now.isoformat()}})
        return False

    def settle(self, now: datetime) -> None:
        """Put on record that the clock was set back since the last turn, before a stop included, or set right by hours.

        To be called with a clock that is set, before a turn. Raises JournalUnavailable; then it is done the next time.
        """
        if not self._is_trusted:
            self._journal.set_back(now)
            self._is_trusted = True
            self._set_back.clear()
            self._set_forward.clear()
        while self._set_back:
            self._journal.set_back(*self._set_back[0])
            del self._set_back[0]
        while self._set_forward:
            self._journal.set_forward(*self._set_forward[0])
            del self._set_forward[0]

    def _says_sane(self, wall: datetime) -> bool:
        return clock_is_set(wall, self._tz_year)

    def _note(self, event: ClockEvent, now: datetime) -> None:
        kind = f"clock.{type(event).__name__.lower()}"
        fields = {name: getattr(event, name) for name in event.__dataclass_fields__}
        logger.warning(kind, extra={"fields": fields})
        with contextlib.suppress(JournalUnavailable):
            self._journal.note(kind, now, fields)
