"""What planning reads: besides the days around, the lapses of the last week that nobody answered since."""

from __future__ import annotations

import pytest

from reminders.domain.answer import Verb
from reminders.domain.facts import Facts
from tests.journal.day import Day

DAY = 24 * 60


def monday(day: Day) -> Facts:
    """Return the facts of a turn three days later, with its window of two."""
    return day.journal.facts("me", day.at(DAY), day.at(5 * DAY))


def friday(day: Day, *slots: str) -> None:
    for index, slot in enumerate(slots):
        day.send(slot=slot, minute=60 * index, expires=60 * (index + 1))
    day.journal.close_expired(day.at(600))


def lapsed(facts: Facts) -> list[str]:
    return [occurrence.slot_key[-5:] for occurrence in facts.occurrences]


def test_what_lapsed_before_a_weekend_is_known_after_it(day: Day) -> None:
    friday(day, "09:00", "10:00")
    assert lapsed(monday(day)) == ["09:00", "10:00"]


def test_it_is_forgotten_after_a_week(day: Day) -> None:
    friday(day, "09:00")
    assert lapsed(day.journal.facts("me", day.at(7 * DAY), day.at(9 * DAY))) == ["09:00"]
    assert lapsed(day.journal.facts("me", day.at(7 * DAY + 1), day.at(9 * DAY))) == []


@pytest.mark.parametrize("verb", [Verb.DONE, Verb.SKIP, Verb.SNOOZE])
def test_an_answer_to_the_habit_ends_it(day: Day, verb: Verb) -> None:
    friday(day, "09:00", "10:00")
    day.send(slot="20:00", minute=660, expires=720)
    day.say("movement", verb, 661)
    assert [key for key in lapsed(monday(day)) if key != "20:00"] == []


def test_an_answer_before_the_lapse_or_to_another_habit_does_not(day: Day) -> None:
    day.say("movement", Verb.DONE, 1)
    friday(day, "09:00")
    day.say("hydration", Verb.DONE, 601, amount_ml=300)
    assert lapsed(monday(day)) == ["09:00"]


def test_an_answer_taken_back_does_not(day: Day) -> None:
    friday(day, "09:00", "10:00")
    day.press("n2", Verb.DONE, 605)
    assert lapsed(monday(day)) == []
    day.journal.undo("me", None, day.at(606))
    assert lapsed(monday(day)) == ["09:00", "10:00"]


def test_only_lapses_are_kept_so_long(day: Day) -> None:
    day.press(day.send("eyes"), Verb.DONE, 1)
    assert lapsed(monday(day)) == []
