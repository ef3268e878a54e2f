"""Which channels did not take what was last sent to them, as the record tells it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState
from reminders.journal.read_models import ChannelState, HistoryRow

LOOK_BACK = timedelta(days=1)


def channel_troubles(rows: Iterable[HistoryRow]) -> dict[str, ChannelState]:
    """Return how the last nudge of ``rows``, oldest first, failed, for every channel that did not take it."""
    last: dict[str, ChannelState | None] = {}
    for row in rows:
        for one in row.channels:
            if one.state is DeliveryState.ACCEPTED:
                last[one.channel] = None
            elif _failed(one, row):
                last[one.channel] = one
    return {channel: state for channel, state in last.items() if state is not None}


def _failed(one: ChannelState, row: HistoryRow) -> bool:
    """Tell whether the channel certainly did not take it; what was answered meanwhile, or is unknown, says nothing."""
    if one.state is DeliveryState.ABANDONED:
        return one.attempt > 0 and row.state is OccurrenceState.MISSED
    return one.state in (DeliveryState.REJECTED, DeliveryState.RETRY_WAIT)
