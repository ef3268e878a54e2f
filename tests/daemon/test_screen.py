"""Holds: what was answered or is over leaves every screen once, and what still waits stays or comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminders.daemon.screen import Screen
from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Send
from reminders.domain.delivery import DeliveryState, Message, SendOutcome, SendResult
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import occurrence_id
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@dataclass
class Place:
    """A channel that can take messages back; a phone hears no presses, a desktop does."""

    name: str = "phone"
    hears_presses: bool = False
    has_buttons: bool = True
    sent: list[Message] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    on_withdraw: Callable[[], Awaitable[None]] | None = None

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        self.sent.append(message)
        return SendResult(outcome=SendOutcome.ACCEPTED, external_id=message.replaces)

    async def withdraw(self, external_id: str) -> None:
        self.withdrawn.append(external_id)
        if self.on_withdraw is not None:
            await self.on_withdraw()

    async def close(self) -> None:
        """Hold nothing."""


class NineClock:
    """A clock that stands at nine, and a little later each time it is asked."""

    def __init__(self) -> None:
        self.moment = NINE

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    def monotonic(self) -> float:
        return 0.0

    def boottime(self) -> float:
        return 0.0


@dataclass
class Home:
    """A real journal with nudges that a channel has accepted, and a screen over it."""

    journal: SqliteJournal
    clock: NineClock = field(default_factory=NineClock)

    def show(self, name: str, external_id: str, *, habit: str = "hydration", channel: str = "phone") -> str:
        """Put a nudge on record that the channel accepted under that external id."""
        slot, end = f"2026-03-03 {name}", NINE + timedelta(hours=1)
        ask = Ask(occurrence_id=occurrence_id("me", habit, slot), habit=habit, text="Drink")
        nudge = Nudge(
            id=name,
            person="me",
            kind=NudgeKind.ASK,
            asks=(ask,),
            title="Drink",
            text="Drink",
            discreet_text="A break",
            created_at=NINE,
            expires_at=end,
            send_to=(channel,),
        )
        decision = Decision("me", habit, slot, NINE, end, Send(NINE, name))
        self.journal.record(
            TurnRecord(person="me", decided_at=NINE, planned_until=NINE, decisions=(decision,), nudges=(nudge,))
        )
        (delivery,) = self.journal.deliveries_of(name)
        self.journal.begin(delivery.id, NINE)
        shown = SendResult(outcome=SendOutcome.ACCEPTED, external_id=external_id)
        self.journal.finish(delivery.id, shown, DeliveryState.ACCEPTED, NINE, None)
        return name

    def answer(self, nudge_id: str, verb: Verb = Verb.DONE) -> None:
        self.journal.answer_nudge(nudge_id, verb, self.clock.now(), "command")

    def screen(self) -> Screen:
        return Screen(self.journal, self.clock)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    tmp_path.chmod(0o700)
    with closing(SqliteJournal.open(tmp_path / "journal.sqlite")) as journal:
        yield Home(journal)
        assert journal.check_invariant() == ()


async def settled() -> None:
    """Let every task that has begun come to its end."""
    while others := [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]:
        await asyncio.wait(others)


def test_an_answered_message_is_taken_away_once_however_often_the_screen_is_looked_at(home: Home) -> None:
    async def scenario() -> None:
        phone, screen = Place(), home.screen()
        home.show("n1", "s1")
        screen.exchange({"phone": phone}, frozenset())
        await settled()
        assert phone.withdrawn == []
        home.answer("n1")
        for _ in range(3):
            screen.withdraw_ended()
            await settled()
        assert phone.withdrawn == ["s1"]

    asyncio.run(scenario())


def test_what_was_answered_before_it_was_known_to_have_arrived_is_taken_away_too(home: Home) -> None:
    async def scenario() -> None:
        phone, screen = Place(), home.screen()
        screen.exchange({"phone": phone}, frozenset())
        home.show("n1", "s1")
        home.answer("n1")
        for _ in range(3):
            screen.withdraw_ended()
            await settled()
        assert phone.withdrawn == ["s1"]

    asyncio.run(scenario())


def test_what_cannot_be_taken_away_is_not_tried_at_every_look(home: Home) -> None:
    async def scenario() -> None:
        async def hang() -> None:
            raise TimeoutError

        phone, screen = Place(on_withdraw=hang), home.screen()
        screen.exchange({"phone": phone}, frozenset())
        home.show("n1", "s1")
        home.answer("n1")
        for _ in range(3):
            screen.withdraw_ended()
            await settled()
        assert phone.withdrawn == ["s1"]

    asyncio.run(scenario())


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verdict_takes_the_message_away(home: Home, verb: Verb) -> None:
    async def scenario() -> None:
        phone, screen = Place(), home.screen()
        home.show("n1", "s1")
        screen.exchange({"phone": phone}, frozenset())
        home.answer("n1", verb)
        screen.withdraw_ended()
        await settled()
        assert phone.withdrawn == ["s1"]

    asyncio.run(scenario())


def test_a_restart_takes_away_what_ended_meanwhile_and_the_next_one_nothing_again(home: Home) -> None:
    async def scenario() -> None:
        home.show("n1", "s1")
        home.show("n2", "s2", habit="movement")
        home.answer("n1")
        phones = [Place(), Place()]
        for phone in phones:
            home.screen().exchange({"phone": phone}, frozenset())
            await settled()
        assert [phone.withdrawn for phone in phones] == [["s1"], []]

    asyncio.run(scenario())


def test_a_restart_shows_what_waits_anew_only_where_presses_come_to_the_daemon(home: Home) -> None:
    async def scenario() -> None:
        home.show("n1", "s1")
        home.show("n2", "d1", habit="movement", channel="desktop")
        phone, desktop = Place(), Place(name="desktop", hears_presses=True)
        home.screen().exchange({"phone": phone, "desktop": desktop}, frozenset())
        await settled()
        assert phone.sent == []
        assert [message.replaces for message in desktop.sent] == ["d1"]

    asyncio.run(scenario())


def test_what_was_sent_in_its_place_meanwhile_is_still_known(home: Home) -> None:
    async def scenario() -> None:
        async def send_anew() -> None:
            home.show("n2", "s1", habit="movement")

        phone, screen = Place(on_withdraw=send_anew), home.screen()
        home.show("n1", "s1")
        screen.exchange({"phone": phone}, frozenset())
        home.answer("n1")
        screen.withdraw_ended()
        await settled()
        assert home.journal.external_ids("phone") == {"s1": "n2"}

    asyncio.run(scenario())


def test_a_message_that_could_not_be_taken_away_in_time_is_tried_again_after_a_restart(home: Home) -> None:
    async def scenario() -> None:
        async def hang() -> None:
            raise TimeoutError

        home.show("n1", "s1")
        home.answer("n1")
        first, second = Place(on_withdraw=hang), Place()
        home.screen().exchange({"phone": first}, frozenset())
        await settled()
        home.screen().exchange({"phone": second}, frozenset())
        await settled()
        assert (first.withdrawn, second.withdrawn) == (["s1"], ["s1"])

    asyncio.run(scenario())
