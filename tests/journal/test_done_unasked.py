"""A Done with nothing open: late for the ask that just lapsed, too late after a skip, and else counted for the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.domain.answer import AnswerOutcome, AnswerReceipt, Verb
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.journal.day import FAILED, Day

HOUR = timedelta(hours=1)


def done(day: Day, minute: float, habit: str = "movement", **rest: object) -> AnswerReceipt:
    return day.say(habit, Verb.DONE, minute, **rest)


def outcome(day: Day, minute: float, **rest: object) -> AnswerOutcome:
    return done(day, minute, **rest).outcome


def test_done_seconds_after_a_lapse_is_late_for_what_lapsed(day: Day) -> None:
    day.send()
    receipt = done(day, 60.1, interval=HOUR)
    assert (receipt.outcome, receipt.standing) == (AnswerOutcome.LATE, Verb.DONE)
    assert (day.occurrence().state, day.occurrence().answered_late) == (OccurrenceState.LAPSED, True)
    (answer,) = day.journal.facts("me", day.at(0), day.at(90)).answers
    assert answer.occurrence_id == "me/movement/2026-03-03 09:00"


def test_a_second_done_after_that_is_a_credit(day: Day) -> None:
    day.send()
    assert [outcome(day, minute, interval=HOUR) for minute in (61, 62)] == [AnswerOutcome.LATE, AnswerOutcome.CREDITED]


@pytest.mark.parametrize(
    ("interval", "minute", "expected"),
    [
        (HOUR, 119.9, AnswerOutcome.LATE),
        (HOUR, 120, AnswerOutcome.CREDITED),
        (None, 149.9, AnswerOutcome.LATE),
        (None, 150, AnswerOutcome.CREDITED),
    ],
)
def test_a_lapse_is_meant_for_one_interval_and_at_fixed_times_for_90_minutes(
    day: Day, interval: timedelta | None, minute: float, expected: AnswerOutcome
) -> None:
    day.send()
    assert outcome(day, minute, interval=interval) is expected


def test_at_fixed_times_a_lapse_is_meant_until_the_next_slot(day: Day) -> None:
    day.send(slot="09:00")
    day.suppress(Reason.PAUSED, slot="10:20", due=80, minute=80, expires=140)
    assert outcome(day, 79) is AnswerOutcome.LATE
    day.journal.undo("me", None, day.at(79.5))
    assert outcome(day, 81) is AnswerOutcome.CREDITED


def test_at_an_interval_the_lapse_is_meant_whatever_was_held_back_since(day: Day) -> None:
    day.send(slot="09:00")
    day.suppress(Reason.PAUSED, slot="10:00", due=60, minute=60, expires=120)
    assert outcome(day, 70, interval=HOUR) is AnswerOutcome.LATE
    assert day.occurrence(slot="09:00").answered_late


def test_what_is_on_its_way_comes_before_what_lapsed(day: Day) -> None:
    day.send(slot="09:00")
    day.queue(slot="10:00", minute=60, expires=120)
    day.deliver("n2", minute=60, result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=61)
    assert outcome(day, 60.5, interval=HOUR) is AnswerOutcome.CREDITED
    assert day.occurrence(slot="10:00").reason is Reason.ALREADY_DONE
    assert not day.occurrence(slot="09:00").answered_late


def test_a_late_done_logs_the_amount_asked_for_or_told(day: Day) -> None:
    day.send("hydration", amount_ml=250)
    assert done(day, 61, "hydration", interval=HOUR).amount_ml == 250
    day.journal.undo("me", None, day.at(62))
    assert done(day, 63, "hydration", interval=HOUR, amount_ml=300).amount_ml == 300
    assert day.journal.water_ml("me", day.at(0), day.at(90)) == 300


@pytest.mark.parametrize("interval", [HOUR, None])
def test_done_after_skip_finds_the_skip_standing(day: Day, interval: timedelta | None) -> None:
    day.press(day.send(), Verb.SKIP, 5)
    receipt = done(day, 20, interval=interval)
    assert (receipt.outcome, receipt.standing) == (AnswerOutcome.ALREADY, Verb.SKIP)
    assert receipt.detail == "already answered: skip"
    assert day.occurrence().state is OccurrenceState.SKIPPED
    assert day.journal.counts().answers == 1


@pytest.mark.parametrize(("interval", "minute"), [(HOUR, 60), (None, 24 * 60)])
def test_a_skip_older_than_the_interval_stands_in_no_ones_way(
    day: Day, interval: timedelta | None, minute: float
) -> None:
    day.press(day.send(), Verb.SKIP, 5)
    assert outcome(day, minute - 0.1, interval=interval) is AnswerOutcome.ALREADY
    assert outcome(day, minute, interval=interval) is AnswerOutcome.CREDITED


def test_what_is_drunk_after_a_skip_is_counted_all_the_same(day: Day) -> None:
    day.press(day.send("hydration", amount_ml=250), Verb.SKIP, 5)
    assert done(day, 20, "hydration", interval=HOUR, amount_ml=300).outcome is AnswerOutcome.CREDITED
    assert day.journal.water_ml("me", day.at(0), day.at(60)) == 300


def test_done_after_done_is_a_credit(day: Day) -> None:
    day.press(day.send(), Verb.DONE, 5)
    assert outcome(day, 20, interval=HOUR) is AnswerOutcome.CREDITED


def test_another_habits_lapse_is_not_meant(day: Day) -> None:
    day.send("hydration")
    assert outcome(day, 61, interval=HOUR) is AnswerOutcome.CREDITED


@pytest.mark.parametrize("verb", [Verb.SKIP, Verb.SNOOZE])
def test_skip_and_snooze_after_a_lapse_find_nothing_open(day: Day, verb: Verb) -> None:
    day.send()
    assert day.say("movement", verb, 61, interval=HOUR).outcome is AnswerOutcome.NOT_SENT
