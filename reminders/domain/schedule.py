"""When a habit is due, as the person wrote it: wall times and elapsed intervals, never instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

MINUTES_PER_DAY = 1440


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalRange:
    """A half-open range of wall time on one day, in minutes after local midnight.

    ``start_minute`` is 0 to 1439. ``end_minute`` is greater than ``start_minute`` by at most 1440, so a range that
    crosses midnight ends beyond 1440: 22:00-02:00 is 1320 to 1560. 00:00-24:00 is always.
    Raises ValueError for anything else.
    """

    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        """Refuse a range that is empty, longer than a day or starts on another day."""
        length = self.end_minute - self.start_minute
        if not 0 <= self.start_minute < MINUTES_PER_DAY or not 0 < length <= MINUTES_PER_DAY:
            raise ValueError(f"range {self.start_minute}-{self.end_minute} is not within one day")

    @property
    def is_always(self) -> bool:
        """True when the range covers the whole day."""
        return self.end_minute - self.start_minute == MINUTES_PER_DAY

    def __str__(self) -> str:
        """Write the range as in the configuration file: ``07:00-22:30``."""
        end = self.end_minute if self.end_minute <= MINUTES_PER_DAY else self.end_minute - MINUTES_PER_DAY
        return f"{_clock(self.start_minute)}-{_clock(end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


class Anchor(StrEnum):
    """What the next slot of an interval is counted from."""

    CLOCK = "clock"  # a grid that starts where the window opens
    ANSWER = "answer"  # the last answer or real break


@dataclass(frozen=True, kw_only=True, slots=True)
class Every:
    """One slot each interval of elapsed time inside a window; the first comes one interval after it opens.

    Raises ValueError for an interval under a minute: slots are named by the minute.
    """

    interval: timedelta
    anchor: Anchor = Anchor.CLOCK

    def __post_init__(self) -> None:
        """Refuse an interval that would never get anywhere."""
        if self.interval < timedelta(minutes=1):
            raise ValueError(f"an interval of {self.interval} is under a minute")


@dataclass(frozen=True, kw_only=True, slots=True)
class At:
    """Fixed wall times, without seconds."""

    times: tuple[time, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """The middles of ``count`` equal parts of the window.

    Raises ValueError for a count below 1.
    """

    count: int

    def __post_init__(self) -> None:
        """Refuse to cut a window into no parts."""
        if self.count < 1:
            raise ValueError(f"{self.count} times a day is no schedule")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cron:
    """A five-field cron expression read as wall time."""

    expression: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BeforeTraining:
    """``lead`` before the start of every training session."""

    lead: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterTraining:
    """``lag`` after the end of every training session."""

    lag: timedelta = timedelta(0)


Schedule = Every | At | Times | Cron | BeforeTraining | AfterTraining


class WithinKind(StrEnum):
    """Which window bounds a habit."""

    AWAKE = "awake"
    WORK = "work"
    RANGES = "ranges"


@dataclass(frozen=True, kw_only=True, slots=True)
class Within:
    """The window of a habit; ``ranges`` is filled for ``WithinKind.RANGES`` only."""

    kind: WithinKind = WithinKind.AWAKE
    ranges: tuple[LocalRange, ...] = ()
