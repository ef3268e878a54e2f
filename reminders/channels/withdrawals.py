"""Taking messages back where each call costs a process: several go together, and what is sent anew stays."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

AT_ONCE = 20


class Withdrawals:
    """The messages to take back; ``take_back`` is asked for at most twenty at a time, one call after the other."""

    def __init__(self, take_back: Callable[[Sequence[str]], Awaitable[None]]) -> None:
        """Begin with none."""
        self._take_back = take_back
        self._waiting: dict[str, None] = {}
        self._under_way: Sequence[str] = ()
        self._sent_anew: Counter[str] = Counter()
        self._one_at_a_time = asyncio.Lock()

    async def add(self, external_id: str) -> None:
        """Take a message back, unless one is being sent in its place; return when that is done."""
        if self._sent_anew[external_id]:
            return
        self._waiting[external_id] = None
        async with self._one_at_a_time:
            self._under_way = list(self._waiting)[:AT_ONCE]
            for taken in self._under_way:
                del self._waiting[taken]
            try:
                if self._under_way:
                    await self._take_back(self._under_way)
            finally:
                self._under_way = ()

    async def settle(self, external_id: str) -> None:
        """Wait until a withdrawal of it that has begun is over, so that it cannot hit what is sent next."""
        if external_id in self._under_way:
            async with self._one_at_a_time:
                return

    @contextmanager
    def sending(self, external_id: str) -> Iterator[None]:
        """Keep what is sent under that id in the block from being taken back; what waited for that is dropped."""
        self._waiting.pop(external_id, None)
        self._sent_anew[external_id] += 1
        try:
            yield
        finally:
            self._sent_anew[external_id] -= 1
            if not self._sent_anew[external_id]:
                del self._sent_anew[external_id]
