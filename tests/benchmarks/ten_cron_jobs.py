"""What APScheduler alone takes until it is armed with ten cron jobs."""

from __future__ import annotations

import asyncio
import sys

from apscheduler.schedulers.asyncio import AsyncIOScheduler


async def job() -> None:
    """Do nothing."""


async def arm() -> None:
    scheduler = AsyncIOScheduler()
    for hour in range(10):
        scheduler.add_job(job, "cron", hour=hour, minute=30)
    scheduler.start()
    print("started", file=sys.stderr, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(arm())
