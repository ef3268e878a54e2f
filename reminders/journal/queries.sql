-- Every statement of the journal by name, for `queries.sql_of`. Plain enough for PostgreSQL: no functions of SQLite alone.
-- CROSS JOIN with the condition in WHERE keeps SQLite to the order as written: few rows first, whatever the table holds.

-- name: event_append
INSERT INTO events (at, kind, person, habit, occurrence_id, nudge_id, delivery_id, data)
VALUES (:at, :kind, :person, :habit, :occurrence_id, :nudge_id, :delivery_id, :data);

-- name: events_newest
SELECT * FROM events
WHERE (:person IS NULL OR person = :person)
  AND (:habit IS NULL OR habit = :habit)
  AND (:kind IS NULL OR kind = :kind)
ORDER BY id DESC LIMIT :limit;

-- name: events_of_occurrence
SELECT * FROM events
WHERE occurrence_id = :occurrence_id
   OR (delivery_id IS NOT NULL AND nudge_id IN (SELECT nudge_id FROM asks WHERE occurrence_id = :occurrence_id))
ORDER BY id;

-- name: events_of_service
SELECT * FROM events
WHERE person IS NULL AND occurrence_id IS NULL AND nudge_id IS NULL AND at >= :since AND at < :until
ORDER BY id;

-- name: run_before
SELECT * FROM events
WHERE occurrence_id IS NULL AND nudge_id IS NULL AND at <= :at AND kind IN ('service.started', 'service.stopped')
ORDER BY at DESC, id DESC LIMIT 1;

-- name: run_after
SELECT * FROM events
WHERE occurrence_id IS NULL AND nudge_id IS NULL AND at > :at AND kind IN ('service.started', 'service.stopped')
ORDER BY at, id LIMIT 1;

-- name: events_first
SELECT * FROM events ORDER BY id LIMIT 1;

-- name: events_all
SELECT * FROM events ORDER BY id;

-- name: meta_get
SELECT value FROM meta WHERE key = :key;

-- name: meta_set
INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: meta_delete
DELETE FROM meta WHERE key = :key;

-- name: instants_since
SELECT nudged_at AS instant FROM occurrences WHERE nudged_at > :since
UNION SELECT sent_at FROM occurrences WHERE sent_at > :since
UNION SELECT answered_at FROM occurrences WHERE answered_at > :since
UNION SELECT at FROM answers WHERE at > :since
UNION SELECT created_at FROM nudges WHERE created_at > :since
UNION SELECT at FROM events WHERE kind = 'break.taken' AND at > :since
UNION SELECT value FROM meta WHERE key LIKE 'planned_until/%' AND value > :since;

-- name: latest_planned_until
SELECT MAX(value) AS instant FROM meta WHERE key LIKE 'planned_until/%';

-- name: occurrences_due_since
SELECT id FROM occurrences WHERE first_due_at > :since;

-- name: occurrence_by_id
SELECT * FROM occurrences WHERE id = :id;

-- name: occurrence_save
INSERT INTO occurrences (id, person, habit, slot_key, first_due_at, due_at, expires_at, state, reason, detail, nudge_id,
  nudged_at, sent_at, answered_at, answered_late, snoozes, follow_ups, amount_ml, waiting)
VALUES (:id, :person, :habit, :slot_key, :first_due_at, :due_at, :expires_at, :state, :reason, :detail, :nudge_id,
  :nudged_at, :sent_at, :answered_at, :answered_late, :snoozes, :follow_ups, :amount_ml, :waiting)
ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, expires_at = excluded.expires_at, state = excluded.state,
  reason = excluded.reason, detail = excluded.detail, nudge_id = excluded.nudge_id, nudged_at = excluded.nudged_at,
  sent_at = excluded.sent_at, answered_at = excluded.answered_at, answered_late = excluded.answered_late,
  snoozes = excluded.snoozes, follow_ups = excluded.follow_ups, amount_ml = excluded.amount_ml, waiting = excluded.waiting;

-- name: occurrences_for_facts
SELECT * FROM occurrences WHERE person = :person AND first_due_at >= :since AND first_due_at < :until
UNION
SELECT * FROM occurrences WHERE person = :person AND due_at >= :since AND due_at < :until
UNION
SELECT o.* FROM occurrences pending CROSS JOIN occurrences o
WHERE pending.state IN ('planned', 'sent') AND o.id = pending.id AND o.person = :person
ORDER BY first_due_at, id;

-- name: lapses_unanswered
SELECT o.* FROM occurrences o
WHERE o.person = :person AND o.first_due_at >= :long_since AND o.first_due_at < :since AND o.due_at < :since
  AND o.state = 'lapsed'
  AND NOT EXISTS (SELECT 1 FROM answers a
                  WHERE a.person = o.person AND a.at >= o.expires_at AND a.habit = o.habit AND a.undone_at IS NULL)
ORDER BY o.first_due_at, o.id;

-- name: occurrences_open
SELECT * FROM occurrences
WHERE state IN ('planned', 'sent')
  AND (:person IS NULL OR person = :person)
  AND (:habit IS NULL OR habit = :habit)
ORDER BY first_due_at, id;

-- name: occurrences_of_habit_before
SELECT * FROM occurrences
WHERE person = :person AND first_due_at > :since AND first_due_at <= :until AND habit = :habit
ORDER BY first_due_at DESC, id DESC;

-- name: occurrences_expired
SELECT * FROM occurrences WHERE state IN ('planned', 'sent') AND expires_at <= :now ORDER BY expires_at, id;

-- name: occurrences_on_their_way
SELECT * FROM occurrences WHERE nudge_id = :nudge_id AND state = 'planned' AND waiting = 0 ORDER BY id;

-- name: occurrences_asked
SELECT o.* FROM occurrences o JOIN asks a ON a.occurrence_id = o.id WHERE a.nudge_id = :nudge_id ORDER BY a.position;

-- name: occurrences_first_due_between
SELECT * FROM occurrences
WHERE first_due_at >= :since AND first_due_at < :until
  AND (:person IS NULL OR person = :person)
  AND (:habit IS NULL OR habit = :habit)
ORDER BY first_due_at, id;

-- name: outcomes
SELECT habit, first_due_at, sent_at, state, answered_late FROM occurrences
WHERE person = :person AND first_due_at >= :since AND first_due_at < :until
ORDER BY first_due_at, id;

-- name: occurrences_all
SELECT * FROM occurrences ORDER BY id;

-- name: next_deadline
SELECT MIN(instant) AS instant FROM (
  SELECT o.expires_at AS instant FROM occurrences o
  WHERE o.state IN ('planned', 'sent')
    AND NOT (o.state = 'planned' AND o.waiting = 0 AND o.sent_at IS NULL
             AND EXISTS (SELECT 1 FROM deliveries d WHERE d.nudge_id = o.nudge_id AND d.state = 'sending'))
  UNION ALL
  SELECT due_at AS instant FROM occurrences WHERE state IN ('planned', 'sent') AND state = 'planned' AND waiting = 1
) AS instants;

-- name: nudge_insert
INSERT INTO nudges (id, person, kind, title, text, discreet_text, created_at, expires_at, send_to, fallback, resend_unknown)
VALUES (:id, :person, :kind, :title, :text, :discreet_text, :created_at, :expires_at, :send_to, :fallback, :resend_unknown)
ON CONFLICT (id) DO NOTHING;

-- name: nudge_by_id
SELECT * FROM nudges WHERE id = :id;

-- name: nudges_all
SELECT * FROM nudges ORDER BY id;

-- name: nudges_between
SELECT id FROM nudges WHERE person = :person AND created_at >= :since AND created_at < :until ORDER BY created_at, id;

-- name: nudge_is_wanted
SELECT 1 FROM nudges n
WHERE n.id = :nudge_id
  AND (n.kind = 'service'
       OR EXISTS (SELECT 1 FROM occurrences o
                  WHERE o.nudge_id = n.id AND (o.state = 'sent' OR (o.state = 'planned' AND o.waiting = 0))));

-- name: ask_insert
INSERT INTO asks (nudge_id, position, occurrence_id, habit, text, variant, amount_ml)
VALUES (:nudge_id, :position, :occurrence_id, :habit, :text, :variant, :amount_ml);

-- name: asks_of
SELECT * FROM asks WHERE nudge_id = :nudge_id ORDER BY position;

-- name: asks_all
SELECT * FROM asks ORDER BY nudge_id, position;

-- name: asked_at
SELECT created_at FROM nudges
WHERE person = :person AND kind = 'ask' AND created_at >= :since AND created_at < :until ORDER BY created_at;

-- name: asks_of_follow_ups
SELECT a.occurrence_id FROM nudges n CROSS JOIN asks a WHERE n.kind = 'follow_up' AND a.nudge_id = n.id;

-- name: recent_variants
SELECT a.variant FROM asks a JOIN nudges n ON n.id = a.nudge_id
WHERE n.person = :person AND n.kind <> 'follow_up' AND a.habit = :habit AND a.variant <> ''
ORDER BY n.created_at DESC, n.id DESC LIMIT :limit;

-- name: delivery_insert
INSERT INTO deliveries (nudge_id, channel, state, attempt, position, next_attempt_at, began_at, finished_at,
  first_failed_at, external_id, resent, detail)
VALUES (:nudge_id, :channel, :state, :attempt, :position, :next_attempt_at, :began_at, :finished_at,
  :first_failed_at, :external_id, :resent, :detail)
RETURNING id;

-- name: delivery_update
UPDATE deliveries SET state = :state, attempt = :attempt, next_attempt_at = :next_attempt_at, began_at = :began_at,
  finished_at = :finished_at, first_failed_at = :first_failed_at, external_id = :external_id, resent = :resent,
  detail = :detail
WHERE id = :id;

-- name: delivery_begin
UPDATE deliveries SET state = 'sending', attempt = attempt + 1, began_at = :now, finished_at = NULL, next_attempt_at = NULL
WHERE id = :id AND state IN ('queued', 'retry_wait')
RETURNING nudge_id, attempt;

-- name: delivery_by_id
SELECT * FROM deliveries WHERE id = :id;

-- name: deliveries_open
SELECT * FROM deliveries WHERE state IN ('queued', 'sending', 'retry_wait') ORDER BY id;

-- name: deliveries_open_after
SELECT * FROM deliveries WHERE state IN ('queued', 'sending', 'retry_wait') AND id > :after ORDER BY id LIMIT :limit;

-- name: nudges_stranded
SELECT DISTINCT n.id AS nudge_id FROM occurrences o CROSS JOIN nudges n
WHERE o.state IN ('planned', 'sent') AND o.waiting = 0 AND n.id = o.nudge_id
  AND (o.state = 'planned' OR n.kind = 'follow_up')
  AND NOT EXISTS (SELECT 1 FROM deliveries d
                  WHERE d.nudge_id = n.id AND d.state IN ('queued', 'sending', 'retry_wait'))
  AND NOT (o.state = 'sent' AND EXISTS (SELECT 1 FROM deliveries d
                                        WHERE d.nudge_id = n.id AND d.state IN ('accepted', 'unknown')))
ORDER BY n.id;

-- name: deliveries_of
SELECT * FROM deliveries WHERE nudge_id = :nudge_id ORDER BY position, id;

-- name: deliveries_of_occurrence
SELECT d.* FROM asks a CROSS JOIN deliveries d
WHERE a.occurrence_id = :occurrence_id AND d.nudge_id = a.nudge_id ORDER BY d.id;

-- name: deliveries_of_expired_notices
SELECT d.* FROM deliveries d JOIN nudges n ON n.id = d.nudge_id
WHERE d.state IN ('queued', 'sending', 'retry_wait') AND d.state <> 'sending'
  AND n.kind = 'service' AND n.expires_at <= :now
ORDER BY d.id;

-- name: deliveries_by_occurrence
SELECT a.occurrence_id, n.kind, n.created_at, d.* FROM deliveries d
JOIN asks a ON a.nudge_id = d.nudge_id
JOIN occurrences o ON o.id = a.occurrence_id
CROSS JOIN nudges n
WHERE o.first_due_at >= :since AND o.first_due_at < :until
  AND (:person IS NULL OR o.person = :person)
  AND (:habit IS NULL OR o.habit = :habit)
  AND n.id = d.nudge_id
ORDER BY d.id;

-- name: deliveries_all
SELECT * FROM deliveries ORDER BY id;

-- name: external_ids
-- A message stands for an open occurrence until that is put again: after a snooze on any channel, as a follow-up only
-- where that has arrived.
SELECT DISTINCT d.id, d.external_id, d.nudge_id FROM occurrences o CROSS JOIN asks a CROSS JOIN deliveries d
WHERE o.state IN ('planned', 'sent') AND o.waiting = 0 AND a.occurrence_id = o.id
  AND d.nudge_id = a.nudge_id AND d.channel = :channel AND d.external_id IS NOT NULL AND d.state = 'accepted'
  AND NOT EXISTS (SELECT 1 FROM asks later CROSS JOIN nudges again CROSS JOIN deliveries other
                  WHERE later.occurrence_id = o.id AND later.nudge_id <> a.nudge_id AND again.id = later.nudge_id
                    AND other.nudge_id = again.id AND other.id > d.id
                    AND (again.kind <> 'follow_up' OR (other.channel = d.channel AND other.state = 'accepted')))
ORDER BY d.id;

-- name: external_ids_ended
SELECT DISTINCT d.external_id FROM nudges n CROSS JOIN deliveries d
WHERE n.created_at >= :since AND d.nudge_id = n.id AND d.channel = :channel AND d.external_id IS NOT NULL AND d.state = 'accepted'
  AND EXISTS (SELECT 1 FROM asks a WHERE a.nudge_id = n.id)
  AND NOT EXISTS (
    SELECT 1 FROM asks a CROSS JOIN occurrences o
    WHERE a.nudge_id = n.id AND o.id = a.occurrence_id AND o.state IN ('planned', 'sent') AND o.waiting = 0
      AND NOT EXISTS (SELECT 1 FROM asks later CROSS JOIN nudges again CROSS JOIN deliveries other
                      WHERE later.occurrence_id = o.id AND later.nudge_id <> n.id AND again.id = later.nudge_id
                        AND other.nudge_id = again.id AND other.id > d.id
                        AND (again.kind <> 'follow_up' OR (other.channel = d.channel AND other.state = 'accepted'))))
ORDER BY d.external_id;

-- name: deliveries_shown
SELECT * FROM deliveries
WHERE channel = :channel AND external_id IS NOT NULL AND external_id = :external_id AND state = 'accepted' ORDER BY id;

-- name: replaced_external_id
SELECT d.external_id FROM asks own CROSS JOIN asks older CROSS JOIN deliveries d
WHERE own.nudge_id = :nudge_id AND older.occurrence_id = own.occurrence_id AND older.nudge_id <> :nudge_id
  AND d.nudge_id = older.nudge_id AND d.channel = :channel AND d.external_id IS NOT NULL
  AND d.id < COALESCE((SELECT MIN(first.id) FROM deliveries first WHERE first.nudge_id = :nudge_id), d.id + 1)
  AND NOT EXISTS (SELECT 1 FROM occurrences o CROSS JOIN asks a CROSS JOIN deliveries same
                  WHERE o.state IN ('planned', 'sent') AND o.waiting = 0
                    AND NOT EXISTS (SELECT 1 FROM asks mine WHERE mine.nudge_id = :nudge_id AND mine.occurrence_id = o.id)
                    AND a.occurrence_id = o.id AND same.nudge_id = a.nudge_id AND same.state = 'accepted'
                    AND same.channel = :channel AND same.external_id = d.external_id)
ORDER BY d.id DESC LIMIT 1;

-- name: external_ids_to_withdraw
SELECT DISTINCT d.channel, d.external_id FROM deliveries d
JOIN asks carrier ON carrier.nudge_id = d.nudge_id
JOIN asks own ON own.occurrence_id = carrier.occurrence_id
WHERE own.nudge_id = :nudge_id AND d.state = 'accepted' AND d.external_id IS NOT NULL
  AND (d.nudge_id = :nudge_id
       OR NOT EXISTS (SELECT 1 FROM asks a CROSS JOIN occurrences o
                      WHERE a.nudge_id = d.nudge_id AND o.id = a.occurrence_id
                        AND o.state IN ('planned', 'sent') AND o.waiting = 0))
ORDER BY d.channel, d.external_id;

-- name: answer_insert
INSERT INTO answers (person, habit, verb, at, via, outcome, occurrence_id, amount_ml, until_at, said_with, was_waiting,
  due_before)
VALUES (:person, :habit, :verb, :at, :via, :outcome, :occurrence_id, :amount_ml, :until_at, :said_with, :was_waiting,
  :due_before)
RETURNING id;

-- name: answer_undo
UPDATE answers SET undone_at = :undone_at WHERE id = :id AND undone_at IS NULL;

-- name: answers_since
SELECT * FROM answers WHERE person = :person AND at >= :since AND undone_at IS NULL ORDER BY id;

-- name: answer_newest
SELECT * FROM answers
WHERE person = :person AND at >= :since AND undone_at IS NULL AND (:habit IS NULL OR habit = :habit)
ORDER BY id DESC LIMIT 1;

-- name: answer_newest_of_nudge
SELECT a.* FROM asks own CROSS JOIN answers a
WHERE own.nudge_id = :nudge_id AND a.occurrence_id = own.occurrence_id AND a.at >= :since AND a.undone_at IS NULL
ORDER BY a.id DESC LIMIT 1;

-- name: answers_said_with
SELECT * FROM answers
WHERE person = :person AND at >= :since AND COALESCE(said_with, id) = :act AND undone_at IS NULL
  AND (:habit IS NULL OR habit = :habit)
ORDER BY id DESC;

-- name: answers_by_occurrence
SELECT a.* FROM answers a JOIN occurrences o ON o.id = a.occurrence_id
WHERE a.undone_at IS NULL AND o.first_due_at >= :since AND o.first_due_at < :until
  AND (:person IS NULL OR o.person = :person)
  AND (:habit IS NULL OR o.habit = :habit)
ORDER BY a.id;

-- name: answers_all
SELECT * FROM answers ORDER BY id;

-- name: water_ml
SELECT COALESCE(SUM(amount_ml), 0) AS total FROM answers
WHERE person = :person AND verb = 'done' AND undone_at IS NULL AND at >= :since AND at < :until;

-- name: pause_insert
INSERT INTO pauses (person, habit, starts_at, ends_at, author, reason, flare)
VALUES (:person, :habit, :starts_at, :ends_at, :author, :reason, :flare)
RETURNING id;

-- name: pause_end
UPDATE pauses SET ended_at = :ended_at WHERE id = :id AND ended_at IS NULL;

-- name: pauses_overlapping
SELECT * FROM pauses
WHERE person = :person AND ended_at IS NULL AND starts_at < :until AND ends_at > :since
ORDER BY id;

-- name: pauses_ending_after
SELECT * FROM pauses WHERE person = :person AND ended_at IS NULL AND ends_at > :now ORDER BY id;

-- name: pauses_all
SELECT * FROM pauses ORDER BY id;

-- name: breaks_taken
SELECT data FROM events WHERE kind = 'break.taken' AND person = :person AND at >= :since AND at < :until ORDER BY at, id;

-- name: count_occurrences
SELECT state, COUNT(*) AS number FROM occurrences GROUP BY state;

-- name: count_occurrences_by_reason
SELECT state, reason, COUNT(*) AS number FROM occurrences GROUP BY state, reason ORDER BY state, reason;

-- name: count_events_of_kind
SELECT COUNT(*) AS number FROM events WHERE kind = :kind;

-- name: count_deliveries
SELECT state, COUNT(*) AS number FROM deliveries GROUP BY state;

-- name: count_rows
SELECT (SELECT COUNT(*) FROM events) AS events, (SELECT COUNT(*) FROM nudges) AS nudges,
  (SELECT COUNT(*) FROM answers) AS answers, (SELECT COUNT(*) FROM pauses) AS pauses;

-- name: totals
SELECT person, habit, state, COUNT(*) AS number, SUM(answered_late) AS late FROM occurrences
WHERE first_due_at >= :since AND first_due_at < :until
  AND (:person IS NULL OR person = :person)
  AND (:habit IS NULL OR habit = :habit)
GROUP BY person, habit, state ORDER BY person, habit, state;

-- name: link_insert
INSERT INTO links (token_hash, nudge_id, expires_at) VALUES (:token_hash, :nudge_id, :expires_at)
ON CONFLICT (token_hash) DO NOTHING;

-- name: link_by_hash
SELECT nudge_id, expires_at FROM links WHERE token_hash = :token_hash;

-- name: links_forget
DELETE FROM links WHERE expires_at < :before;

-- name: occurrences_next_person
SELECT MIN(person) AS person FROM occurrences WHERE person > :after;

-- name: occurrences_oldest
SELECT id, first_due_at FROM occurrences
WHERE person = :person AND first_due_at < :before AND first_due_at >= :after_at
  AND (first_due_at > :after_at OR id > :after_id)
ORDER BY first_due_at, id LIMIT :limit;

-- name: oldest_slot
SELECT MIN(first_due_at) AS first_due_at FROM occurrences WHERE person = :person;

-- name: people_on_record
SELECT DISTINCT person FROM occurrences
UNION SELECT person FROM answers
UNION SELECT person FROM pauses
UNION SELECT person FROM nudges
UNION SELECT SUBSTR(key, LENGTH('planned_until/') + 1) FROM meta WHERE key LIKE 'planned_until/%'
ORDER BY person;

-- name: states_to_forget
SELECT state, COUNT(*) AS number FROM occurrences
WHERE first_due_at < :before AND (:person IS NULL OR person = :person) GROUP BY state ORDER BY state;

-- name: rest_to_forget
SELECT
  (SELECT COUNT(*) FROM nudges WHERE created_at < :before AND (:person IS NULL OR person = :person)) AS nudges,
  (SELECT COUNT(*) FROM answers WHERE at < :before AND (:person IS NULL OR person = :person)) AS answers,
  (SELECT COUNT(*) FROM pauses
   WHERE COALESCE(ended_at, ends_at) < :over_before AND (:person IS NULL OR person = :person)) AS pauses;

-- name: asks_about
SELECT nudge_id FROM asks WHERE occurrence_id = :occurrence_id;

-- name: answers_of_occurrence_number
SELECT COUNT(*) AS number FROM answers WHERE occurrence_id = :occurrence_id;

-- name: answers_of_occurrence_forget
DELETE FROM answers WHERE occurrence_id = :occurrence_id;

-- name: events_of_occurrence_forget
DELETE FROM events WHERE occurrence_id = :occurrence_id;

-- name: asks_of_occurrence_forget
DELETE FROM asks WHERE occurrence_id = :occurrence_id;

-- name: occurrence_forget
DELETE FROM occurrences WHERE id = :occurrence_id;

-- name: events_of_nudge_forget
DELETE FROM events WHERE nudge_id = :nudge_id;

-- name: links_of_nudge_forget
DELETE FROM links WHERE nudge_id = :nudge_id;

-- name: deliveries_of_nudge_forget
DELETE FROM deliveries WHERE nudge_id = :nudge_id;

-- name: nudge_forget
DELETE FROM nudges WHERE id = :nudge_id;

-- name: service_nudges_to_forget
SELECT n.id FROM nudges n
WHERE n.kind = 'service' AND n.created_at < :before AND n.expires_at <= :now
  AND (:person IS NULL OR n.person = :person)
  AND NOT EXISTS (SELECT 1 FROM deliveries d
                  WHERE d.nudge_id = n.id AND d.state IN ('queued', 'sending', 'retry_wait'))
ORDER BY n.created_at LIMIT :limit;

-- name: lone_answers_to_forget
SELECT id, at, undone_at FROM answers
WHERE occurrence_id IS NULL AND at < :before AND (undone_at IS NULL OR undone_at < :before)
  AND (:person IS NULL OR person = :person)
ORDER BY at LIMIT :limit;

-- name: answer_forget
DELETE FROM answers WHERE id = :id;

-- name: pauses_to_forget
SELECT id, starts_at, ended_at FROM pauses
WHERE COALESCE(ended_at, ends_at) < :before AND (:person IS NULL OR person = :person)
ORDER BY id LIMIT :limit;

-- name: pause_forget
DELETE FROM pauses WHERE id = :id;

-- name: events_on_their_own_at
SELECT id, data FROM events WHERE occurrence_id IS NULL AND nudge_id IS NULL AND at = :at AND kind = :kind;

-- name: event_forget
DELETE FROM events WHERE id = :id;

-- name: lone_events_forget
DELETE FROM events WHERE id IN (
  SELECT id FROM events
  WHERE occurrence_id IS NULL AND nudge_id IS NULL AND at < :before
    AND kind NOT LIKE 'answer.%' AND kind NOT LIKE 'pause.%'
    AND (:person IS NULL OR person = :person)
  ORDER BY at LIMIT :limit);
