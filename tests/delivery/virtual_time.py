"""An event loop whose time passes only when nothing is left to do, and a clock that reads it."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

START = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
LONGEST_RUN_SECONDS = 40 * 86400.0

T = TypeVar("T")


class JumpingSelector(selectors.BaseSelector):
    """Never waits: where the real one would, time jumps to the next timer."""

    def __init__(self, longest_seconds: float = LONGEST_RUN_SECONDS) -> None:
        self._real = selectors.DefaultSelector()
        self._longest_seconds = longest_seconds
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None or self.seconds > self._longest_seconds:
            raise RuntimeError("everything waits and nothing will ever happen")
        self.seconds += max(timeout, 1e-6)
        return []

    def register(self, fileobj: selectors._FileObject, events: int, data: object = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: selectors._FileObject) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def get_map(self) -> Mapping[selectors._FileObject, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """A selector loop in virtual time."""

    def __init__(self, jumping: JumpingSelector | None = None) -> None:
        self.jumping = jumping or JumpingSelector()
        super().__init__(self.jumping)
        # Finer than a float can tell apart after 194 days, the loop would wait for a timer that is due, for ever.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self.jumping.seconds


class VirtualClock:
    """Reads the virtual loop. ``step`` sets the wall clock alone, as a person would; ``sleep`` is a suspend."""

    def __init__(self, loop: VirtualLoop, start: datetime = START) -> None:
        self._loop = loop
        self._start = start
        self._asleep = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._loop.time() + self._asleep)

    def monotonic(self) -> float:
        return self._loop.time()

    def boottime(self) -> float:
        return self._loop.time() + self._asleep

    def step(self, by: timedelta) -> None:
        self._start += by

    def sleep(self, seconds: float) -> None:
        self._asleep += seconds


def run(scenario: Callable[[VirtualClock], Awaitable[T]]) -> T:
    """Run a scenario in virtual time from START on."""
    loop = VirtualLoop()
    try:
        result = loop.run_until_complete(asyncio.ensure_future(scenario(VirtualClock(loop)), loop=loop))
        leftover = [task for task in asyncio.all_tasks(loop) if not task.done()]
        assert not leftover, f"still running: {leftover}"
        return result
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
