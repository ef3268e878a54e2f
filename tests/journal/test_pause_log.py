"""Pauses: begun with author and reason, ended by their time or early."""

from __future__ import annotations

import pytest

from tests.journal.day import Day


def test_a_pause_reads_back_as_it_was_begun(day: Day) -> None:
    pause = day.journal.pause("me", "movement", day.at(0), day.at(60), "me", "a bad day", flare=True)
    assert day.journal.pauses("me", day.at(1)) == (pause,)
    assert day.journal.facts("me", day.at(0), day.at(1)).pauses == (pause,)
    assert (pause.habit, pause.author, pause.reason, pause.flare) == ("movement", "me", "a bad day", True)


def test_a_pause_ends_with_its_time(day: Day) -> None:
    day.journal.pause("me", None, day.at(0), day.at(60), "me", "")
    assert day.journal.pauses("me", day.at(60)) == ()
    assert day.journal.facts("me", day.at(60), day.at(90)).pauses == ()


def test_resume_ends_every_pause_in_force(day: Day) -> None:
    day.journal.pause("me", None, day.at(0), day.at(60), "me", "")
    day.journal.pause("me", "movement", day.at(0), day.at(30), "me", "")
    day.journal.pause("you", None, day.at(0), day.at(60), "you", "")
    assert len(day.journal.resume("me", None, day.at(10))) == 2
    assert day.journal.pauses("me", day.at(10)) == ()
    assert len(day.journal.pauses("you", day.at(10))) == 1
    assert day.journal.resume("me", None, day.at(10)) == ()


def test_resume_of_one_habit_leaves_the_pause_of_all(day: Day) -> None:
    day.journal.pause("me", None, day.at(0), day.at(60), "me", "")
    day.journal.pause("me", "movement", day.at(0), day.at(30), "me", "")
    assert [pause.habit for pause in day.journal.resume("me", "movement", day.at(10))] == ["movement"]
    assert [pause.habit for pause in day.journal.pauses("me", day.at(10))] == [None]


def test_a_pause_that_ends_before_it_begins_is_a_mistake(day: Day) -> None:
    with pytest.raises(ValueError, match="not to come"):
        day.journal.pause("me", None, day.at(0), day.at(0), "me", "")
