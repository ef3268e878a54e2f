"""Who logged in: a random name in a cookie, its hash in memory. A restart of the daemon ends every session."""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256

COOKIE = "reminders_session"
LIFE = timedelta(days=30)
SESSIONS_AT_MOST = 64  # beyond that, the one unused for longest ends
NAME_LETTERS_AT_MOST = 64


class Sessions:
    """The sessions of one page. For one event loop; every method takes the moment it happens at."""

    def __init__(self) -> None:
        """Nobody has logged in; the key that forms are marked with is new."""
        self._ends_at: OrderedDict[str, datetime] = OrderedDict()  # by the hash of the name, unused for longest first
        self._key = secrets.token_bytes(32)

    def begin(self, now: datetime) -> str:
        """Return the name of a new session, for the cookie."""
        name = secrets.token_urlsafe(24)
        self._ends_at[_hash(name)] = now + LIFE
        while len(self._ends_at) > SESSIONS_AT_MOST:
            self._ends_at.popitem(last=False)
        return name

    def holds(self, name: str | None, now: datetime) -> bool:
        """Tell whether the name is of a session that has not ended; its life begins anew then."""
        if not name or len(name) > NAME_LETTERS_AT_MOST:
            return False
        ends_at = self._ends_at.pop(_hash(name), None)
        if ends_at is None or ends_at <= now:
            return False
        self._ends_at[_hash(name)] = now + LIFE
        return True

    def end(self, name: str) -> None:
        """End a session; an unknown one is ended already."""
        self._ends_at.pop(_hash(name), None)

    def mark(self, name: str) -> str:
        """Return what the forms of that session carry; "" = the forms of visitors without one."""
        return hmac.new(self._key, name.encode(), sha256).hexdigest()


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()
