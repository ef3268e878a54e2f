"""Faults of the clocks on the real process: its wall clock is set while it runs, and it is stopped and let go on.

The stories take half a minute each, for the heart beats every 15 s, so they are lived side by side.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from reminders.daemon.heartbeat import BEAT, STALL_SECONDS
from reminders.journal.sqlite_journal import SqliteJournal
from tests.channels.servers import eventually, need
from tests.end_to_end.home import Daemon, Home, somebodys_home

IS_LONG_RUN = os.environ.get("REMINDERS_TEST_LONG") == "1"
STOPPED_SECONDS = 120.0 if IS_LONG_RUN else BEAT.total_seconds() + STALL_SECONDS + 3
BEAT_SECONDS = BEAT.total_seconds() + 3  # with some patience for a busy machine
CONFIG = """\
timezone: UTC
me: {awake: "06:00-23:00"}
channels: {here: console://}
limits: {merge: 0min, gap: 0min}
habits:
  pill: {at: ["10:00", "12:00"], say: Take your pill.}
  stretch: {every: 15min, within: "07:00-22:00", say: Stretch a little.}
"""
Story = Callable[[Home], None]


def sent(daemon: Daemon, habit: str) -> int:
    """Count the nudges of a habit that left."""
    return sum(habit in line["habits"] for line in daemon.log("nudge.sent"))


def within_a_beat(condition: Callable[[], object], what: str, seconds: float = BEAT_SECONDS) -> float:
    """Wait for it and return how long that took."""
    began = time.monotonic()
    eventually(condition, what, seconds)
    return time.monotonic() - began


def begin(home: Home, moment: str) -> Daemon:
    assert home.clock is not None
    home.config.write_text(CONFIG)
    home.clock.reads(moment)
    return home.start().armed()


def forward_then_back(home: Home) -> None:
    """An hour on is seen within a beat; an hour back repeats nothing and delays no interval."""
    assert home.clock is not None
    daemon = begin(home, "2026-11-24 09:03:00")
    home.clock.reads("2026-11-24 10:03:00")
    within_a_beat(lambda: sent(daemon, "pill") == 1 and sent(daemon, "stretch") == 1, "both are sent")
    home.clock.reads("2026-11-24 10:14:50")
    within_a_beat(lambda: sent(daemon, "stretch") == 2, "the stretch of 10:15")
    home.clock.reads("2026-11-24 10:29:30")
    within_a_beat(lambda: len(daemon.log("clock.stepped")) == 3, "the step is seen")
    home.clock.reads("2026-11-24 09:29:50")
    within_a_beat(lambda: sent(daemon, "stretch") == 3, "the stretch due in half a minute", 30 + BEAT_SECONDS)
    home.clock.reads("2026-11-24 09:59:50")
    within_a_beat(lambda: sent(daemon, "stretch") == 4, "one for the half hour that was skipped")
    home.clock.reads("2026-11-24 10:01:00")
    within_a_beat(lambda: len(daemon.log("clock.stepped")) == 6, "the step is seen")
    assert sent(daemon, "pill") == 1
    assert [line["seconds"] < 0 for line in daemon.log("clock.stepped")] == [False, False, False, True, False, False]


def set_right_by_hours(home: Home) -> None:
    """Four hours on at once: what the clock jumped over is missed, and the next slot comes as ever."""
    assert home.clock is not None
    daemon = begin(home, "2026-11-24 09:03:00")
    home.clock.reads("2026-11-24 13:03:00")
    within_a_beat(lambda: daemon.log("clock.stepped"), "the step is seen")
    home.clock.reads("2026-11-24 13:14:50")
    within_a_beat(lambda: sent(daemon, "stretch") == 1, "the stretch of 13:15", 10 + BEAT_SECONDS)
    assert len(daemon.log("nudge.sent")) == 1
    rows = [row for row in home.record() if row["due_at"] < "2026-11-24T13:03"]
    assert {(row["state"], row["reason"]) for row in rows} == {("missed", "expired_down")}
    assert len(rows) == 2 + 16


def not_set_at_boot(home: Home) -> None:
    """Nothing is sent in 1970 or 2099; when the clock is right, the daemon goes on by itself."""
    assert home.clock is not None
    daemon = begin(home, "1970-01-02 09:59:50")
    assert home.json("status")["degraded"].startswith("the clock is not set")
    home.clock.reads("2099-01-02 09:59:58")
    within_a_beat(lambda: daemon.log("clock.stepped"), "the step is seen", 2 * BEAT_SECONDS)
    assert daemon.log("nudge.decided") == []
    home.clock.reads("2026-11-24 09:59:40")  # a beat sees it before ten: what was due before that is not made up
    within_a_beat(lambda: sent(daemon, "pill") == 1, "the pill of ten", 20 + BEAT_SECONDS)
    assert len(daemon.log("clock.stepped")) == 2
    assert home.json("status")["degraded"] is None


def stopped(home: Home) -> None:
    """What fell due while the process was stopped leaves at once, late and said so."""
    daemon = begin(home, "2026-11-24 09:59:40")
    daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(STOPPED_SECONDS)  # the fault itself: that much time passes without it
    daemon.process.send_signal(signal.SIGCONT)
    within_a_beat(lambda: sent(daemon, "pill") == 1, "the pill of ten", 3)
    within_a_beat(lambda: daemon.log("clock.stalled"), "it is said", 3)
    assert 1 <= len(daemon.log("nudge.sent")) <= 2
    (stall,) = daemon.log("clock.stalled")
    assert STALL_SECONDS < stall["late_seconds"] <= STOPPED_SECONDS + 1


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Path]]]:
    """All stories under way, each in a home of its own; the result is the journal."""
    need("faketime")
    with ThreadPoolExecutor() as pool, ExitStack() as homes:

        def live(story: Story) -> Path:
            home = homes.enter_context(somebodys_home(tmp_path_factory.mktemp(story.__name__), own_clock=True))
            story(home)
            (daemon,) = home.daemons
            assert daemon.stop() == 0
            return home.data_dir / "journal.db"

        stories: tuple[Story, ...] = (forward_then_back, set_right_by_hours, not_set_at_boot, stopped)
        yield {story.__name__: pool.submit(live, story) for story in stories}


def check_record(journal_file: Path) -> None:
    journal = SqliteJournal.open(journal_file)
    assert journal.check_invariant() == ()
    journal.close()


def test_fault_15_a_stopped_process_goes_on_late_and_says_so(lived: dict[str, Future[Path]]) -> None:
    check_record(lived["stopped"].result())


def test_fault_16_a_clock_set_on_and_back_is_followed_within_a_beat(lived: dict[str, Future[Path]]) -> None:
    check_record(lived["forward_then_back"].result())


def test_fault_16_a_clock_set_right_by_hours_sends_nothing_of_the_time_it_jumped_over(
    lived: dict[str, Future[Path]],
) -> None:
    check_record(lived["set_right_by_hours"].result())


def test_fault_18_a_clock_not_set_at_boot_holds_everything_until_it_is(lived: dict[str, Future[Path]]) -> None:
    check_record(lived["not_set_at_boot"].result())
