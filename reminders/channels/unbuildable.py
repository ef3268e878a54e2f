"""Why a channel cannot be built; raised by the channels, gathered by ``build``."""

from __future__ import annotations

from reminders.catalogue.phrases import phrase
from reminders.domain.errors import ReminderError

DESKTOP_MEND = phrase("start the daemon inside the desktop session, with a notification service running there")


class ChannelUnbuildable(ReminderError):
    """the channel cannot be used on this machine as it is; the text says why and holds no secret."""
