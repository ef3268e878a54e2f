"""How a calendar is known right now, and the words for what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from reminders.catalogue.phrases import say
from reminders.catalogue.retelling import retold


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarState:
    """How a person's calendar is known; instants in UTC.

    ``fetched_at`` is when it was last read, None = never. ``stale_since`` is since when it may be out of date, None =
    it is not. ``trouble`` says why it cannot be read, None = it can. ``left_out`` counts events that cannot be used as
    they are written, by the reason.
    """

    person: str
    name: str
    fetched_at: datetime | None
    events: int
    stale_since: datetime | None
    trouble: str | None
    left_out: tuple[tuple[str, int], ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether it was never read, or may be out of date."""
        return self.fetched_at is None or self.stale_since is not None

    @property
    def mend(self) -> str | None:
        """What to do about what is wrong; None = nothing is to be done."""
        if self.trouble is not None and self.fetched_at is not None:
            return say("what was known before still counts, and it is tried again by itself")
        if self.trouble is not None:
            return say("correct its address or file; it is tried again by itself")
        return say("it is read while the daemon runs: reminders run") if self.is_doubtful else None


def state_words(state: CalendarState, when: Callable[[datetime], str]) -> str | None:
    """Return what is wrong with a calendar in plain words; None = nothing. ``when`` writes an instant."""
    if state.stale_since is None:
        return None if state.fetched_at is not None else say("not read yet")
    since = when(state.stale_since)
    if state.trouble is None:
        return say("stale: last read {time}", time=since)
    trouble = retold(state.trouble)
    if state.fetched_at is None:
        return say("never read, and stale since {time}: {trouble}", time=since, trouble=trouble)
    return say("stale since {time}: {trouble}", time=since, trouble=trouble)
