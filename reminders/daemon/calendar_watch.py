"""Keeps the copies of calendars fresh: reads each at the start, every ``refresh``, and a file when it changes.

Looked at from the heartbeat, so that it wakes nobody. One calendar is read at a time, in a child. An attempt that
fails leaves what is known as it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reminders.daemon.mishap import described
from reminders.domain.calendar import CalendarSpec
from reminders.domain.errors import ChildFailed
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.ports import ChildRunner, Clock
from reminders.sensors.calendar_copy import CalendarCopy, event_from_json, left_out_from_json
from reminders.sensors.calendar_shelf import CalendarShelf, stamp_of
from reminders.sensors.unreadable import FeedUnreadable

MODULE = "reminders.sensors.calendar_child"
DEADLINE_SECONDS = 25.0
MEMORY_LIMIT_BYTES = 256 * 1024 * 1024
FIRST_RETRY = timedelta(minutes=5)
_FAILURES = {
    "deadline": f"reading it takes longer than {DEADLINE_SECONDS:g} s",
    "start": "there is no memory, or no file, left to read it with",
}
logger = logging.getLogger("reminders.daemon")


@dataclass(eq=False, kw_only=True, slots=True)
class _Watched:
    """One person's calendar; ``zone`` and ``stamp`` are those it was last read with, None = it was not yet."""

    person: Person
    spec: CalendarSpec
    next_at: datetime
    zone: ZoneInfo | None = None
    stamp: object = None

    @property
    def names(self) -> dict[str, object]:
        """Who it is, for the log."""
        return {"person": self.person.id, "calendar": self.spec.name}


class CalendarWatch:
    """Reads calendars again by and by; every method is for the daemon's loop.

    ``url_of`` fills an address in, or raises FeedUnreadable. ``changed`` is called when there are other events than
    before.
    """

    def __init__(
        self,
        shelf: CalendarShelf,
        clock: Clock,
        run_child: ChildRunner,
        *,
        url_of: Callable[[CalendarSpec], str | None],
        zone_of: Callable[[Person], ZoneInfo],
        changed: Callable[[], None],
    ) -> None:
        """Keep the pieces; nothing is read before ``look``."""
        self._shelf, self._clock, self._run_child = shelf, clock, run_child
        self._url_of, self._zone_of, self._changed = url_of, zone_of, changed
        self._watched: list[_Watched] = []
        self._task: asyncio.Task[None] | None = None

    def exchange(self, household: Household) -> None:
        """Watch the calendars of this household from now on; one that is the same goes on as before."""
        before = {(one.person.id, one.spec): one for one in self._watched}
        now = self._clock.now()
        self._watched = [
            before.get((person.id, spec)) or _Watched(person=person, spec=spec, next_at=now)
            for person in household.people
            for spec in person.calendars
        ]
        people = {person.id: person for person in household.people}
        for one in self._watched:
            one.person = people[one.person.id]
        try:
            self._shelf.keep_only(household.people)
        except OSError as error:
            logger.warning("calendar.not_removed", extra={"fields": {"error": error.strerror}})

    def look(self) -> None:
        """Read what is due, unless that is being done."""
        if not self._watched or (self._task is not None and not self._task.done()):
            return
        now = self._clock.now()
        if any(self._is_due(one, now) for one in self._watched):
            self._task = asyncio.get_running_loop().create_task(self._read_due(), name="calendars")

    def hurry(self) -> None:
        """Try those again that failed: the machine slept, and may be elsewhere now."""
        now = self._clock.now()
        for one in self._watched:
            if self._shelf.copy_of(one.person.id, one.spec).failures:
                one.next_at = min(one.next_at, now)

    async def stop(self) -> None:
        """End what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _is_due(self, one: _Watched, now: datetime) -> bool:
        if now >= one.next_at or one.next_at - now > one.spec.refresh:  # the latter: the clock was set back
            return True
        if one.spec.file is not None and stamp_of(Path(one.spec.file)) != one.stamp:
            return True
        return one.zone is not None and one.zone.key != self._zone_of(one.person).key

    async def _read_due(self) -> None:
        for one in list(self._watched):
            if one in self._watched and self._is_due(one, self._clock.now()):
                try:
                    await self._read(one)
                except Exception as error:  # noqa: BLE001  one calendar must not keep the others from being read
                    logger.error("calendar.failed", extra={"fields": {**one.names, "error": described(error)}})  # noqa: TRY400
                    one.next_at = self._clock.now() + one.spec.refresh

    async def _read(self, one: _Watched) -> None:
        now = self._clock.now()
        one.zone = self._zone_of(one.person)
        one.stamp = None if one.spec.file is None else stamp_of(Path(one.spec.file))
        before = self._shelf.copy_of(one.person.id, one.spec)
        try:
            reply = await self._run_child(
                MODULE,
                self._request(one, now),
                deadline_seconds=DEADLINE_SECONDS,
                memory_limit_bytes=MEMORY_LIMIT_BYTES,
            )
            after = _fresh(before, reply, now)
        except FeedUnreadable as error:
            after = _failed(before, str(error), now)
        except ChildFailed as error:
            after = _failed(before, _FAILURES.get(error.kind, "reading it fails: it may be too much at once"), now)
        if one not in self._watched:
            return  # the file names it no more
        one.next_at = _next(one, after, now)
        self._keep(one, after)
        _log(one, before, after)
        if after.events != before.events:
            self._changed()

    def _request(self, one: _Watched, now: datetime) -> dict[str, object]:
        spec = one.spec
        return {
            "url": None if spec.url is None else self._url_of(spec),
            "url_file": spec.url_file,
            "file": spec.file,
            "busy": spec.busy,
            "training": list(spec.training),
            "allow_private": spec.allow_private,
            "now": now.isoformat(),
            "zone": self._zone_of(one.person).key,
        }

    def _keep(self, one: _Watched, copy: CalendarCopy) -> None:
        try:
            self._shelf.put(one.person.id, one.spec, copy)
        except OSError as error:
            fields = {**one.names, "error": error.strerror, "hint": "it counts while this runs, and is read anew then"}
            logger.warning("calendar.not_kept", extra={"fields": fields})


def _fresh(before: CalendarCopy, reply: object, now: datetime) -> CalendarCopy:
    """Return what the child read. Raises FeedUnreadable for a failure, and for a reply that is none."""
    answer: Any = reply
    try:
        if "failure" in answer:
            raise FeedUnreadable(str(answer["failure"]))
        events = tuple(event_from_json(event) for event in answer["events"])
        left_out = left_out_from_json(answer["left_out"])
    except (KeyError, TypeError, ValueError):
        raise FeedUnreadable("reading it gives no calendar") from None
    return CalendarCopy(source=before.source, fetched_at=now, events=events, left_out=left_out)


def _failed(before: CalendarCopy, failure: str, now: datetime) -> CalendarCopy:
    since = before.failing_since or now
    return replace(before, failing_since=since, failure=failure, failures=before.failures + 1)


def _next(one: _Watched, copy: CalendarCopy, now: datetime) -> datetime:
    """Return when it is to be read next: on its own grid; after failures sooner, less and less so."""
    if copy.failures:
        return now + min(one.spec.refresh, FIRST_RETRY * (1 << min(copy.failures - 1, 10)))
    on_grid = one.next_at + one.spec.refresh
    return on_grid if now < on_grid <= now + one.spec.refresh else now + one.spec.refresh


def _log(one: _Watched, before: CalendarCopy, after: CalendarCopy) -> None:
    """Say once that a calendar cannot be read, and once that it can again."""
    if after.failure is not None:
        level = logging.WARNING if after.failure != before.failure else logging.DEBUG
        logger.log(level, "calendar.unreadable", extra={"fields": {**one.names, "error": after.failure}})
        return
    fields = {**one.names, "events": len(after.events), "left_out": sum(count for _, count in after.left_out)}
    level = logging.INFO if before.failures or before.fetched_at is None else logging.DEBUG
    logger.log(level, "calendar.read", extra={"fields": fields})
