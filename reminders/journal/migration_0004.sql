-- Real breaks are found by person and time, however long the record is.

CREATE INDEX breaks_taken ON events (person, at) WHERE kind = 'break.taken';
