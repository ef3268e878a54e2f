"""Whatever happens in whatever order, kills and restarts included, the invariant holds after every step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.decision import Decision, Defer, Send, Suppress, Verdict
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import MISSED_REASONS, OccurrenceState, Reason
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from tests.journal.restart import end_cut_off

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
LIFE = timedelta(minutes=60)
habits = st.sampled_from(["movement", "hydration"])
slots = st.integers(0, 4)
verbs = st.sampled_from(list(Verb))
picks = st.integers(0, 1000)
RESULTS = {
    DeliveryState.ACCEPTED: SendResult(outcome=SendOutcome.ACCEPTED, external_id="7"),
    DeliveryState.REJECTED: SendResult(outcome=SendOutcome.REJECTED),
    DeliveryState.UNKNOWN: SendResult(outcome=SendOutcome.UNKNOWN),
    DeliveryState.RETRY_WAIT: SendResult(outcome=SendOutcome.FAILED),
}


class JournalMachine(RuleBasedStateMachine):
    """A day that goes any way it likes; time only moves forward."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "journal.db"
        self.journal = SqliteJournal.open(self.path)
        self.now = START
        self.nudges: list[str] = []
        self.deliveries = 0

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.folder)

    def decision(self, habit: str, slot: int, verdict: Verdict) -> Decision:
        due = START + timedelta(minutes=10 * slot)
        return Decision("me", habit, f"slot {slot}", due, max(due, self.now) + LIFE, verdict)

    def turn(self, *decisions: Decision, nudges: Iterable[Nudge] = ()) -> tuple[str, ...]:
        record = TurnRecord(
            person="me", decided_at=self.now, planned_until=self.now, decisions=decisions, nudges=tuple(nudges)
        )
        return self.journal.record(record)

    @rule(
        named=st.sets(habits, min_size=1),
        slot=slots,
        send_to=st.sampled_from([(), ("desk",), ("desk", "phone")]),
        amount_ml=st.sampled_from([None, 200]),
    )
    def send(self, named: set[str], slot: int, send_to: tuple[str, ...], amount_ml: int | None) -> None:
        nudge_id = f"n{len(self.nudges)}"
        decisions = [self.decision(habit, slot, Send(self.now, nudge_id, None, amount_ml)) for habit in sorted(named)]
        nudge = Nudge(
            id=nudge_id,
            person="me",
            kind=NudgeKind.ASK,
            asks=tuple(Ask(occurrence_id=one.occurrence_id, habit=one.habit, text="now") for one in decisions),
            title="",
            text="",
            discreet_text="",
            created_at=self.now,
            expires_at=decisions[0].expires_at,
            send_to=send_to,
        )
        taken = self.turn(*decisions, nudges=[nudge])
        assert self.turn(*decisions, nudges=[nudge]) == ()
        if taken:
            self.nudges.append(nudge_id)

    @precondition(lambda self: self.nudges)
    @rule(pick=picks, send_to=st.sampled_from([("desk",), ("phone", "mail")]), one=st.booleans())
    def follow_up(self, pick: int, send_to: tuple[str, ...], one: bool) -> None:  # noqa: FBT001
        about = self.journal.nudge(self.nudges[pick % len(self.nudges)])
        asks = about.asks[:1] if one else about.asks
        before = {occurrence.id: occurrence for occurrence in self.journal.asked(about.id)}
        again = replace(
            about,
            id=f"n{len(self.nudges)}",
            kind=NudgeKind.FOLLOW_UP,
            asks=asks,
            created_at=self.now,
            send_to=send_to,
        )
        record = TurnRecord(person="me", decided_at=self.now, planned_until=self.now, follow_ups=(again,))
        put_again = self.journal.record(record)
        assert all(before[name].state is OccurrenceState.SENT for name in put_again)
        for occurrence in self.journal.asked(again.id):
            assert occurrence.state is OccurrenceState.SENT
            assert occurrence.follow_ups == before[occurrence.id].follow_ups + 1
        self.nudges += [again.id] if put_again else []

    @rule(habit=habits, slot=slots, reason=st.sampled_from([Reason.PAUSED, Reason.EXPIRED_DOWN]))
    def suppress(self, habit: str, slot: int, reason: Reason) -> None:
        self.turn(self.decision(habit, slot, Suppress(reason)))

    @rule(habit=habits, slot=slots, minutes=st.integers(1, 90))
    def defer(self, habit: str, slot: int, minutes: int) -> None:
        self.turn(self.decision(habit, slot, Defer(self.now + timedelta(minutes=minutes), Reason.BUSY)))

    @rule(pick=picks)
    def begin(self, pick: int) -> None:
        deliveries = self.journal.open_deliveries()
        if deliveries:
            chosen = deliveries[pick % len(deliveries)]
            assert self.journal.begin(chosen.id, self.now) == (chosen.state is not DeliveryState.SENDING)

    @rule(pick=picks, state=st.sampled_from(list(RESULTS)))
    def finish(self, pick: int, state: DeliveryState) -> None:
        sending = [one for one in self.journal.open_deliveries() if one.state is DeliveryState.SENDING]
        if sending:
            following = self.now + timedelta(minutes=1) if state is DeliveryState.RETRY_WAIT else None
            chosen = sending[pick % len(sending)]
            self.journal.finish(chosen.id, RESULTS[state], state, self.now, following)

    @precondition(lambda self: self.nudges)
    @rule(pick=picks)
    def repeat_or_fall_back(self, pick: int) -> None:
        nudge_id = self.nudges[pick % len(self.nudges)]
        for delivery in self.journal.deliveries_of(nudge_id):
            self.journal.queue_again(delivery.id, self.now)
        self.journal.add_fallback(nudge_id, "mail", 1, self.now)

    @precondition(lambda self: self.nudges)
    @rule(pick=picks, reason=st.sampled_from(sorted(MISSED_REASONS)))
    def miss(self, pick: int, reason: Reason) -> None:
        self.journal.miss(self.nudges[pick % len(self.nudges)], reason, self.now)

    @rule(pick=picks)
    def abandon(self, pick: int) -> None:
        deliveries = self.journal.open_deliveries()
        if deliveries:
            self.journal.abandon(deliveries[pick % len(deliveries)].id, self.now, "not wanted")

    @precondition(lambda self: self.nudges)
    @rule(pick=picks, verb=verbs)
    def press(self, pick: int, verb: Verb) -> None:
        nudge_id = self.nudges[pick % len(self.nudges)]
        asked = self.journal.asked(nudge_id)
        for one, receipt in zip(asked, self.journal.answer_nudge(nudge_id, verb, self.now, "desktop"), strict=True):
            assert one.sent_at is None or receipt.outcome is not AnswerOutcome.NOT_SENT
        before = self.journal.counts().answers
        self.journal.answer_nudge(nudge_id, verb, self.now, "phone")
        assert self.journal.counts().answers == before, "an answer given twice counts once"

    @rule(habit=habits, verb=verbs, amount_ml=st.sampled_from([None, 300]))
    def say(self, habit: str, verb: Verb, amount_ml: int | None) -> None:
        self.journal.answer_habit("me", habit, verb, self.now, "command", amount_ml=amount_ml)

    @rule(habit=st.none() | habits)
    def undo(self, habit: str | None) -> None:
        self.journal.undo("me", habit, self.now)

    @rule(habit=st.none() | habits)
    def pause_and_resume(self, habit: str | None) -> None:
        self.journal.pause("me", habit, self.now, self.now + LIFE, "me", "")
        self.journal.resume("me", habit, self.now)

    @rule(minutes=st.sampled_from([1, 8, 20, 70]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def expire(self) -> None:
        self.journal.close_expired(self.now)
        overdue = [one for one in self.journal.open_occurrences() if one.expires_at <= self.now]
        sending = {one.nudge_id for one in self.journal.open_deliveries() if one.state is DeliveryState.SENDING}
        assert all(one.nudge_id in sending for one in overdue)
        deadline = self.journal.next_deadline()
        assert deadline is None or deadline > self.now or any(one.waiting for one in self.journal.open_occurrences())

    @rule()
    def restart(self) -> None:
        self.journal.close()
        self.journal = SqliteJournal.open(self.path, check=True)
        assert self.journal.recovery is None
        end_cut_off(self.journal, self.now)

    @rule()
    def kill(self) -> None:
        """Go on from what lies on the disk now, as after a kill: nothing is closed first."""
        survivor = Path(tempfile.mkdtemp(dir=self.folder)) / "journal.db"
        for suffix in ("", "-wal"):
            shutil.copy(f"{self.path}{suffix}", f"{survivor}{suffix}")
        self.journal.close()
        self.path = survivor
        self.journal = SqliteJournal.open(self.path, check=True)
        assert self.journal.recovery is None
        end_cut_off(self.journal, self.now)

    @invariant()
    def holds(self) -> None:
        assert self.journal.check_invariant() == ()
        for nudge_id in self.nudges:
            for one in self.journal.asked(nudge_id):
                assert one.sent_at is None or one.state is not OccurrenceState.MISSED
        counts = self.journal.counts()
        assert len(self.journal.open_occurrences()) == sum(
            number for state, number in counts.occurrences.items() if not state.is_terminal
        )


JournalMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
TestJournalMachine = JournalMachine.TestCase
