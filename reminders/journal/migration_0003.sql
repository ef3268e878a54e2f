-- Events and answers that hang on no occurrence and no nudge are found by their age.

CREATE INDEX events_on_their_own ON events (at) WHERE occurrence_id IS NULL AND nudge_id IS NULL;
CREATE INDEX answers_on_their_own ON answers (at) WHERE occurrence_id IS NULL;
