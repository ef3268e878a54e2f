"""What is known right now about a person at their desktop, with its age; and the breaks that were seen there.

None = Unknown, and Unknown stays Unknown: nothing is held back for a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """What the desktop told at ``at`` (UTC); each of the three None = Unknown.

    ``idle`` is how long nobody has touched it, ``locked`` whether its screen is locked, ``do_not_disturb`` whether it
    keeps notifications from the screen.
    """

    idle: timedelta | None = None
    locked: bool | None = None
    do_not_disturb: bool | None = None
    at: datetime

    @property
    def is_unknown(self) -> bool:
        """True when nothing at all is known."""
        return self.idle is None and self.locked is None and self.do_not_disturb is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What is known of one person; ``desktops`` are the channels that end on the desktop that was looked at."""

    presence: Presence
    desktops: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class RealBreak:
    """A stretch in which nobody was at the desk, from ``started`` to at least ``ended``, both in UTC."""

    started: datetime
    ended: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasted at least."""
        return self.ended - self.started
