"""Ten thousand due at once, on the real journal and dispatcher. Run with the journal's path, stored and due.

Two hundred people have 500 stored occurrences each, put off through the journal's own turns; fifty of each
are due. Their turns are recorded one after the other, with a breath for the loop in between, and an instant channel
accepts all. The storm ends when the journal holds every delivery as accepted.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from reminders.clock import SystemClock
from reminders.delivery.dispatcher import Dispatcher
from reminders.domain.decision import Decision, Defer, Send
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import Reason
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from tests.benchmarks.loop_stall import watched

PEOPLE = 200
ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED)
HOUR = timedelta(hours=1)
LIMIT_SECONDS = 300


@dataclass(eq=False)
class Phone:
    """Accepts at once."""

    name: str = "phone"
    has_buttons: bool = False
    hears_presses: bool = False
    seen: set[str] = field(default_factory=set)

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        self.seen.add(message.nudge_id)
        return ACCEPTED

    async def withdraw(self, external_id: str) -> None:
        """Nothing to take back."""

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """``stored`` occurrences, ``due`` of them now, shared out evenly among the people."""

    stored: int
    due: int
    now: datetime

    def people(self) -> Iterator[str]:
        return (f"person{number:04}" for number in range(min(PEOPLE, self.due)))

    def each(self, total: int) -> int:
        return total // min(PEOPLE, self.due)

    def waiting(self, person: str) -> TurnRecord:
        """Put everything off: what is due until now, the rest until tomorrow."""
        due = self.each(self.due)
        decisions = tuple(
            self._decision(person, number, Defer(self.now if number < due else self.now + 24 * HOUR, Reason.BUSY))
            for number in range(self.each(self.stored))
        )
        return self._record(person, self.now - HOUR, decisions, ())

    def turn(self, person: str) -> TurnRecord:
        """Send what is due."""
        decisions, nudges = [], []
        for number in range(self.each(self.due)):
            decision = self._decision(person, number, Send(self.now, f"{person}/{number}"))
            decisions.append(decision)
            nudges.append(self._nudge(decision, f"{person}/{number}"))
        return self._record(person, self.now, tuple(decisions), tuple(nudges))

    def _decision(self, person: str, number: int, verdict: Send | Defer) -> Decision:
        return Decision(person, "movement", f"slot{number:06}", self.now - HOUR, self.now + 48 * HOUR, verdict)

    def _nudge(self, decision: Decision, nudge_id: str) -> Nudge:
        ask = Ask(occurrence_id=decision.occurrence_id, habit=decision.habit, text="Stand up and walk to the window.")
        return Nudge(
            id=nudge_id, person=decision.person, kind=NudgeKind.ASK, asks=(ask,), title="Move", text=ask.text,
            discreet_text="Time for a short break.", created_at=self.now, expires_at=decision.expires_at,
            send_to=("phone",), fallback=(), resend_unknown=True,
        )  # fmt: skip

    def _record(
        self, person: str, at: datetime, decisions: tuple[Decision, ...], nudges: tuple[Nudge, ...]
    ) -> TurnRecord:
        return TurnRecord(person=person, decided_at=at, planned_until=at, decisions=decisions, nudges=nudges)


async def storm(journal: SqliteJournal, load: Load) -> dict[str, float]:
    """Record and send what is due; return the figures."""
    phone = Phone()
    dispatcher = Dispatcher({"phone": phone}, journal, SystemClock(), lambda: None)
    async with watched() as stall:
        cpu, wall = time.process_time(), time.monotonic()
        dispatcher.start()
        for person in load.people():
            journal.record(load.turn(person))
            dispatcher.poke()
            await asyncio.sleep(0)
        while len(phone.seen) < load.due or dispatcher.health()[0].waiting:
            if time.monotonic() - wall > LIMIT_SECONDS:
                break
            await asyncio.sleep(0.02)
        await dispatcher.drain()
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    accepted = journal.counts().deliveries.get("accepted", 0)
    return {
        "cpu_us": cpu * 1e6 / load.due,
        "wall_s": wall,
        "stall_ms": stall.worst_ms,
        "lost": load.due - min(accepted, len(phone.seen)),
    }


def main(path: Path, stored: int, due: int) -> None:
    journal = SqliteJournal.open(path)
    load = Load(stored=stored, due=due, now=SystemClock().now())
    for person in load.people():
        journal.record(load.waiting(person))
    print(json.dumps(asyncio.run(storm(journal, load))))
    journal.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
