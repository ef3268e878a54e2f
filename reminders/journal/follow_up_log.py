"""A follow-up on record: occurrences that wait for an answer are put again, in one more nudge, and stay sent."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from reminders.catalogue.phrases import phrase
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.journal import delivery_log, nudge_log, occurrence_log


def record(connection: sqlite3.Connection, nudge: Nudge, at: datetime) -> tuple[str, ...]:
    """Write and queue a follow-up and return the ids of the occurrences it puts again.

    When any of them was answered meanwhile or is over, it is not written: its words still ask for it, and the next
    turn finds words for the others. The deliveries of the nudge before are closed. Raises ValueError for another kind
    of nudge, or one without a channel.
    """
    if nudge.kind is not NudgeKind.FOLLOW_UP or not (nudge.send_to or nudge.fallback):
        raise ValueError(f'nudge "{nudge.id}" is no follow-up with a channel')
    still_open = {ask.occurrence_id: found for ask in nudge.asks if (found := _open(connection, ask.occurrence_id, at))}
    if not still_open or len(still_open) < len(nudge.asks):
        return ()
    nudge_log.write(connection, nudge, at)
    for before in still_open.values():
        after = replace(before, nudge_id=nudge.id, nudged_at=at, follow_ups=before.follow_ups + 1)
        occurrence_log.save(connection, occurrence_log.FOLLOWED_UP, before, after, at)
    nudge_log.write_asks(connection, nudge)
    delivery_log.queue_first_channels(connection, nudge, at, at)
    for nudge_id in dict.fromkeys(before.nudge_id for before in still_open.values()):
        if nudge_id is not None:
            delivery_log.abandon_unwanted(connection, nudge_id, at, phrase("asked again"))
    return tuple(still_open)


def _open(connection: sqlite3.Connection, occurrence_id: str, at: datetime) -> Occurrence | None:
    found = occurrence_log.find(connection, occurrence_id)
    is_open = found is not None and found.state is OccurrenceState.SENT and at < found.expires_at
    return found if is_open else None
