"""Whom an ask would not reach at this moment: nobody sits at the desk, or the desktop keeps messages from them.

Only what is known for certain, and lately, holds an ask back.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from reminders.domain.context import Context, Presence
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.planning.wall_time import as_seconds

FRESH_SECONDS = 90
AWAY_AFTER = timedelta(minutes=5)


def is_away(presence: Presence) -> bool:
    """Tell whether nobody is at the desk: it is locked, or was not touched for five minutes. Unknown is not away."""
    return presence.locked is True or (presence.idle is not None and presence.idle >= AWAY_AFTER)


class Attendance:
    """What one reading of the desktop means for the asks of this moment."""

    def __init__(self, context: Context | None, now: int) -> None:
        """Forget a reading that is too old at ``now`` (seconds), or of a later time than that."""
        self._presence: Presence | None = None
        self._desktops: Collection[str] = ()
        if context is not None and 0 <= now - as_seconds(context.presence.at) < FRESH_SECONDS:
            self._presence, self._desktops = context.presence, context.desktops

    def forbids(self, habit: Habit, send_to: Collection[str] = ()) -> Reason | None:
        """Return why an ask would reach nobody now; None = it would, or that is not known.

        A break is not asked of an empty chair, whatever its channels. Anything else waits only where the desktop is the
        one place it is shown: for a locked screen, and for do-not-disturb. ``send_to`` empty = the habit's own.
        """
        presence = self._presence
        if presence is None:
            return None
        if habit.break_length is not None and is_away(presence):
            return Reason.AWAY
        channels = send_to or habit.send_to
        if not channels or not set(channels) <= set(self._desktops):
            return None
        if presence.locked:
            return Reason.AWAY
        return Reason.BUSY if presence.do_not_disturb else None
