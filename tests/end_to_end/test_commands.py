"""Holds: what a person types while the daemon runs is heard at once, shown plainly and told by its exit code."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.channels.servers import eventually, free_port
from tests.end_to_end.home import Daemon, Home

CONFIG = """\
timezone: Europe/Berlin
me: {name: Alex, awake: "06:00-23:00"}
channels: {here: console://}
habits:
  hydration: {at: ["11:00"]}
  look_out: {at: ["12:00"], say: Look out of the window.}
"""


@pytest.fixture
def daemon(timed_home: Home) -> Daemon:
    """Start a daemon in Berlin at 10:00; a drink is due there at 11:00, a look out at 12:00."""
    timed_home.config.write_text(CONFIG)
    return timed_home.start().armed()


@pytest.fixture
def asked(timed_home: Home, daemon: Daemon) -> Home:
    """Let the drink be asked for."""
    timed_home.clock_reads("2026-11-24 10:00:00")
    eventually(lambda: daemon.log("nudge.sent"), "the drink is asked for")
    return timed_home


def test_done_with_an_amount_is_on_record_and_undo_takes_it_back(asked: Home) -> None:
    result = asked.call("done", "hydration", "300ml")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("hydration: done, 300 ml logged (0.3 of ")
    row = asked.record_of("hydration")
    assert (row["state"], row["amount_ml"], row["via"]) == ("done", 300, "command")
    assert row["due_at"] == "2026-11-24T11:00:00+01:00"

    assert asked.call("undo").returncode == 0
    row = asked.record_of("hydration")
    assert (row["state"], row["answer"], row["answered_at"]) == ("sent", None, None)

    assert asked.call("undo").returncode == 1
    assert asked.call("skip", "hydration").returncode == 0
    assert asked.record_of("hydration")["state"] == "skipped"


def test_snooze_is_shown_by_status_and_put_again(asked: Home, daemon: Daemon) -> None:
    assert asked.call("snooze", "hydration").returncode == 0
    (standing,) = asked.json("status")["people"]
    assert standing["open"][0]["snoozed_until"].startswith("2026-11-24T11:15")
    asked.clock_reads("2026-11-24 10:15:05")
    eventually(lambda: len(daemon.log("nudge.sent")) == 2, "it is put again")
    assert asked.record_of("hydration")["state"] == "sent"


def test_a_pause_holds_back_what_falls_due_in_it_and_resume_ends_it(timed_home: Home, daemon: Daemon) -> None:
    assert timed_home.call("pause", "2h", "--reason", "visitors").returncode == 0
    (pause,) = timed_home.json("status")["people"][0]["pauses"]
    assert (pause["habit"], pause["reason"], pause["author"]) == (None, "visitors", "me")
    timed_home.clock_reads("2026-11-24 10:00:01")
    eventually(timed_home.record, "the slot is on record")
    row = timed_home.record_of("hydration")
    assert (row["state"], row["reason"], row["sent_at"]) == ("suppressed", "paused", None)

    assert timed_home.call("resume").returncode == 0
    assert timed_home.json("status")["people"][0]["pauses"] == []
    timed_home.clock_reads("2026-11-24 11:00:01")
    eventually(lambda: daemon.log("nudge.sent"), "what falls due after the pause is sent")
    assert timed_home.record_of("look_out")["state"] == "sent"
    assert timed_home.record_of("hydration")["state"] == "suppressed"


def test_status_names_what_runs_what_comes_next_and_what_waits(asked: Home, daemon: Daemon) -> None:
    found = asked.json("status")
    assert (found["running"], found["pid"], found["config"]) == (True, daemon.process.pid, str(asked.config))
    assert [(one["name"], one["kind"]) for one in found["channels"]] == [("here", "console")]
    (standing,) = found["people"]
    assert standing["zone"] == "Europe/Berlin"
    assert standing["next"] == {"habit": "look_out", "send_at": "2026-11-24T12:00:00+01:00"}
    assert [one["habit"] for one in standing["open"]] == ["hydration"]
    words = asked.call("status").stdout
    assert "look_out, 12:00 (in " in words
    assert "hydration, for an answer until " in words


def test_the_plan_is_what_the_daemon_then_does(timed_home: Home, daemon: Daemon) -> None:
    planned = [row for row in timed_home.json("plan") if row["decision"] == "send"]
    assert [row["habit"] for row in planned[:2]] == ["hydration", "look_out"]
    for count, row in enumerate(planned[:2], start=1):
        moment = datetime.fromisoformat(row["send_at"])
        timed_home.clock_reads(f"{moment - moment.utcoffset():%Y-%m-%d %H:%M}:01")  # type: ignore[operator]
        eventually(lambda count=count: len(daemon.log("nudge.sent")) == count, "the next one is sent")
        done = timed_home.record_of(row["habit"])
        assert (done["slot_key"], done["due_at"]) == (row["slot_key"], row["due_at"])
        sent_at = datetime.fromisoformat(done["sent_at"])
        assert timedelta(0) <= sent_at - moment < timedelta(seconds=10)
        assert row["title"] in daemon.printed
        assert all(line in daemon.printed for line in row["text"].split("\n"))
        assert timed_home.call("done", row["habit"]).returncode == 0


def test_history_keeps_apart_what_was_done_and_what_was_skipped(asked: Home, daemon: Daemon) -> None:
    assert asked.call("done", "hydration").returncode == 0
    asked.clock_reads("2026-11-24 11:00:01")
    eventually(lambda: len(daemon.log("nudge.sent")) == 2, "the look out is asked for")
    assert asked.call("skip", "look_out").returncode == 0
    (person,) = asked.json("history", "--days", "1")
    assert {row["habit"]: row["state"] for row in person["occurrences"]} == {
        "hydration": "done",
        "look_out": "skipped",
    }
    assert {total["habit"]: (total["done"], total["asked"]) for total in person["totals"]} == {
        "hydration": (1, 1),
        "look_out": (0, 1),
    }


def test_exit_codes_tell_no_from_wrong_usage_from_refused_from_partly(home: Home) -> None:
    home.config.write_text(CONFIG)
    assert home.call("check").returncode == 0
    assert home.call("status").returncode == 1
    assert home.call("snooze", "look_out").returncode == 1
    assert home.call("done", "look_up").returncode == 2
    assert home.call("plan", "--days", "0").returncode == 2
    dead = f"  dead: ntfy://127.0.0.1:{free_port()}/topic\n"
    home.config.write_text(CONFIG.replace("channels: {here: console://}", f"channels:\n  here: console://\n{dead}"))
    partly = home.call("send-test")
    assert partly.returncode == 4, partly.stdout
    assert "here: accepted" in partly.stdout
    assert "dead: failed" in partly.stdout
    assert home.call("send-test", "dead").returncode == 1
    home.config.write_text(CONFIG.replace("awake", "awoke"))
    for verb in ("check", "run", "plan", "status", "history", "send-test"):
        refused = home.call(verb)
        assert refused.returncode == 3, verb
        assert f'{home.config}:2:18  me.awoke\n  unknown key "awoke"' in refused.stdout + refused.stderr
