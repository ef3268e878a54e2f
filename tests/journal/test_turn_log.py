"""A turn on record: whole or not at all, each slot once, every Send with a delivery or missed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.domain.answer import Verb
from reminders.domain.decision import Send
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import NudgeKind
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.journal.day import Day


def test_a_send_is_planned_with_its_nudge_and_one_queued_delivery_a_channel(day: Day) -> None:
    nudge_id = day.queue(send_to=("desk", "phone"), fallback=("mail",))
    occurrence = day.occurrence()
    assert (occurrence.state, occurrence.nudge_id, occurrence.nudged_at) == (
        OccurrenceState.PLANNED,
        nudge_id,
        day.at(0),
    )
    queued = day.journal.open_deliveries()
    assert [(one.channel, one.state, one.position, one.next_attempt_at) for one in queued] == [
        ("desk", DeliveryState.QUEUED, 0, day.at(0)),
        ("phone", DeliveryState.QUEUED, 0, day.at(0)),
    ]


def test_a_nudge_reads_back_as_it_was_written(day: Day) -> None:
    decision = day.decision(Send(day.at(0), "n1", amount_ml=200), habit="hydration")
    nudge = day.nudge([decision], send_to=("desk",), fallback=("phone",), variant="glass")
    day.turn(decision, nudges=[nudge])
    assert day.journal.nudge("n1") == nudge
    with pytest.raises(KeyError):
        day.journal.nudge("other")


@pytest.mark.parametrize(
    ("reason", "state"),
    [(Reason.PAUSED, OccurrenceState.SUPPRESSED), (Reason.EXPIRED_DOWN, OccurrenceState.MISSED)],
)
def test_what_is_not_sent_ends_with_its_reason_and_detail(day: Day, reason: Reason, state: OccurrenceState) -> None:
    day.suppress(reason, detail="until ten")
    occurrence = day.occurrence()
    assert (occurrence.state, occurrence.reason, occurrence.detail) == (state, reason, "until ten")


def test_a_deferral_waits_until_its_later_due_moment(day: Day) -> None:
    day.defer(20)
    occurrence = day.occurrence()
    assert (occurrence.waiting, occurrence.due_at, occurrence.first_due_at) == (True, day.at(20), day.at(0))
    assert occurrence.reason is Reason.BUSY


def test_a_deferred_occurrence_is_decided_again(day: Day) -> None:
    day.defer(20)
    assert day.again("n1", minute=20) == ("me/movement/2026-03-03 09:00",)
    assert not day.occurrence().waiting
    assert day.journal.nudge("n1").kind is NudgeKind.ASK


def test_a_slot_that_was_decided_is_not_decided_again(day: Day) -> None:
    day.send()
    assert day.suppress(Reason.PAUSED) == ()
    assert day.again("n2", minute=5) == ()
    assert day.occurrence().nudge_id == "n1"
    with pytest.raises(KeyError):
        day.journal.nudge("n2")


def test_a_nudge_loses_the_ask_that_was_decided_before(day: Day) -> None:
    day.send("movement")
    decisions = [day.decision(Send(day.at(1), "n2"), habit=habit) for habit in ("movement", "hydration")]
    assert day.turn(*decisions, minute=1, nudges=[day.nudge(decisions)]) == ("me/hydration/2026-03-03 09:00",)
    assert [ask.habit for ask in day.journal.nudge("n2").asks] == ["hydration"]


def test_a_slot_decided_twice_in_one_turn_counts_once(day: Day) -> None:
    decision = day.decision(Send(day.at(0), "n1"))
    assert len(day.turn(decision, decision, nudges=[day.nudge([decision])])) == 1


def test_a_nudge_without_any_channel_is_missed(day: Day) -> None:
    day.queue(send_to=())
    occurrence = day.occurrence()
    assert (occurrence.state, occurrence.reason) == (OccurrenceState.MISSED, Reason.NO_CHANNEL)


def test_a_nudge_with_a_fallback_alone_goes_there(day: Day) -> None:
    nudge_id = day.queue(send_to=(), fallback=("phone", "mail"))
    assert [(one.channel, one.position) for one in day.journal.deliveries_of(nudge_id)] == [("phone", 1)]


def test_a_snoozed_occurrence_goes_out_again_as_a_resend_and_the_older_nudge_closes(day: Day) -> None:
    day.queue(send_to=("desk", "phone"))
    desk, phone = day.journal.deliveries_of("n1")
    day.journal.begin(desk.id, day.at(0))
    accepted = SendResult(outcome=SendOutcome.ACCEPTED)
    day.journal.finish(desk.id, accepted, DeliveryState.ACCEPTED, day.at(0), None)
    day.press("n1", Verb.SNOOZE, 1)
    assert day.journal.deliveries_of("n1")[1].state is DeliveryState.ABANDONED
    assert phone.state is DeliveryState.QUEUED
    assert day.again("n2", minute=16) != ()
    assert day.journal.nudge("n2").kind is NudgeKind.RESEND
    assert (day.occurrence().nudge_id, day.occurrence().waiting) == ("n2", False)


def test_a_send_without_its_ask_is_refused_and_nothing_of_the_turn_is_kept(day: Day) -> None:
    first = day.decision(Send(day.at(0), "n1"))
    orphan = day.decision(Send(day.at(0), "n1"), habit="hydration")
    with pytest.raises(ValueError, match="no ask"):
        day.turn(first, orphan, nudges=[day.nudge([first])])
    assert day.journal.counts().occurrences == {}


def test_another_persons_decision_is_refused(day: Day) -> None:
    with pytest.raises(ValueError, match="you"):
        day.turn(day.decision(Send(day.at(0), "n1"), person="you"))


def test_a_nudge_id_is_used_once(day: Day) -> None:
    day.queue("movement")
    decision = day.decision(Send(day.at(0), "n1"), habit="hydration")
    with pytest.raises(ValueError, match="on record already"):
        day.turn(decision, nudges=[day.nudge([decision])])


def test_a_turn_that_fails_half_way_leaves_nothing_behind(day: Day) -> None:
    day.queue("movement")
    fresh, clash = (
        day.decision(Send(day.at(1), name), habit=habit) for name, habit in (("n2", "eyes"), ("n1", "walk"))
    )
    with pytest.raises(ValueError, match="on record already"):
        day.turn(fresh, clash, minute=1, nudges=[day.nudge([fresh]), day.nudge([clash])])
    with pytest.raises(KeyError):
        day.journal.nudge("n2")
    assert [one.habit for one in day.journal.open_occurrences()] == ["movement"]


def test_a_resend_keeps_the_moment_the_first_nudge_was_taken(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 1)
    day.again("n2", minute=16)
    day.deliver("n2", minute=17)
    assert (day.occurrence().state, day.occurrence().sent_at) == (OccurrenceState.SENT, day.at(0))


def test_facts_hold_the_window_the_open_ones_and_the_mark_of_the_last_turn(day: Day) -> None:
    day.send("movement", slot="09:00")
    day.suppress(Reason.GAP, habit="eyes", slot="10:00", due=60, expires=90, minute=60)
    facts = day.journal.facts("me", day.at(55), day.at(70))
    assert [one.habit for one in facts.occurrences] == ["movement", "eyes"]
    assert facts.planned_until == day.at(60)
    assert facts.asked_at == ()
    assert day.journal.facts("me", day.at(0), day.at(1)).asked_at == (day.at(0),)
    assert day.journal.facts("you", day.at(0), day.at(70)).planned_until is None


def test_recent_variants_come_newest_first(day: Day) -> None:
    for number, variant in enumerate(("kitchen", "stairs", "window")):
        day.queue(minute=number, slot=f"09:0{number}", variant=variant)
    assert day.journal.recent_variants("me", "movement", 2) == ("window", "stairs")


def test_a_service_message_is_queued_once_and_asks_nothing(day: Day) -> None:
    decision = day.decision(Send(day.at(0), "s1"))
    notice = day.nudge([decision], kind=NudgeKind.SERVICE)
    with pytest.raises(ValueError, match="service message"):
        day.journal.record_notice(notice)
    plain = replace(notice, asks=())
    day.journal.record_notice(plain)
    day.journal.record_notice(plain)
    assert len(day.journal.open_deliveries()) == 1
    assert day.journal.is_wanted("s1")
    day.journal.close_expired(day.at(60))
    assert day.journal.open_deliveries() == ()
