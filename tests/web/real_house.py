"""A house of a real household and a real journal, around which nothing runs: what the daemon is to the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from reminders import composition
from reminders.composition.calendars import calendar_states
from reminders.composition.configuration import Loaded
from reminders.composition.plan import plan_rows
from reminders.composition.surroundings import events_for
from reminders.delivery.breaker import BreakerState
from reminders.delivery.lane import ChannelHealth
from reminders.domain.calendar import CalendarEvent
from reminders.domain.errors import Problem
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.plan_row import PlanRow
from reminders.sensors.calendar_state import CalendarState
from reminders.web.house import ServiceState


@dataclass
class RealHouse:
    """What a test holds in its hands; ``woken`` counts how often the daemon was told that the journal changed."""

    folder: Path
    lived_in: Household
    state: ServiceState
    woken: int = 0
    found: tuple[Problem, ...] = ()
    health: dict[str, ChannelHealth] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.folder / "journal.db"

    def household(self) -> Household:
        return self.lived_in

    def zone_of(self, person: Person) -> ZoneInfo:
        return composition.zone_of(person)

    def now(self) -> datetime:
        return composition.now()

    def open_journal(self, *, read_only: bool = True) -> SqliteJournal:
        return SqliteJournal.open(self.path, read_only=read_only)

    def changed(self) -> None:
        self.woken += 1

    def channels(self) -> tuple[ChannelHealth, ...]:
        return tuple(self.health.get(spec.name) or healthy(spec.name) for spec in self.lived_in.channels)

    def calendars(self, person: Person) -> tuple[CalendarState, ...]:
        return tuple(calendar_states((person,), self.folder, self.now()))

    def calendar_events(self, person: Person, since: datetime, until: datetime) -> tuple[CalendarEvent, ...]:
        return events_for(self.folder, person, since, until)

    def service(self) -> ServiceState:
        return self.state

    def plan(self, person_id: str, start: datetime, days: int) -> Sequence[PlanRow]:
        loaded = Loaded(household=self.lived_in, warnings=(), path=None)
        return plan_rows(loaded, self.folder, start=start, days=days, person=person_id)

    def problems(self) -> tuple[Problem, ...]:
        return self.found


def healthy(name: str) -> ChannelHealth:
    """Return the health of a channel that works."""
    return ChannelHealth(name=name, state=BreakerState.CLOSED, failures_in_a_row=0, waiting=0, probe_at=None, detail="")
