"""Holds: what goes wrong between daemon and channel is retried, given up or left unknown, and always on record."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from reminders.domain.delivery import DeliveryState as S
from tests.channels.servers import free_port
from tests.faults.inbox import Answer, running_inbox, until
from tests.faults.island import an_island
from tests.faults.site import Site

# Time for a first attempt and a last call 15 s before the end.
LIFE_WITH_A_RETRY = timedelta(seconds=19)
LIFE_WITHOUT_A_RETRY = timedelta(seconds=6)
LIFE_THAT_OUTLASTS_THE_OUTAGE = timedelta(seconds=26)
EVERY_ADDRESS = "0.0.0.0"  # of the island, which has no other than its loopback
LOCKED_SECONDS = 60.0 if os.environ.get("REMINDERS_TEST_LONG") == "1" else 8.0


def test_fault_29_no_name_and_no_connection_are_retried_and_then_missed_offline(site: Site) -> None:
    refusing = f"ntfy://127.0.0.1:{free_port()}/topic"
    site.configure(nameless="ntfy://nowhere.invalid/topic", refusing=refusing, send_to="refusing")
    daemon = site.start().armed()
    nudges = {name: site.put(send_to=(name,), lives=LIFE_WITH_A_RETRY) for name in ("nameless", "refusing")}
    for name, nudge_id in nudges.items():
        until(lambda one=nudge_id: site.ending(one)[0] != "planned", f"{name} ends")  # type: ignore[misc]
        assert site.ending(nudge_id) == ("missed", "expired_offline")
        delivery = site.delivery(nudge_id, name)
        assert (delivery.state, delivery.attempt >= 2) == (S.ABANDONED, True)
        waits = [line["next_attempt_seconds"] for line in daemon.log("delivery.failed") if line["nudge"] == nudge_id]
        assert all(wait >= 1 for wait in waits)
    assert {line["detail"] for line in daemon.log("delivery.failed")} == {
        "the name of its server cannot be resolved",
        "its server refuses connections",
    }
    assert {line["reason"] for line in daemon.log() if line["event"] in ("nudge.missed", "occurrence.ended")} == {
        "expired_offline"
    }
    assert daemon.stop() == 0


def test_fault_30_network_that_returns_carries_what_has_not_expired_and_nothing_late(site: Site) -> None:
    with contextlib.ExitStack() as stack:
        island = stack.enter_context(an_island())
        inbox = island.run(lambda: stack.enter_context(running_inbox(EVERY_ADDRESS)))
        site.configure(phone=inbox.url())
        daemon = island.run(site.start).armed()
        early = site.put(lives=LIFE_WITHOUT_A_RETRY)
        patient = site.put(lives=LIFE_THAT_OUTLASTS_THE_OUTAGE)
        until(lambda: site.ending(early)[0] == "missed", "the first one expires without a network")
        assert site.ending(early) == ("missed", "expired_offline")
        assert {line["detail"] for line in daemon.log("delivery.failed")} == {"its server cannot be reached"}
        assert site.ending(patient)[0] == "planned"
        island.switch_on()
        site.comes_to(patient, S.ACCEPTED)
        later = site.put()
        site.comes_to(later, S.ACCEPTED)
        assert [arrival.nudge_id for arrival in inbox.arrivals] == [patient, later]
        assert daemon.stop() == 0


def test_fault_35_every_channel_refusing_is_missed_and_the_daemon_lives_on(site: Site) -> None:
    site.configure(phone=site.inbox.url(), pager=site.inbox.url())
    site.inbox.answers(401)
    daemon = site.start().armed()
    refused = site.put(send_to=("phone", "pager"))
    until(lambda: site.ending(refused)[0] != "planned", "nobody takes it")
    assert site.ending(refused) == ("missed", "no_channel")
    assert {site.state(refused, name) for name in ("phone", "pager")} == {S.REJECTED}
    told = {one["name"]: one["trouble"] for one in site.home.json("status")["channels"]}
    assert {name: trouble["state"] for name, trouble in told.items()} == {"phone": "rejected", "pager": "rejected"}
    assert "401" in told["phone"]["detail"]
    site.inbox.answers(200)
    later = site.put(send_to=("phone", "pager"))
    for name in ("phone", "pager"):
        site.comes_to(later, S.ACCEPTED, name)
    assert [one["trouble"] for one in site.home.json("status")["channels"]] == [None, None]
    assert daemon.stop() == 0


def test_fault_39_request_to_stop_while_eight_sends_hang_ends_within_ten_seconds_and_loses_nothing(site: Site) -> None:
    names = tuple(f"channel_{number}" for number in range(8))
    site.configure(**{name: site.inbox.url(name) for name in names}, send_to=names[0])
    site.inbox.answers(None)
    daemon = site.start().armed()
    nudge_id = site.put("calcium_meal", send_to=names)
    until(lambda: len(site.inbox.arrivals) == len(names), "all eight hang")
    waiting = site.put("calcium_meal", send_to=names[:1])
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began <= 10.5  # ten for the daemon, the rest for the interpreter to go
    assert {site.state(nudge_id, name) for name in names} == {S.UNKNOWN}
    assert (site.ending(nudge_id)[0], site.state(waiting, names[0])) == ("sent", S.QUEUED)
    assert site.senders() == []
    site.inbox.answers(200)
    site.start()
    site.comes_to(waiting, S.ACCEPTED, names[0])
    assert len(site.inbox.of(nudge_id)) == len(names)


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@contextlib.contextmanager
def locked_by_another_process(journal: Path) -> Iterator[None]:
    command = [sys.executable, "-c", HOLDER, str(journal)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        yield
        holder.communicate()


def test_fault_50_locked_journal_degrades_the_daemon_until_it_is_free_again(site: Site) -> None:
    site.inbox.answer = lambda _: Answer(after_seconds=60)
    daemon = site.start().armed()
    under_way, waiting = site.put(), site.put()
    until(lambda: site.inbox.of(under_way), "the first is under way")
    with locked_by_another_process(site.journal_path):
        began = time.monotonic()
        site.inbox.over.set()
        until(lambda: daemon.log("delivery.unrecorded"), "the result cannot be recorded")
        until(lambda: daemon.log("journal.unavailable"), "no turn can be taken")
        time.sleep(max(0.0, LOCKED_SECONDS - (time.monotonic() - began)))
        assert not daemon.has_ended()
        assert (site.state(under_way), site.state(waiting)) == (S.SENDING, S.QUEUED)
        assert site.inbox.of(waiting) == []
    for nudge_id in (under_way, waiting):
        site.comes_to(nudge_id, S.ACCEPTED, seconds=45)
        assert len(site.inbox.of(nudge_id)) == 1
    assert daemon.stop() == 0
