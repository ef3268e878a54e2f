"""A journal of months, filled through its public methods by the planner, a seeded dice, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.catalogue.content import load_content
from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.facts import Facts
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.forecast import forecast
from reminders.planning.waking_day import start_of
from reminders.planning.wording import compose

ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED)
UNKNOWN = SendResult(outcome=SendOutcome.UNKNOWN, detail="the connection broke after the request")
REJECTED = SendResult(outcome=SendOutcome.REJECTED, detail="no such topic")
# Out of a hundred nudges; the rest gets no answer.
ANSWERS = ((Verb.DONE, 66), (Verb.SKIP, 9), (Verb.SNOOZE, 5))
ENDINGS = {
    SendOutcome.ACCEPTED: DeliveryState.ACCEPTED,
    SendOutcome.UNKNOWN: DeliveryState.UNKNOWN,
    SendOutcome.REJECTED: DeliveryState.REJECTED,
}


def send(
    journal: SqliteJournal,
    person: Person,
    zone: ZoneInfo,
    decisions: tuple[Decision, ...],
    at: datetime,
    results: Mapping[str, SendResult] | None = None,
) -> str:
    """Put the decisions to the person in one nudge at that moment; ``results`` are by channel, accepted unless told."""
    recent = {one.habit: journal.recent_variants(person.id, one.habit, 20) for one in decisions}
    words = compose(person, decisions, load_content(person.language), recent, zone)
    verdict = decisions[0].verdict
    assert isinstance(verdict, Send)
    habits = [habit for one in decisions if (habit := person.habit(one.habit)) is not None]
    nudge = Nudge(
        id=verdict.nudge_id,
        person=person.id,
        kind=NudgeKind.ASK,
        asks=words.asks,
        title=words.title,
        text=words.text,
        discreet_text=words.discreet_text,
        created_at=at,
        expires_at=min(one.expires_at for one in decisions),
        send_to=tuple(dict.fromkeys(name for habit in habits for name in habit.send_to)),
    )
    journal.record(TurnRecord(person=person.id, decided_at=at, planned_until=at, decisions=decisions, nudges=(nudge,)))
    for delivery in journal.deliveries_of(nudge.id):
        result = (results or {}).get(delivery.channel, ACCEPTED)
        journal.begin(delivery.id, at)
        journal.finish(delivery.id, result, ENDINGS[result.outcome], at + timedelta(seconds=1), None)
    return nudge.id


def put(
    journal: SqliteJournal,
    person: Person,
    zone: ZoneInfo,
    habits: tuple[str, ...],
    at: datetime,
    *,
    lasts: timedelta = timedelta(hours=1),
    results: Mapping[str, SendResult] | None = None,
) -> str:
    """Put habits to the person now, in one nudge, whatever the plan says; return its id."""
    slot = f"{at.astimezone(zone):%Y-%m-%dT%H:%M:%S}"
    name = f"{person.id}/{'+'.join(habits)}/{slot}"
    decisions = tuple(
        Decision(
            person.id, habit, slot, at, at + lasts, Send(at, name, amount_ml=200 if habit == "hydration" else None)
        )
        for habit in habits
    )
    return send(journal, person, zone, decisions, at, results)


@dataclass
class Life:
    """One person living by a seeded dice; every run of the same days is the same."""

    journal: SqliteJournal
    person: Person
    zone: ZoneInfo
    dice: random.Random = field(default_factory=lambda: random.Random(20260303))

    def live(self, until: datetime, days: int) -> None:
        """Live the days up to ``until``, the last one in part."""
        last = until.astimezone(self.zone).date()
        for back in range(days - 1, -1, -1):
            with self.journal.together():
                self._day(last - timedelta(days=back), until)

    def _day(self, day: date, until: datetime) -> None:
        is_down = self.dice.randrange(25) == 0
        diligence = self.dice.choice((0.6, 1.0, 1.0, 1.2))
        for at, decisions in sorted(self._moments(day), key=lambda pair: pair[0]):
            if at > until:
                return
            self.journal.close_expired(at)
            if is_down:
                self._hold(tuple(_held(one, Reason.EXPIRED_DOWN) for one in decisions), at)
            elif isinstance(decisions[0].verdict, Send):
                self._send(decisions, at, until, diligence)
            else:
                self._hold(decisions, at)
        self.journal.close_expired(until)

    def _moments(self, day: date) -> Iterator[tuple[datetime, tuple[Decision, ...]]]:
        together: dict[str, list[Decision]] = {}
        start = start_of(self.person, self.zone, day)
        for decision in forecast(self.person, self.zone, start, 1, Facts()):
            verdict = decision.verdict
            if isinstance(verdict, Send):
                together.setdefault(verdict.nudge_id, []).append(decision)
            else:
                yield decision.due_at, (decision,)
        for decisions in together.values():
            verdict = decisions[0].verdict
            assert isinstance(verdict, Send)
            yield verdict.at, tuple(decisions)

    def _hold(self, decisions: tuple[Decision, ...], at: datetime) -> None:
        self.journal.record(TurnRecord(person=self.person.id, decided_at=at, planned_until=at, decisions=decisions))

    def _send(self, decisions: tuple[Decision, ...], at: datetime, until: datetime, diligence: float) -> None:
        throw = self.dice.randrange(100)
        result = UNKNOWN if throw == 0 else ACCEPTED
        channels = {name for habit in self.person.habits for name in habit.send_to}
        nudge_id = send(self.journal, self.person, self.zone, decisions, at, dict.fromkeys(channels, result))
        answered_at = at + timedelta(seconds=self.dice.randrange(20, 25 * 60))
        verb = self._answer(diligence)
        if verb is not None and answered_at < min(until, *(one.expires_at for one in decisions)):
            via = self.dice.choice(("desktop", "desktop", "page", "command"))
            self.journal.answer_nudge(nudge_id, verb, answered_at, via)
        if self.dice.randrange(12) == 0 and answered_at < until and self.person.habit("hydration"):
            amount_ml = self.dice.choice((150, 250, 500))
            self.journal.answer_habit(
                self.person.id, "hydration", Verb.DONE, answered_at, "command", amount_ml=amount_ml
            )

    def _answer(self, diligence: float) -> Verb | None:
        throw = self.dice.randrange(100) / diligence
        for verb, chance in ANSWERS:
            if throw < chance:
                return verb
            throw -= chance
        return None


def _held(decision: Decision, reason: Reason) -> Decision:
    return Decision(
        decision.person, decision.habit, decision.slot_key, decision.due_at, decision.expires_at, Suppress(reason)
    )
