"""Holds: calendars are read at the start, by their interval and when a file changes; a failure loses nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminders.daemon.child import run_child
from reminders.domain.calendar import CalendarSpec
from reminders.domain.household import Household
from reminders.sensors.calendar_shelf import CalendarShelf
from reminders.sensors.unreadable import FeedUnreadable
from tests.daemon.calendars import Watching, on_a_loop
from tests.sensors.ics import NOW, calendar, meeting

BEAT = timedelta(seconds=15)
HOUR = timedelta(hours=1)
GYM = meeting("20261124T183000", uid="gym").replace("Budget", "Gym")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar(meeting(), GYM))
    return path


@pytest.fixture
def spec(file: Path) -> CalendarSpec:
    return CalendarSpec(name="work", file=str(file), training=("gym",))


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    (tmp_path / "data").mkdir(mode=0o700)
    return Watching(tmp_path / "data")


def spoil(file: Path, content: bytes | None, seconds: int) -> None:
    """Write other content, as another moment's; None = remove it."""
    if content is None:
        file.unlink()
        return
    file.write_bytes(content)
    os.utime(file, (seconds, seconds))


@on_a_loop
async def test_a_calendar_is_read_at_the_start_by_its_interval_and_not_between(
    watching: Watching, spec: CalendarSpec
) -> None:
    watching.watches(spec)
    assert await watching.looks() == 1
    assert watching.changes == 1
    assert [await watching.looks(BEAT) for _ in range(4)] == [0, 0, 0, 0]
    assert await watching.looks(HOUR - 4 * BEAT) == 1
    assert await watching.looks(HOUR - timedelta(seconds=1)) == 0
    assert await watching.looks(timedelta(seconds=8)) == 1
    assert await watching.looks(HOUR - timedelta(seconds=8)) == 0  # on its own grid, whenever the heart beats
    assert await watching.looks(timedelta(seconds=1)) == 1
    assert watching.changes == 1  # nothing was different


@on_a_loop
async def test_the_copy_is_for_its_owner_only_and_holds_no_title(watching: Watching, spec: CalendarSpec) -> None:
    watching.watches(spec)
    await watching.looks()
    (path,) = (watching.data_dir / "calendars").iterdir()
    assert path.name == "me-work.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "Budget" not in path.read_text()
    copy = watching.copy(spec)
    assert copy.fetched_at == NOW
    assert [(event.uid, event.training) for event in copy.events] == [("meeting@example.org", None), ("gym", "gym")]


@on_a_loop
async def test_planning_is_told_the_trainings_and_what_makes_busy_in_a_stretch_of_time(
    watching: Watching, spec: CalendarSpec
) -> None:
    watching.watches(spec)
    await watching.looks()
    nine = datetime(2026, 11, 24, 9, tzinfo=UTC)
    shelf = CalendarShelf(watching.data_dir)
    assert {one.uid for one in shelf.events(watching.person, nine, nine + HOUR)} == {"meeting@example.org", "gym"}
    assert {one.uid for one in shelf.events(watching.person, nine + HOUR, nine + 2 * HOUR)} == {"gym"}
    quiet = replace(watching.person, calendars=(replace(spec, busy=False, training=()),))
    assert shelf.events(quiet, nine, nine + HOUR) == ()


@on_a_loop
async def test_a_file_is_read_again_at_the_next_heartbeat_after_it_changed(
    watching: Watching, spec: CalendarSpec, file: Path
) -> None:
    watching.watches(spec)
    await watching.looks()
    spoil(file, calendar(meeting("20261124T140000")), 1_000_000)
    assert await watching.looks(BEAT) == 1
    assert watching.changes == 2
    assert await watching.looks(BEAT) == 0
    spoil(file, None, 0)
    assert await watching.looks(BEAT) == 1
    assert len(watching.copy(spec).events) == 1


@on_a_loop
async def test_a_failure_empties_nothing_is_told_once_and_tried_again_sooner(
    watching: Watching, spec: CalendarSpec, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="reminders.daemon")
    watching.watches(replace(spec, refresh=3 * HOUR))
    spec = watching.person.calendars[0]
    await watching.looks()
    known = watching.copy(spec).events
    spoil(file, b"<html>", 1_000_000)
    begin = watching.clock.moment + HOUR
    assert await watching.looks(HOUR) == 1
    waits = [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 80, 160, 180, 180)]
    for wait in waits:
        assert await watching.looks(wait - timedelta(seconds=1)) == 0
        assert await watching.looks(timedelta(seconds=1)) == 1
    copy = watching.copy(spec)
    assert (copy.events, copy.fetched_at, copy.failures) == (known, NOW, 9)
    assert copy.stale_since(watching.clock.moment) == begin
    assert copy.failure == "what is there is no calendar in iCal format"
    assert [record.getMessage() for record in caplog.records] == ["calendar.read", "calendar.unreadable"]
    spoil(file, calendar(meeting(), GYM), 2_000_000)
    assert await watching.looks(BEAT) == 1
    copy = watching.copy(spec)
    assert (copy.stale_since(watching.clock.moment), copy.failure, copy.failures) == (None, None, 0)
    assert caplog.records[-1].getMessage() == "calendar.read"
    assert watching.changes == 1


@on_a_loop
async def test_a_copy_older_than_a_day_is_stale_without_any_failure(watching: Watching, spec: CalendarSpec) -> None:
    watching.watches(spec)
    await watching.looks()
    copy = watching.copy(spec)
    assert copy.stale_since(NOW + timedelta(hours=24)) is None
    assert copy.stale_since(NOW + timedelta(hours=25)) == NOW


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("deadline", "reading it takes longer than 25 s"),
        ("crash", "reading it fails: it may be too much at once"),
        ("start", "there is no memory, or no file, left to read it with"),
    ],
)
@on_a_loop
async def test_a_child_that_breaks_down_is_a_failure_like_any_other(
    watching: Watching, spec: CalendarSpec, kind: str, why: str
) -> None:
    watching.watches(spec)
    await watching.looks()
    watching.fails = kind
    await watching.looks(HOUR)
    assert watching.copy(spec).failure == why
    assert len(watching.copy(spec).events) == 2


@pytest.mark.parametrize(
    "reply",
    [
        [],
        {"events": 3},
        {"events": [{"uid": "x"}], "left_out": []},
        {"events": [{"uid": 3, "recurrence_id": None, "training": None}], "left_out": []},
        {
            "events": [
                {
                    "uid": "x",
                    "recurrence_id": None,
                    "training": None,
                    "starts_at": "2026-11-24T10:00:00",
                    "ends_at": "2026-11-24T11:00:00",
                }
            ],
            "left_out": [],
        },
    ],
)
@on_a_loop
async def test_a_reply_that_is_none_is_a_failure(watching: Watching, spec: CalendarSpec, reply: object) -> None:
    watching.watches(spec)
    watching.reply = reply
    await watching.looks()
    assert watching.copy(spec).failure == "reading it gives no calendar"


@on_a_loop
async def test_a_variable_that_is_gone_is_a_failure_of_that_calendar_alone(
    watching: Watching, spec: CalendarSpec
) -> None:
    def url_of(one: CalendarSpec) -> str | None:
        if one.url is not None:
            raise FeedUnreadable('the environment variable "CAL" is not set')
        return None

    watching.url_of = url_of
    other = CalendarSpec(name="other", url="${CAL}")
    watching.watches(other, spec)
    assert await watching.looks() == 1
    assert watching.copy(other).failure == 'the environment variable "CAL" is not set'
    assert watching.copy(spec).failure is None


@on_a_loop
async def test_a_calendar_read_from_elsewhere_is_another_one_and_one_not_named_is_removed(
    watching: Watching, spec: CalendarSpec, tmp_path: Path
) -> None:
    watching.watches(spec)
    await watching.looks()
    moved = replace(spec, file=str(tmp_path / "other.ics"))
    assert watching.copy(moved).events == ()
    watching.watches(replace(spec, name="private"))
    assert [path.name for path in (watching.data_dir / "calendars").iterdir()] == []
    assert await watching.looks() == 1
    watching.watches()
    assert list((watching.data_dir / "calendars").iterdir()) == []
    assert await watching.looks(HOUR) == 0


@on_a_loop
async def test_a_calendar_that_stays_the_same_is_not_read_for_a_reload(watching: Watching, spec: CalendarSpec) -> None:
    watching.watches(spec)
    await watching.looks()
    watching.watches(spec)
    assert await watching.looks(BEAT) == 0
    watching.watches(replace(spec, training=("gym", "yoga")))
    assert await watching.looks(BEAT) == 1


@on_a_loop
async def test_a_clock_set_back_and_a_new_zone_have_calendars_read_at_once(
    watching: Watching, spec: CalendarSpec
) -> None:
    watching.watches(spec)
    await watching.looks()
    assert await watching.looks(-HOUR) == 1
    watching.zone = ZoneInfo("America/New_York")
    assert await watching.looks(BEAT) == 1
    assert watching.asked[-1]["zone"] == "America/New_York"
    assert await watching.looks(BEAT) == 0


@on_a_loop
async def test_after_a_sleep_what_failed_is_tried_again_at_once(watching: Watching, spec: CalendarSpec) -> None:
    watching.watches(spec)
    watching.fails = "crash"
    await watching.looks()
    assert await watching.looks(BEAT) == 0
    watching.fails = None
    watching.watch.hurry()
    assert await watching.looks(BEAT) == 1
    watching.watch.hurry()
    assert await watching.looks(BEAT) == 0


@on_a_loop
async def test_a_copy_that_cannot_be_written_counts_while_the_daemon_runs(
    watching: Watching, spec: CalendarSpec, caplog: pytest.LogCaptureFixture
) -> None:
    (watching.data_dir / "calendars").write_text("a file in the folder's place")
    watching.watch.exchange(Household(people=(), channels=()))
    watching.person = replace(watching.person, calendars=(spec,))
    watching.watch.exchange(Household(people=(watching.person,), channels=()))
    await watching.looks()
    assert "calendar.not_kept" in [record.getMessage() for record in caplog.records]
    assert len(watching.shelf.copy_of("me", spec).events) == 2
    assert watching.changes == 1


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"format": 1}', "[" * 5000])
@on_a_loop
async def test_a_damaged_copy_is_as_good_as_none(watching: Watching, spec: CalendarSpec, damage: str) -> None:
    watching.watches(spec)
    await watching.looks()
    (path,) = (watching.data_dir / "calendars").iterdir()
    path.write_text(damage)
    assert watching.copy(spec).fetched_at is None
    assert await watching.looks(HOUR) == 1
    assert len(watching.copy(spec).events) == 2


@on_a_loop
async def test_a_calendar_taken_out_of_the_file_while_it_is_read_leaves_nothing(
    watching: Watching, spec: CalendarSpec
) -> None:
    watching.watches(spec)
    watching.watch.look()
    await asyncio.sleep(0)
    watching.watches()
    assert watching.watch._task is not None
    await watching.watch._task
    assert len(watching.asked) == 1
    assert not (watching.data_dir / "calendars").exists()


@on_a_loop
async def test_a_real_child_reads_a_real_file(tmp_path: Path, spec: CalendarSpec) -> None:
    (tmp_path / "data").mkdir()
    watching = Watching(tmp_path / "data", runner=run_child)
    watching.watches(spec, CalendarSpec(name="gone", file=str(tmp_path / "none.ics")))
    watching.watch.look()
    assert watching.watch._task is not None
    await watching.watch._task
    assert [event.uid for event in watching.copy(spec).events] == ["meeting@example.org", "gym"]
    gone = watching.copy(watching.person.calendars[1])
    assert gone.failure == f'"{tmp_path}/none.ics" cannot be read: no such file or directory'
    await watching.watch.stop()


@on_a_loop
async def test_what_is_under_way_ends_with_the_daemon(tmp_path: Path, file: Path) -> None:
    pipe = tmp_path / "data"
    pipe.mkdir()
    begun = asyncio.Event()

    async def never(module: str, request: object, *, deadline_seconds: float, memory_limit_bytes: int) -> object:
        begun.set()
        await asyncio.Event().wait()
        return None

    watching = Watching(pipe, runner=never)
    watching.watches(CalendarSpec(name="work", file=str(file)))
    watching.watch.look()
    await begun.wait()
    await asyncio.wait_for(watching.watch.stop(), 5)
    assert not (pipe / "calendars").exists()
