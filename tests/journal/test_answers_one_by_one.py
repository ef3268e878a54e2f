"""Holds: of a nudge's asks each can be answered alone, by the nudge or by its own name, and taken back by the nudge."""

from __future__ import annotations

from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.delivery import DeliveryState
from tests.journal.day import FAILED, UNKNOWN, Day

MOVEMENT = "me/movement/2026-03-03 09:00"
HYDRATION = "me/hydration/2026-03-03 09:00"


def states(day: Day, nudge: str) -> list[str]:
    return [occurrence.state.value for occurrence in day.journal.asked(nudge)]


def test_one_ask_of_two_is_answered_alone(day: Day) -> None:
    nudge = day.send("movement", "hydration")
    (receipt,) = day.journal.answer_nudge(nudge, Verb.DONE, day.at(1), "link", only=HYDRATION)
    assert (receipt.habit, receipt.outcome) == ("hydration", AnswerOutcome.COUNTED)
    assert states(day, nudge) == ["sent", "done"]


def test_an_ask_of_another_nudge_is_unknown_to_this_one(day: Day) -> None:
    nudge = day.send("movement")
    (receipt,) = day.journal.answer_nudge(nudge, Verb.DONE, day.at(1), "link", only=HYDRATION)
    assert receipt.outcome is AnswerOutcome.UNKNOWN
    assert states(day, nudge) == ["sent"]


def test_an_amount_goes_to_the_one_that_is_meant(day: Day) -> None:
    nudge = day.send("movement", "hydration")
    day.journal.answer_nudge(nudge, Verb.DONE, day.at(1), "link", amount_ml=300, only=HYDRATION)
    assert day.journal.water_ml("me", day.at(0), day.at(2)) == 300


def test_an_occurrence_is_answered_by_its_name(day: Day) -> None:
    nudge = day.send("movement", "hydration")
    receipt = day.journal.answer_occurrence(MOVEMENT, Verb.SKIP, day.at(1), "api")
    assert (receipt.outcome, states(day, nudge)) == (AnswerOutcome.COUNTED, ["skipped", "sent"])
    again = day.journal.answer_occurrence(MOVEMENT, Verb.DONE, day.at(2), "api")
    assert (again.outcome, again.standing) == (AnswerOutcome.ALREADY, Verb.SKIP)


def test_an_occurrence_whose_only_attempt_failed_was_not_sent(day: Day) -> None:
    """Its name can be known without any message; who holds the nudge itself has seen it."""
    nudge = day.queue("movement")
    day.deliver(nudge, result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=1)
    assert day.journal.answer_occurrence(MOVEMENT, Verb.DONE, day.at(0.5), "api").outcome is AnswerOutcome.NOT_SENT
    assert states(day, nudge) == ["planned"]


def test_an_occurrence_that_may_have_arrived_was_sent(day: Day) -> None:
    nudge = day.queue("movement")
    day.deliver(nudge, result=UNKNOWN, state=DeliveryState.UNKNOWN)
    assert day.journal.answer_occurrence(MOVEMENT, Verb.DONE, day.at(1), "api").outcome is AnswerOutcome.COUNTED


def test_an_occurrence_that_lapsed_is_answered_late(day: Day) -> None:
    day.send("movement", expires=30)
    assert day.journal.answer_occurrence(MOVEMENT, Verb.DONE, day.at(31), "api").outcome is AnswerOutcome.LATE


def test_a_name_that_is_none_is_unknown(day: Day) -> None:
    assert day.journal.answer_occurrence("x", Verb.DONE, day.at(1), "api").outcome is AnswerOutcome.UNKNOWN


def test_a_nudge_takes_back_what_was_said_of_its_asks_and_nothing_else(day: Day) -> None:
    first = day.send("movement")
    other = day.send("hydration", minute=1, slot="09:01")
    day.press(first, Verb.DONE, 2)
    day.press(other, Verb.SKIP, 3)
    assert day.journal.can_undo(first, day.at(4))
    receipt = day.journal.undo_nudge(first, day.at(4))
    assert receipt is not None
    assert (receipt.habit, receipt.detail) == ("movement", "done taken back")
    assert (states(day, first), states(day, other)) == (["sent"], ["skipped"])
    assert day.journal.undo_nudge(first, day.at(4)) is None


def test_after_ten_minutes_a_nudge_takes_nothing_back(day: Day) -> None:
    nudge = day.send("movement")
    day.press(nudge, Verb.DONE, 1)
    assert not day.journal.can_undo(nudge, day.at(11.1))
    assert day.journal.undo_nudge(nudge, day.at(11.1)) is None
    assert states(day, nudge) == ["done"]


def test_what_one_press_said_is_taken_back_whole(day: Day) -> None:
    nudge = day.send("movement", "hydration")
    day.press(nudge, Verb.DONE, 1)
    day.journal.undo_nudge(nudge, day.at(2))
    assert states(day, nudge) == ["sent", "sent"]
