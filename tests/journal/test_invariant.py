"""The invariant's check finds what was tampered with; in every other test of the journal it must find nothing."""

from __future__ import annotations

import sqlite3

import pytest

from reminders.domain.answer import Verb
from tests.journal.day import Day

# Each breaks one promise in the rows alone, and names a word of what must be reported.
TAMPERINGS = {
    "a state without its event": ("UPDATE occurrences SET state = 'skipped' WHERE habit = 'movement'", "events say"),
    "an instant without its event": ("UPDATE occurrences SET sent_at = NULL WHERE habit = 'movement'", "never sent"),
    "an occurrence that disappeared": ("DELETE FROM occurrences WHERE habit = 'hydration'", "no row"),
    "a nudge that disappeared": ("DELETE FROM nudges WHERE id = 'n1'", "nudge n1"),
    "an ask that disappeared": ("DELETE FROM asks WHERE nudge_id = 'n1'", "does not ask"),
    "a delivery that disappeared": ("DELETE FROM deliveries", "no delivery"),
    "an attempt not counted": ("UPDATE deliveries SET attempt = 0", "attempt 0"),
    "a delivery nobody waits for": (
        "UPDATE deliveries SET state = 'queued', next_attempt_at = '2026-03-03T09:00:00+00:00' WHERE nudge_id = 'n1'",
        "nothing waits",
    ),
    "an answer that disappeared": ("DELETE FROM answers", "its answers are"),
    "an answer without its occurrence": ("UPDATE answers SET occurrence_id = NULL", "counted for None"),
    "an answer taken back without its event": ("UPDATE answers SET undone_at = 'x'", "undone_at"),
    "a pause that disappeared": ("DELETE FROM pauses", "pause 1"),
    "a miss for a choice": (
        "UPDATE occurrences SET state = 'missed', reason = 'quiet' WHERE habit = 'hydration'",
        "no reason to miss",
    ),
    "a suppression without a reason": (
        "UPDATE occurrences SET state = 'suppressed', reason = NULL WHERE habit = 'hydration'",
        "no reason to suppress",
    ),
    "an occurrence nothing will send": (
        "UPDATE occurrences SET nudge_id = NULL, nudged_at = NULL, state = 'planned' WHERE habit = 'hydration'",
        "nothing will ever send it",
    ),
    "a message that stood though none had been sent": (
        """INSERT INTO events (at, kind, occurrence_id, nudge_id, data)
        VALUES ('x', 'occurrence.not_sent_again', 'me/movement/2026-03-03 09:00', 'n1', '{"sent_at":null}')""",
        "never sent before",
    ),
    "an event of its own": (
        """INSERT INTO events (at, kind, occurrence_id, data)
        VALUES ('x', 'occurrence.sent', 'me/movement/2026-03-03 09:00', '{"state":"sent"}')""",
        "took",
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found(day: Day, tampering: str) -> None:
    statement, word = TAMPERINGS[tampering]
    day.press(day.send("movement"), Verb.DONE, 5)
    day.send("hydration")
    day.journal.pause("me", None, day.at(0), day.at(60), "me", "")
    day.journal.close()
    pristine = day.path.read_bytes()
    connection = sqlite3.connect(day.path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    found = day.reopen().check_invariant()
    assert any(word in text for text in found), found
    day.journal.close()
    day.path.write_bytes(pristine)
    day.reopen()


@pytest.mark.parametrize("statement", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
def test_events_are_never_changed_nor_deleted(day: Day, statement: str) -> None:
    day.send()
    with pytest.raises(sqlite3.IntegrityError, match="events are never"):
        day.journal._connection.execute(statement)
