"""Holds: a real break is on record once, as a break; planning reads it by the clock, and it is forgotten."""

from __future__ import annotations

from datetime import timedelta

from reminders.domain.context import RealBreak
from tests.journal.day import Day


def taken(day: Day, start: int, end: int, person: str = "me") -> RealBreak:
    """Put a break on record, in minutes of the day."""
    found = RealBreak(started=day.at(start), ended=day.at(end))
    day.journal.note_break(person, found)
    return found


def test_a_break_is_read_back_as_it_was_put_down(day: Day) -> None:
    first, second = taken(day, 60, 70), taken(day, 100, 130)
    assert day.journal.breaks("me", day.at(0), day.at(200)) == (first, second)
    assert day.journal.facts("me", day.at(0), day.at(200)).breaks == (first, second)


def test_it_counts_by_its_end_and_for_its_person_alone(day: Day) -> None:
    found = taken(day, 60, 70)
    taken(day, 60, 70, "sam")
    assert day.journal.breaks("me", day.at(65), day.at(71)) == (found,)
    assert day.journal.breaks("me", day.at(71), day.at(200)) == ()
    assert day.journal.breaks("me", day.at(0), day.at(70)) == ()


def test_it_is_one_event_and_nobodys_answer(day: Day) -> None:
    taken(day, 60, 70)
    (event,) = day.journal.last_events(10)
    assert (event.kind, event.person, event.occurrence_id, event.at) == ("break.taken", "me", None, day.at(70))
    assert set(event.data) == {"started", "ended"}
    assert day.journal.counts().answers == 0
    assert day.journal.check_invariant() == ()


def test_after_the_clock_was_set_back_it_lies_as_long_ago_as_it_did(day: Day) -> None:
    found = taken(day, 60, 70)
    day.journal.set_back(day.at(20), day.at(80))
    (read,) = day.journal.facts("me", day.at(0), day.at(200)).breaks
    assert read.ended == day.at(10)
    assert read.length == found.length


def test_one_taken_after_that_is_left_as_it_is(day: Day) -> None:
    taken(day, 60, 70)
    day.journal.set_back(day.at(20), day.at(80))
    later = taken(day, 22, 30)
    assert later in day.journal.facts("me", day.at(0), day.at(200)).breaks


def test_it_is_found_without_reading_the_whole_record(day: Day) -> None:
    query = "SELECT data FROM events WHERE kind = 'break.taken' AND person = 'me' AND at >= '' ORDER BY at, id"
    plan = day.journal._connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    assert any("breaks_taken" in row["detail"] for row in plan)


def test_it_is_forgotten_with_its_age_and_with_its_person(day: Day) -> None:
    taken(day, 60, 70)
    kept = taken(day, 500, 510)
    day.journal.forget_before(day.at(400), day.at(600))
    assert day.journal.breaks("me", day.at(0), day.at(600)) == (kept,)
    day.journal.forget("me", None, day.at(600) + timedelta(days=1))
    assert day.journal.breaks("me", day.at(0), day.at(600)) == ()
