"""When the dispatcher next looks at everything: one timer, at the earliest moment that anybody asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

SHORTEST_SECONDS = 0.05


class NextLook:
    """Calls ``look`` once in the event loop at the earliest moment asked for since the last time."""

    def __init__(self, look: Callable[[], None]) -> None:
        """Ask for nothing yet."""
        self._look = look
        self._timer: asyncio.TimerHandle | None = None

    def at_latest_in(self, seconds: float) -> None:
        """Ask for a look in so many seconds, unless one comes sooner."""
        loop = asyncio.get_running_loop()
        seconds = max(seconds, SHORTEST_SECONDS)
        if self._timer is not None and self._timer.when() <= loop.time() + seconds:
            return
        self.cancel()
        self._timer = loop.call_later(seconds, self._call)

    def cancel(self) -> None:
        """Ask for none any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _call(self) -> None:
        self._timer = None
        self._look()
