"""A person who lives with the nudges for a long time: answers, ignores, snoozes, pauses, and closes the laptop."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from reminders.domain.answer import Verb
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.journal.sqlite_journal import SqliteJournal
from tests.delivery.scripted_channel import ACCEPTED
from tests.scenarios.virtual_home import BERLIN, Home

# What becomes of a nudge, out of a hundred; the rest is ignored.
HABITS_OF_ANSWERING = [("done", 60), ("skip", 8), ("snooze", 12)]
FAILED = SendResult(outcome=SendOutcome.FAILED, detail="connection refused")
UNKNOWN = SendResult(outcome=SendOutcome.UNKNOWN, detail="the connection broke after the request")
REJECTED = SendResult(outcome=SendOutcome.REJECTED, detail="too long")
WAYS_A_CALL_ENDS = [(ACCEPTED, 94), (FAILED, 3), (UNKNOWN, 2), (REJECTED, 1)]


@dataclass(eq=False)
class Resident:
    """Lives by a seeded dice, so that every run is the same. ``commands`` writes as other processes do."""

    home: Home
    commands: SqliteJournal
    dice: random.Random = field(default_factory=lambda: random.Random(20250101))
    slept: int = 0
    per_day: Counter[str] = field(default_factory=Counter)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home.phone.keeps = False
        self.home.phone.heard = self._look_at
        self.home.phone.result_of = lambda _: self._thrown(WAYS_A_CALL_ENDS) or ACCEPTED

    def _thrown(self, chances: list[tuple[object, int]]) -> object:
        throw = self.dice.randrange(100)
        for outcome, chance in chances:
            if throw < chance:
                return outcome
            throw -= chance
        return None

    def _look_at(self, message: Message) -> None:
        local = self.home.clock.now().astimezone(BERLIN)
        nudge = self.home.journal.nudge(message.nudge_id)
        if not (7, 0) <= (local.hour, local.minute) < (22, 30):
            self.outside.append(f"{local:%Y-%m-%d %H:%M} {message.title}")
        if nudge.kind == "ask":
            self.per_day[f"{nudge.created_at.astimezone(BERLIN):%Y-%m-%d}"] += 1
        verb = self._thrown(HABITS_OF_ANSWERING)
        if isinstance(verb, str):
            delay = self.dice.randrange(5, 40 * 60)
            asyncio.get_running_loop().call_later(delay, self.home.service.heard, message.nudge_id, verb, "desktop")

    async def live(self, days: int) -> None:
        """Let days pass; on some of them something out of the ordinary happens."""
        end = self.home.clock.now() + timedelta(days=days)
        while self.home.clock.now() < end:
            await self.home.until(self.dice.randrange(8, 21), self.dice.randrange(60))
            self._do_something()
            await self.home.until(23, 40)
            if self.dice.randrange(3) == 0:
                self.slept += 1
                self.home.clock.suspend(timedelta(minutes=self.dice.randrange(60, 16 * 60)))

    def _do_something(self) -> None:
        now, journal = self.home.clock.now(), self.commands
        match self.dice.randrange(10):
            case 0:
                journal.pause("me", None, now, now + timedelta(hours=1), "resident", "a meeting")
            case 1:
                journal.pause("me", "movement", now, now + timedelta(days=2), "resident", "a bad day", flare=True)
            case 2:
                journal.resume("me", None, now)
            case 3:
                journal.answer_habit("me", "hydration", Verb.DONE, now, "command", amount_ml=300)
            case 4:
                journal.undo("me", None, now)
            case 5:
                self.home.clock.suspend(timedelta(minutes=self.dice.randrange(1, 5 * 60)))
            case _:
                return
