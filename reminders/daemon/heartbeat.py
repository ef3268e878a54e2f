"""What two readings of the clocks say happened between them: suspend, step or stall. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reminders.ports import Clock

BEAT = timedelta(seconds=15)
SUSPEND_SECONDS = 1.0
STEP_SECONDS = 2.0
STALL_SECONDS = 5.0
FIRST_SANE_YEAR = 2024
TZ_DATA_YEAR = 2025
YEARS_PAST_TZ_DATA = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The three clocks at one moment; ``wall`` in UTC, the others in seconds."""

    wall: datetime
    monotonic: float
    boottime: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspended:
    """The machine slept for ``seconds``."""

    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Stepped:
    """The wall clock was set by ``seconds``; negative = backward."""

    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Stalled:
    """The process did not run for ``late_seconds`` beyond the beat although the machine was awake."""

    late_seconds: float


ClockEvent = Suspended | Stepped | Stalled


def read_clocks(clock: Clock) -> Reading:
    """Read the three clocks, the wall clock between the two others."""
    monotonic = clock.monotonic()
    wall = clock.now()
    return Reading(wall=wall, monotonic=monotonic, boottime=clock.boottime())


def compare(previous: Reading, current: Reading, beat: timedelta = BEAT) -> tuple[ClockEvent, ...]:
    """Return what happened between two beats; a beat may come early, for the alarm beats too."""
    awake = current.monotonic - previous.monotonic
    elapsed = current.boottime - previous.boottime
    wall = (current.wall - previous.wall).total_seconds()
    events: list[ClockEvent] = []
    if elapsed - awake > SUSPEND_SECONDS:
        events.append(Suspended(seconds=round(elapsed - awake, 3)))
    if abs(wall - elapsed) > STEP_SECONDS:
        events.append(Stepped(seconds=round(wall - elapsed, 3)))
    if awake - beat.total_seconds() > STALL_SECONDS:
        events.append(Stalled(late_seconds=round(awake - beat.total_seconds(), 3)))
    return tuple(events)


def clock_is_set(now: datetime, tz_data_year: int = TZ_DATA_YEAR) -> bool:
    """Tell whether the wall clock can be right: from 2024 on, and at most ten years past the time zone data."""
    return FIRST_SANE_YEAR <= now.year <= tz_data_year + YEARS_PAST_TZ_DATA
