"""What every DeliveryLog promises: the memory one of these tests and the journal alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Send
from reminders.domain.delivery import Delivery, DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import OccurrenceState, Reason, occurrence_id
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


class InJournal:
    def __init__(self, journal: SqliteJournal) -> None:
        self.journal = journal
        self.log: DeliveryLog = journal

    def put(self, one: Nudge) -> None:
        if one.kind is NudgeKind.SERVICE:
            self.journal.record_notice(one)
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


@pytest.fixture(params=["memory", "journal"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    if request.param == "memory":
        yield InMemory()
        return
    tmp_path.chmod(0o700)
    with closing(SqliteJournal.open(tmp_path / "journal.sqlite")) as journal:
        yield InJournal(journal)
        assert journal.check_invariant() == ()


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


def test_fresh_nudge_is_queued_once_on_every_channel(subject: Subject) -> None:
    one = asking(send_to=("phone", "desktop"), fallback=("mail",))
    subject.put(one)
    deliveries = subject.log.open_deliveries()
    assert [(found.channel, found.state, found.attempt, found.position) for found in deliveries] == [
        ("phone", DeliveryState.QUEUED, 0, 0),
        ("desktop", DeliveryState.QUEUED, 0, 0),
    ]
    assert subject.log.deliveries_of("n1") == deliveries
    assert all(found.next_attempt_at == START for found in deliveries)
    assert subject.log.nudge("n1") == one
    assert subject.log.is_wanted("n1")


def test_unknown_nudge_is_a_key_error(subject: Subject) -> None:
    with pytest.raises(KeyError):
        subject.log.nudge("n9")


def test_begin_counts_the_attempt_and_is_granted_once(subject: Subject) -> None:
    number = begun(subject, asking())
    found = only(subject)
    assert (found.state, found.attempt, found.began_at, found.next_attempt_at) == (
        DeliveryState.SENDING,
        1,
        START,
        None,
    )
    assert not subject.log.begin(number, START)
    assert only(subject).attempt == 1


def test_accepted_delivery_is_closed_and_its_occurrence_sent(subject: Subject) -> None:
    number = begun(subject, asking())
    subject.log.finish(number, ACCEPTED, DeliveryState.ACCEPTED, LATER, None)
    found = only(subject)
    assert (found.state, found.external_id, found.finished_at) == (DeliveryState.ACCEPTED, "41", LATER)
    assert subject.log.open_deliveries() == ()
    assert subject.state("hydration") == "sent"
    assert subject.log.is_wanted("n1")


def test_failures_in_a_row_keep_their_beginning(subject: Subject) -> None:
    number = begun(subject, asking())
    subject.log.finish(number, FAILED, DeliveryState.RETRY_WAIT, START, LATER)
    assert only(subject).next_attempt_at == LATER
    assert subject.log.begin(number, LATER)
    subject.log.finish(number, FAILED, DeliveryState.RETRY_WAIT, LATER, LATER + timedelta(minutes=1))
    found = only(subject)
    assert (found.attempt, found.first_failed_at, found.detail) == (2, START, "refused")
    assert subject.state("hydration") == "planned"


def test_unknown_counts_as_sent_and_may_be_queued_once_more(subject: Subject) -> None:
    number = begun(subject, asking())
    subject.log.finish(number, UNKNOWN, DeliveryState.UNKNOWN, LATER, None)
    assert subject.state("hydration") == "sent"
    subject.log.queue_again(number, LATER)
    found = only(subject)
    assert (found.state, found.resent, found.next_attempt_at) == (DeliveryState.QUEUED, True, LATER)
    assert subject.log.begin(number, LATER)
    subject.log.finish(number, UNKNOWN, DeliveryState.UNKNOWN, LATER, None)
    subject.log.queue_again(number, LATER)
    assert only(subject).state is DeliveryState.UNKNOWN


def test_rejected_delivery_is_closed_and_its_occurrence_waits_for_the_verdict(subject: Subject) -> None:
    number = begun(subject, asking())
    subject.log.finish(number, REJECTED, DeliveryState.REJECTED, LATER, None)
    assert subject.log.open_deliveries() == ()
    assert subject.state("hydration") == "planned"
    subject.log.miss("n1", Reason.NO_CHANNEL, LATER)
    assert subject.state("hydration") == "missed(no_channel)"
    assert not subject.log.is_wanted("n1")


def test_nudge_is_stranded_between_its_last_rejection_and_the_next_step(subject: Subject) -> None:
    number = begun(subject, asking(fallback=("mail",)))
    assert subject.log.stranded_nudges() == ()
    subject.log.finish(number, REJECTED, DeliveryState.REJECTED, LATER, None)
    assert subject.log.stranded_nudges() == ("n1",)
    subject.log.add_fallback("n1", "mail", 1, LATER)
    assert subject.log.stranded_nudges() == ()
    (fallback,) = subject.log.open_deliveries()
    assert subject.log.begin(fallback.id, LATER)
    subject.log.finish(fallback.id, REJECTED, DeliveryState.REJECTED, LATER, None)
    assert subject.log.stranded_nudges() == ("n1",)
    subject.log.miss("n1", Reason.NO_CHANNEL, LATER)
    assert subject.log.stranded_nudges() == ()


def test_miss_leaves_what_was_sent_alone(subject: Subject) -> None:
    number = begun(subject, asking())
    subject.log.miss("n1", Reason.NO_CHANNEL, LATER)
    assert subject.state("hydration") == "planned"
    subject.log.finish(number, ACCEPTED, DeliveryState.ACCEPTED, LATER, None)
    subject.log.miss("n1", Reason.NO_CHANNEL, LATER)
    assert subject.state("hydration") == "sent"


def test_answered_nudge_is_not_wanted_and_gets_no_fallback(subject: Subject) -> None:
    one = asking(fallback=("mail",))
    number = begun(subject, one)
    subject.log.finish(number, ACCEPTED, DeliveryState.ACCEPTED, LATER, None)
    subject.answer(one)
    assert not subject.log.is_wanted("n1")
    subject.log.add_fallback("n1", "mail", 1, LATER)
    assert len(subject.log.deliveries_of("n1")) == 1


def test_abandoned_delivery_is_closed_without_an_attempt(subject: Subject) -> None:
    subject.put(asking())
    number = only(subject).id
    subject.log.abandon(number, LATER, "another channel took it")
    found = only(subject)
    assert (found.state, found.attempt, found.detail) == (DeliveryState.ABANDONED, 0, "another channel took it")
    assert not subject.log.begin(number, LATER)
    assert subject.log.open_deliveries() == ()


def test_attempt_under_way_cannot_be_abandoned(subject: Subject) -> None:
    number = begun(subject, asking())
    subject.log.abandon(number, LATER, "another channel took it")
    assert only(subject).state is DeliveryState.SENDING


def test_fallback_is_queued_once(subject: Subject) -> None:
    subject.put(asking(fallback=("mail",)))
    for _ in range(2):
        subject.log.add_fallback("n1", "mail", 1, LATER)
    found = subject.log.deliveries_of("n1")
    assert [(one.channel, one.position, one.next_attempt_at) for one in found] == [
        ("phone", 0, START),
        ("mail", 1, LATER),
    ]


def test_service_nudge_is_always_wanted(subject: Subject) -> None:
    subject.put(nudge(1, kind=NudgeKind.SERVICE))
    number = only(subject).id
    assert subject.log.is_wanted("n1")
    assert subject.log.begin(number, START)
    subject.log.finish(number, REJECTED, DeliveryState.REJECTED, LATER, None)
    subject.log.miss("n1", Reason.NO_CHANNEL, LATER)
    assert subject.log.is_wanted("n1")


def test_shown_messages_are_known_for_taking_back(subject: Subject) -> None:
    first, second = asking(1), asking(2, habit="movement")
    for one, external_id in ((first, "41"), (second, "42")):
        number = begun(subject, one)
        shown = SendResult(outcome=SendOutcome.ACCEPTED, external_id=external_id)
        subject.log.finish(number, shown, DeliveryState.ACCEPTED, LATER, None)
    assert subject.log.external_ids_to_withdraw("n1") == (("phone", "41"),)
    assert subject.log.replaced_external_id("n1", "phone") is None
    assert subject.log.replaced_external_id("n2", "phone") is None


def test_what_is_done_together_is_kept_together_or_not_at_all(subject: Subject) -> None:
    first, second = asking(1), asking(2, habit="movement")
    subject.put(first)
    subject.put(second)
    numbers = [only(subject, one.id).id for one in (first, second)]
    with subject.log.together():
        assert all(subject.log.begin(number, START) for number in numbers)
    with pytest.raises(KeyError):
        finish_and_stumble(subject, numbers[0])
    assert [only(subject, one.id).state for one in (first, second)] == [DeliveryState.SENDING] * 2
    assert subject.state("hydration") == "planned"
    with subject.log.together():
        for number in numbers:
            subject.log.finish(number, ACCEPTED, DeliveryState.ACCEPTED, LATER, None)
    assert subject.log.open_deliveries() == ()


def finish_and_stumble(subject: Subject, number: int) -> None:
    with subject.log.together():
        subject.log.finish(number, ACCEPTED, DeliveryState.ACCEPTED, LATER, None)
        subject.log.nudge("n9")


def test_open_deliveries_are_read_a_page_at_a_time(subject: Subject) -> None:
    for number, habit in enumerate(("hydration", "movement", "eyes"), start=1):
        subject.put(asking(number, habit=habit))
    every = subject.log.open_deliveries()
    assert [one.nudge_id for one in every] == ["n1", "n2", "n3"]
    assert subject.log.open_deliveries(limit=2) == every[:2]
    assert subject.log.open_deliveries(every[1].id, 2) == every[2:]
    assert subject.log.open_deliveries(every[2].id) == ()
