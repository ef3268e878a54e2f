"""The copies of everybody's calendars: what planning is told of them, and how fresh each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from reminders.domain.calendar import CalendarEvent, CalendarSpec
from reminders.domain.person import Person
from reminders.sensors import calendar_copy
from reminders.sensors.calendar_copy import FOLDER, CalendarCopy
from reminders.sensors.calendar_state import CalendarState

_Stamp = tuple[int, int, int] | None


class CalendarShelf:
    """The copies in one data directory; a file is read again only when it changed."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing is read before it is asked for."""
        self._folder = data_dir / FOLDER
        self._known: dict[Path, tuple[_Stamp, CalendarCopy]] = {}

    def copy_of(self, person: str, spec: CalendarSpec) -> CalendarCopy:
        """Return the copy of a calendar; an empty one where there is none yet."""
        path, source = calendar_copy.path_of(self._folder, person, spec.name), calendar_copy.source_of(spec)
        stamp = stamp_of(path)
        known = self._known.get(path)
        if known is None or known[0] != stamp or known[1].source != source:
            known = self._known[path] = (stamp, calendar_copy.load(path, source))
        return known[1]

    def put(self, person: str, spec: CalendarSpec, copy: CalendarCopy) -> None:
        """Keep a newer copy. Raises OSError where it cannot be written; it counts nevertheless, while this lives."""
        path = calendar_copy.path_of(self._folder, person, spec.name)
        try:
            calendar_copy.save(path, copy)
        finally:
            self._known[path] = (stamp_of(path), copy)

    def events(self, person: Person, since: datetime, until: datetime) -> tuple[CalendarEvent, ...]:
        """Return the person's trainings, and what makes them busy at some time between the two instants."""
        return tuple(
            event
            for spec in person.calendars
            for event in _as_wanted(spec, self.copy_of(person.id, spec).events)
            if event.training is not None or (event.starts_at < until and event.ends_at > since)
        )

    def states(self, person: Person, now: datetime) -> Iterator[CalendarState]:
        """Yield how each of the person's calendars is known."""
        for spec in person.calendars:
            copy = self.copy_of(person.id, spec)
            yield CalendarState(
                person=person.id,
                name=spec.name,
                fetched_at=copy.fetched_at,
                events=len(copy.events),
                stale_since=copy.stale_since(now),
                trouble=copy.failure,
                left_out=copy.left_out,
            )

    def keep_only(self, people: Iterable[Person]) -> None:
        """Remove the copies of calendars that are not in the file any more. Raises OSError."""
        wanted = {calendar_copy.path_of(self._folder, who.id, spec.name) for who in people for spec in who.calendars}
        self._known = {path: known for path, known in self._known.items() if path in wanted}
        calendar_copy.keep_only(self._folder, wanted)


def _as_wanted(spec: CalendarSpec, events: Iterable[CalendarEvent]) -> Iterator[CalendarEvent]:
    """Yield the events that count as the file is now, until the calendar is read again by its words."""
    for event in events:
        if event.training in spec.training if event.training is not None else spec.busy:
            yield event


def stamp_of(path: Path) -> _Stamp:
    """Return what changes when a file does; None = it cannot be looked at."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino
