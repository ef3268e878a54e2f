"""The nouns. Standard library only: no clock, no files, no randomness.

One word for each idea, and the words we avoid:

    Person, Habit, Schedule, Channel   what the YAML file names   (not user, reminder, job, provider)
    Occurrence   one due moment of one habit for one person       (not event, instance, run)
    Facts        what the journal knows about one person          (not state)
    Context      what is known right now, with its age, or Unknown (not state, env)
    Decision     Send, Defer or Suppress                          (not action, result)
    Nudge        the message that leaves, with one or two asks    (not alert, alarm)
    Delivery     the attempts of one nudge on one channel         (not status)
    Answer       Done, Skipped or Snoozed, by a person            (not ack, feedback)
    Pause        an ad-hoc mute with author, reason and an end    (not silence, disable)
    Missed       due while we could not act                       (not skipped: that is the person's word)
    Lapsed       sent, never answered, expired                    (not ignored, failed)

Instants are aware datetimes in UTC. Local wall time appears only as ``LocalRange``, ``time`` and slot keys.
"""
