"""The end of its time: sent lapses, unsent is missed, and nothing stays open for ever."""

from __future__ import annotations

from reminders.domain.answer import Verb
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.journal.day import Day

FAILED = SendResult(outcome=SendOutcome.FAILED)
ACCEPTED = SendResult(outcome=SendOutcome.ACCEPTED)
REJECTED = SendResult(outcome=SendOutcome.REJECTED)


def ended(day: Day, minute: float = 60) -> list[tuple[OccurrenceState, Reason | None]]:
    return [(one.state, one.reason) for one in day.journal.close_expired(day.at(minute))]


def test_sent_and_unanswered_lapses_at_its_end_and_not_before(day: Day) -> None:
    day.send()
    assert ended(day, 59.99) == []
    assert ended(day) == [(OccurrenceState.LAPSED, None)]
    assert ended(day) == []


def test_no_channel_called_in_time_is_missed_down(day: Day) -> None:
    day.queue()
    assert ended(day) == [(OccurrenceState.MISSED, Reason.EXPIRED_DOWN)]
    assert day.journal.open_deliveries() == ()


def test_refused_by_its_channel_is_missed_for_want_of_one(day: Day) -> None:
    day.deliver(day.queue(), result=REJECTED, state=DeliveryState.REJECTED)
    assert ended(day) == [(OccurrenceState.MISSED, Reason.NO_CHANNEL)]


def test_still_being_retried_is_missed_offline(day: Day) -> None:
    day.deliver(day.queue(), result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=61)
    assert ended(day) == [(OccurrenceState.MISSED, Reason.EXPIRED_OFFLINE)]


def test_an_attempt_under_way_decides_first(day: Day) -> None:
    day.queue()
    (delivery,) = day.journal.open_deliveries()
    day.journal.begin(delivery.id, day.at(59))
    assert ended(day) == []
    assert day.journal.next_deadline() is None
    day.journal.finish(delivery.id, ACCEPTED, DeliveryState.ACCEPTED, day.at(60), None)
    assert day.journal.next_deadline() == day.at(60)
    assert ended(day) == [(OccurrenceState.LAPSED, None)]


def test_snoozed_and_never_sent_again_lapses(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    assert ended(day) == [(OccurrenceState.LAPSED, None)]
    assert not day.occurrence().waiting


def test_sent_once_and_on_its_way_again_lapses_even_while_that_is_attempted(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    day.again("r1", minute=20)
    (delivery,) = day.journal.open_deliveries()
    day.journal.begin(delivery.id, day.at(59))
    assert day.journal.next_deadline() == day.at(60)
    assert ended(day) == [(OccurrenceState.LAPSED, None)]
    day.journal.finish(delivery.id, FAILED, DeliveryState.RETRY_WAIT, day.at(61), day.at(62))
    assert day.journal.open_deliveries() == ()
    assert day.reopen().check_invariant() == ()


def test_sent_once_and_retried_in_vain_lapses(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    day.again("r1", minute=20)
    day.deliver("r1", minute=20, result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=61)
    assert ended(day) == [(OccurrenceState.LAPSED, None)]
    assert day.journal.open_deliveries() == ()


def test_deferred_and_not_decided_again_in_time_is_missed_down(day: Day) -> None:
    day.defer(20)
    assert ended(day) == [(OccurrenceState.MISSED, Reason.EXPIRED_DOWN)]


def test_deferred_beyond_its_end_is_suppressed_for_the_reason_of_the_deferral(day: Day) -> None:
    day.defer(60, reason=Reason.BUSY)
    assert ended(day) == [(OccurrenceState.SUPPRESSED, Reason.BUSY)]


def test_the_next_deadline_is_the_earliest_end_or_due_moment(day: Day) -> None:
    assert day.journal.next_deadline() is None
    day.send("movement", expires=60)
    day.send("hydration", expires=45)
    assert day.journal.next_deadline() == day.at(45)
    day.say("movement", Verb.SNOOZE, 5)
    assert day.journal.next_deadline() == day.at(20)
