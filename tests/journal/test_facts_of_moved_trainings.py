"""Holds: planning is told of named occurrences whenever they were due, each once, and of nothing unknown."""

from __future__ import annotations

from reminders.domain.occurrence import Reason
from tests.journal.day import Day


def test_named_occurrences_are_among_the_facts_whenever_they_were_due(day: Day) -> None:
    day.suppress(Reason.BUSY)
    name = day.occurrence().id
    since, until = day.at(10_000), day.at(20_000)
    assert day.journal.facts("me", since, until).occurrences == ()
    found = [one.id for one in day.journal.facts("me", since, until, [name, name, "me/nothing/x"]).occurrences]
    assert found == [name]
    here = [one.id for one in day.journal.facts("me", day.at(-60), day.at(60), [name]).occurrences]
    assert here.count(name) == 1
