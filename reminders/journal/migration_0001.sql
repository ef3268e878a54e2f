-- The first schema. Instants are UTC ISO 8601 text of one width (2026-03-29T01:00:00.000000+00:00), so that text order
-- is time order; truth values are 0 and 1; lists and event data are JSON text.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  person TEXT,
  habit TEXT,
  occurrence_id TEXT,
  nudge_id TEXT,
  delivery_id INTEGER,
  data TEXT NOT NULL
);
CREATE INDEX events_by_occurrence ON events (occurrence_id) WHERE occurrence_id IS NOT NULL;
CREATE INDEX events_by_nudge ON events (nudge_id) WHERE nudge_id IS NOT NULL;

CREATE TABLE nudges (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ask', 'resend', 'service')),
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  discreet_text TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  send_to TEXT NOT NULL,
  fallback TEXT NOT NULL,
  resend_unknown INTEGER NOT NULL CHECK (resend_unknown IN (0, 1))
);
CREATE INDEX nudges_by_person ON nudges (person, created_at);
CREATE INDEX nudges_by_creation ON nudges (created_at);

CREATE TABLE occurrences (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  habit TEXT NOT NULL,
  slot_key TEXT NOT NULL,
  first_due_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'sent', 'done', 'skipped', 'lapsed', 'suppressed', 'missed')),
  reason TEXT,
  detail TEXT,
  nudge_id TEXT REFERENCES nudges (id),
  nudged_at TEXT,
  sent_at TEXT,
  answered_at TEXT,
  answered_late INTEGER NOT NULL CHECK (answered_late IN (0, 1)),
  snoozes INTEGER NOT NULL CHECK (snoozes BETWEEN 0 AND 3),
  amount_ml INTEGER,
  waiting INTEGER NOT NULL CHECK (waiting = 0 OR (waiting = 1 AND state = 'planned')),
  UNIQUE (person, habit, slot_key)
);
CREATE INDEX occurrences_by_first_due ON occurrences (person, first_due_at);
CREATE INDEX occurrences_by_due ON occurrences (person, due_at);
CREATE INDEX occurrences_by_nudge ON occurrences (nudge_id) WHERE nudge_id IS NOT NULL;
CREATE INDEX occurrences_open ON occurrences (expires_at) WHERE state IN ('planned', 'sent');

CREATE TABLE asks (
  nudge_id TEXT NOT NULL REFERENCES nudges (id),
  position INTEGER NOT NULL,
  occurrence_id TEXT NOT NULL REFERENCES occurrences (id),
  habit TEXT NOT NULL,
  text TEXT NOT NULL,
  variant TEXT NOT NULL,
  amount_ml INTEGER,
  PRIMARY KEY (nudge_id, occurrence_id)
);
CREATE INDEX asks_by_occurrence ON asks (occurrence_id);

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  nudge_id TEXT NOT NULL REFERENCES nudges (id),
  channel TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('queued', 'sending', 'retry_wait', 'accepted', 'rejected', 'unknown', 'abandoned')),
  attempt INTEGER NOT NULL,
  position INTEGER NOT NULL,
  next_attempt_at TEXT CHECK ((next_attempt_at IS NOT NULL) = (state IN ('queued', 'retry_wait'))),
  began_at TEXT,
  finished_at TEXT,
  first_failed_at TEXT,
  external_id TEXT,
  resent INTEGER NOT NULL CHECK (resent IN (0, 1)),
  detail TEXT NOT NULL,
  UNIQUE (nudge_id, channel)
);
CREATE INDEX deliveries_open ON deliveries (id) WHERE state IN ('queued', 'sending', 'retry_wait');
CREATE INDEX deliveries_by_external_id ON deliveries (channel, id) WHERE external_id IS NOT NULL;

-- said_with = the id of the first answer of the same act: one press can answer two asks.
-- was_waiting and due_before = what an undo gives back.
CREATE TABLE answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person TEXT NOT NULL,
  habit TEXT NOT NULL,
  verb TEXT NOT NULL CHECK (verb IN ('done', 'skip', 'snooze')),
  at TEXT NOT NULL,
  via TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('counted', 'credited', 'late')),
  occurrence_id TEXT REFERENCES occurrences (id),
  amount_ml INTEGER CHECK (amount_ml >= 0),
  until_at TEXT,
  said_with INTEGER,
  was_waiting INTEGER NOT NULL CHECK (was_waiting IN (0, 1)),
  due_before TEXT,
  undone_at TEXT
);
CREATE INDEX answers_by_person ON answers (person, at);
CREATE INDEX answers_by_occurrence ON answers (occurrence_id) WHERE occurrence_id IS NOT NULL;

CREATE TABLE pauses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person TEXT NOT NULL,
  habit TEXT,
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL,
  flare INTEGER NOT NULL CHECK (flare IN (0, 1)),
  ended_at TEXT
);
CREATE INDEX pauses_by_person ON pauses (person, ends_at);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are never changed');
END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are never deleted');
END;
CREATE TRIGGER nudges_are_never_changed BEFORE UPDATE ON nudges
BEGIN
  SELECT RAISE(ABORT, 'nudges are never changed');
END;
CREATE TRIGGER asks_are_never_changed BEFORE UPDATE ON asks
BEGIN
  SELECT RAISE(ABORT, 'asks are never changed');
END;
