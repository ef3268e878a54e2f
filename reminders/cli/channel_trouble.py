"""Which channels did not take what was last sent to them, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reminders import composition
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState

if TYPE_CHECKING:
    from reminders.journal.read_models import ChannelState, HistoryRow

LOOK_BACK = timedelta(days=1)
_WORDS = {
    DeliveryState.REJECTED: "turned the last nudge away",
    DeliveryState.RETRY_WAIT: "has not taken the last nudge yet and is tried again",
    DeliveryState.ABANDONED: "did not take the last nudge in time",
}


def channel_troubles(place: Path, now: datetime) -> dict[str, ChannelState]:
    """Return how the last nudge of the last day failed, for every channel that did not take it.

    Raises JournalUnavailable.
    """
    journal = composition.open_journal(place, read_only=True)
    if journal is None:
        return {}
    try:
        return _troubles(journal.history(None, now - LOOK_BACK, now + timedelta(seconds=1)))
    finally:
        journal.close()


def _troubles(rows: Iterable[HistoryRow]) -> dict[str, ChannelState]:
    last: dict[str, ChannelState | None] = {}
    for row in rows:  # oldest first
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


def trouble_lines(troubles: Mapping[str, ChannelState], configured: Iterable[str]) -> Iterator[str]:
    """Return a line for each configured channel in trouble, and what to do about it."""
    for channel in configured:
        if channel in troubles:
            one = troubles[channel]
            yield f"channel {channel} {_WORDS[one.state]}" + (f": {one.detail}" if one.detail else "")
            yield f"hint: reminders send-test {channel}"
