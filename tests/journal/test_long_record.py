"""Rule: what every start and every turn asks of the journal costs the same however long the record is."""

from __future__ import annotations

import re

import pytest

from reminders.journal.queries import sql_of
from tests.journal.day import Day

ASKED_ALL_THE_TIME = (
    "asked_at",
    "answers_since",
    "deliveries_of",
    "deliveries_of_expired_notices",
    "deliveries_open_after",
    "external_ids",
    "external_ids_ended",
    "next_deadline",
    "nudge_is_wanted",
    "nudges_stranded",
    "occurrences_expired",
    "occurrences_for_facts",
    "occurrences_on_their_way",
    "replaced_external_id",
)
# A search by one of these alone walks through everything a person, or a channel, ever had.
WALKS = re.compile(r"SCAN (?!\w+ USING INDEX (occurrences|deliveries)_open$)|\((person|channel)=\?\)|nudge_id>")


@pytest.mark.parametrize("name", ASKED_ALL_THE_TIME)
def test_nothing_walks_through_the_record(day: Day, name: str) -> None:
    statement = sql_of(name)
    parameters = dict.fromkeys(re.findall(r":(\w+)", statement), 1)
    rows = day.journal._connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    steps = [row["detail"] for row in rows]
    assert steps
    assert not [step for step in steps if WALKS.search(step)], steps
