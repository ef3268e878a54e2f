"""The seams on one page: what the inside asks of the outside.

Concrete classes meet these only in ``composition``; fakes in the tests pass the same contract suites.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from reminders.domain.context import Presence
from reminders.domain.delivery import Delivery, DeliveryState, Message, SendResult
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import Reason


class Clock(Protocol):
    """The only way to learn what time it is."""

    def now(self) -> datetime:
        """Return the wall clock as an aware datetime in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never step and stand still while the machine sleeps."""

    def boottime(self) -> float:
        """Return seconds that never step and run on while the machine sleeps."""


class Channel(Protocol):
    """A way to put a message before a person. One instance serves one channel of the file."""

    @property
    def name(self) -> str:
        """The channel's name in the file; the only name of it that logs and the journal may hold."""

    @property
    def has_buttons(self) -> bool:
        """True when a person can answer on the message itself."""

    @property
    def hears_presses(self) -> bool:
        """True when a press comes to this very process: after a restart the message must be shown anew to be heard."""

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        """Make one attempt and say honestly how it ended; return within the deadline and raise nothing on purpose."""

    async def withdraw(self, external_id: str) -> None:
        """Take a message back where the channel can; do nothing where it cannot."""

    async def close(self) -> None:
        """Let go of connections."""


class PresenceSensor(Protocol):
    """Looks whether somebody is at a desktop."""

    async def look(self) -> Presence:
        """Return what the desktop tells within a few seconds; what hangs or fails is Unknown. Raises nothing."""

    @property
    def told_by(self) -> Mapping[str, str]:
        """Who told what at the last look, by the names of ``Presence``; what nobody told is left out."""

    async def close(self) -> None:
        """Let go of connections."""


class AnswerListener(Protocol):
    """Where a channel with buttons reports a press; the same names as the answering verbs."""

    def __call__(self, nudge_id: str, verb: str, via: str) -> None:
        """Take one press of ``verb`` (done, snooze or skip) on the nudge; ``via`` names the door."""


class ChildRunner(Protocol):
    """Run a module of ours as a short-lived process."""

    async def __call__(
        self, module: str, request: object, *, deadline_seconds: float, memory_limit_bytes: int
    ) -> object:
        """Give ``request`` as JSON, return its JSON reply; raise ChildFailed for anything else."""


class DeliveryLog(Protocol):
    """The part of the journal that delivery writes. Every method is one committed transaction, unless ``together``."""

    def together(self) -> AbstractContextManager[None]:
        """Make all that is called in the block one transaction: committed when it ends, or nothing of it is kept."""

    def open_deliveries(self, after: int = 0, limit: int = 2**31) -> tuple[Delivery, ...]:
        """Return the first ``limit`` deliveries that are not terminal and have a higher id than ``after``, by id."""

    def stranded_nudges(self) -> tuple[str, ...]:
        """Return the nudges that are still to be sent but have no open delivery: a stop came before the next step."""

    def deliveries_of(self, nudge_id: str) -> tuple[Delivery, ...]:
        """Return every delivery of a nudge by position, terminal ones included."""

    def nudge(self, nudge_id: str) -> Nudge:
        """Return the nudge; KeyError for an unknown one."""

    def is_wanted(self, nudge_id: str) -> bool:
        """Tell whether any occurrence of the nudge still waits for it; a service nudge always does."""

    def begin(self, delivery_id: int, now: datetime) -> bool:
        """Commit ``sending`` and count the attempt; False when the delivery is no longer queued or waiting."""

    def finish(
        self,
        delivery_id: int,
        result: SendResult,
        state: DeliveryState,
        now: datetime,
        next_attempt_at: datetime | None,
    ) -> None:
        """Commit how the attempt ended. Accepted or unknown makes the nudge's planned occurrences sent."""

    def add_link(self, token_hash: str, nudge_id: str, expires_at: datetime) -> None:
        """Remember which nudge a token stands for, and until when; the token itself is never given."""

    def abandon(self, delivery_id: int, now: datetime, detail: str) -> None:
        """Close a delivery that is no longer wanted, without an attempt."""

    def add_fallback(self, nudge_id: str, channel: str, position: int, now: datetime) -> None:
        """Queue the nudge on a fallback channel; nothing happens when it is there already."""

    def queue_again(self, delivery_id: int, now: datetime) -> None:
        """Queue the one permitted repeat of a delivery whose outcome is unknown."""

    def miss(self, nudge_id: str, reason: Reason, now: datetime) -> None:
        """End the nudge's occurrences that no channel took as missed."""

    def replaced_external_id(self, nudge_id: str, channel: str) -> str | None:
        """Return the external id of the newest older message about the same occurrences on that channel, or None."""

    def external_ids_to_withdraw(self, nudge_id: str) -> tuple[tuple[str, str], ...]:
        """Return (channel, external id) of every accepted message that carries an occurrence of this nudge."""
