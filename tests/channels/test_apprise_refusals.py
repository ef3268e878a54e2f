"""Holds: a bad URL is refused in plain words, and a plug-in that misbehaves neither harms us nor tells secrets."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reminders.daemon.child import run_child
from reminders.domain.delivery import SendOutcome
from reminders.domain.errors import ChildFailed

TOPIC = "sEcReTtOpIc"
PASSWORD = "pAsSwOrD99"


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("?attach=file:///etc/passwd", "attach"),
        ("?ATTACH=file:///etc/passwd", "attach"),
        ("?priority=high&re%74ry=9", "retry"),
        ("?priority=high;retry=9", "retry"),
        ("?optional=yes", "optional"),
        ("?optional", "optional"),
    ],
)
def test_keys_that_are_not_a_urls_to_set_are_rejected(sink: Any, phone: Any, send: Any, query: str, key: str) -> None:
    result = send(phone(sink.url(query=query)))
    assert result.outcome is SendOutcome.REJECTED
    assert f'"{key}" is not allowed' in result.detail
    assert sink.requests == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"nosuch://{TOPIC}", "Apprise knows no service"),
        (f"{TOPIC}", "not of the form"),
        (f"ntfy//{TOPIC}", "not of the form"),
        ("mailto://", "missing"),
        (f"slack://{TOPIC}", "missing or wrong"),
        (f"xmpp://me:{PASSWORD}@host/{TOPIC}", "needs slixmpp"),
        (f"syslog://{TOPIC}", "this machine only"),
        ("ntfy://${NOT_SET_ANYWHERE}", "NOT_SET_ANYWHERE is not set"),
        ("ntfy://${two words}", "does not hold the name"),
    ],
)
def test_a_url_that_cannot_work_is_rejected_in_plain_words(phone: Any, send: Any, url: str, reason: str) -> None:
    result = send(phone(url))
    assert result.outcome is SendOutcome.REJECTED
    assert reason in result.detail
    assert 'channel "phone"' in result.detail
    assert TOPIC not in result.detail
    assert PASSWORD not in result.detail
    assert asyncio.run(phone(url).validate()) in result.detail


def test_a_url_that_can_work_is_valid_and_checking_it_sends_nothing(sink: Any, phone: Any) -> None:
    assert asyncio.run(phone(sink.url()).validate()) is None
    assert sink.requests == []


def test_names_in_the_url_are_filled_from_the_environment_once(
    sink: Any, phone: Any, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTFY_TOPIC", "topic-of-mine")
    monkeypatch.setenv("NTFY_HOST", f"127.0.0.1:{sink.port}")
    monkeypatch.setenv("WITH_DOLLAR", "p$$${NTFY_TOPIC}")
    send(phone("ntfy://me:${WITH_DOLLAR}$$@${NTFY_HOST}/${NTFY_TOPIC}"))
    (request,) = sink.requests
    assert request.json["topic"] == "topic-of-mine"
    assert request.login == "me:p$$${NTFY_TOPIC}$"


def test_a_url_file_is_read_for_every_send_without_its_last_line_break(
    sink: Any, phone: Any, send: Any, tmp_path: Path
) -> None:
    file = tmp_path / "phone"
    file.write_text(sink.url("first") + "\n")
    channel = phone(url_file=str(file))
    send(channel)
    file.write_text(sink.url("second") + "\n")
    send(channel)
    assert [request.json["topic"] for request in sink.requests] == ["first", "second"]


def test_a_url_file_that_is_a_link_a_pipe_or_missing_is_rejected(phone: Any, send: Any, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("ntfy://host/topic")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").write_text("\n")
    for name in ("link", "pipe", "empty", "missing"):
        result = send(phone(url_file=str(tmp_path / name)))
        assert result.outcome is SendOutcome.REJECTED
        assert f'{name}"' in result.detail


@pytest.mark.parametrize(
    ("title", "text", "shown"),
    [
        ("A", "x" * 100_000, "x" * 3000),
        ("A", "before\x00after\x1b[31m", "beforeafter[31m"),
        ("A", "שתה כוס מים 💧👩‍💻", "שתה כוס מים 💧👩‍💻"),
        ("A", "one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("A", "lone \ud800 half", "lone ? half"),
        ("Only a title", "", "Only a title"),
    ],
)
def test_any_text_can_be_sent(
    sink: Any, phone: Any, send: Any, a_message: Any, title: str, text: str, shown: str
) -> None:
    result = send(phone(sink.url()), a_message(title=title, text=text))
    assert result.outcome is SendOutcome.ACCEPTED, result.detail
    (request,) = sink.requests
    assert shown in request.json["message"]
    assert len(request.json["message"].encode()) <= 3900


def test_an_empty_message_is_rejected(sink: Any, phone: Any, send: Any, a_message: Any) -> None:
    result = send(phone(sink.url()), a_message(title=" \x00", text="\n"))
    assert (result.outcome, result.detail) == (SendOutcome.REJECTED, "the message is empty")
    assert sink.requests == []


# A module that spoils the ntfy plug-in and then does what the sender's child does.
SPOILED = f"""
import os, signal, sys, logging
from apprise.plugins import ntfy
from reminders.channels import apprise_channel
def spoiled(self, *_, **__):
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        print("{PASSWORD} {TOPIC}", file=stream, flush=True)
    os.write(1, b"{PASSWORD}")
    os.write(2, b"{PASSWORD}")
    logging.getLogger("apprise").critical("{PASSWORD}")
    WHAT
ntfy.NotifyNtfy.send = spoiled
apprise_channel.main()
"""


@pytest.fixture
def spoiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phone: Any) -> Any:
    """Make a channel whose plug-in prints secrets and then does something bad."""

    def make(what: str) -> Any:
        (tmp_path / "spoiled.py").write_text(SPOILED.replace("WHAT", what))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

        async def run_spoiled(_module: Any, request: Any, **limits: Any) -> Any:
            return await run_child("spoiled", request, **limits)

        return phone(f"ntfy://me:{PASSWORD}@127.0.0.1:9/{TOPIC}", runner=run_spoiled)

    return make


@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        ("return True", SendOutcome.ACCEPTED),
        ("return False", SendOutcome.REJECTED),
        (f"raise RuntimeError('{PASSWORD}')", SendOutcome.FAILED),
        ("sys.exit(3)", SendOutcome.FAILED),
        ("raise KeyboardInterrupt", SendOutcome.FAILED),
        ("os._exit(0)", SendOutcome.UNKNOWN),
        ("os.kill(os.getpid(), signal.SIGKILL)", SendOutcome.UNKNOWN),
        ("held = bytearray(2_000_000_000)", SendOutcome.FAILED),
        ("import time; time.sleep(60)", SendOutcome.FAILED),
    ],
)
def test_a_plug_in_that_misbehaves_is_caught_and_tells_no_secret(
    spoiled: Any,
    send: Any,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    what: str,
    outcome: SendOutcome,
) -> None:
    result = send(spoiled(what), deadline_seconds=4)
    assert result.outcome is outcome, result.detail
    seen = capfd.readouterr()
    for told in (seen.out, seen.err, caplog.text, repr(result), result.detail):
        assert PASSWORD not in told
        assert TOPIC not in told


@pytest.mark.parametrize("answer", ["accepts", "hangs", "drops"])
def test_no_secret_shows_in_any_output_or_text_of_a_send(
    sink: Any, phone: Any, send: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    if answer != "accepts":
        getattr(sink, answer)()
    caplog.set_level("DEBUG")
    channel = phone(sink.url(TOPIC, user=f"me:{PASSWORD}@"))
    result = send(channel, deadline_seconds=2)
    assert sink.requests[0].json["topic"] == TOPIC
    seen = capfd.readouterr()
    for told in (seen.out, seen.err, caplog.text, repr(result), repr(channel), repr(vars(channel))):
        assert PASSWORD not in told
        assert TOPIC not in told


def test_no_secret_shows_in_the_childs_command_line(
    sink: Any, phone: Any, a_message: Any, soon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTFY_TOPIC", TOPIC)
    sink.hangs()

    async def look() -> Any:
        sending = asyncio.create_task(phone(sink.url("${NTFY_TOPIC}", user=f"me:{PASSWORD}@")).send(a_message(), 5))
        await soon(lambda: sink.requests, "the request is there")
        look = ["ps", "-ewwo", "args"]
        done = await asyncio.to_thread(subprocess.run, look, capture_output=True, text=True, check=True)
        sink.over.set()
        await sending
        return done.stdout

    listing = asyncio.run(look())
    assert "reminders.channels.apprise_channel" in listing
    assert PASSWORD not in listing
    assert TOPIC not in listing


@pytest.mark.parametrize("kind", ["deadline", "crash", "output"])
@pytest.mark.parametrize(("has_begun", "outcome"), [("no", SendOutcome.FAILED), ("yes", SendOutcome.UNKNOWN)])
def test_a_sender_that_ends_without_a_word_is_unknown_only_if_it_had_begun(
    phone: Any, send: Any, kind: str, has_begun: str, outcome: SendOutcome
) -> None:
    async def fail(_module: Any, request: Any, **_limits: Any) -> None:
        if has_begun == "yes":
            await asyncio.to_thread(Path(request["begun_mark"]).touch)
        raise ChildFailed("no reply", kind=kind)

    assert send(phone("ntfy://host/topic", runner=fail)).outcome is outcome


@pytest.mark.parametrize("reply", [None, [], "accepted", {}, {"outcome": "maybe"}, {"outcome": "accepted"}])
def test_a_reply_that_makes_no_sense_is_never_a_yes(phone: Any, send: Any, reply: Any) -> None:
    async def babble(_module: Any, _request: Any, **_limits: Any) -> Any:
        return reply

    assert send(phone("ntfy://host/topic", runner=babble)).outcome is SendOutcome.FAILED


def test_the_daemons_side_loads_neither_apprise_nor_requests() -> None:
    program = (
        "import sys, reminders.channels.build, reminders.channels.desktop_channel\n"
        "heavy = {'apprise', 'requests', 'urllib3', 'dbus_fast', 'desktop_notifier', 'smtplib', 'markdown'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_plug_in_is_loaded_for_every_schema_but_those_apprise_computes(tmp_path: Path) -> None:
    """A schema that is not found alone still works, at the price of loading them all."""
    program = (
        "import apprise\n"
        "from reminders.channels.apprise_channel import find_plugin\n"
        "known = apprise.NotificationManager()\n"
        "print(sorted(s for s in known.schemas() if find_plugin(s, apprise) is not known[s]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "['dbus', 'kde', 'qt']"
