"""Short ways to say what happens on one person's day, to a real journal in a temporary file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reminders.domain.answer import AnswerReceipt, Verb
from reminders.domain.decision import Decision, Defer, Send, Suppress, Verdict
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import Occurrence, Reason, occurrence_id
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED)
FAILED = SendResult(outcome=SendOutcome.FAILED, detail="refused")
REJECTED = SendResult(outcome=SendOutcome.REJECTED, detail="bad address")
UNKNOWN = SendResult(outcome=SendOutcome.UNKNOWN, detail="no reply")


def sent(decision: Decision) -> Send:
    """Return the verdict of a decision to send."""
    assert isinstance(decision.verdict, Send)
    return decision.verdict


@dataclass
class Day:
    """One person's day: the journal under test and what happens in it. Minutes are counted from 09:00 UTC."""

    path: Path
    journal: SqliteJournal
    nudges: int = 0

    def at(self, minute: float) -> datetime:
        return NINE + timedelta(minutes=minute)

    def reopen(self) -> SqliteJournal:
        self.journal.close()
        self.journal = SqliteJournal.open(self.path, check=True)
        return self.journal

    def decision(
        self,
        verdict: Verdict,
        *,
        habit: str = "movement",
        slot: str = "09:00",
        due: float = 0,
        expires: float = 60,
        person: str = "me",
    ) -> Decision:
        return Decision(person, habit, f"2026-03-03 {slot}", self.at(due), self.at(expires), verdict)

    def nudge(
        self,
        decisions: Sequence[Decision],
        *,
        send_to: tuple[str, ...] = ("desk",),
        fallback: tuple[str, ...] = (),
        kind: NudgeKind = NudgeKind.ASK,
        variant: str = "",
    ) -> Nudge:
        first = sent(decisions[0])
        return Nudge(
            id=first.nudge_id,
            person=decisions[0].person,
            kind=kind,
            asks=tuple(
                Ask(
                    occurrence_id=one.occurrence_id,
                    habit=one.habit,
                    text=f"time for {one.habit}",
                    variant=variant,
                    amount_ml=sent(one).amount_ml,
                )
                for one in decisions
            ),
            title="Move",
            text="walk to the kitchen",
            discreet_text="a reminder",
            created_at=first.at,
            expires_at=min(one.expires_at for one in decisions),
            send_to=send_to,
            fallback=fallback,
        )

    def turn(
        self, *decisions: Decision, minute: float = 0, nudges: Iterable[Nudge] = (), person: str = "me"
    ) -> tuple[str, ...]:
        at = self.at(minute)
        return self.journal.record(
            TurnRecord(person=person, decided_at=at, planned_until=at, decisions=decisions, nudges=tuple(nudges))
        )

    def queue(
        self,
        *habits: str,
        minute: float = 0,
        slot: str = "09:00",
        expires: float = 60,
        amount_ml: int | None = None,
        variant: str = "",
        send_to: tuple[str, ...] = ("desk",),
        fallback: tuple[str, ...] = (),
    ) -> str:
        """Decide to send one nudge for the habits (movement unless told); return its id."""
        self.nudges += 1
        nudge_id = f"n{self.nudges}"
        verdict = Send(self.at(minute), nudge_id, amount_ml=amount_ml)
        decisions = [
            self.decision(verdict, habit=habit, slot=slot, due=minute, expires=expires)
            for habit in habits or ("movement",)
        ]
        self.turn(
            *decisions,
            minute=minute,
            nudges=[self.nudge(decisions, variant=variant, send_to=send_to, fallback=fallback)],
        )
        return nudge_id

    def send(self, *habits: str, minute: float = 0, **rest: Any) -> str:
        """Decide on a nudge and have every channel accept it; return its id."""
        nudge_id = self.queue(*habits, minute=minute, **rest)
        self.deliver(nudge_id, minute=minute)
        return nudge_id

    def deliver(
        self,
        nudge_id: str,
        *,
        minute: float = 0,
        result: SendResult = ACCEPTED,
        state: DeliveryState = DeliveryState.ACCEPTED,
        retry_at: float | None = None,
    ) -> None:
        for delivery in self.journal.deliveries_of(nudge_id):
            assert self.journal.begin(delivery.id, self.at(minute))
            following = None if retry_at is None else self.at(retry_at)
            self.journal.finish(delivery.id, result, state, self.at(minute), following)

    def again(
        self, nudge_id: str, *, minute: float, habit: str = "movement", slot: str = "09:00", expires: float = 60
    ) -> tuple[str, ...]:
        """Send a waiting occurrence once more, in a nudge of that id."""
        decision = self.decision(Send(self.at(minute), nudge_id), habit=habit, slot=slot, expires=expires)
        return self.turn(decision, minute=minute, nudges=[self.nudge([decision])])

    def follow_up(
        self,
        nudge_id: str,
        about: str,
        *habits: str,
        minute: float,
        send_to: tuple[str, ...] = ("phone",),
        fallback: tuple[str, ...] = (),
    ) -> tuple[str, ...]:
        """Put an unanswered nudge again, for all its habits or some; return the ids of what was put again."""
        at, before = self.at(minute), self.journal.nudge(about)
        asks = tuple(ask for ask in before.asks if not habits or ask.habit in habits)
        again = replace(
            before, id=nudge_id, kind=NudgeKind.FOLLOW_UP, asks=asks, created_at=at, send_to=send_to, fallback=fallback
        )
        return self.journal.record(TurnRecord(person="me", decided_at=at, planned_until=at, follow_ups=(again,)))

    def defer(self, until: float, *, reason: Reason = Reason.BUSY, minute: float = 0, **rest: Any) -> tuple[str, ...]:
        return self.turn(self.decision(Defer(self.at(until), reason), **rest), minute=minute)

    def suppress(self, reason: Reason, *, minute: float = 0, detail: str | None = None, **rest: Any) -> tuple[str, ...]:
        return self.turn(self.decision(Suppress(reason, detail), **rest), minute=minute)

    def press(self, nudge_id: str, verb: Verb, minute: float, *, snooze_for: timedelta | None = None) -> AnswerReceipt:
        receipts = self.journal.answer_nudge(nudge_id, verb, self.at(minute), "desktop", snooze_for=snooze_for)
        return receipts[0]

    def say(self, habit: str, verb: Verb, minute: float, **rest: Any) -> AnswerReceipt:
        return self.journal.answer_habit("me", habit, verb, self.at(minute), "command", **rest)

    def occurrence(self, habit: str = "movement", slot: str = "09:00", person: str = "me") -> Occurrence:
        wanted = occurrence_id(person, habit, f"2026-03-03 {slot}")
        facts = self.journal.facts(person, self.at(-1440), self.at(2880))
        return next(one for one in facts.occurrences if one.id == wanted)
