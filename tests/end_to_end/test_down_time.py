"""Holds: after a time without a daemon at most two nudges come, each habit by its rule, and the rest is on record."""

from __future__ import annotations

from collections import Counter

from tests.channels.servers import eventually
from tests.end_to_end.home import Home

ONE = """\
timezone: UTC
channels: {here: console://}
habits:
  look_out: {at: ["10:00"], say: Look out of the window.}
"""
# Six own habits that would be caught up with, one that never is, one whose event begins while nobody runs.
MORNING = """\
timezone: UTC
me: {awake: "06:00-23:00"}
channels: {here: console://}
limits: {merge: 0min, gap: 0min}
habits:
  pills: {at: ["09:40"], catch_up: skip, say: Take your pills.}
  one: {at: ["09:10"], say: Do the first.}
  two: {at: ["09:20"], say: Do the second.}
  three: {at: ["09:30"], say: Do the third.}
  four: {at: ["09:50"], say: Do the fourth.}
  five: {at: ["10:05"], say: Do the fifth.}
  six: {at: ["10:20"], say: Do the sixth.}
  short: {at: ["09:15"], expire_after: 30min, say: Do it soon.}
  warm_up: {before: training, lead: 10min}
training:
  - {name: Gym, days: [tue], at: "10:00", lasts: 30min}
"""


def test_a_slot_that_passed_less_than_a_minute_ago_is_sent_as_on_time(timed_home: Home) -> None:
    timed_home.config.write_text(ONE)
    timed_home.start().armed().kill()
    timed_home.clock_reads("2026-11-24 10:00:05")
    again = timed_home.start().armed()
    eventually(lambda: again.log("nudge.sent"), "it is sent")
    row = timed_home.record_of("look_out")
    assert (row["state"], row["reason"], row["due_at"]) == ("sent", None, "2026-11-24T10:00:00+00:00")


def test_what_was_sent_before_a_crash_is_not_sent_again(timed_home: Home) -> None:
    timed_home.config.write_text(ONE)
    first = timed_home.start().armed()
    timed_home.clock_reads("2026-11-24 10:00:01")
    eventually(lambda: first.log("nudge.sent"), "it is sent")
    first.kill()
    timed_home.clock_reads("2026-11-24 10:20:00")
    again = timed_home.start().armed()
    assert again.log("nudge.decided") == []
    assert len(timed_home.record()) == 1
    assert again.stop() == 0
    assert again.log("nudge.sent") == []
    assert again.printed == ""


def test_a_first_start_makes_nothing_up(timed_home: Home) -> None:
    timed_home.config.write_text(ONE)
    timed_home.clock_reads("2026-11-24 10:00:30")
    assert timed_home.start().armed().stop() == 0
    assert timed_home.record() == []


def test_after_a_morning_without_a_daemon_two_nudges_come_and_the_rest_is_on_record(timed_home: Home) -> None:
    timed_home.config.write_text(MORNING)
    timed_home.start().armed().kill()
    timed_home.clock_reads("2026-11-24 11:00:00")
    again = timed_home.start().armed()
    eventually(lambda: len(again.log("nudge.sent")) == 2, "two nudges are sent")
    assert again.stop() == 0

    found = {row["habit"]: (row["state"], row["reason"]) for row in timed_home.record()}
    assert len(found) == 9
    for habit in ("pills", "short", "warm_up"):
        assert found.pop(habit) == ("missed", "expired_down"), habit
    assert Counter(found.values()) == {("sent", "expired_down"): 4, ("missed", "expired_down"): 2}
    assert len(again.log("nudge.sent")) == 2
    assert again.printed.count("answer with: ") == 2
    assert again.printed.count("(5 earlier nudges were missed while this service was not awake.)") == 1


def test_a_day_without_a_daemon_ends_with_every_slot_on_record_once(timed_home: Home) -> None:
    timed_home.config.write_text(MORNING)
    timed_home.start().armed().kill()
    timed_home.clock_reads("2026-11-26 08:00:00")
    again = timed_home.start().armed()
    assert again.stop() == 0
    keys = Counter((row["habit"], row["slot_key"]) for row in timed_home.record())
    assert set(keys.values()) == {1}
    # Tuesday's nine and Wednesday's eight; there is no training on Wednesday.
    assert len(keys) == 17
    assert Counter(row["state"] for row in timed_home.record())["missed"] >= 13
    assert len(again.log("nudge.sent")) <= 2
