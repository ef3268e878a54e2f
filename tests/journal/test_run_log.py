"""Starts and stops on record: a start knows whether the run before ended in good order."""

from __future__ import annotations

from tests.journal.day import Day


def test_a_start_after_a_stop_is_clean_and_one_after_a_crash_is_not(day: Day) -> None:
    day.journal.begin_run(day.at(0), "1.0")
    day.journal.end_run(day.at(10), "1.0")
    day.journal.begin_run(day.at(20), "1.0")
    day.send(minute=25)
    day.journal.begin_run(day.at(40), "1.1")
    third, second, first = day.journal.last_events(9, kind="service.started")
    assert (first.data["was_clean"], second.data["was_clean"], third.data["was_clean"]) == (True, True, False)
    assert (first.data["last_seen_at"], third.data["last_seen_at"]) == (None, "2026-03-03T09:25:00.000000+00:00")
    assert third.data["version"] == "1.1"


def test_the_runs_around_a_moment_are_found(day: Day) -> None:
    assert day.journal.run_around(day.at(0)) == (None, None)
    day.journal.begin_run(day.at(0), "1.0")
    day.send(minute=5)
    day.journal.end_run(day.at(10), "1.0")
    before, after = day.journal.run_around(day.at(5))
    assert before is not None
    assert after is not None
    assert [(one.kind, one.at) for one in (before, after)] == [
        ("service.started", day.at(0)),
        ("service.stopped", day.at(10)),
    ]
    assert day.journal.run_around(day.at(10))[1] is None
