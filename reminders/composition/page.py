"""The page inside the daemon: its door is opened, exchanged and shut here, and here it learns how the house does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TookTooLong
from contextvars import copy_context
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reminders import __version__
from reminders.catalogue.phrases import ENGLISH, say, speaking
from reminders.clock import SystemClock
from reminders.composition.calendars import calendar_states
from reminders.composition.configuration import Loaded, check
from reminders.composition.login_token import TokenUnreadable, login_token
from reminders.composition.plan import plan_rows
from reminders.composition.surroundings import JOURNAL_NAME, events_for, zone_of
from reminders.domain.calendar import CalendarEvent
from reminders.domain.errors import Problem, StartRefused
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.domain.web import WebSpec
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.plan_row import PlanRow
from reminders.sensors.calendar_state import CalendarState
from reminders.web.door import Door, DoorShut
from reminders.web.house import ServiceState

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.daemon.service import Service
    from reminders.daemon.supply import Supply
    from reminders.daemon.turn import Turn
    from reminders.delivery.dispatcher import Dispatcher
    from reminders.delivery.lane import ChannelHealth

ANSWER_SECONDS = 2.0  # how long the page waits for the daemon's loop before it shows what it last heard
RETRY_SECONDS = 60.0
logger = logging.getLogger("reminders.web")


class Bulletin:
    """What the daemon last told other commands about itself; it hands everything on to them."""

    def __init__(self, report: Callable[[Mapping[str, object]], None]) -> None:
        """Nothing was told yet."""
        self._report = report
        self._news: dict[str, object] = {}

    def report(self, news: Mapping[str, object]) -> None:
        """Take note of the news and hand them on."""
        self._news |= news
        self._report(news)

    def text(self, name: str) -> str | None:
        """Return the newest news of that name; None = none, or all is well."""
        found = self._news.get(name)
        return None if found is None else str(found)

    def reasons(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return the newest news of that name that consists of a reason for each channel."""
        found = self._news.get(name)
        return tuple((str(key), str(why)) for key, why in found.items()) if isinstance(found, Mapping) else ()


class DaemonHouse:
    """``web.house.House`` by the daemon that runs in this process; asked by the page's own threads."""

    def __init__(
        self, *, data_dir: Path, config: Callable[[], str | None], turn: Turn, service: Service, bulletin: Bulletin
    ) -> None:
        """``config`` returns the file in use, None = the starter. Needs the daemon's event loop."""
        self._data_dir, self._config, self._turn, self._service = data_dir, config, turn, service
        self._bulletin, self._clock = bulletin, SystemClock()
        self._loop = asyncio.get_running_loop()
        self._context = copy_context()  # what the daemon does for a visitor is not done in the visitor's language
        self._started_at = self._clock.now()
        self._dispatcher: Dispatcher | None = None
        self._channels: tuple[ChannelHealth, ...] = ()

    def begin(self, dispatcher: Dispatcher, supply: Supply) -> None:
        """Take note of what sends, and of the channels that it begins with."""
        self._dispatcher = dispatcher
        self.supplied(supply)

    def supplied(self, supply: Supply) -> None:
        """Take note of the channels that cannot be used now, and let ``status`` know."""
        is_printing = bool(supply.failures) and len(supply.failures) == len(supply.household.channels)
        self._bulletin.report({"unbuilt": dict(supply.failures), "is_printing": is_printing})

    def household(self) -> Household:
        """Return the household in force."""
        return self._turn.household

    def zone_of(self, person: Person) -> ZoneInfo:
        """Return where the person is now."""
        return zone_of(person)

    def now(self) -> datetime:
        """Return the wall clock, aware, in UTC."""
        return self._clock.now()

    def open_journal(self, *, read_only: bool = True) -> SqliteJournal:
        """Open the journal anew, for this thread. Raises JournalUnavailable."""
        return SqliteJournal.open(self._data_dir / JOURNAL_NAME, read_only=read_only)

    def changed(self) -> None:
        """Have the daemon take a turn; it puts away what was answered."""
        with contextlib.suppress(RuntimeError):  # it has ended: the next start sees what was written
            self._loop.call_soon_threadsafe(self._service.look_soon, context=self._context)

    def channels(self) -> tuple[ChannelHealth, ...]:
        """Return how every channel does; as last heard, while the daemon's loop has no time to say."""
        if self._dispatcher is not None:
            with contextlib.suppress(TookTooLong, CancelledError, RuntimeError):
                self._channels = self._asked(self._dispatcher.health)
        return self._channels

    def _asked(self, question: Callable[[], tuple[ChannelHealth, ...]]) -> tuple[ChannelHealth, ...]:
        """Return the answer of what may only be asked on the daemon's loop."""
        answer: Future[tuple[ChannelHealth, ...]] = Future()

        def ask() -> None:
            if answer.set_running_or_notify_cancel():
                answer.set_result(question())

        self._loop.call_soon_threadsafe(ask, context=self._context)
        try:
            return answer.result(ANSWER_SECONDS)
        except TookTooLong:
            answer.cancel()
            raise

    def calendars(self, person: Person) -> tuple[CalendarState, ...]:
        """Return how each of the person's calendars is known."""
        return tuple(calendar_states((person,), self._data_dir, self._clock.now()))

    def calendar_events(self, person: Person, since: datetime, until: datetime) -> tuple[CalendarEvent, ...]:
        """Return the events of the person's calendars around a stretch of time, as they were last read."""
        return events_for(self._data_dir, person, since, until)

    def service(self) -> ServiceState:
        """Return how the daemon does."""
        loaded_at = self._bulletin.text("loaded_at")
        return ServiceState(
            version=__version__,
            started_at=self._started_at,
            last_beat_at=self._service.last_beat_at,
            degraded=self._bulletin.text("degraded"),
            refused=self._bulletin.text("refused"),
            loaded_at=None if loaded_at is None else datetime.fromisoformat(loaded_at),
            unbuildable=self._bulletin.reasons("unbuilt"),
            unheard=self._bulletin.reasons("unheard"),
            presence=self._bulletin.text("presence"),
        )

    def plan(self, person_id: str, start: datetime, days: int) -> Sequence[PlanRow]:
        """Return what would be sent to a person from ``start`` on, and why not."""
        loaded = Loaded(household=self.household(), warnings=(), path=self._config())
        return plan_rows(loaded, self._data_dir, start=start, days=days, person=person_id)

    def problems(self) -> tuple[Problem, ...]:
        """Read the file afresh, in a child, and return what is wrong with it."""
        return check(self._config(), self._data_dir).problems


class Page:
    """The door of the page, while the daemon runs; every method is for the daemon's loop.

    ``trouble`` is why the page cannot be seen although it should; None = it can, or there is to be none.
    """

    def __init__(self, house: DaemonHouse, report: Callable[[Mapping[str, object]], None]) -> None:
        """No door yet."""
        self._house, self._report = house, report
        self._door: Door | None = None
        self._spec: WebSpec | None = None
        self._token: str | None = None
        self._shutting: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self.trouble: str | None = None

    def prepare(self, spec: WebSpec | None, *, refused_in: str = ENGLISH) -> None:
        """Take hold of the address; nobody can come in yet.

        Where that fails the daemon runs on without a page, unless ``web.required``. Raises StartRefused, in the
        language of who starts it.
        """
        self._spec = spec
        if spec is None or not spec.required:
            self._build_or_lose()
            return
        with speaking(refused_in):
            trouble = self._build()
            if trouble is not None:
                told = say("the page cannot be served, and web.required asks for it: {trouble}", trouble=trouble)
                raise StartRefused(told)

    def open(self) -> None:
        """Let visitors in."""
        if self._door is not None:
            try:
                self._door.open()
            except DoorShut as error:
                self._lose(str(error))
                return
        self._tell()

    def exchange(self, supply: Supply) -> None:
        """Serve as the new household says; the same door stays open."""
        self._house.supplied(supply)
        spec = supply.household.web
        if spec == self._spec and self._door is not None and self._token == _token_or_none(spec):
            return
        self._spec = spec
        self._shut()
        task = asyncio.get_running_loop().create_task(self._open_again())
        self._shutting.add(task)
        task.add_done_callback(self._shutting.discard)

    async def close(self) -> None:
        """Let nobody in any more."""
        self._spec = None
        self._shut()
        if self._shutting:
            await asyncio.wait(self._shutting)

    @property
    def address(self) -> str | None:
        """Where people on this machine find the page; None = nowhere."""
        if self._door is None:
            return None
        host = self._door.spec.host
        here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        return f"http://{here}:{self._door.port}"

    @property
    def described(self) -> str:
        """Where the page is, or why it is not, in a few words."""
        if self.trouble is not None:
            return f"not available: {self.trouble}"
        return self.address or "off"

    @property
    def served(self) -> WebSpec | None:
        """The door that is open, so that messages may link to it; None = there is none."""
        return None if self._door is None else self._door.spec

    def _build_or_lose(self) -> None:
        trouble = self._build()
        if trouble is not None:
            self._lose(trouble)

    def _build(self) -> str | None:
        """Build the door that there is to be; return why that fails, None = it does not."""
        self.trouble = None
        if self._spec is None:
            return None
        try:
            self._token = login_token(self._spec)
            door = Door(self._house, self._spec, self._token, lambda reason: self._hear(door, reason))
            self._door = door
        except (DoorShut, TokenUnreadable, StartRefused) as error:
            return str(error)
        return None

    def _hear(self, door: Door, reason: str) -> None:
        """Go on without a page that failed; what becomes of a door that was exchanged is no matter any more."""
        if door is self._door:
            self._lose(reason)

    def _lose(self, reason: str) -> None:
        """Go on without the page, and try again by and by."""
        self.trouble = reason
        self._shut()
        logger.warning("page.unavailable", extra={"fields": {"error": reason, "hint": "reminders go on without it"}})
        self._tell()
        if self._spec is not None:
            self._retry = asyncio.get_running_loop().call_later(RETRY_SECONDS, self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        if self._spec is None or self._door is not None:
            return
        self._build_or_lose()
        if self._door is not None:
            self.open()
            logger.info("page.opened", extra={"fields": {"url": self.address}})

    def _shut(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._door is not None:
            task = asyncio.get_running_loop().create_task(self._door.close())
            self._shutting.add(task)
            task.add_done_callback(self._shutting.discard)
            self._door = None

    async def _open_again(self) -> None:
        """Open the new door once the old one is shut, for it may be in the same place."""
        others = self._shutting - {asyncio.current_task()}
        if others:
            await asyncio.wait(others)
        if self._spec is None:
            self.trouble = None
            self._tell()
        elif self._door is None:
            self._try_again()

    def _tell(self) -> None:
        """Let ``status`` know where the page is."""
        self._report({"page": self.address, "page_trouble": self.trouble})


def _token_or_none(spec: WebSpec | None) -> str | None:
    with contextlib.suppress(TokenUnreadable):
        return None if spec is None else login_token(spec)
    return None
