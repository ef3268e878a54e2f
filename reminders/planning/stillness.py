"""From one reading of the desktop to the next: when a stretch in which nobody was there began, and when it was over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import phrase
from reminders.domain.context import Presence, RealBreak
from reminders.domain.person import Person
from reminders.planning.attendance import AWAY_AFTER
from reminders.planning.recurrence import touching_windows
from reminders.planning.wall_time import as_seconds, local_date
from reminders.planning.wording_of_time import clock

# At the last reading before the machine slept: was anybody there, or had they left some time before?
_LEFT_BEFORE = timedelta(minutes=1)
_COUNTED = phrase("a break from {start} to {end} counted")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stillness:
    """Nobody was seen from ``since`` to ``until``; ``locked`` = the screen was at the end, ``slept`` = the machine."""

    since: datetime
    until: datetime
    locked: bool = False
    slept: bool = False

    @property
    def as_break(self) -> RealBreak:
        """The stretch, as far as it is certain."""
        return RealBreak(started=self.since, ended=self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """``still`` goes on, None = somebody is there; ``over`` has just ended, None = nothing has."""

    still: Stillness | None = None
    over: Stillness | None = None


def after_reading(before: Stillness | None, seen: Presence) -> Seen:
    """Return what a reading makes of the stretch before it.

    Who moves a mouse in front of a locked screen has not come back. Where nothing is known, nothing has changed; but a
    machine that nobody can look into was woken by somebody.
    """
    touched_at = None if seen.idle is None else seen.at - seen.idle
    if touched_at is None and not seen.locked and before is not None and not _is_told_by(before, seen):
        return Seen(still=before)
    if before is not None and _goes_on(before, seen, touched_at):
        return Seen(still=replace(before, until=seen.at, locked=seen.locked is True, slept=False))
    begins = touched_at or (seen.at if seen.locked else None)
    fresh = None if begins is None else Stillness(since=begins, until=seen.at, locked=seen.locked is True)
    return Seen(still=fresh, over=before)


def _is_told_by(before: Stillness, seen: Presence) -> bool:
    """Tell whether a reading without an idle time, of a screen not known to be locked, ends the stretch."""
    return before.slept or (before.locked and seen.locked is False)


def _goes_on(before: Stillness, seen: Presence, touched_at: datetime | None) -> bool:
    if seen.locked and before.locked:
        return True
    # Every reading until then told that nobody was there, so only a later touch counts.
    return touched_at <= before.until if touched_at is not None else bool(seen.locked)


def after_sleep(before: Stillness | None, woke_at: datetime, slept: timedelta) -> Stillness:
    """Return the stretch with the machine's sleep in it: nobody worked on it then."""
    fell_asleep_at = woke_at - slept
    had_left = before is not None and before.until - before.since >= _LEFT_BEFORE
    since = before.since if before is not None and had_left else fell_asleep_at
    was_locked = before is not None and before.locked
    return Stillness(since=min(since, fell_asleep_at), until=woke_at, locked=was_locked, slept=True)


def is_real_break(person: Person, zone: ZoneInfo, over: Stillness) -> bool:
    """Tell whether a stretch goes on record: long enough for a habit of breaks, within whose hours it ended.

    Up to five minutes without a touch may be spent reading; so a shorter one counts when the screen was locked.
    """
    length = over.until - over.since
    if length < AWAY_AFTER and not over.locked:
        return False
    seconds = as_seconds(over.until)
    day = local_date(zone, seconds)
    return any(
        window.holds(seconds)
        for habit in person.habits
        if habit.break_length is not None and length >= habit.break_length
        for window in touching_windows(habit, person, zone, day)
    )


def break_words(taken: RealBreak, zone: ZoneInfo) -> str:
    """Return ``a break from 10:12 to 10:20 counted``, in English, for the record."""
    return _COUNTED.format(start=clock(taken.started, zone), end=clock(taken.ended, zone))
