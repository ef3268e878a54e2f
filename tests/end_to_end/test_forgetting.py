"""Holds: what is forgotten while the daemon runs is gone from every file, and nothing is sent a second time."""

from __future__ import annotations

from tests.channels.servers import eventually
from tests.end_to_end.home import Home

CONFIG = """\
timezone: UTC
me: {awake: "06:00-23:00"}
channels: {here: console://}
limits: {merge: 0min, gap: 0min}
habits:
  embroidery: {at: ["10:00", "10:30"], say: Take up your embroidery.}
"""


def test_a_wish_is_carried_out_under_a_running_daemon_and_its_day_goes_on(timed_home: Home) -> None:
    timed_home.config.write_text(CONFIG)
    daemon = timed_home.start().armed()
    timed_home.clock_reads("2026-11-24 10:00:01")
    eventually(lambda: daemon.log("nudge.sent"), "the first is sent")
    refused = timed_home.call("forget")
    assert (refused.returncode, refused.stdout) == (2, "")
    done = timed_home.call("forget", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("forgotten: 1 occurrence, 1 nudge")
    assert timed_home.record() == []
    files = [file for file in timed_home.data_dir.rglob("*") if file.is_file() and "journal" in file.name]
    assert len(files) >= 2
    assert not [file for file in files if b"embroidery" in file.read_bytes()]
    timed_home.clock_reads("2026-11-24 10:30:01")
    eventually(lambda: len(daemon.log("nudge.sent")) == 2, "the second is sent")
    assert daemon.stop() == 0
    assert len(daemon.log("nudge.sent")) == 2
    assert len(timed_home.record()) == 1
    assert timed_home.json("doctor")["broken"] == 0
