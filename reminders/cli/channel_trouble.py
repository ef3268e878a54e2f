"""Which channels did not take what was last sent to them, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reminders import composition
from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.retelling import retold
from reminders.domain.delivery import DeliveryState

if TYPE_CHECKING:
    from reminders.journal.read_models import ChannelState

_WORDS = {
    DeliveryState.REJECTED: phrase("channel {channel} turned the last nudge away"),
    DeliveryState.RETRY_WAIT: phrase("channel {channel} has not taken the last nudge yet and is tried again"),
    DeliveryState.ABANDONED: phrase("channel {channel} did not take the last nudge in time"),
}


def channel_troubles(place: Path, now: datetime) -> dict[str, ChannelState]:
    """Return how the last nudge of the last day failed, for every channel that did not take it.

    Raises JournalUnavailable.
    """
    journal = composition.open_journal(place, read_only=True)
    if journal is None:
        return {}
    from reminders.journal import channel_trouble

    try:
        rows = journal.history(None, now - channel_trouble.LOOK_BACK, now + timedelta(seconds=1))
        return channel_trouble.channel_troubles(rows)
    finally:
        journal.close()


def trouble_lines(troubles: Mapping[str, ChannelState], configured: Iterable[str]) -> Iterator[str]:
    """Return a line for each configured channel in trouble, and what to do about it."""
    for channel in configured:
        if channel in troubles:
            one = troubles[channel]
            words = say(_WORDS[one.state], channel=channel)
            yield f"{words}: {retold(one.detail)}" if one.detail else words
            yield say("hint: reminders send-test {channel}", channel=channel)
