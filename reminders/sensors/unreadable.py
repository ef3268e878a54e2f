"""Why a calendar cannot be read."""

from __future__ import annotations

from reminders.domain.errors import ReminderError


class FeedUnreadable(ReminderError):
    """the calendar cannot be fetched or understood; the text says why and holds no part of its address."""
