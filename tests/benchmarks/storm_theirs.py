"""Ten thousand date jobs due at once in APScheduler. Run with "memory" or the database's path, stored and due.

The jobs are put into the store in one go, with its own table and pickles, so that only the firing is measured. SQLite
runs in WAL mode and syncs every commit, as the journal does.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from tests.benchmarks.loop_stall import watched
from tests.benchmarks.storm_job import FIRE, count

LIMIT_SECONDS = 300
SETTINGS: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def store_of(place: str) -> Any:
    if place == "memory":
        return MemoryJobStore()
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # noqa: PLC0415  may not be installed
    from sqlalchemy import create_engine, event  # noqa: PLC0415

    engine = create_engine(f"sqlite:///{place}")

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    return SQLAlchemyJobStore(engine=engine)


def fill(scheduler: AsyncIOScheduler, store: Any, stored: int, due: int) -> None:
    now = datetime.now(UTC)
    jobs = [
        _job(scheduler, number, now if number < due else now + timedelta(days=1, seconds=number))
        for number in range(stored)
    ]
    if isinstance(store, MemoryJobStore):
        for job in jobs:
            store.add_job(job)
        return
    rows = [
        {
            "id": job.id,
            "next_run_time": job.next_run_time.timestamp(),
            "job_state": pickle.dumps(job.__getstate__(), store.pickle_protocol),
        }
        for job in jobs
    ]
    with store.engine.begin() as connection:
        connection.execute(store.jobs_t.insert(), rows)


def _job(scheduler: AsyncIOScheduler, number: int, at: datetime) -> Job:
    return Job(
        scheduler, id=f"job{number:07}", func=FIRE, trigger=DateTrigger(at, UTC), executor="default", args=(number,),
        kwargs={}, name="fire", next_run_time=at, **SETTINGS,
    )  # fmt: skip


async def storm(place: str, stored: int, due: int) -> dict[str, float]:
    scheduler, store = AsyncIOScheduler(timezone=UTC, job_defaults=SETTINGS), store_of(place)
    scheduler.add_jobstore(store)
    scheduler.start(paused=True)
    fill(scheduler, store, stored, due)
    count.expected = due
    async with watched() as stall:
        cpu, wall = time.process_time(), time.monotonic()
        scheduler.resume()
        with suppress(TimeoutError):
            await asyncio.wait_for(count.all_fired.wait(), LIMIT_SECONDS)
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    scheduler.shutdown(wait=False)
    return {"cpu_us": cpu * 1e6 / due, "wall_s": wall, "stall_ms": stall.worst_ms, "lost": due - len(count.fired)}


def main(place: str, stored: int, due: int) -> None:
    if place != "memory":
        Path(place).unlink(missing_ok=True)
    print(json.dumps(asyncio.run(storm(place, stored, due))))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
