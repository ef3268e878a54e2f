"""Holds: a bad configuration never replaces a good one, and a good one disturbs nothing that is under way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from reminders.domain.delivery import DeliveryState as S
from tests.end_to_end.home import Daemon
from tests.faults.inbox import Answer, until
from tests.faults.machine import start_quick, take_clock, told
from tests.faults.site import Site

GOOD = """\
timezone: UTC
people:
  sam: {{name: Sam, awake: "00:00-24:00", limits: {{per_day: 40, gap: 0min, merge: 0min}}}}
channels:
  phone: "{phone}"
send_to: [phone]
habits:
"""
# What does not fall due today: these files are read, not waited for.
HABITS = {"hydration": 'at: ["{gone}"]', "calcium_meal": 'at: ["{gone}"]'}


def gone() -> str:
    """Return the time of the day an hour ago."""
    return f"{datetime.now(UTC) - timedelta(hours=1):%H:%M}"


def text_of(site: Site, **habits: str) -> str:
    """Return a file with these habits, besides hydration and the calcium meal; "" leaves one of them out."""
    named = HABITS | habits
    lines = [f"  {name}: {{{schedule.format(gone=gone())}}}\n" for name, schedule in named.items() if schedule]
    return GOOD.format(phone=site.inbox.url()) + "".join(lines)


def swap(site: Site, text: str) -> None:
    """Write the file as an editor does: whole, under its name at once."""
    draft = site.home.config.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(site.home.config)


def reload(site: Site, daemon: Daemon, text: str) -> None:
    """Write the file and have it read."""
    swap(site, text)
    count = len(daemon.log("configuration.reloaded"))
    daemon.process.send_signal(signal.SIGHUP)
    until(lambda: len(daemon.log("configuration.reloaded")) > count, "the file was taken")


def lines_of(text: str, wrong: str) -> str:
    return text.replace("habits:\n", f"habits:\n  {wrong}\n")


BAD: dict[str, tuple[Callable[[str], str], int | None, str]] = {
    "syntax error": (lambda text: lines_of(text, "movement: {every: [}"), 8, ""),
    "wrong type": (lambda text: lines_of(text, "movement: {every: 90}"), 8, "unit"),
    "unknown key": (lambda text: lines_of(text, "movement: {evry: 2h}"), 8, "evry"),
    "empty file": (lambda _: "", None, "the file is empty"),
    "half of it": (lambda text: text[: text.index('["') + 3], 8, ""),
}


@pytest.fixture
def running(site: Site) -> Daemon:
    """Start a daemon with a quick heart on a good file."""
    site.home.config.write_text(text_of(site))
    return start_quick(site).armed()


def goes_on(site: Site) -> None:
    """See that the household of the good file is still served."""
    nudge_id = site.put("calcium_meal")
    site.comes_to(nudge_id, S.ACCEPTED)


@pytest.mark.parametrize(("kind", "by"), [*((kind, "change") for kind in BAD), ("unknown key", "signal")])
def test_fault_41_bad_file_is_told_with_its_line_and_the_old_one_stays(
    site: Site, running: Daemon, kind: str, by: str
) -> None:
    good = site.home.config.read_text()
    spoil, line, words = BAD[kind]
    swap(site, spoil(good))
    if by == "signal":
        running.process.send_signal(signal.SIGHUP)
    until(lambda: told(site).refused, "the refusal is told")
    refused = told(site).refused or ""
    assert refused.startswith(f"{site.home.config}:{line}:" if line else f"{site.home.config}  ")
    assert words in refused
    assert running.log("configuration.refused")
    assert running.log("configuration.reloaded") == []
    goes_on(site)
    swap(site, good)
    until(lambda: told(site).pid and told(site).refused is None, "the good one is taken again")


def test_fault_41_file_that_is_gone_is_told_and_the_old_one_stays(site: Site, running: Daemon) -> None:
    good = site.home.config.read_text()
    site.home.config.unlink()
    until(lambda: told(site).refused, "the refusal is told")
    assert str(site.home.config) in (told(site).refused or "")
    goes_on(site)
    swap(site, good)
    until(lambda: told(site).pid and told(site).refused is None, "it is back")


def test_fault_41_file_that_is_still_being_written_is_not_read(site: Site, running: Daemon) -> None:
    text = text_of(site, look_out=f'at: ["{gone()}"], say: Look out')
    with site.home.config.open("w") as file:
        for number in range(len(text) // 40 + 1):
            file.write(text[number * 40 : number * 40 + 40])
            file.flush()
            os.fsync(file.fileno())
            time.sleep(0.2)  # the pace of a writer: slower than one beat over all, quicker between two pieces
    until(lambda: running.log("configuration.reloaded"), "the whole of it is read")
    assert running.log("configuration.refused") == []


def test_fault_41_half_a_file_left_for_long_is_refused_and_the_whole_one_taken(site: Site, running: Daemon) -> None:
    text = text_of(site, look_out=f'at: ["{gone()}"], say: Look out')
    with site.home.config.open("w") as file:
        file.write(text[: len(text) // 2])
        file.flush()
        until(lambda: told(site).refused, "the half is refused")
        goes_on(site)
        file.write(text[len(text) // 2 :])
    until(lambda: told(site).pid and told(site).refused is None, "the whole of it is taken")


def test_fault_41_good_file_cancels_no_send_and_sends_nothing_again(site: Site, running: Daemon) -> None:
    sent = site.put("hydration")
    site.comes_to(sent, S.ACCEPTED)
    site.inbox.answer = lambda _: Answer(after_seconds=3)
    under_way = site.put("hydration")
    until(lambda: site.inbox.of(under_way), "it is under way")
    reload(site, running, text_of(site, look_out='at: ["{gone}"], say: Look out'))
    assert site.state(under_way) is S.SENDING
    site.comes_to(under_way, S.ACCEPTED)
    assert site.delivery(under_way).attempt == 1
    assert [len(site.inbox.of(one)) for one in (sent, under_way)] == [1, 1]


def test_fault_41_slot_that_was_sent_is_not_sent_again_by_a_file_that_keeps_it(site: Site) -> None:
    take_clock(site, "2026-11-24 09:59:58")
    slot = 'at: ["10:00", "10:02"], say: Look out'
    site.home.config.write_text(text_of(site, look_out=slot))
    running = start_quick(site).armed()
    until(lambda: site.inbox.arrivals, "the slot is sent")
    for number in range(2):
        reload(site, running, text_of(site, look_out=slot, eyes=f"every: {20 + number}min"))
    site.home.clock_reads("2026-11-24 10:02:00")
    until(lambda: len(site.inbox.arrivals) > 1, "the next one is sent")
    assert [one.nudge_id[-5:] for one in site.inbox.arrivals] == ["10:00", "10:02"]


CHANGES = {
    "removed": {"hydration": ""},
    "renamed": {"hydration": "", "water": 'at: ["{gone}"], say: Drink'},
    "retimed": {"hydration": "every: 3h"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_fault_42_open_nudge_of_a_changed_habit_can_be_answered_and_is_not_sent_again(
    site: Site, running: Daemon, change: str
) -> None:
    nudge_id = site.put("hydration")
    site.comes_to(nudge_id, S.ACCEPTED)
    reload(site, running, text_of(site, **CHANGES[change]))
    goes_on(site)
    assert site.ending(nudge_id)[0] == "sent"
    assert len(site.inbox.of(nudge_id)) == 1
    answered = site.home.call("done", "hydration")
    assert answered.returncode == 0, answered.stderr
    assert site.ending(nudge_id)[0] == "done"


REQUESTS = 200  # at about a hundred a second


def test_fault_40_storm_of_requests_reads_one_at_a_time_and_the_last_content_counts(
    site: Site, running: Daemon
) -> None:
    readers = 0
    daemon = psutil.Process(running.process.pid)
    for number in range(1, REQUESTS + 1):
        swap(site, text_of(site, look_out=f'at: ["{gone()}"], say: Look out {number}'))
        running.process.send_signal(signal.SIGHUP)
        readers = max(readers, len(daemon.children()))
        time.sleep(0.01)  # the pace of the storm, not a wait
    last = text_of(site, look_out='at: ["{gone}"], say: Look out', send_to_nobody="") + "  eyes: {every: 25min}\n"
    swap(site, last)
    running.process.send_signal(signal.SIGHUP)
    until(lambda: "eyes" in site.home.call("status").stdout or running.has_ended(), "the last file counts")
    assert readers == 1
    assert not running.has_ended()
    assert len(running.log("configuration.reloaded")) < REQUESTS / 3
    goes_on(site)
