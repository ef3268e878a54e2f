"""Build a journal of many stored occurrences, put in by SQL. Run with the journal's path and the number.

Nine in ten were answered, ten minutes apart, all of them before last week; each has its nudge, ask, delivery, answer
and six events, as in life.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from reminders.journal.sqlite_journal import SqliteJournal

MINUTES_APART = 10
# The newest is older than anything a start looks back on, as in the short record it is compared with.
ROWS = """
CREATE TEMP TABLE rows AS
WITH RECURSIVE counted (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {number})
SELECT i, 'me/movement/old' || i AS id, 'old' || i AS nudge, i % 10 = 0 AS is_missed,
  strftime('%Y-%m-%dT%H:%M:%S', :now, '-' || (i * {apart} + 11520) || ' minutes') || '.000000+00:00' AS at
FROM counted;
INSERT INTO nudges SELECT nudge, 'me', 'ask', 'Move', 'Stand up and walk to the window.', 'Time for a short break.',
  at, at, '["here"]', '[]', 1 FROM rows;
INSERT INTO occurrences (id, person, habit, slot_key, first_due_at, due_at, expires_at, state, reason, detail,
  nudge_id, nudged_at, sent_at, answered_at, answered_late, snoozes, amount_ml, waiting)
  SELECT id, 'me', 'movement', 'old' || i, at, at, at, iif(is_missed, 'missed', 'done'),
  iif(is_missed, 'no_channel', NULL), NULL, nudge, at, iif(is_missed, NULL, at), iif(is_missed, NULL, at), 0, 0, NULL, 0
  FROM rows;
INSERT INTO asks SELECT nudge, 0, id, 'movement', 'Stand up and walk to the window.', 'window', NULL FROM rows;
INSERT INTO deliveries (nudge_id, channel, state, attempt, position, began_at, finished_at, external_id, resent, detail)
  SELECT nudge, 'here', iif(is_missed, 'rejected', 'accepted'), 1, 0, at, at, iif(is_missed, NULL, i), 0, '' FROM rows;
INSERT INTO answers (person, habit, verb, at, via, outcome, occurrence_id, was_waiting)
  SELECT 'me', 'movement', 'done', at, 'command', 'counted', id, 0 FROM rows WHERE NOT is_missed;
INSERT INTO events (at, kind, person, habit, occurrence_id, nudge_id, data)
  SELECT at, kinds.column1, 'me', 'movement', id, nudge, '{{"state":"sent","waiting":0}}' FROM rows, (VALUES
  ('occurrence.planned'), ('occurrence.nudged'), ('nudge.created'), ('delivery.begun'), ('occurrence.sent'),
  ('occurrence.done')) AS kinds;
DROP TABLE rows;
"""


def build(path: Path, number: int) -> None:
    """Write the journal; it is closed in good order afterwards."""
    SqliteJournal.open(path).close()
    now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")[:19]
    script = ROWS.format(number=number, apart=MINUTES_APART).replace(":now", f"'{now}'")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        connection.executescript(f"BEGIN;\n{script}\nCOMMIT;")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]))
