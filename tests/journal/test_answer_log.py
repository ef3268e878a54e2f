"""Answers: the first verdict wins, late is late, a snooze is bounded, and an undo gives back what was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.journal.day import Day

FAILED = SendResult(outcome=SendOutcome.FAILED)


def test_done_ends_the_occurrence(day: Day) -> None:
    receipt = day.press(day.send(), Verb.DONE, 5)
    assert (receipt.outcome, receipt.standing) == (AnswerOutcome.COUNTED, Verb.DONE)
    assert (day.occurrence().state, day.occurrence().answered_at) == (OccurrenceState.DONE, day.at(5))


@pytest.mark.parametrize("second", list(Verb))
@pytest.mark.parametrize("first", [Verb.DONE, Verb.SKIP])
def test_the_first_verdict_wins_and_the_second_device_sees_it(day: Day, first: Verb, second: Verb) -> None:
    nudge_id = day.send()
    day.press(nudge_id, first, 5)
    receipt = day.press(nudge_id, second, 6)
    assert (receipt.outcome, receipt.standing) == (AnswerOutcome.ALREADY, first)
    assert day.journal.counts().answers == 1


def test_one_press_answers_both_asks_of_a_nudge(day: Day) -> None:
    nudge_id = day.send("movement", "hydration")
    receipts = day.journal.answer_nudge(nudge_id, Verb.DONE, day.at(5), "desktop")
    assert [(one.habit, one.outcome) for one in receipts] == [
        ("movement", AnswerOutcome.COUNTED),
        ("hydration", AnswerOutcome.COUNTED),
    ]


def test_an_answer_before_it_was_sent_does_not_count(day: Day) -> None:
    receipt = day.press(day.queue(), Verb.DONE, 1)
    assert receipt.outcome is AnswerOutcome.NOT_SENT
    assert day.occurrence().state is OccurrenceState.PLANNED


def test_a_press_proves_that_a_message_under_way_has_arrived(day: Day) -> None:
    """The button can be pressed before the channel has reported success."""
    nudge_id = day.queue()
    (delivery,) = day.journal.open_deliveries()
    day.journal.begin(delivery.id, day.at(0))
    assert day.press(nudge_id, Verb.DONE, 0.1).outcome is AnswerOutcome.COUNTED
    accepted = SendResult(outcome=SendOutcome.ACCEPTED)
    day.journal.finish(delivery.id, accepted, DeliveryState.ACCEPTED, day.at(0.2), None)
    assert day.occurrence().state is OccurrenceState.DONE


def test_an_unknown_nudge_is_unknown(day: Day) -> None:
    assert day.press("nobody", Verb.DONE, 0).outcome is AnswerOutcome.UNKNOWN


def test_done_after_lapse_keeps_the_lapse_and_is_late(day: Day) -> None:
    nudge_id = day.send()
    day.journal.close_expired(day.at(60))
    receipt = day.press(nudge_id, Verb.DONE, 70)
    assert (receipt.outcome, receipt.standing) == (AnswerOutcome.LATE, Verb.DONE)
    assert (day.occurrence().state, day.occurrence().answered_late) == (OccurrenceState.LAPSED, True)
    assert day.press(nudge_id, Verb.DONE, 71).outcome is AnswerOutcome.ALREADY


def test_the_end_counts_even_when_nobody_has_noted_it_yet(day: Day) -> None:
    assert day.press(day.send(), Verb.DONE, 60).outcome is AnswerOutcome.LATE
    assert day.occurrence().state is OccurrenceState.LAPSED


def test_done_after_a_miss_is_late(day: Day) -> None:
    nudge_id = day.queue()
    day.deliver(nudge_id, result=FAILED, state=DeliveryState.REJECTED)
    day.journal.miss(nudge_id, Reason.NO_CHANNEL, day.at(1))
    assert day.press(nudge_id, Verb.DONE, 2).outcome is AnswerOutcome.LATE
    assert day.occurrence().state is OccurrenceState.MISSED


@pytest.mark.parametrize("verb", [Verb.SKIP, Verb.SNOOZE])
def test_skip_and_snooze_after_the_end_are_refused(day: Day, verb: Verb) -> None:
    assert day.press(day.send(), verb, 61).outcome is AnswerOutcome.REFUSED


def test_a_snooze_waits_and_is_due_later(day: Day) -> None:
    receipt = day.press(day.send(), Verb.SNOOZE, 5)
    assert (receipt.outcome, receipt.standing, receipt.until) == (AnswerOutcome.COUNTED, Verb.SNOOZE, day.at(20))
    occurrence = day.occurrence()
    assert (occurrence.state, occurrence.waiting, occurrence.due_at, occurrence.snoozes) == (
        OccurrenceState.PLANNED,
        True,
        day.at(20),
        1,
    )


def test_a_snooze_is_clipped_to_one_minute_before_the_end(day: Day) -> None:
    assert day.press(day.send(), Verb.SNOOZE, 50).until == day.at(59)


def test_a_snooze_without_room_is_refused(day: Day) -> None:
    assert day.press(day.send(), Verb.SNOOZE, 59).outcome is AnswerOutcome.REFUSED
    assert day.occurrence().state is OccurrenceState.SENT


def test_a_second_press_on_snooze_changes_nothing(day: Day) -> None:
    nudge_id = day.send()
    day.press(nudge_id, Verb.SNOOZE, 5)
    receipt = day.press(nudge_id, Verb.SNOOZE, 6)
    assert (receipt.outcome, receipt.until, day.occurrence().snoozes) == (AnswerOutcome.ALREADY, day.at(20), 1)


def test_a_new_snooze_by_command_takes_the_place_of_the_running_one(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    receipt = day.say("movement", Verb.SNOOZE, 6, snooze_for=timedelta(minutes=30))
    assert (receipt.outcome, receipt.until) == (AnswerOutcome.COUNTED, day.at(36))


def test_a_hundred_snoozes_are_three_and_one_message_is_open(day: Day) -> None:
    day.send(expires=900)
    nudge_id, outcomes = "n1", []
    for number in range(100):
        minute = 5 * (number + 1)
        receipt = day.press(nudge_id, Verb.SNOOZE, minute, snooze_for=timedelta(minutes=1))
        outcomes.append(receipt.outcome)
        if receipt.outcome is AnswerOutcome.COUNTED:
            nudge_id = f"again{number}"
            day.again(nudge_id, minute=minute + 1, expires=900)
            day.deliver(nudge_id, minute=minute + 1)
    assert outcomes.count(AnswerOutcome.COUNTED) == 3
    assert set(outcomes[3:]) == {AnswerOutcome.REFUSED}
    assert len(day.journal.open_occurrences("me")) == 1


def test_a_snooze_of_no_time_is_a_mistake(day: Day) -> None:
    nudge_id = day.send()
    with pytest.raises(ValueError, match="not a time to come"):
        day.press(nudge_id, Verb.SNOOZE, 5, snooze_for=timedelta(minutes=-1))


@pytest.mark.parametrize("pressed", ["n1", "r1"])
@pytest.mark.parametrize("verb", [Verb.DONE, Verb.SKIP, Verb.SNOOZE])
def test_what_was_sent_once_is_answered_while_it_is_on_its_way_again(day: Day, pressed: str, verb: Verb) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    day.again("r1", minute=20)
    assert day.press(pressed, verb, 21).outcome is AnswerOutcome.COUNTED
    assert [one.state for one in day.journal.deliveries_of("r1")] == [DeliveryState.ABANDONED]
    assert day.press("n1", verb, 22).outcome is AnswerOutcome.ALREADY
    assert day.reopen().check_invariant() == ()


def test_done_by_name_counts_while_it_is_on_its_way_again(day: Day) -> None:
    day.press(day.send(amount_ml=200), Verb.SNOOZE, 5)
    day.again("r1", minute=20)
    receipt = day.say("movement", Verb.DONE, 21)
    assert (receipt.outcome, receipt.amount_ml) == (AnswerOutcome.COUNTED, 200)
    assert day.occurrence().state is OccurrenceState.DONE


def test_an_answer_taken_back_while_it_was_on_its_way_again_leaves_it_sent(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    day.again("r1", minute=20)
    day.press("n1", Verb.DONE, 21)
    day.journal.undo("me", None, day.at(22))
    assert day.occurrence().state is OccurrenceState.SENT
    assert day.journal.stranded_nudges() == ()
    assert [one.state for one in day.journal.close_expired(day.at(60))] == [OccurrenceState.LAPSED]


def test_done_during_a_snooze_ends_it(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    assert day.say("movement", Verb.DONE, 8).outcome is AnswerOutcome.COUNTED
    assert day.occurrence().state is OccurrenceState.DONE


def test_done_with_nothing_due_is_credited(day: Day) -> None:
    receipt = day.say("movement", Verb.DONE, 5)
    assert (receipt.outcome, receipt.standing) == (AnswerOutcome.CREDITED, Verb.DONE)
    (answer,) = day.journal.facts("me", day.at(0), day.at(10)).answers
    assert (answer.occurrence_id, answer.verb, answer.via) == (None, Verb.DONE, "command")


@pytest.mark.parametrize("verb", [Verb.SKIP, Verb.SNOOZE])
def test_skip_and_snooze_with_nothing_due_have_no_effect(day: Day, verb: Verb) -> None:
    assert day.say("movement", verb, 5).outcome is AnswerOutcome.NOT_SENT
    assert day.journal.counts().answers == 0


def test_done_beforehand_keeps_a_nudge_at_home_that_no_channel_has_taken(day: Day) -> None:
    nudge_id = day.queue()
    day.deliver(nudge_id, result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=5)
    assert day.say("movement", Verb.DONE, 1).outcome is AnswerOutcome.CREDITED
    assert (day.occurrence().state, day.occurrence().reason) == (OccurrenceState.SUPPRESSED, Reason.ALREADY_DONE)
    assert [one.state for one in day.journal.deliveries_of(nudge_id)] == [DeliveryState.ABANDONED]


def test_done_beforehand_lets_a_nudge_go_that_asks_something_else_too(day: Day) -> None:
    nudge_id = day.queue("movement", "hydration")
    day.say("movement", Verb.DONE, 1)
    day.deliver(nudge_id, minute=2)
    assert {day.occurrence(habit).state for habit in ("movement", "hydration")} == {OccurrenceState.SENT}


def test_done_for_a_habit_answers_all_its_open_asks(day: Day) -> None:
    day.send("movement", slot="09:00")
    day.send("movement", slot="09:30", minute=30, expires=90)
    assert day.say("movement", Verb.DONE, 31).outcome is AnswerOutcome.COUNTED
    assert {day.occurrence(slot=slot).state for slot in ("09:00", "09:30")} == {OccurrenceState.DONE}


def test_done_without_an_amount_counts_what_was_asked(day: Day) -> None:
    day.press(day.send("hydration", amount_ml=250), Verb.DONE, 5)
    assert day.journal.water_ml("me", day.at(0), day.at(60)) == 250


def test_an_amount_told_replaces_the_one_asked(day: Day) -> None:
    day.send("hydration", amount_ml=250)
    assert day.say("hydration", Verb.DONE, 5, amount_ml=300).amount_ml == 300
    assert day.journal.water_ml("me", day.at(0), day.at(60)) == 300


def test_one_glass_is_counted_once_though_two_asks_were_open(day: Day) -> None:
    day.send("hydration", amount_ml=250, slot="09:00")
    day.send("hydration", amount_ml=200, slot="09:30", minute=30, expires=90)
    day.say("hydration", Verb.DONE, 31)
    assert day.journal.water_ml("me", day.at(0), day.at(60)) == 200


def test_a_skip_drinks_nothing(day: Day) -> None:
    day.press(day.send("hydration", amount_ml=250), Verb.SKIP, 5)
    assert day.journal.water_ml("me", day.at(0), day.at(60)) == 0


def test_water_counts_in_a_half_open_range(day: Day) -> None:
    day.say("hydration", Verb.DONE, 5, amount_ml=300)
    assert day.journal.water_ml("me", day.at(5), day.at(6)) == 300
    assert day.journal.water_ml("me", day.at(4), day.at(5)) == 0


def test_less_than_nothing_cannot_be_drunk(day: Day) -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        day.say("hydration", Verb.DONE, 5, amount_ml=-1)


@pytest.mark.parametrize("verb", [Verb.DONE, Verb.SKIP, Verb.SNOOZE])
def test_undo_makes_it_sent_again(day: Day, verb: Verb) -> None:
    nudge_id = day.send("hydration", amount_ml=250)
    before = day.occurrence("hydration")
    day.press(nudge_id, verb, 5)
    receipt = day.journal.undo("me", None, day.at(15))
    assert (receipt.outcome, receipt.habit, receipt.standing) == (AnswerOutcome.COUNTED, "hydration", None)
    assert day.occurrence("hydration") == before
    assert day.journal.water_ml("me", day.at(0), day.at(60)) == 0
    assert day.journal.facts("me", day.at(0), day.at(60)).answers == ()


def test_undo_after_its_end_makes_it_lapsed(day: Day) -> None:
    day.press(day.send(), Verb.DONE, 55)
    day.journal.undo("me", "movement", day.at(61))
    assert day.occurrence().state is OccurrenceState.LAPSED


def test_undo_of_a_late_answer_leaves_the_lapse(day: Day) -> None:
    day.press(day.send(), Verb.DONE, 65)
    day.journal.undo("me", None, day.at(66))
    assert (day.occurrence().state, day.occurrence().answered_late) == (OccurrenceState.LAPSED, False)


def test_undo_of_done_during_a_snooze_gives_the_snooze_back(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5)
    snoozed = day.occurrence()
    day.say("movement", Verb.DONE, 6)
    assert day.journal.undo("me", None, day.at(7)).standing is Verb.SNOOZE
    assert day.occurrence() == snoozed


def test_undo_of_a_snooze_that_was_sent_again_only_gives_its_count_back(day: Day) -> None:
    day.press(day.send(), Verb.SNOOZE, 5, snooze_for=timedelta(minutes=2))
    day.again("n2", minute=7)
    day.deliver("n2", minute=7)
    day.journal.undo("me", None, day.at(8))
    assert (day.occurrence().state, day.occurrence().snoozes) == (OccurrenceState.SENT, 0)


def test_undo_reaches_back_ten_minutes_and_no_further(day: Day) -> None:
    day.press(day.send(), Verb.DONE, 5)
    assert day.journal.undo("me", None, day.at(15.01)) is None
    assert day.occurrence().state is OccurrenceState.DONE


def test_undo_takes_back_all_that_one_press_answered(day: Day) -> None:
    day.press(day.send("movement", "hydration"), Verb.DONE, 5)
    day.journal.undo("me", None, day.at(6))
    assert {day.occurrence(habit).state for habit in ("movement", "hydration")} == {OccurrenceState.SENT}


def test_undo_of_one_habit_leaves_the_other(day: Day) -> None:
    day.press(day.send("movement", "hydration"), Verb.DONE, 5)
    day.journal.undo("me", "movement", day.at(6))
    assert day.occurrence("movement").state is OccurrenceState.SENT
    assert day.occurrence("hydration").state is OccurrenceState.DONE


def test_undo_of_a_credit_takes_it_off_the_record_of_answers(day: Day) -> None:
    day.say("hydration", Verb.DONE, 5, amount_ml=300)
    assert day.journal.undo("me", "hydration", day.at(6)).amount_ml == 300
    assert day.journal.water_ml("me", day.at(0), day.at(60)) == 0
    assert day.journal.undo("me", "hydration", day.at(6)) is None


def test_an_answer_closes_what_is_still_to_be_delivered(day: Day) -> None:
    nudge_id = day.queue(send_to=("desk", "phone"))
    desk, _ = day.journal.open_deliveries()
    day.journal.begin(desk.id, day.at(0))
    accepted = SendResult(outcome=SendOutcome.ACCEPTED)
    day.journal.finish(desk.id, accepted, DeliveryState.ACCEPTED, day.at(0), None)
    assert day.journal.is_wanted(nudge_id)
    day.press(nudge_id, Verb.DONE, 1)
    assert day.journal.open_deliveries() == ()
    assert not day.journal.is_wanted(nudge_id)
