"""Holds: a button pressed on a phone reaches the record through the answer topic, and nobody learns a secret by it."""

from __future__ import annotations

import signal
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.channels.ntfy_stand_in import NtfyServer, running_ntfy
from tests.channels.servers import eventually
from tests.end_to_end.home import Daemon, Home, somebodys_home

TOPIC = "alex-topic-secret"
ANSWERS = f"{TOPIC}-answers"
LOGIN = ("alex-secret", "password-secret")
CONFIG = """\
timezone: UTC
channels:
  phone: ntfy://${{PHONE_LOGIN}}@127.0.0.1:{port}/${{PHONE_TOPIC}}
habits:
  look_out: {{at: ["10:00"], say: Look out of the window., expire_after: 2h}}
  stand_up: {{at: ["11:00"], say: Stand up., expire_after: 30min}}
"""
ENVIRONMENT = {"PHONE_TOPIC": TOPIC, "PHONE_LOGIN": ":".join(LOGIN)}


@pytest.fixture
def server() -> Iterator[NtfyServer]:
    with running_ntfy() as place:
        place.requires(*LOGIN)
        yield place


@pytest.fixture
def phone_home(tmp_path: Path, server: NtfyServer) -> Iterator[Home]:
    with somebodys_home(tmp_path / "home", ENVIRONMENT, own_clock=True) as home:
        home.config.write_text(CONFIG.format(port=server.port))
        yield home


def listening(home: Home, server: NtfyServer, *words: str) -> Daemon:
    """Start the daemon and wait until it follows the answer topic."""
    daemon = home.start(*words).armed()
    eventually(lambda: daemon.log("answer_topic.opened"), "the answer topic is followed")
    return daemon


def nudge_at(moment: str, home: Home, server: NtfyServer) -> dict[str, Any]:
    """Set the clock, wait until the nudge of that moment is on the phone and on record as sent, and return it."""
    daemon = home.daemons[-1]
    before = len(daemon.log("nudge.sent"))
    home.clock_reads(moment)
    eventually(lambda: len(daemon.log("nudge.sent")) > before, "the send is on record")
    return dict(server.shown(TOPIC)[-1])


def press(nudge: dict[str, Any], label: str) -> None:
    """Do what the phone does when a button is pressed: the request of the action, as it was published."""
    (action,) = [one for one in nudge["actions"] if one["label"] == label]
    assert action["action"] == "http"
    request = urllib.request.Request(
        action["url"], data=action["body"].encode(), headers=action["headers"], method=action["method"]
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def has_become(home: Home, habit: str, state: str) -> None:
    eventually(lambda: [row for row in home.record() if (row["habit"], row["state"]) == (habit, state)], state, 45)


def test_done_on_the_phone_is_on_record_and_the_message_goes_away(phone_home: Home, server: NtfyServer) -> None:
    daemon = listening(phone_home, server)
    nudge = nudge_at("2026-11-24 10:00:00", phone_home, server)
    press(nudge, "Done")
    has_become(phone_home, "look_out", "done")
    (line,) = eventually(lambda: daemon.log("answer.heard"), "the answer is logged")
    assert (line["via"], line["outcome"]) == ("ntfy", "counted")
    eventually(lambda: not server.shown(TOPIC), "the message is taken off the phone")
    press(nudge, "Skip")
    eventually(lambda: len(daemon.log("answer.heard")) == 2, "the second press is heard")
    assert phone_home.record_of("look_out")["state"] == "done"
    assert daemon.stop() == 0


def test_skip_and_snooze_are_heard_too(phone_home: Home, server: NtfyServer) -> None:
    listening(phone_home, server)
    nudge = nudge_at("2026-11-24 10:00:00", phone_home, server)
    snooze = next(one["label"] for one in nudge["actions"] if one["body"].endswith(" snooze"))
    press(nudge, snooze)
    eventually(lambda: phone_home.json("status")["people"][0]["open"][0]["snoozed_until"], "it is snoozed")
    eventually(lambda: not server.shown(TOPIC), "the message is taken off the phone")
    press(nudge_at("2026-11-24 10:20:00", phone_home, server), "Skip")
    has_become(phone_home, "look_out", "skipped")


def test_what_was_pressed_while_the_server_was_away_is_heard_when_it_is_back(
    phone_home: Home, server: NtfyServer
) -> None:
    listening(phone_home, server)
    nudge = nudge_at("2026-11-24 10:00:00", phone_home, server)
    press(nudge, "Done")
    has_become(phone_home, "look_out", "done")
    following = nudge_at("2026-11-24 11:00:00", phone_home, server)
    last = server.messages(ANSWERS)[-1]["id"]
    server.refuses_methods = frozenset({"GET"})
    server.cut_streams()
    press(following, "Done")
    server.refuses_methods = frozenset()
    has_become(phone_home, "stand_up", "done")
    assert f"/{ANSWERS}/json?since={last}" in [seen.path for seen in server.seen if seen.method == "GET"]


def test_what_was_pressed_while_the_daemon_was_away_counts_at_its_moment(phone_home: Home, server: NtfyServer) -> None:
    daemon = listening(phone_home, server)
    nudge = nudge_at("2026-11-24 10:00:00", phone_home, server)
    done = next(one["body"] for one in nudge["actions"] if one["body"].endswith(" done"))
    assert daemon.stop() == 0
    phone_home.clock_reads("2026-11-24 11:02:00")
    server.publish(ANSWERS, done, time=int(datetime(2026, 11, 24, 10, 2, tzinfo=UTC).timestamp()))
    listening(phone_home, server)
    has_become(phone_home, "look_out", "done")
    assert phone_home.record_of("look_out")["answered_at"].startswith("2026-11-24T10:02:00")


def test_a_login_that_may_not_read_the_topic_is_told_and_nudges_still_arrive(
    phone_home: Home, server: NtfyServer
) -> None:
    server.open_topics = frozenset({TOPIC})
    server.requires("alex", "another-password")
    daemon = phone_home.start().armed()
    (line,) = eventually(lambda: daemon.log("answer_topic.lost"), "the refusal is logged")
    assert line["channel"] == "phone"
    told = "its server answers 401: the channel's login may not read the answer topic"
    status = eventually(
        lambda: [one for one in [phone_home.json("status")] if one["channels"][0]["unheard"]], "status tells"
    )[0]
    assert status["channels"][0]["unheard"] == told
    assert status["degraded"] is None
    assert f"answers pressed on phone cannot be heard now: {told}" in phone_home.call("status").stdout
    findings = phone_home.json("doctor")["findings"]
    assert [one["name"] for one in findings if told in one["detail"]] == ["channel phone"]
    assert nudge_at("2026-11-24 10:00:00", phone_home, server)["message"]


def test_a_reload_that_switches_answers_off_ends_the_listening(phone_home: Home, server: NtfyServer) -> None:
    daemon = listening(phone_home, server)
    url = f"ntfy://${{PHONE_LOGIN}}@127.0.0.1:{server.port}/${{PHONE_TOPIC}}"
    text = phone_home.config.read_text()
    phone_home.config.write_text(text.replace(f"phone: {url}", f'phone: {{url: "{url}", answers: false}}'))
    daemon.process.send_signal(signal.SIGHUP)
    eventually(lambda: daemon.log("configuration.reloaded"), "the file is read again")
    server.keepalive_seconds = 0.1  # a server notices at its next sign of life that nobody is there
    server.publish(ANSWERS, "to wake it")
    eventually(lambda: server.streams == 0, "nobody follows any more")


def test_the_page_on_a_public_url_takes_the_answers_so_no_topic_is_followed(
    phone_home: Home, server: NtfyServer
) -> None:
    text = phone_home.config.read_text()
    web = "web: {port: 18377, public_url: https://nudges.example, login_token: 0123456789abcdef0123456789abcdef}\n"
    phone_home.config.write_text(text + web)
    daemon = phone_home.start("--log-level", "debug").armed()
    nudge = nudge_at("2026-11-24 10:00:00", phone_home, server)
    assert all(one["url"].startswith("https://nudges.example/") for one in nudge["actions"])
    assert not [seen for seen in server.seen if seen.method == "GET"]
    assert daemon.log("answer_topic.opened") == []


def test_no_log_file_or_output_holds_a_secret_of_the_way_back(phone_home: Home, server: NtfyServer) -> None:
    daemon = listening(phone_home, server, "--log-level", "debug")
    nudge = nudge_at("2026-11-24 10:00:00", phone_home, server)
    token = nudge["actions"][0]["body"].split()[0]
    server.publish(ANSWERS, "nonsense")
    server.publish(ANSWERS, f"{token[::-1]} done")
    server.cut_streams()
    press(nudge, "Done")
    has_become(phone_home, "look_out", "done")
    server.refuses = 401
    server.cut_streams()
    eventually(lambda: daemon.log("answer_topic.lost")[-1:], "the loss is logged")
    assert len(daemon.log("answer.ignored")) >= 2
    told = [phone_home.call(word).stdout for word in ("status", "history", "doctor")]
    daemon.stop()
    files = [path.read_bytes() for path in phone_home.data_dir.rglob("*") if path.is_file()]
    everything = [daemon.complained.encode(), daemon.printed.encode(), *(text.encode() for text in told), *files]
    for secret in (TOPIC, ANSWERS, *LOGIN, token, token[::-1]):
        assert not [text for text in everything if secret.encode() in text]
