"""How long an event loop was kept from its work, seen by a ticker of five milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TICK_SECONDS = 0.005


class Stall:
    """``worst_ms`` is the largest lateness of a tick so far."""

    def __init__(self) -> None:
        self.worst_ms = 0.0

    async def watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            self.worst_ms = max(self.worst_ms, (loop.time() - due) * 1000)


@asynccontextmanager
async def watched() -> AsyncIterator[Stall]:
    """Watch the loop for the length of the block."""
    stall = Stall()
    ticker = asyncio.create_task(stall.watch())
    await asyncio.sleep(2 * TICK_SECONDS)
    try:
        yield stall
        await asyncio.sleep(2 * TICK_SECONDS)
    finally:
        ticker.cancel()
