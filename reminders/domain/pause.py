"""An ad-hoc mute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Nothing is sent from ``starts_at`` until ``ends_at`` (half-open).

    ``habit`` None = every habit of the person. ``flare`` marks a bad day: moves that do not suit one are left out.
    """

    id: int
    person: str
    habit: str | None
    starts_at: datetime
    ends_at: datetime
    author: str
    reason: str
    flare: bool = False

    def covers(self, habit: str, instant: datetime) -> bool:
        """Tell whether this pause mutes the habit at that instant."""
        return self.habit in (None, habit) and self.starts_at <= instant < self.ends_at
