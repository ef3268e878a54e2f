"""Rules of a wall clock that was set back: the record stays, and planning reads it in the terms of the new clock."""

from __future__ import annotations

from datetime import timedelta

from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.journal.day import Day

HOUR = 60
ONE_HOUR = timedelta(hours=1)


def test_what_was_on_record_is_read_an_hour_earlier_and_what_follows_as_it_is(day: Day) -> None:
    nudge = day.send(minute=90, slot="10:30", expires=150)
    day.press(nudge, Verb.DONE, 100)
    day.journal.set_back(day.at(60), day.at(120))
    day.send("hydration", minute=91, slot="10:31")
    facts = day.journal.facts("me", day.at(-1440), day.at(1440))
    by_habit = {occurrence.habit: occurrence for occurrence in facts.occurrences}
    assert by_habit["movement"].first_due_at == day.at(30)
    assert by_habit["movement"].answered_at == day.at(40)
    assert by_habit["hydration"].first_due_at == by_habit["hydration"].sent_at == day.at(91)
    assert facts.asked_at == (day.at(30), day.at(91))
    assert [answer.at for answer in facts.answers] == [day.at(40)]
    assert [(back.at, back.until) for back in facts.set_back] == [(day.at(60), day.at(120))]
    (row,) = day.journal.history("me", day.at(0), day.at(180), "movement")
    assert (row.due_at, row.answered_at) == (day.at(90), day.at(100))


def test_how_far_was_planned_is_read_in_the_terms_of_the_new_clock(day: Day) -> None:
    day.turn(minute=119)
    day.journal.set_back(day.at(60), day.at(120))
    assert day.journal.facts("me", day.at(0), day.at(1440)).planned_until == day.at(59)
    day.turn(minute=60)
    assert day.journal.facts("me", day.at(0), day.at(1440)).planned_until == day.at(60)


def test_an_open_ask_keeps_its_remaining_time_and_a_snooze_its_wait(day: Day) -> None:
    nudge = day.send(minute=100, expires=160)
    day.press(nudge, Verb.SNOOZE, 110)
    day.journal.set_back(day.at(60), day.at(120))
    waiting = day.occurrence()
    assert (waiting.due_at, waiting.expires_at) == (day.at(65), day.at(100))


def test_two_set_backs_add_up(day: Day) -> None:
    day.send(minute=118, slot="10:58", expires=200)
    day.journal.set_back(day.at(60), day.at(120))
    day.journal.set_back(day.at(30), day.at(61))
    assert day.occurrence(slot="10:58").sent_at == day.at(118) - ONE_HOUR - timedelta(minutes=31)


def test_after_a_correction_what_was_asked_in_the_wrong_time_has_ended(day: Day) -> None:
    asked = day.send(minute=600, slot="19:00", expires=660)
    day.queue("hydration", minute=610, slot="19:10", expires=700)
    day.defer(640, minute=610, habit="calcium_meal", slot="19:10", due=610, expires=700)
    day.journal.set_back(day.at(0), day.at(620))
    rows = day.journal.history("me", day.at(-60), day.at(1440))
    assert {row.habit: (row.state, row.reason) for row in rows} == {
        "movement": (OccurrenceState.LAPSED, None),
        "hydration": (OccurrenceState.MISSED, Reason.EXPIRED_DOWN),
        "calcium_meal": (OccurrenceState.SUPPRESSED, Reason.BUSY),
    }
    assert day.journal.open_deliveries() == ()
    assert day.press(asked, Verb.DONE, 5).outcome is AnswerOutcome.LATE


def test_after_a_stop_the_last_turn_tells_that_the_clock_was_set_back(day: Day) -> None:
    day.journal.set_back(day.at(0))
    assert day.journal.facts("me", day.at(0), day.at(1440)).set_back == ()
    day.turn(minute=30)
    day.journal.set_back(day.at(31))
    assert day.journal.facts("me", day.at(0), day.at(1440)).set_back == ()
    day.journal.set_back(day.at(10))
    (back,) = day.journal.facts("me", day.at(0), day.at(1440)).set_back
    assert (back.at, back.until) == (day.at(10), day.at(30))


def test_a_set_back_is_forgotten_when_its_stretch_is_three_days_old(day: Day) -> None:
    day.journal.set_back(day.at(0), day.at(60))
    day.journal.set_back(day.at(6 * 1440), day.at(6 * 1440 + HOUR))
    assert len(day.journal.facts("me", day.at(0), day.at(1440)).set_back) == 1
