-- Follow-ups, links that answer, and forgetting on purpose.

ALTER TABLE occurrences ADD COLUMN follow_ups INTEGER NOT NULL DEFAULT 0 CHECK (follow_ups >= 0);

-- The kinds of nudges have one more; SQLite changes a condition by building the table anew.
CREATE TABLE nudges_renewed (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ask', 'resend', 'follow_up', 'service')),
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  discreet_text TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  send_to TEXT NOT NULL,
  fallback TEXT NOT NULL,
  resend_unknown INTEGER NOT NULL CHECK (resend_unknown IN (0, 1))
);
INSERT INTO nudges_renewed (id, person, kind, title, text, discreet_text, created_at, expires_at, send_to, fallback,
  resend_unknown)
SELECT id, person, kind, title, text, discreet_text, created_at, expires_at, send_to, fallback, resend_unknown
FROM nudges;
DROP TABLE nudges;
ALTER TABLE nudges_renewed RENAME TO nudges;
CREATE INDEX nudges_by_person ON nudges (person, created_at);
CREATE INDEX nudges_by_creation ON nudges (created_at);
CREATE TRIGGER nudges_are_never_changed BEFORE UPDATE ON nudges
BEGIN
  SELECT RAISE(ABORT, 'nudges are never changed');
END;

-- A token stands for one nudge; only its SHA-256 is kept, so that who reads the journal cannot answer with it.
CREATE TABLE links (
  token_hash TEXT PRIMARY KEY,
  nudge_id TEXT NOT NULL REFERENCES nudges (id),
  expires_at TEXT NOT NULL
);
CREATE INDEX links_by_nudge ON links (nudge_id);
CREATE INDEX links_by_expiry ON links (expires_at);

-- What is too old, or is to be forgotten, may go; whoever does it sets the mark and takes it away in one transaction.
DROP TRIGGER events_are_never_deleted;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN
  SELECT RAISE(ABORT, 'events are never deleted');
END;
