"""What delivery does first after a restart, to the record alone: attempts that a stop cut off ended unknown."""

from __future__ import annotations

from datetime import datetime

from reminders.delivery import routing
from reminders.delivery.dispatcher import STOPPED
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.journal.sqlite_journal import SqliteJournal


def end_cut_off(journal: SqliteJournal, now: datetime) -> tuple[Delivery, ...]:
    """End what is on record as under way, by the dispatcher's own rule; return what that was."""
    cut_off = tuple(one for one in journal.open_deliveries() if one.state is DeliveryState.SENDING)
    for delivery in cut_off:
        nudge = journal.nudge(delivery.nudge_id)
        state, next_attempt_at = routing.after_attempt(nudge, delivery, STOPPED, now, jitter=0.5)
        journal.finish(delivery.id, STOPPED, state, now, next_attempt_at)
    return cut_off
