"""The job that the other side's storm fires; in a module of its own because jobs are stored by the name of one."""

from __future__ import annotations

import asyncio

FIRE = f"{__name__}:fire"


class Count:
    """``all_fired`` is set once ``expected`` different jobs have fired."""

    def __init__(self) -> None:
        self.fired: set[int] = set()
        self.expected = 0
        self.all_fired = asyncio.Event()


count = Count()


async def fire(number: int) -> None:
    count.fired.add(number)
    if len(count.fired) >= count.expected:
        count.all_fired.set()
