"""A whole daemon at home in virtual time: the shipped file, a real journal, one phone, and the clocks in our hands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from reminders import composition
from reminders.catalogue.content import load_content
from reminders.daemon.desk import Desk
from reminders.daemon.heartbeat import BEAT
from reminders.daemon.service import Service
from reminders.daemon.speech import Speech
from reminders.daemon.supply import Supply
from reminders.daemon.turn import Composer, Turn
from reminders.delivery.dispatcher import Dispatcher
from reminders.domain.context import Presence
from reminders.domain.decision import Decision
from reminders.domain.delivery import Message, SendResult
from reminders.domain.household import Household
from reminders.domain.nudge import Ask, Nudge
from reminders.domain.person import Person
from reminders.journal.read_models import EventRow, HistoryRow
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning import wording
from reminders.planning.nudge_text import Composition
from reminders.sensors.presence import presence_words
from tests.delivery.scripted_channel import ACCEPTED
from tests.delivery.virtual_time import JumpingSelector, VirtualLoop

BERLIN = ZoneInfo("Europe/Berlin")
TZ_YEAR = 2025
SHIPPED = Path(__file__).resolve().parents[2] / "config" / "reminders.yaml"
ANSWERED = {
    "# timezone: Europe/Berlin ": "timezone: Europe/Berlin ",
    "# conditions: none": "conditions: none",
    "# medicines: none": "medicines: none",
}


def shipped_household(folder: Path) -> Household:
    """Read the shipped file, with a home zone and the two questions about potassium answered."""
    text = SHIPPED.read_text(encoding="utf-8")
    for question, answer in ANSWERED.items():
        assert text.count(question) == 1, question
        text = text.replace(question, answer)
    path = folder / "reminders.yaml"
    path.write_text(text, encoding="utf-8")
    return composition.load(str(path), folder, keep=False).household


class WallSelector(JumpingSelector):
    """Time that jumps for the machine's wall clock as well, which the alarm's library reads."""

    def __init__(self) -> None:
        super().__init__(longest_seconds=float("inf"))
        self.jumped: Callable[[], None] = lambda: None

    def select(self, timeout: float | None = None) -> list[Any]:
        before = self.seconds
        found = super().select(timeout)
        if self.seconds != before:
            self.jumped()
        return found


class HomeClock:
    """The three clocks of a machine, each of which can be moved: ``suspend``, ``step``, ``stall``."""

    def __init__(self, selector: WallSelector, start: datetime, wall: time_machine.Coordinates) -> None:
        self._selector, self._start, self._wall = selector, start, wall
        self._asleep = self._set_by = 0.0
        selector.jumped = self._show

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self._selector.seconds

    def boottime(self) -> float:
        return self._selector.seconds + self._asleep

    def suspend(self, length: timedelta) -> None:
        """Let the machine sleep: the wall clock and the boot clock run on, the monotonic one stands still."""
        self._asleep += length.total_seconds()
        self._show()

    def step(self, by: timedelta) -> None:
        """Set the wall clock, as a person or NTP does."""
        self._set_by += by.total_seconds()
        self._show()

    def stall(self, length: timedelta) -> None:
        """Let time pass in which the process does not run."""
        self._selector.seconds += length.total_seconds()
        self._show()

    def _show(self) -> None:
        self._wall.move_to(self._start.timestamp() + self.boottime() + self._set_by, tick=False)


@dataclass(eq=False)
class Phone:
    """A channel. ``heard`` is called with every message it was handed; ``answer_of`` says how that call ends."""

    name: str
    now: Callable[[], datetime]
    has_buttons: bool = True
    hears_presses: bool = True
    arrived: list[tuple[datetime, Message]] = field(default_factory=list)
    heard: Callable[[Message], None] = lambda _: None
    result_of: Callable[[Message], SendResult] = lambda _: ACCEPTED
    keeps: bool = True
    taken_back: list[str] = field(default_factory=list)

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        if self.keeps:
            self.arrived.append((self.now(), message))
        result = self.result_of(message)
        if result is ACCEPTED:
            self.heard(message)
        return result

    async def withdraw(self, external_id: str) -> None:
        """Note what was taken back."""
        self.taken_back.append(external_id)

    async def close(self) -> None:
        """Nothing is held open."""

    @property
    def times(self) -> list[datetime]:
        """When something arrived, by the wall clock of that moment."""
        return [at for at, _ in self.arrived]


@dataclass(eq=False)
class Chair:
    """A desk with somebody at it, or nobody since ``left_at``. ``hangs`` = it tells nothing any more.

    ``knows`` are the things it can tell; ``looks`` is when it was looked at.
    """

    left_at: datetime | None = None
    locked: bool = False
    do_not_disturb: bool = False
    hangs: bool = False
    knows: frozenset[str] = frozenset({"idle", "locked", "do_not_disturb"})
    looks: list[datetime] = field(default_factory=list)
    told: list[str | None] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def look(self) -> Presence:
        now = self.now()
        self.looks.append(now)
        if self.hangs:
            return Presence(at=now)
        idle = timedelta(0) if self.left_at is None else now - self.left_at
        known = {"idle": idle, "locked": self.locked, "do_not_disturb": self.do_not_disturb}
        return Presence(at=now, **{name: value for name, value in known.items() if name in self.knows})  # type: ignore[arg-type]

    @property
    def told_by(self) -> Mapping[str, str]:
        return {} if self.hangs else dict.fromkeys(self.knows, "the chair")

    async def close(self) -> None:
        """Nothing is held open."""

    def desk(self, home: Home) -> Desk:
        """Return the desk of a home that this chair stands at."""
        self.now = home.clock.now
        return Desk(
            home.clock,
            home.journal,
            sensor=lambda: self,
            zone_of=home.zone_of,
            words_of=presence_words,
            told=self.told.append,
            changed=home.service.look_soon,
        )


@dataclass(eq=False)
class StillSupply:
    """A configuration that never changes."""

    supply: Supply

    def stamp(self) -> tuple[object, ...]:
        return ()

    async def read(self, running: Supply) -> Supply:
        return running

    async def build(self, household: Household, running: Supply | None) -> Supply:
        return self.supply


@dataclass(eq=False)
class Home:
    """What a scenario holds in its hands."""

    clock: HomeClock
    journal: SqliteJournal
    household: Household
    phone: Phone
    others: Mapping[str, Phone] = field(default_factory=dict)
    machine_zone: ZoneInfo = BERLIN
    homes: Mapping[str, ZoneInfo] = field(default_factory=dict)
    reports: list[Mapping[str, object]] = field(default_factory=list)
    service: Service = field(init=False)

    def zone_of(self, person: Person) -> ZoneInfo:
        """Return the zone a person's times are read in; ``homes`` holds zone data other than the machine's."""
        if person.zone is None:
            return self.machine_zone
        return self.homes.get(person.zone) or ZoneInfo(person.zone)

    async def passes(self, **duration: float) -> None:
        """Let time pass while the machine is awake."""
        await asyncio.sleep(timedelta(**duration).total_seconds())

    async def until(self, hour: int, minute: int = 0, second: int = 0, zone: ZoneInfo = BERLIN) -> None:
        """Let time pass until the wall clock next shows that time of the day."""
        local = self.clock.now().astimezone(zone)
        target = local.replace(hour=hour, minute=minute, second=second, microsecond=0)
        if target <= local:
            target += timedelta(days=1)
        await asyncio.sleep((target.astimezone(UTC) - self.clock.now()).total_seconds())

    def arrivals(self, since: datetime | None = None) -> list[str]:
        """Return ``HH:MM title`` of what arrived, in Berlin's time."""
        moved = [(at.astimezone(BERLIN), m) for at, m in self.phone.arrived if since is None or at >= since]
        return [f"{at:%H:%M} {message.title}" for at, message in moved]

    def history(self, habit: str | None = None) -> tuple[HistoryRow, ...]:
        """Return everything on record."""
        return self.journal.history(None, datetime(1971, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC), habit)

    def events(self, kind: str) -> tuple[EventRow, ...]:
        """Return the events of a kind, newest first."""
        return self.journal.last_events(1000, kind=kind)

    def nudges(self) -> list[Nudge]:
        """Return what was put to the person, oldest first."""
        ids = dict.fromkeys(message.nudge_id for _, message in self.phone.arrived)
        return [self.journal.nudge(nudge_id) for nudge_id in ids]


def compose(
    person: Person,
    sends: tuple[Decision, ...],
    recent: Mapping[str, tuple[str, ...]],
    zone: ZoneInfo,
    *,
    flare: bool,
) -> Composition:
    """Put a nudge into words; the content stays loaded between two."""
    return wording.compose(person, sends, load_content(person.language), recent, zone, flare=flare)


def compose_again(person: Person, _about: Nudge, asks: tuple[Ask, ...]) -> Composition:
    """Put asks on record into words once more."""
    return wording.compose_again(asks, load_content(person.language))


def live(
    folder: Path,
    household: Household,
    start: datetime,
    scenario: Callable[[Home], Awaitable[None]],
    *,
    beat: timedelta = BEAT,
    composer: Composer = compose,
    homes: Mapping[str, ZoneInfo] | None = None,
    also: tuple[str, ...] = (),
    chair: Chair | None = None,
) -> Home:
    """Run a daemon from ``start`` on for as long as the scenario takes, then stop it and check the invariant.

    ``also`` names further channels than the desktop. ``chair`` None = nobody looks whether somebody is at the desk.
    """
    selector = WallSelector()
    loop = VirtualLoop(selector)
    with time_machine.travel(start, tick=False) as wall:
        clock = HomeClock(selector, start, wall)
        journal = SqliteJournal.open(folder / "journal.db", check=True, now=clock.now())
        try:
            phone = Phone(name="desktop", now=clock.now)
            others = {name: Phone(name=name, now=clock.now) for name in also}
            home = Home(
                clock=clock, journal=journal, household=household, phone=phone, others=others, homes=homes or {}
            )
            loop.run_until_complete(_live(home, scenario, beat, composer, chair))
            assert journal.check_invariant() == ()
        finally:
            journal.close()
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
    return home


async def _live(
    home: Home,
    scenario: Callable[[Home], Awaitable[None]],
    beat: timedelta,
    composer: Composer,
    chair: Chair | None,
) -> None:
    turn = Turn(home.household, home.journal, home.zone_of, composer, compose_again)
    supply = Supply(household=home.household, channels={"desktop": home.phone, **home.others}, discreet=frozenset())
    home.service = Service(
        clock=home.clock,
        journal=home.journal,
        turn=turn,
        supplier=StillSupply(supply),
        machine_zone=lambda: home.machine_zone,
        tz_year=TZ_YEAR,
        report=home.reports.append,
        millilitres=lambda _: None,
        beat=beat,
    )
    if chair is not None:
        home.service.desk = desk = chair.desk(home)
        turn.context_of = desk.context_of
    dispatcher = Dispatcher(
        supply.channels,
        home.journal,
        home.clock,
        home.service.look_soon,
        jitter=lambda: 0.5,
        words_of=Speech(lambda: home.household).of,
    )
    armed = asyncio.Event()
    running = asyncio.ensure_future(home.service.run(supply, dispatcher, armed.set))
    await armed.wait()
    try:
        await scenario(home)
    finally:
        home.service.stop()
        await running
