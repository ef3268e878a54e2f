"""The two delivery logs under test, the memory one and the journal, behind one face; and short ways to feed them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Send
from reminders.domain.delivery import Delivery, SendOutcome, SendResult
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import OccurrenceState, occurrence_id
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import DeliveryLog
from tests.delivery.desk import nudge
from tests.delivery.memory_log import MemoryLog
from tests.delivery.virtual_time import START

SLOT = "2025-03-04T09:00"
LATER = START + timedelta(minutes=1)
ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED, external_id="41")
FAILED = SendResult(outcome=SendOutcome.FAILED, detail="refused")
REJECTED = SendResult(outcome=SendOutcome.REJECTED, detail="401")
UNKNOWN = SendResult(outcome=SendOutcome.UNKNOWN, detail="cut off")


class Subject(Protocol):
    """A log under test, and what else a test needs of what lies behind it."""

    log: DeliveryLog

    def put(self, one: Nudge) -> None: ...

    def answer(self, one: Nudge) -> None: ...

    def state(self, habit: str) -> str: ...

    def leads_to(self, token_hash: str) -> tuple[str, datetime] | None: ...


class InMemory:
    def __init__(self) -> None:
        self.memory = MemoryLog()
        self.log: DeliveryLog = self.memory

    def put(self, one: Nudge) -> None:
        self.memory.record(one)

    def answer(self, one: Nudge) -> None:
        self.memory.answer(one.asks[0].occurrence_id)

    def state(self, habit: str) -> str:
        return self.memory.occurrences[occurrence_id("me", habit, SLOT)]

    def leads_to(self, token_hash: str) -> tuple[str, datetime] | None:
        return self.memory.links.get(token_hash)


class InJournal:
    def __init__(self, journal: SqliteJournal) -> None:
        self.journal = journal
        self.log: DeliveryLog = journal

    def put(self, one: Nudge) -> None:
        if one.kind is NudgeKind.SERVICE:
            self.journal.record_notice(one)
            return
        if one.kind is NudgeKind.FOLLOW_UP:
            again = TurnRecord(person="me", decided_at=one.created_at, planned_until=START, follow_ups=(one,))
            self.journal.record(again)
            return
        decisions = tuple(
            Decision("me", ask.habit, SLOT, START, one.expires_at, Send(one.created_at, one.id)) for ask in one.asks
        )
        self.journal.record(
            TurnRecord(person="me", decided_at=one.created_at, planned_until=START, decisions=decisions, nudges=(one,))
        )

    def answer(self, one: Nudge) -> None:
        self.journal.answer_nudge(one.id, Verb.DONE, LATER, "command")

    def state(self, habit: str) -> str:
        found = self.journal.facts("me", START - timedelta(days=1), START + timedelta(days=1)).occurrences
        occurrence = next(one for one in found if one.habit == habit)
        is_missed = occurrence.state is OccurrenceState.MISSED and occurrence.reason is not None
        return f"missed({occurrence.reason})" if is_missed else str(occurrence.state)

    def leads_to(self, token_hash: str) -> tuple[str, datetime] | None:
        target = self.journal.link_target(token_hash)
        return None if target is None else (target.nudge_id, target.expires_at)


def asking(number: int = 1, habit: str = "hydration", **rest: object) -> Nudge:
    ask = Ask(occurrence_id=occurrence_id("me", habit, SLOT), habit=habit, text="Drink a glass of water")
    return replace(nudge(number, **rest), asks=(ask,))  # type: ignore[arg-type]


def only(subject: Subject, nudge_id: str = "n1") -> Delivery:
    (delivery,) = subject.log.deliveries_of(nudge_id)
    return delivery


def begun(subject: Subject, one: Nudge) -> int:
    subject.put(one)
    number = only(subject, one.id).id
    assert subject.log.begin(number, START)
    return number
