"""Attempts: begun before they are made, finished once, never lost and never silently repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.decision import Send
from reminders.domain.delivery import Delivery, DeliveryState, SendOutcome, SendResult
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.journal.day import Day
from tests.journal.restart import end_cut_off

ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED, external_id="17")
FAILED = SendResult(outcome=SendOutcome.FAILED, detail="refused")
REJECTED = SendResult(outcome=SendOutcome.REJECTED, detail="bad address")
UNKNOWN = SendResult(outcome=SendOutcome.UNKNOWN, detail="no reply")


def only(day: Day) -> Delivery:
    (delivery,) = day.journal.open_deliveries()
    return delivery


def test_begin_commits_sending_and_counts_the_attempt(day: Day) -> None:
    day.queue()
    delivery = only(day)
    assert day.journal.begin(delivery.id, day.at(1))
    begun = only(day)
    assert (begun.state, begun.attempt, begun.began_at) == (DeliveryState.SENDING, 1, day.at(1))


def test_only_one_attempt_is_in_flight(day: Day) -> None:
    day.queue()
    delivery = only(day)
    assert day.journal.begin(delivery.id, day.at(1))
    assert not day.journal.begin(delivery.id, day.at(1))
    assert only(day).attempt == 1


@pytest.mark.parametrize(("result", "state"), [(ACCEPTED, DeliveryState.ACCEPTED), (UNKNOWN, DeliveryState.UNKNOWN)])
def test_accepted_and_unknown_count_as_sent(day: Day, result: SendResult, state: DeliveryState) -> None:
    day.deliver(day.queue(), minute=2, result=result, state=state)
    assert (day.occurrence().state, day.occurrence().sent_at) == (OccurrenceState.SENT, day.at(2))


def test_a_definite_failure_waits_with_its_attempt_count_over_a_restart(day: Day) -> None:
    nudge_id = day.queue()
    day.deliver(nudge_id, minute=1, result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=2)
    end_cut_off(day.reopen(), day.at(1.5))
    waiting = only(day)
    assert (waiting.state, waiting.attempt, waiting.next_attempt_at, waiting.first_failed_at) == (
        DeliveryState.RETRY_WAIT,
        1,
        day.at(2),
        day.at(1),
    )
    day.deliver(nudge_id, minute=2, result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=4)
    assert only(day).first_failed_at == day.at(1)
    day.deliver(nudge_id, minute=4)
    assert day.journal.deliveries_of(nudge_id)[0].first_failed_at is None


def test_an_attempt_under_way_at_a_restart_is_unknown_and_counts_as_sent(day: Day) -> None:
    nudge_id = day.queue()
    day.journal.begin(only(day).id, day.at(1))
    assert len(end_cut_off(day.reopen(), day.at(2))) == 1
    assert day.journal.deliveries_of(nudge_id)[0].state is DeliveryState.UNKNOWN
    assert day.occurrence().state is OccurrenceState.SENT
    assert end_cut_off(day.journal, day.at(2)) == ()


def test_a_queued_delivery_survives_a_restart(day: Day) -> None:
    day.queue()
    end_cut_off(day.reopen(), day.at(1))
    assert only(day).state is DeliveryState.QUEUED


def test_a_finish_that_comes_too_late_changes_nothing_and_is_on_record(day: Day) -> None:
    nudge_id = day.queue()
    delivery = only(day)
    day.journal.begin(delivery.id, day.at(1))
    end_cut_off(day.journal, day.at(2))
    day.journal.finish(delivery.id, REJECTED, DeliveryState.REJECTED, day.at(3), None)
    assert day.journal.deliveries_of(nudge_id)[0].state is DeliveryState.UNKNOWN
    assert day.journal.last_events(1)[0].kind == "attempt.ignored"


@pytest.mark.parametrize(
    ("state", "retry_at"),
    [(DeliveryState.QUEUED, None), (DeliveryState.RETRY_WAIT, None), (DeliveryState.ACCEPTED, 5)],
)
def test_an_attempt_cannot_end_in_a_contradiction(day: Day, state: DeliveryState, retry_at: float | None) -> None:
    nudge_id = day.queue()
    with pytest.raises(ValueError, match="cannot end"):
        day.deliver(nudge_id, result=FAILED, state=state, retry_at=retry_at)
    end_cut_off(day.journal, day.at(1))


def test_a_retry_nobody_waits_for_is_abandoned_at_once(day: Day) -> None:
    nudge_id = day.queue()
    delivery = only(day)
    day.journal.begin(delivery.id, day.at(0))
    day.press(nudge_id, Verb.DONE, 1)
    day.journal.finish(delivery.id, FAILED, DeliveryState.RETRY_WAIT, day.at(1), day.at(2))
    assert day.journal.open_deliveries() == ()


def test_an_abandoned_delivery_is_never_begun(day: Day) -> None:
    day.queue()
    delivery = only(day)
    day.journal.abandon(delivery.id, day.at(1), "breaker open")
    assert not day.journal.begin(delivery.id, day.at(1))
    assert day.journal.open_deliveries() == ()


def test_a_fallback_is_added_once(day: Day) -> None:
    nudge_id = day.queue()
    day.deliver(nudge_id, result=REJECTED, state=DeliveryState.REJECTED)
    for _ in range(2):
        day.journal.add_fallback(nudge_id, "phone", 1, day.at(1))
    assert [(one.channel, one.position) for one in day.journal.deliveries_of(nudge_id)] == [("desk", 0), ("phone", 1)]
    with pytest.raises(KeyError):
        day.journal.add_fallback("nobody", "phone", 1, day.at(1))


def test_an_unknown_delivery_is_repeated_once_and_only_once(day: Day) -> None:
    nudge_id = day.queue()
    day.deliver(nudge_id, result=UNKNOWN, state=DeliveryState.UNKNOWN)
    delivery_id = day.journal.deliveries_of(nudge_id)[0].id
    day.journal.queue_again(delivery_id, day.at(1))
    assert (only(day).state, only(day).resent) == (DeliveryState.QUEUED, True)
    day.deliver(nudge_id, minute=1, result=UNKNOWN, state=DeliveryState.UNKNOWN)
    day.journal.queue_again(delivery_id, day.at(2))
    assert day.journal.open_deliveries() == ()


def test_an_accepted_delivery_is_not_repeated(day: Day) -> None:
    nudge_id = day.send()
    day.journal.queue_again(day.journal.deliveries_of(nudge_id)[0].id, day.at(1))
    assert day.journal.open_deliveries() == ()


def test_what_no_channel_took_is_missed(day: Day) -> None:
    nudge_id = day.queue(send_to=("desk", "phone"))
    desk, _ = day.journal.open_deliveries()
    day.journal.begin(desk.id, day.at(0))
    day.journal.miss(nudge_id, Reason.NO_CHANNEL, day.at(0))
    assert day.occurrence().state is OccurrenceState.PLANNED
    day.journal.finish(desk.id, REJECTED, DeliveryState.REJECTED, day.at(0), None)
    day.journal.miss(nudge_id, Reason.NO_CHANNEL, day.at(1))
    assert (day.occurrence().state, day.occurrence().reason) == (OccurrenceState.MISSED, Reason.NO_CHANNEL)
    assert day.journal.open_deliveries() == ()


def test_what_a_channel_took_is_not_missed(day: Day) -> None:
    nudge_id = day.send()
    day.journal.miss(nudge_id, Reason.NO_CHANNEL, day.at(1))
    assert day.occurrence().state is OccurrenceState.SENT


@pytest.mark.parametrize("send_to", [("desk",), ()], ids=["refused by its channel", "without a channel"])
def test_sent_once_and_taken_by_nobody_again_stays_sent(day: Day, send_to: tuple[str, ...]) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    decision = day.decision(Send(day.at(20), "n2"))
    day.turn(decision, minute=20, nudges=[day.nudge([decision], send_to=send_to)])
    day.deliver("n2", minute=20, result=REJECTED, state=DeliveryState.REJECTED)
    day.journal.miss("n2", Reason.NO_CHANNEL, day.at(21))
    assert day.occurrence().state is OccurrenceState.SENT
    assert day.occurrence().reason is None
    assert day.journal.stranded_nudges() == ()
    assert day.reopen().check_invariant() == ()
    assert day.press("n1", Verb.DONE, 22).outcome is AnswerOutcome.COUNTED


def test_of_one_nudge_only_what_was_never_sent_is_missed(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    decisions = [day.decision(Send(day.at(20), "n2"), habit=habit) for habit in ("movement", "hydration")]
    day.turn(*decisions, minute=20, nudges=[day.nudge(decisions)])
    day.deliver("n2", minute=20, result=REJECTED, state=DeliveryState.REJECTED)
    day.journal.miss("n2", Reason.NO_CHANNEL, day.at(21))
    assert day.occurrence("movement").state is OccurrenceState.SENT
    assert day.occurrence("hydration").state is OccurrenceState.MISSED


def test_a_choice_of_ours_is_no_miss(day: Day) -> None:
    with pytest.raises(ValueError, match="paused"):
        day.journal.miss(day.queue(), Reason.PAUSED, day.at(1))


def test_a_resend_replaces_the_older_message_on_its_channel(day: Day) -> None:
    day.deliver(day.queue(), result=ACCEPTED)
    day.press("n1", Verb.SNOOZE, 1, snooze_for=timedelta(minutes=5))
    day.again("n2", minute=6)
    assert day.journal.replaced_external_id("n2", "desk") == "17"
    assert day.journal.replaced_external_id("n2", "phone") is None
    day.deliver("n2", minute=6, result=ACCEPTED)
    assert day.journal.replaced_external_id("n1", "desk") is None


def test_messages_of_an_open_nudge_are_known_by_their_external_id(day: Day) -> None:
    day.deliver(day.queue(), result=ACCEPTED)
    assert day.reopen().external_ids("desk") == {"17": "n1"}
    assert day.journal.external_ids("phone") == {}
    day.press("n1", Verb.DONE, 1)
    assert day.journal.external_ids("desk") == {}
    assert day.journal.external_ids_to_withdraw("n1") == (("desk", "17"),)


def test_a_message_that_waits_for_no_answer_any_more_is_known_as_ended(day: Day) -> None:
    day.deliver(day.queue(), result=ACCEPTED)
    assert day.journal.external_ids_ended("desk", day.at(-60)) == ()
    day.press("n1", Verb.DONE, 1)
    assert day.journal.external_ids_ended("desk", day.at(-60)) == ("17",)
    assert day.journal.external_ids_ended("phone", day.at(-60)) == ()
    assert day.journal.external_ids_ended("desk", day.at(1)) == ()


def test_a_snoozed_message_waits_for_no_answer_until_it_is_sent_again(day: Day) -> None:
    day.deliver(day.queue(), result=ACCEPTED)
    day.press("n1", Verb.SNOOZE, 1, snooze_for=timedelta(minutes=5))
    assert day.journal.external_ids("desk") == {}
    assert day.journal.external_ids_ended("desk", day.at(-60)) == ("17",)
    day.again("n2", minute=6)
    day.deliver("n2", minute=6, result=replace(ACCEPTED, external_id="18"))
    assert day.journal.external_ids("desk") == {"18": "n2"}
    assert day.journal.external_ids_ended("desk", day.at(-60)) == ("17",)


def test_a_step_on_an_unknown_delivery_is_a_mistake(day: Day) -> None:
    with pytest.raises(KeyError):
        day.journal.begin(99, day.at(0))
