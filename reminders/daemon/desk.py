"""Whether somebody is at the desk: looked at once a minute, handed to planning, and put on record only as a break.

Nobody looks while the person sleeps, where it is not clear whose desktop it is, or where the file switches it off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from reminders.daemon.heartbeat import ClockEvent, Stepped, Suspended
from reminders.daemon.mishap import described
from reminders.domain.context import Context, Presence, RealBreak
from reminders.domain.errors import JournalUnavailable
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.planning.attendance import is_away
from reminders.planning.stillness import Stillness, after_reading, after_sleep, is_real_break
from reminders.planning.waking_day import is_awake
from reminders.ports import Clock, PresenceSensor

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.sqlite_journal import SqliteJournal

BEATS_BETWEEN_LOOKS = 4
logger = logging.getLogger("reminders.daemon")


class Desk:
    """Looks at one person's desktop. Every method is for the daemon's loop.

    ``sensor`` builds what looks, when it is first needed. ``told`` hears in words what is known and from whom, None =
    nobody looks; ``changed`` is called when an ask may now be due that was not, or the other way round.
    """

    def __init__(
        self,
        clock: Clock,
        journal: SqliteJournal,
        *,
        sensor: Callable[[], PresenceSensor],
        zone_of: Callable[[Person], ZoneInfo],
        words_of: Callable[[Mapping[str, str]], str],
        told: Callable[[str | None], None],
        changed: Callable[[], None],
    ) -> None:
        """Look at nothing before ``exchange``."""
        self._clock, self._journal, self._zone_of = clock, journal, zone_of
        self._build, self._words_of, self._told, self._changed = sensor, words_of, told, changed
        self._sensor: PresenceSensor | None = None
        self._person: Person | None = None
        self._desktops: frozenset[str] = frozenset()
        self._presence: Presence | None = None
        self._still: Stillness | None = None
        self._unwritten: list[tuple[str, RealBreak]] = []
        self._looking: asyncio.Task[None] | None = None
        self._beats = 0

    @property
    def presence(self) -> Presence | None:
        """What the desktop told last; None = nobody looks, or it has told nothing yet."""
        return self._presence

    def context_of(self, person: Person) -> Context | None:
        """Return what is known of a person right now; None = nothing is."""
        if self._presence is None or self._person is None or person.id != self._person.id:
            return None
        return Context(presence=self._presence, desktops=self._desktops)

    def exchange(self, household: Household) -> None:
        """Look at the desktop of this household's person, if it is one person's, and it is wanted."""
        person = household.at_the_desk if household.presence else None
        if person is None or self._person is None or person.id != self._person.id:
            self._forget()
        self._person = person
        self._desktops = frozenset() if person is None else household.desktops_of(person)
        if person is None:
            self._told(None)
        elif self._presence is None:
            self._look()

    def beat(self) -> None:
        """Look, every few heartbeats."""
        self._beats += 1
        if self._beats % BEATS_BETWEEN_LOOKS == 0:
            self._look()

    def heard(self, events: Sequence[ClockEvent]) -> None:
        """Take in that the machine slept, while nobody can have been at it, or that the clock was set."""
        for event in events if self._person is not None else ():
            if isinstance(event, Stepped):
                self._forget()
            elif isinstance(event, Suspended):
                self._still = after_sleep(self._still, self._clock.now(), timedelta(seconds=event.seconds))
                self._presence = None
                self._look()

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._sensor is not None:
            await self._sensor.close()

    def _forget(self) -> None:
        self._presence = self._still = None

    def _look(self) -> None:
        """Begin to look, unless that is under way: then it hangs, and what was known grows old."""
        person = self._person
        if person is None or (self._looking is not None and not self._looking.done()):
            return
        if not is_awake(person, self._zone_of(person), self._clock.now()):
            self._forget()
            return
        self._looking = asyncio.get_running_loop().create_task(self._look_at(person), name="look at the desk")
        self._looking.add_done_callback(self._note_end)

    async def _look_at(self, person: Person) -> None:
        if self._sensor is None:
            self._sensor = self._build()
        presence = await self._sensor.look()
        if self._person is not None and self._person.id == person.id:
            self._told(self._words_of(self._sensor.told_by))
            self._take(self._person, presence)

    def _take(self, person: Person, presence: Presence) -> None:
        before, self._presence = self._presence, presence
        seen = after_reading(self._still, presence)
        self._still = seen.still
        has_rested = seen.over is not None and is_real_break(person, self._zone_of(person), seen.over)
        if seen.over is not None and has_rested:
            self._unwritten.append((person.id, seen.over.as_break))
        self._write()
        if has_rested or _bearing(before) != _bearing(presence):
            self._changed()

    def _write(self) -> None:
        """Put breaks on record; while the journal is not to be had, they wait."""
        try:
            while self._unwritten:
                person_id, taken = self._unwritten[0]
                self._journal.note_break(person_id, taken)
                del self._unwritten[0]
                fields = {"person": person_id, "minutes": round(taken.length / timedelta(minutes=1))}
                logger.info("break.taken", extra={"fields": fields})
        except JournalUnavailable as error:
            logger.warning("break.held", extra={"fields": {"error": str(error)}})

    def _note_end(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._forget()
            logger.error("job.failed", extra={"fields": {"job": "look at the desk", "error": described(error)}})


def _bearing(presence: Presence | None) -> tuple[bool, bool, bool]:
    """Return what of a reading can hold asks back."""
    if presence is None:
        return False, False, False
    return is_away(presence), presence.locked is True, presence.do_not_disturb is True
