"""The alarm clock: wakes the daemon at the earliest due instant, every heartbeat and once a day for upkeep.

The only importer of APScheduler. It plans nothing; our own planner says when. APScheduler thinks in wall time: when
the clock is set back, its next heartbeat lies in the new future. A guard on the loop's own time notices that a beat is
overdue, begins the beats afresh and sets the daily upkeep back as well. It is moved on at every beat, so it costs no
wake-up while all is well.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobEvent, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from reminders.daemon.heartbeat import BEAT
from reminders.ports import Clock

GUARD_GRACE = timedelta(seconds=0.5)
AT_LEAST_AHEAD = timedelta(seconds=0.1)  # a beat any closer would meet the one before still running
HEARTBEAT = "heartbeat"
# Ours say "late" and "overlapping" in our own words; the library's lines would hold the text of exceptions.
logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
logger = logging.getLogger("reminders.daemon")

Callback = Callable[[], Awaitable[None] | None]


@dataclass(eq=False)
class _Daily:
    """Upkeep at a wall time; armed for ``instant`` as the job ``job_id``, None = not yet."""

    name: str
    upkeep: Callable[[], Awaitable[None]]
    at: time
    zone: tzinfo
    instant: datetime | None = None
    job_id: str | None = None


class Beats(IntervalTrigger):  # type: ignore[misc]  # the library has no types
    """Every beat, once: a clock set on by 55 years must not be made up for beat by beat."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next beat after ``now``, on the grid of the one before; at once when there was none."""
        if previous_fire_time is None:
            return now
        beat: timedelta = self.interval
        passed = max((now - previous_fire_time + AT_LEAST_AHEAD) // beat, 0)
        return previous_fire_time + (passed + 1) * beat


class Alarm:
    """One alarm, one heartbeat, and daily upkeep, on the running event loop.

    Callbacks may be plain or ``async``. One that raises is logged and called again the next time.
    """

    def __init__(self, clock: Clock, beat: timedelta = BEAT) -> None:
        """Prepare; nothing runs before ``start``."""
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._scheduler.add_listener(_report_error, EVENT_JOB_ERROR)
        self._scheduler.add_listener(_report_overlap, EVENT_JOB_MAX_INSTANCES)
        self._clock = clock
        self._beat = beat
        self._numbers = itertools.count(1)
        self._job_id: str | None = None
        self._instant: datetime | None = None
        self._daily: list[_Daily] = []
        self._guard: asyncio.TimerHandle | None = None
        self._on_alarm: Callback | None = None
        self._on_heartbeat: Callback | None = None

    @property
    def instant(self) -> datetime | None:
        """The instant the alarm is set to; None = not set, or it has gone off."""
        return self._instant

    def start(self, on_alarm: Callback, on_heartbeat: Callback) -> None:
        """Begin; the first heartbeat comes one beat from now. Needs a running event loop."""
        self._on_alarm, self._on_heartbeat = on_alarm, on_heartbeat
        self._scheduler.start()
        self._begin_beats(self._clock.now() + self._beat)

    def set(self, instant: datetime | None) -> None:
        """Set the one alarm, in UTC, in place of the earlier one; in the past = at once; None = no alarm."""
        if instant is not None and instant == self._instant:
            return
        if self._job_id is not None and self._scheduler.get_job(self._job_id) is not None:
            self._scheduler.remove_job(self._job_id)
        self._instant = instant
        # A new id each time: under the id of a callback that is still running, the job would be dropped.
        self._job_id = None if instant is None else f"alarm-{next(self._numbers)}"
        if instant is not None:
            self._scheduler.add_job(self._go_off, DateTrigger(instant, UTC), args=[self._job_id], id=self._job_id)

    def add_daily(self, name: str, callback: Callback, at: time, zone: tzinfo) -> None:
        """Call back once a day at that wall time of the zone, from the next such time on."""

        async def upkeep() -> None:
            try:
                await _call(callback)
            finally:
                self._arm_daily(upkeep_job)

        upkeep_job = _Daily(name, upkeep, at, zone)
        self._daily.append(upkeep_job)
        self._arm_daily(upkeep_job)

    def stop(self) -> None:
        """Stop everything; what is running is cancelled."""
        if self._guard is not None:
            self._guard.cancel()
            self._guard = None
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _arm_daily(self, daily: _Daily) -> None:
        if daily.job_id is not None and self._scheduler.get_job(daily.job_id) is not None:
            self._scheduler.remove_job(daily.job_id)
        daily.instant = next_daily(self._clock.now(), daily.at, daily.zone)
        daily.job_id = f"{daily.name}-{next(self._numbers)}"
        self._scheduler.add_job(daily.upkeep, DateTrigger(daily.instant, UTC), id=daily.job_id, name=daily.name)

    def _begin_beats(self, first: datetime) -> None:
        trigger = Beats(seconds=self._beat.total_seconds(), start_date=first, timezone=UTC)
        self._scheduler.add_job(
            self._beat_once, trigger, id=HEARTBEAT, name=HEARTBEAT, next_run_time=first, replace_existing=True
        )
        self._move_guard()

    def _move_guard(self) -> None:
        if self._guard is not None:
            self._guard.cancel()
        seconds = (self._beat + GUARD_GRACE).total_seconds()
        self._guard = asyncio.get_running_loop().call_later(seconds, self._restart_beats)

    def _restart_beats(self) -> None:
        logger.debug("heartbeat.restarted")
        now = self._clock.now()
        self._begin_beats(now)
        for daily in self._daily:
            if daily.instant is not None and next_daily(now, daily.at, daily.zone) < daily.instant:
                self._arm_daily(daily)

    async def _beat_once(self) -> None:
        self._move_guard()
        if self._on_heartbeat is not None:
            await _call(self._on_heartbeat)

    async def _go_off(self, job_id: str) -> None:
        if job_id != self._job_id:
            return  # set anew between falling due and running
        self._instant = self._job_id = None
        if self._on_alarm is not None:
            await _call(self._on_alarm)


def next_daily(now: datetime, at: time, zone: tzinfo) -> datetime:
    """Return, in UTC, the first instant after ``now`` at which the zone's wall clock shows ``at``.

    A time in a DST gap is read with the offset before it; in an overlap the first pass counts.
    """
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=offset) for offset in itertools.count())
    instants = (datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for day in days)
    return next(instant for instant in instants if instant > now)


async def _call(callback: Callback) -> None:
    result = callback()
    if inspect.isawaitable(result):
        await result


def _report_error(event: JobExecutionEvent) -> None:
    logger.error(
        "job.failed",
        exc_info=event.exception,
        extra={"fields": {"job": event.job_id, "error": type(event.exception).__name__}},
    )


def _report_overlap(event: JobEvent) -> None:
    logger.warning("job.skipped", extra={"fields": {"job": event.job_id, "why": "the one before is still running"}})
