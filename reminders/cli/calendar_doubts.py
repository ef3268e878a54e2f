"""The calendars that a plan cannot be sure of: never read, or perhaps out of date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reminders import composition
from reminders.catalogue.phrases import say
from reminders.composition.calendars import calendar_states
from reminders.domain.person import Person
from reminders.planning.wording_of_time import when
from reminders.sensors.calendar_state import CalendarState, state_words

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Doubts = Mapping[str, Sequence[CalendarState]]


def doubts_of(people: Sequence[Person], place: Path) -> dict[str, list[CalendarState]]:
    """Return the doubtful calendars of each person, by the person's id."""
    states = [one for one in calendar_states(people, place, composition.now()) if one.is_doubtful]
    return {who.id: [one for one in states if one.person == who.id] for who in people}


def doubt_lines(doubts: Doubts, zones: Mapping[str, ZoneInfo], names: Mapping[str, str]) -> Iterator[str]:
    """Yield what may be missing from a plan, and once what to do about it; ``names`` where there are several people."""
    states = [one for found in doubts.values() for one in found]
    now = composition.now()
    for one in states:
        name = say("calendar {name}", name=one.name)
        if names:
            name = say("calendar {name} of {person}", name=one.name, person=names[one.person])
        words = state_words(one, partial(_told, zone=zones[one.person], now=now))
        yield say("{calendar}: {words}; its events and training may be missing here", calendar=name, words=words)
    yield from (say("hint: {hint}", hint=mend) for mend in dict.fromkeys(one.mend for one in states) if mend)


def _told(at: datetime, *, zone: ZoneInfo, now: datetime) -> str:
    return when(at, zone, now)
