"""The attempts of one nudge on one channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reminders.domain.answer import Verb
from reminders.domain.answer_link import AnswerLink
from reminders.domain.service_words import ENGLISH, ServiceWords


class DeliveryState(StrEnum):
    """queued -> sending -> accepted | retry_wait | rejected | unknown; retry_wait -> sending.

    ``ABANDONED`` closes a delivery that is no longer wanted: answered, superseded by a re-send, or expired.
    """

    QUEUED = "queued"
    SENDING = "sending"
    RETRY_WAIT = "retry_wait"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    ABANDONED = "abandoned"

    @property
    def is_terminal(self) -> bool:
        """True when no further attempt follows."""
        return self in (self.ACCEPTED, self.REJECTED, self.UNKNOWN, self.ABANDONED)


class SendOutcome(StrEnum):
    """How one call to a channel ended."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"  # definite and final: trying again cannot help
    FAILED = "failed"  # definite and passing: it was not accepted, it may be later
    UNKNOWN = "unknown"  # it may have been accepted


@dataclass(frozen=True, kw_only=True, slots=True)
class SendResult:
    """The result of one call.

    ``detail`` is for people and holds no URL. ``retry_after`` is the wait the other side asked for; None = none.
    ``external_id`` is the channel's own name for the message, such as a desktop notification id; None = none.
    """

    outcome: SendOutcome
    detail: str = ""
    retry_after: timedelta | None = None
    external_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a channel is asked to show.

    ``nudge_id`` names it across attempts (idempotency key). ``buttons`` are the verbs offered, empty for none.
    ``replaces`` is the external id of an older message on the same channel that this one takes the place of.
    ``again`` marks a repeat after an ambiguous delivery. ``habits`` are what a command answers for, empty where
    none may be named; ``person`` is whom it must name, None = nobody. ``asks`` is how many things it asks for.
    ``link`` None = it can be answered by its buttons only. ``words`` are those of its buttons and of its last line.
    """

    nudge_id: str
    title: str
    text: str
    buttons: tuple[Verb, ...] = ()
    expires_at: datetime | None = None
    replaces: str | None = None
    again: bool = False
    habits: tuple[str, ...] = ()
    person: str | None = None
    asks: int = 1
    link: AnswerLink | None = None
    words: ServiceWords = ENGLISH

    def label(self, verb: Verb) -> str:
        """Return what the button ``verb`` says."""
        return self.words.button(verb, self.asks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One nudge on one channel.

    ``attempt`` counts calls begun. ``next_attempt_at`` is set in queued and retry_wait. ``position`` is 0 for a
    ``send_to`` channel and 1, 2, ... for the fallback channels in order. ``first_failed_at`` is when definite
    failures in a row began; None = no failure. ``resent`` marks that the one repeat after unknown was used.
    """

    id: int
    nudge_id: str
    channel: str
    state: DeliveryState
    attempt: int = 0
    position: int = 0
    next_attempt_at: datetime | None = None
    began_at: datetime | None = None
    finished_at: datetime | None = None
    first_failed_at: datetime | None = None
    external_id: str | None = None
    resent: bool = False
    detail: str = ""
