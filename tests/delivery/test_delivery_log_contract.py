"""What every DeliveryLog promises: the memory one of these tests and the journal alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import NudgeKind
from reminders.domain.occurrence import Reason
from tests.delivery.desk import nudge
from tests.delivery.subject import ACCEPTED, FAILED, LATER, REJECTED, UNKNOWN, Subject, asking, begun, only
from tests.delivery.virtual_time import START


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


def test_a_link_is_written_once_and_only_with_the_transaction_it_is_part_of(subject: Subject) -> None:
    subject.put(asking(1))
    subject.log.add_link("a" * 64, "n1", LATER)
    subject.log.add_link("a" * 64, "n1", START)
    assert subject.leads_to("a" * 64) == ("n1", LATER)
    with pytest.raises(KeyError):
        add_link_and_stumble(subject)
    assert subject.leads_to("b" * 64) is None


def add_link_and_stumble(subject: Subject) -> None:
    with subject.log.together():
        subject.log.add_link("b" * 64, "n1", LATER)
        subject.log.nudge("n9")


def test_open_deliveries_are_read_a_page_at_a_time(subject: Subject) -> None:
    for number, habit in enumerate(("hydration", "movement", "eyes"), start=1):
        subject.put(asking(number, habit=habit))
    every = subject.log.open_deliveries()
    assert [one.nudge_id for one in every] == ["n1", "n2", "n3"]
    assert subject.log.open_deliveries(limit=2) == every[:2]
    assert subject.log.open_deliveries(every[1].id, 2) == every[2:]
    assert subject.log.open_deliveries(every[2].id) == ()
