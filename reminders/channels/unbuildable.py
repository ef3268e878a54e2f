"""Why a channel cannot be built; raised by the channels, gathered by ``build``."""

from __future__ import annotations

from reminders.domain.errors import ReminderError


class ChannelUnbuildable(ReminderError):
    """the channel cannot be used on this machine as it is; the text says why and holds no secret."""
