"""Follow-ups on record: counted, answerable through every message, dropped at an answer, and never a miss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import NudgeKind
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.turn_record import TurnRecord
from tests.journal.day import FAILED, REJECTED, Day

ID = "me/movement/2026-03-03 09:00"


def accepted(external_id: str) -> SendResult:
    return SendResult(outcome=SendOutcome.ACCEPTED, external_id=external_id)


def followed_up(day: Day) -> None:
    """Show an ask on the desk and follow it up on the phone."""
    day.deliver(day.queue(), result=accepted("17"))
    assert day.follow_up("f1", "n1", minute=10) == (ID,)
    day.deliver("f1", minute=10, result=accepted("5"))


def test_a_follow_up_counts_and_leaves_the_occurrence_sent(day: Day) -> None:
    followed_up(day)
    found = day.occurrence()
    assert (found.state, found.follow_ups, found.nudge_id) == (OccurrenceState.SENT, 1, "f1")
    assert (found.sent_at, found.nudged_at, found.expires_at) == (day.at(0), day.at(10), day.at(60))
    assert day.journal.nudge("f1").kind is NudgeKind.FOLLOW_UP
    assert [one.kind for one in day.journal.last_events(9, kind="occurrence.followed_up")] == ["occurrence.followed_up"]


def test_it_counts_on_after_a_kill(day: Day) -> None:
    followed_up(day)
    day.reopen()
    day.follow_up("f2", "f1", minute=20)
    assert day.occurrence().follow_ups == 2
    assert [ask.occurrence_id for ask in day.journal.nudge("f2").asks] == [ID]


def test_it_counts_for_neither_gap_nor_limit_nor_variety(day: Day) -> None:
    day.deliver(day.queue(variant="kitchen"))
    day.follow_up("f1", "n1", minute=10)
    assert day.journal.facts("me", day.at(0), day.at(60)).asked_at == (day.at(0),)
    assert day.journal.recent_variants("me", "movement", 9) == ("kitchen",)


@pytest.mark.parametrize("pressed", ["n1", "f1"])
@pytest.mark.parametrize("verb", [Verb.DONE, Verb.SKIP, Verb.SNOOZE])
def test_an_answer_counts_through_either_message_once(day: Day, pressed: str, verb: Verb) -> None:
    followed_up(day)
    assert day.press(pressed, verb, 12).outcome is AnswerOutcome.COUNTED
    other = "f1" if pressed == "n1" else "n1"
    assert day.press(other, verb, 13).outcome is AnswerOutcome.ALREADY
    assert day.journal.external_ids("desk") == day.journal.external_ids("phone") == {}
    assert day.journal.external_ids_ended("desk", day.at(-9)) == ("17",)
    assert day.journal.external_ids_ended("phone", day.at(-9)) == ("5",)
    assert day.journal.external_ids_to_withdraw(pressed) == (("desk", "17"), ("phone", "5"))


def test_the_first_message_waits_for_an_answer_while_the_follow_up_is_elsewhere(day: Day) -> None:
    followed_up(day)
    assert day.reopen().external_ids("desk") == {"17": "n1"}
    assert day.journal.external_ids("phone") == {"5": "f1"}
    assert day.journal.external_ids_ended("desk", day.at(-9)) == ()


def test_a_follow_up_on_the_same_channel_takes_the_first_ones_place_once_it_has_arrived(day: Day) -> None:
    day.deliver(day.queue(), result=accepted("17"))
    day.follow_up("f1", "n1", minute=10, send_to=("desk",))
    assert day.journal.replaced_external_id("f1", "desk") == "17"
    assert day.journal.external_ids("desk") == {"17": "n1"}
    day.deliver("f1", minute=10, result=accepted("18"))
    assert day.journal.external_ids("desk") == {"18": "f1"}
    assert day.journal.external_ids_ended("desk", day.at(-9)) == ("17",)


def test_two_asks_of_a_nudge_can_be_followed_up_one_by_one(day: Day) -> None:
    day.deliver(day.queue("movement", "hydration"), result=accepted("17"))
    day.follow_up("f1", "n1", "movement", minute=10, send_to=("desk",))
    assert day.journal.replaced_external_id("f1", "desk") is None
    day.deliver("f1", minute=10, result=accepted("18"))
    assert day.journal.external_ids("desk") == {"17": "n1", "18": "f1"}
    assert [ask.habit for ask in day.journal.nudge("f1").asks] == ["movement"]
    assert (day.occurrence("movement").follow_ups, day.occurrence("hydration").follow_ups) == (1, 0)
    day.press("f1", Verb.DONE, 12)
    assert day.journal.external_ids("desk") == {"17": "n1"}
    assert day.occurrence("hydration").state is OccurrenceState.SENT


def test_after_a_snooze_only_the_new_message_waits_and_a_follow_up_counts_on(day: Day) -> None:
    followed_up(day)
    day.press("f1", Verb.SNOOZE, 12)
    assert day.again("r1", minute=27) == (ID,)
    day.deliver("r1", minute=27, result=accepted("18"))
    assert day.journal.nudge("r1").kind is NudgeKind.RESEND
    assert day.journal.external_ids("desk") == {"18": "r1"}
    assert day.journal.external_ids("phone") == {}
    day.follow_up("f2", "r1", minute=37)
    assert (day.occurrence().follow_ups, day.occurrence().snoozes) == (2, 1)


def test_an_answer_closes_a_follow_up_that_waits_to_be_delivered(day: Day) -> None:
    day.send()
    day.follow_up("f1", "n1", minute=10)
    day.deliver("f1", minute=10, result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=11)
    day.press("n1", Verb.DONE, 10.5)
    assert [one.state for one in day.journal.deliveries_of("f1")] == [DeliveryState.ABANDONED]


def test_the_end_closes_a_follow_up_that_waits_to_be_delivered(day: Day) -> None:
    day.send()
    day.follow_up("f1", "n1", minute=50)
    day.journal.close_expired(day.at(60))
    assert day.occurrence().state is OccurrenceState.LAPSED
    assert [one.state for one in day.journal.deliveries_of("f1")] == [DeliveryState.ABANDONED]


def test_what_is_left_to_deliver_of_the_first_message_is_closed(day: Day) -> None:
    day.queue(send_to=("desk", "mail"))
    desk, mail = day.journal.deliveries_of("n1")
    for one, result, state, retry in (
        (desk, accepted("17"), DeliveryState.ACCEPTED, None),
        (mail, FAILED, DeliveryState.RETRY_WAIT, day.at(12)),
    ):
        day.journal.begin(one.id, day.at(0))
        day.journal.finish(one.id, result, state, day.at(0), retry)
    day.follow_up("f1", "n1", minute=10)
    assert [one.state for one in day.journal.deliveries_of("n1")] == [DeliveryState.ACCEPTED, DeliveryState.ABANDONED]


def test_a_follow_up_nobody_takes_is_no_miss(day: Day) -> None:
    day.send()
    day.follow_up("f1", "n1", minute=10)
    day.deliver("f1", minute=10, result=REJECTED, state=DeliveryState.REJECTED)
    day.journal.miss("f1", Reason.NO_CHANNEL, day.at(10))
    assert day.occurrence().state is OccurrenceState.SENT
    assert day.press("n1", Verb.DONE, 12).outcome is AnswerOutcome.COUNTED


def test_words_that_ask_for_what_was_answered_meanwhile_are_not_put_again(day: Day) -> None:
    day.send("movement", "hydration")
    day.say("movement", Verb.DONE, 9.9)
    assert day.follow_up("f1", "n1", minute=10) == ()
    with pytest.raises(KeyError):
        day.journal.nudge("f1")
    assert day.occurrence("hydration").follow_ups == 0
    assert day.journal.deliveries_of("f1") == ()
    assert day.follow_up("f1", "n1", "hydration", minute=10) == ("me/hydration/2026-03-03 09:00",)
    day.say("hydration", Verb.SKIP, 11)
    assert day.follow_up("f2", "n1", "hydration", minute=20) == ()


def test_what_is_over_is_not_put_again(day: Day) -> None:
    day.send()
    assert day.follow_up("f1", "n1", minute=60) == ()


def test_undo_after_a_follow_up_gives_the_open_ask_back(day: Day) -> None:
    followed_up(day)
    before = day.occurrence()
    day.press("f1", Verb.DONE, 12)
    day.journal.undo("me", None, day.at(13))
    assert day.occurrence() == before


def test_a_contradiction_is_refused_and_nothing_of_the_turn_is_kept(day: Day) -> None:
    day.send()
    with pytest.raises(ValueError, match="no follow-up with a channel"):
        day.follow_up("f1", "n1", minute=10, send_to=())
    stranger = replace(day.journal.nudge("n1"), id="f1", kind=NudgeKind.FOLLOW_UP, person="you")
    with pytest.raises(ValueError, match="you"):
        day.journal.record(
            TurnRecord(person="me", decided_at=day.at(9), planned_until=day.at(9), follow_ups=(stranger,))
        )
    assert day.occurrence().follow_ups == 0
