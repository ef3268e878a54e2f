"""Rules of the alarm clock: it goes off when due, whatever the clocks do, and nothing in it can stop the loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
import time_machine

from reminders.clock import SystemClock
from reminders.daemon.alarm import Alarm, Beats, next_daily

SHORT = timedelta(milliseconds=200)
NEVER = timedelta(hours=1)


@dataclass(eq=False)
class Bell:
    """Counts what happened and lets a test wait for the next one."""

    names: list[str] = field(default_factory=list)
    rang: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self, name: str) -> None:
        self.names.append(name)
        self.rang.set()

    def ringer(self, name: str) -> Callable[[], None]:
        return lambda: self.ring(name)

    async def until(self, name: str, times: int = 1) -> None:
        async with asyncio.timeout(20):
            while self.names.count(name) < times:
                self.rang.clear()
                await self.rang.wait()


@asynccontextmanager
async def armed(beat: timedelta = NEVER) -> AsyncIterator[tuple[Alarm, Bell]]:
    bell = Bell()
    alarm = Alarm(SystemClock(), beat)
    alarm.start(bell.ringer("alarm"), bell.ringer("heartbeat"))
    try:
        yield alarm, bell
    finally:
        alarm.stop()
        await asyncio.sleep(0)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(milliseconds=100)


def test_alarm_goes_off_once_when_due() -> None:
    async def scenario() -> None:
        async with armed(SHORT) as (alarm, bell):
            instant = soon()
            alarm.set(instant)
            assert alarm.instant == instant
            await bell.until("alarm")
            assert datetime.now(UTC) >= instant
            assert alarm.instant is None
            await bell.until("heartbeat", 3)
            assert bell.names.count("alarm") == 1

    asyncio.run(scenario())


def test_alarm_in_the_past_goes_off_at_once_however_late() -> None:
    async def scenario() -> None:
        async with armed() as (alarm, bell):
            alarm.set(datetime.now(UTC) - timedelta(days=30))
            await bell.until("alarm")

    asyncio.run(scenario())


def test_alarm_set_anew_replaces_the_earlier_one() -> None:
    async def scenario() -> None:
        async with armed(SHORT) as (alarm, bell):
            alarm.set(soon())
            alarm.set(datetime.now(UTC) + timedelta(hours=1))
            await bell.until("heartbeat", 3)
            assert "alarm" not in bell.names
            alarm.set(soon())
            alarm.set(None)
            assert alarm.instant is None
            await bell.until("heartbeat", 6)
            assert "alarm" not in bell.names

    asyncio.run(scenario())


def test_alarm_set_from_within_the_alarm_is_not_lost() -> None:
    async def scenario() -> None:
        bell = Bell()
        alarm = Alarm(SystemClock(), NEVER)

        async def ring_and_set() -> None:
            bell.ring("alarm")
            if bell.names.count("alarm") < 20:
                alarm.set(datetime.now(UTC) - timedelta(microseconds=len(bell.names)))
                await asyncio.sleep(0)

        alarm.start(ring_and_set, bell.ringer("heartbeat"))
        alarm.set(datetime.now(UTC))
        await bell.until("alarm", 20)
        alarm.stop()
        await asyncio.sleep(0)

    asyncio.run(scenario())


def test_heart_beats_on_without_a_second_timer_going_off(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with armed(SHORT) as (_, bell):
            await bell.until("heartbeat", 6)

    with caplog.at_level(logging.DEBUG, "reminders.daemon"):
        asyncio.run(scenario())
    assert caplog.messages == []


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-20000)])
def test_heart_beats_on_when_the_wall_clock_is_set(step: timedelta) -> None:
    """The moment of the step and the events after it are real; only the wall clock is moved."""

    async def scenario() -> None:
        async with armed(SHORT) as (_, bell):
            await bell.until("heartbeat", 2)
            with time_machine.travel(datetime.now(UTC) + step, tick=True):
                await bell.until("heartbeat", 5)

    asyncio.run(scenario())


def test_alarm_that_falls_due_by_a_forward_step_goes_off_at_the_next_beat() -> None:
    async def scenario() -> None:
        async with armed(SHORT) as (alarm, bell):
            alarm.set(datetime.now(UTC) + timedelta(minutes=30))
            with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=True):
                await bell.until("alarm")

    asyncio.run(scenario())


def test_alarm_set_after_a_backward_step_is_on_time() -> None:
    async def scenario() -> None:
        async with armed(SHORT) as (alarm, bell):
            await bell.until("heartbeat")
            with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True):
                alarm.set(soon())
                await bell.until("alarm")

    asyncio.run(scenario())


def test_callback_that_raises_is_logged_and_called_again(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        bell = Bell()
        alarm = Alarm(SystemClock(), SHORT)

        def fail() -> None:
            bell.ring("failure")
            raise ValueError("broken on purpose")

        alarm.start(fail, fail)
        await bell.until("failure", 2)
        alarm.set(soon())
        await bell.until("failure", 4)
        alarm.stop()
        await asyncio.sleep(0)

    with caplog.at_level(logging.ERROR):
        asyncio.run(scenario())
    events = [(record.name, record.message) for record in caplog.records]
    assert set(events) == {("reminders.daemon", "job.failed")}
    assert len(events) >= 3


def test_slow_callback_is_not_run_twice_at_a_time() -> None:
    async def scenario() -> None:
        bell = Bell()

        class Skips(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                bell.ring(record.getMessage())

        async def slow() -> None:
            bell.ring("begun")
            await bell.until("job.skipped", 2)

        handler = Skips()
        logging.getLogger("reminders.daemon").addHandler(handler)
        alarm = Alarm(SystemClock(), SHORT)
        alarm.start(bell.ringer("alarm"), slow)
        await bell.until("job.skipped", 2)
        assert bell.names.count("begun") == 1
        await bell.until("begun", 2)
        alarm.stop()
        await asyncio.sleep(0)
        logging.getLogger("reminders.daemon").removeHandler(handler)

    asyncio.run(scenario())


def test_daily_upkeep_runs_at_its_wall_time_and_again_the_next_day(caplog: pytest.LogCaptureFixture) -> None:
    zone = ZoneInfo("Europe/Berlin")

    async def scenario() -> None:
        async with armed(SHORT) as (alarm, bell):

            def upkeep() -> None:
                bell.ring("upkeep")
                raise OSError("broken on purpose")

            with time_machine.travel(datetime(2025, 3, 4, 2, 59, 59, 900000, tzinfo=zone), tick=True):
                alarm.add_daily("backup", upkeep, time(3, 0), zone)
                await bell.until("upkeep")
            with time_machine.travel(datetime(2025, 3, 5, 2, 59, 59, 900000, tzinfo=zone), tick=True):
                await bell.until("upkeep", 2)

    asyncio.run(scenario())
    assert "job.failed" in caplog.text


def test_stopped_alarm_stays_silent() -> None:
    async def scenario() -> None:
        async with armed() as (later, later_bell), armed(SHORT) as (alarm, bell):
            alarm.set(soon())
            alarm.stop()
            alarm.stop()
            later.set(datetime.now(UTC) + 3 * SHORT)
            await later_bell.until("alarm")
            assert bell.names == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("now", "at", "zone", "expected"),
    [
        ("2025-03-04T01:59:59+00:00", "03:00", "Europe/Berlin", "2025-03-04T02:00:00+00:00"),
        ("2025-03-04T02:00:00+00:00", "03:00", "Europe/Berlin", "2025-03-05T02:00:00+00:00"),
        ("2025-03-29T12:00:00+00:00", "02:30", "Europe/Berlin", "2025-03-30T01:30:00+00:00"),  # in the gap
        ("2025-10-25T12:00:00+00:00", "02:30", "Europe/Berlin", "2025-10-26T00:30:00+00:00"),  # first pass
        ("2025-10-26T00:30:00+00:00", "02:30", "Europe/Berlin", "2025-10-27T01:30:00+00:00"),  # and not the second
        ("2025-03-30T12:00:00+00:00", "00:00", "Europe/Berlin", "2025-03-30T22:00:00+00:00"),  # after spring-forward
    ],
)
def test_daily_instant_comes_once_a_day(now: str, at: str, zone: str, expected: str) -> None:
    place: tzinfo = ZoneInfo(zone)
    instant = next_daily(datetime.fromisoformat(now), time.fromisoformat(at), place)
    assert instant == datetime.fromisoformat(expected)


@pytest.mark.parametrize("asleep", [timedelta(0), timedelta(seconds=59.95), timedelta(days=20000, seconds=0.02)])
def test_however_much_time_was_jumped_over_one_beat_makes_up_for_it(asleep: timedelta) -> None:
    beats = Beats(seconds=15, timezone=UTC)
    before = datetime(1970, 1, 1, tzinfo=UTC)
    now = before + asleep
    following = beats.get_next_fire_time(before, now)
    assert following is not None
    assert timedelta(seconds=0.05) < following - now <= timedelta(seconds=15.1)
    assert (following - before) % timedelta(seconds=15) == timedelta(0)


def test_daily_upkeep_armed_in_a_wrong_future_comes_when_the_clock_is_right() -> None:
    zone = ZoneInfo("Europe/Berlin")

    async def scenario() -> None:
        with time_machine.travel(datetime(2099, 3, 4, 2, 0, tzinfo=zone), tick=True) as clock:
            async with armed(SHORT) as (alarm, bell):
                alarm.add_daily("backup", bell.ringer("upkeep"), time(3, 0), zone)
                await bell.until("heartbeat")
                clock.move_to(datetime(2025, 3, 4, 2, 59, 59, tzinfo=zone))
                await bell.until("upkeep")

    asyncio.run(scenario())
