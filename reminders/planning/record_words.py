"""The words of the record: where an occurrence or a delivery stands, which way an answer came, and what it adds.

What the record adds was written in English, whoever reads it.
"""

from __future__ import annotations

from reminders.catalogue.phrases import phrase, say, say_as
from reminders.catalogue.retelling import retold
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.planning.pause_words import pause_reason

_STATES = {
    OccurrenceState.PLANNED: phrase("planned"),
    OccurrenceState.SENT: phrase("sent"),
    OccurrenceState.DONE: phrase("done"),
    OccurrenceState.SKIPPED: phrase("skipped"),
    OccurrenceState.LAPSED: phrase("lapsed"),
    OccurrenceState.SUPPRESSED: phrase("suppressed"),
    OccurrenceState.MISSED: phrase("missed"),
}
_DELIVERIES = {
    DeliveryState.QUEUED: phrase("queued"),
    DeliveryState.SENDING: phrase("sending"),
    DeliveryState.ACCEPTED: phrase("accepted"),
    DeliveryState.RETRY_WAIT: phrase("retry wait"),
    DeliveryState.REJECTED: phrase("rejected"),
    DeliveryState.ABANDONED: phrase("abandoned"),
}
_WAYS = {"command": phrase("command"), "page": phrase("page"), "link": phrase("link")}


def state_words(state: OccurrenceState) -> str:
    """Return where an occurrence stands, in one word."""
    return say(_STATES[state])


def delivery_words(state: DeliveryState) -> str:
    """Return where a delivery stands, in a word or two."""
    return say_as("delivery", "unknown") if state is DeliveryState.UNKNOWN else say(_DELIVERIES[state])


def way_words(via: str) -> str:
    """Return which way an answer came: a door of ours in words, a channel by its name."""
    return say(_WAYS[via]) if via in _WAYS else via


def detail_words(reason: Reason | None, detail: str | None) -> str:
    """Return what the record adds to a reason, empty for nothing; what a person wrote is never translated."""
    if not detail:
        return ""
    return pause_reason(detail) if reason is Reason.PAUSED else retold(detail)
