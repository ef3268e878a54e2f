"""What the page asks of the daemon around it; the composition brings the two together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from reminders.delivery.lane import ChannelHealth
from reminders.domain.calendar import CalendarEvent
from reminders.domain.errors import Problem
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.plan_row import PlanRow
from reminders.sensors.calendar_state import CalendarState

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceState:
    """How the daemon does; instants in UTC.

    ``degraded`` is why it cannot do its work, ``refused`` why the newest configuration is not used; None = nothing of
    the kind. ``last_beat_at`` is its last sign of life. ``unbuildable`` holds (channel, reason), ``unheard`` the
    channels whose buttons cannot be heard, with the reason. ``presence`` says what is known of the desk, and from whom;
    None = nobody looks.
    """

    version: str
    started_at: datetime
    last_beat_at: datetime
    degraded: str | None = None
    refused: str | None = None
    loaded_at: datetime | None = None
    unbuildable: tuple[tuple[str, str], ...] = ()
    unheard: tuple[tuple[str, str], ...] = ()
    presence: str | None = None


class House(Protocol):
    """The daemon as the page sees it. Called from the page's own threads: every method may be called from any."""

    def household(self) -> Household:
        """Return the household in force."""

    def zone_of(self, person: Person) -> ZoneInfo:
        """Return where the person is now."""

    def now(self) -> datetime:
        """Return the wall clock, aware, in UTC."""

    def open_journal(self, *, read_only: bool = True) -> SqliteJournal:
        """Open the journal anew, for this thread; whoever asked closes it. Raises JournalUnavailable."""

    def changed(self) -> None:
        """Let the daemon know that the journal was written, so that it takes a turn and puts messages away."""

    def channels(self) -> tuple[ChannelHealth, ...]:
        """Return how every channel does, in the order of the file."""

    def calendars(self, person: Person) -> tuple[CalendarState, ...]:
        """Return how each of the person's calendars is known."""

    def calendar_events(self, person: Person, since: datetime, until: datetime) -> tuple[CalendarEvent, ...]:
        """Return the events of the person's calendars around a stretch of time."""

    def service(self) -> ServiceState:
        """Return how the daemon does."""

    def plan(self, person_id: str, start: datetime, days: int) -> Sequence[PlanRow]:
        """Return what would be sent to a person from ``start`` on, and why not; for a worker thread, it takes time."""

    def problems(self) -> tuple[Problem, ...]:
        """Read the file afresh and return what is wrong with it; for a worker thread, it takes about a second."""
