"""Holds: how a topic is followed, what is asked for after a loss, how long is waited, and who is told. Virtual time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from reminders.answers.ntfy_topic import (
    HOLD_SECONDS,
    SILENCE_SECONDS,
    STEADY_SECONDS,
    TopicFollower,
    read_event,
)
from reminders.answers.topic import Topic, TopicMessage
from tests.answers.scripted_server import (
    HEAD,
    ScriptedServer,
    answers,
    chunk,
    event,
    message,
    says,
    serving,
    streams,
)
from tests.channels.servers import free_port
from tests.delivery.virtual_time import VirtualClock, run

KEEPALIVE = event("keepalive")
LOGIN = "Basic bWU6cHctb2YtbWluZQ=="


@dataclass
class Listener:
    """Who hears, and what was told."""

    heard: list[str] = field(default_factory=list)
    told: list[str | None] = field(default_factory=list)
    is_deaf: bool = False
    offered: int = 0

    def hear(self, message: TopicMessage) -> bool:
        self.offered += 1
        if not self.is_deaf:
            self.heard.append(message.text)
        return not self.is_deaf


@contextlib.asynccontextmanager
async def following(
    clock: VirtualClock,
    base_url: str,
    *,
    mark: str | None = "1741078800",
    jitter: float = 1.0,
    login: str | None = LOGIN,
) -> AsyncIterator[Listener]:
    """Follow a topic of a server while the block runs."""
    listener = Listener()
    follower = TopicFollower(
        "phone",
        Topic(base_url=base_url, name="answer-topic-secret", authorization=login),
        clock,
        since=lambda: mark,
        heard=listener.hear,
        told=listener.told.append,
        jitter=lambda: jitter,
    )
    task = asyncio.ensure_future(follower.follow())
    try:
        yield listener
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_what_is_said_is_heard_from_the_mark_on_with_the_login() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(streams(message("token done"))) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(1)
            assert listener.heard == ["token done"]
            assert server.targets == ["/answer-topic-secret/json?since=1741078800"]
            assert f"Authorization: {LOGIN}\r\n" in server.requests[0]

    run(scenario)


def test_after_a_loss_it_asks_for_what_came_since_the_last_message() -> None:
    async def scenario(clock: VirtualClock) -> None:
        first = streams(message("one", "mark00000001"), message("two", "mark00000002"), stays_seconds=60)
        async with serving(first, streams(message("three"))) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(100)
            assert listener.heard == ["one", "two", "three"]
            assert server.targets[1] == "/answer-topic-secret/json?since=mark00000002"
            assert listener.told == []

    run(scenario)


def test_a_line_in_pieces_and_many_lines_at_once_are_the_same_to_it() -> None:
    async def scenario(clock: VirtualClock) -> None:
        whole = event("open") + message("one") + message("two")
        pieces = b"".join(chunk(bytes([byte])) for byte in message("three"))
        async with (
            serving(says(HEAD + chunk(whole) + pieces)) as server,
            following(clock, server.base_url) as listener,
        ):
            await asyncio.sleep(0.5)
            assert listener.heard == ["one", "two", "three"]

    run(scenario)


def test_what_is_no_message_is_let_pass() -> None:
    async def scenario(clock: VirtualClock) -> None:
        rubbish = [
            b"\n", b"<html>\n", b"[1]\n", b"{}\n", b'{"event": 3}\n', b"\xff\xfe\n", b"[" * 60_000 + b"\n",
            event("message"), event("message", message=7), event("message", message="x", id="../../etc"),
            event("message_delete", message="x"), event("poll_request", message="x"),
        ]  # fmt: skip
        async with (
            serving(streams(*rubbish, message("token done"))) as server,
            following(clock, server.base_url) as listener,
        ):
            await asyncio.sleep(1)
            assert listener.heard == ["token done"]
            assert len(server.requests) == 1

    run(scenario)


@pytest.mark.parametrize("seconds", [None, "soon", -1, 2**60, 1.5])
def test_a_message_without_a_moment_has_none(seconds: object) -> None:
    read = read_event(event("message", id="abc", message="x", time=seconds))
    assert isinstance(read, TopicMessage)
    assert read.at is None


def test_a_line_too_long_closes_the_connection_and_is_complained_of_once(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(clock: VirtualClock) -> None:
        endless = streams(*[b"x" * 4000] * 40)
        async with serving(endless) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(1.5)
            assert len(server.requests) == 2
            await asyncio.sleep(600)
            assert set(listener.told) == {"its server sends a line of more than 65536 bytes", None}

    run(scenario)
    assert [record.getMessage() for record in caplog.records] == ["answer_topic.lost"]


def test_a_head_too_long_is_not_read_to_its_end() -> None:
    async def scenario(clock: VirtualClock) -> None:
        head = says(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 40_000)
        async with serving(head) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(5)
            assert listener.told == ["its server speaks no HTTP that is understood"]

    run(scenario)


def test_a_server_that_is_gone_is_asked_ever_less_often_and_never_in_a_rush() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(answers(500)) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(4 * 3600)
            assert [round(wait) for wait in server.waits[:11]] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
            assert listener.told == ["its server answers 500"]

    run(scenario)


def test_an_unlucky_jitter_still_waits_a_second() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(answers(500)) as server, following(clock, server.base_url, jitter=0.0):
            await asyncio.sleep(60)
            assert min(server.waits) >= 1
            assert len(server.requests) <= 61

    run(scenario)


def test_nobody_at_the_door_is_told_once_and_forgotten_when_the_server_is_back() -> None:
    async def scenario(clock: VirtualClock) -> None:
        port = free_port()
        async with following(clock, f"http://127.0.0.1:{port}") as listener:
            await asyncio.sleep(600)
            assert listener.told == ["its server refuses the connection"]
            async with serving(streams(message("token done")), port=port):
                await asyncio.sleep(301)
                assert listener.heard == ["token done"]
                assert listener.told == ["its server refuses the connection", None]

    run(scenario)


def test_a_server_that_opens_and_hangs_up_is_no_reason_to_hurry() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(streams(stays_seconds=0.1)) as server, following(clock, server.base_url):
            await asyncio.sleep(3600)
            assert len(server.requests) < 25

    run(scenario)


def test_after_a_steady_connection_the_wait_begins_anew() -> None:
    async def scenario(clock: VirtualClock) -> None:
        steady = streams(stays_seconds=STEADY_SECONDS + 1)
        script = (*[answers(500)] * 8, steady, streams(*[KEEPALIVE] * 40, every_seconds=45))
        async with serving(*script) as server, following(clock, server.base_url):
            await asyncio.sleep(600)
            assert len(server.requests) == 10
            assert server.waits[-1] == pytest.approx(STEADY_SECONDS + 2, abs=0.5)

    run(scenario)


def test_silence_is_a_loss_and_a_sign_of_life_every_45_seconds_is_none() -> None:
    async def scenario(clock: VirtualClock) -> None:
        lively = streams(*[KEEPALIVE] * 80, every_seconds=45)
        async with serving(lively) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(3600)
            assert len(server.requests) == 1
            await asyncio.sleep(SILENCE_SECONDS + 2)
            assert len(server.requests) == 2
            assert listener.told == []

    run(scenario)


def test_a_drip_without_a_line_is_silence() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with (
            serving(streams(*[b"x"] * 1000, every_seconds=10)) as server,
            following(clock, server.base_url),
        ):
            await asyncio.sleep(SILENCE_SECONDS + 2)
            assert len(server.requests) == 2

    run(scenario)


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_refused_is_told_at_once_and_tried_every_five_minutes(status: int) -> None:
    async def scenario(clock: VirtualClock) -> None:
        script = [answers(status), answers(status), streams()]
        async with serving(*script) as server, following(clock, server.base_url, jitter=0.0) as listener:
            await asyncio.sleep(1)
            assert listener.told == [f"its server answers {status}: the channel's login may not read the answer topic"]
            await asyncio.sleep(700)
            assert [round(wait) for wait in server.waits] == [300, 300]
            assert listener.told[1:] == [None]

    run(scenario)


def test_the_wait_that_a_server_asks_for_is_granted_up_to_a_quarter_of_an_hour() -> None:
    async def scenario(clock: VirtualClock) -> None:
        script = [answers(429, Retry_After="90"), answers(503, Retry_After="86400"), answers(500)]
        async with serving(*script) as server, following(clock, server.base_url):
            await asyncio.sleep(1200)
            assert [round(wait) for wait in server.waits[:2]] == [90, 900]

    run(scenario)


def test_a_redirect_on_the_same_server_is_followed_with_the_login() -> None:
    async def scenario(clock: VirtualClock) -> None:
        script = [answers(307, Location="/moved/json?since=1"), streams(message("token done"))]
        async with serving(*script) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(1)
            assert listener.heard == ["token done"]
            assert server.targets[1] == "/moved/json?since=1"
            assert LOGIN in server.requests[1]

    run(scenario)


@pytest.mark.parametrize(
    "location", ["http://127.0.0.2:{port}/x", "http://me@127.0.0.1:{other}/x", "ftp://127.0.0.1/x", "http://[", ""]
)
def test_a_redirect_elsewhere_is_not_followed(location: str) -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(streams()) as elsewhere, serving() as server:
            place = location.format(port=server.port, other=elsewhere.port)
            server.script = [answers(302, Location=place)]
            async with following(clock, server.base_url) as listener:
                await asyncio.sleep(10)
                assert len(listener.told) == 1
                assert "redirects" in str(listener.told[0])
                assert elsewhere.requests == []

    run(scenario)


def test_redirects_in_a_circle_end_after_three() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(answers(301, Location="/again")) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(0.5)
            assert len(server.requests) == 4
            await asyncio.sleep(10)
            assert listener.told == ["its server redirects more than 3 times"]

    run(scenario)


def test_a_message_that_cannot_be_taken_is_offered_again_and_none_overtakes_it() -> None:
    async def scenario(clock: VirtualClock) -> None:
        script = streams(message("one"), message("two", "mark00000002"), *[KEEPALIVE] * 100, every_seconds=45)
        async with serving(script) as server, following(clock, server.base_url) as listener:
            listener.is_deaf = True
            await asyncio.sleep(10 * HOLD_SECONDS)
            assert 10 <= listener.offered <= 11
            listener.is_deaf = False
            await asyncio.sleep(HOLD_SECONDS + 1)
            assert listener.heard == ["one", "two"]
            assert len(server.requests) == 1

    run(scenario)


def test_without_a_mark_nothing_is_asked() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(streams()) as server, following(clock, server.base_url, mark=None) as listener:
            await asyncio.sleep(20)
            assert server.requests == []
            assert listener.told == ["the journal or the clock is not ready"]

    run(scenario)


def test_begun_again_it_goes_on_after_the_last_message() -> None:
    async def scenario(clock: VirtualClock) -> None:
        async with serving(streams(message("one", "mark00000007"))) as server:
            listener = Listener()
            topic = Topic(base_url=server.base_url, name="answers")
            follower = TopicFollower(
                "phone", topic, clock, since=lambda: "1", heard=listener.hear, told=listener.told.append
            )
            for _ in range(2):
                task = asyncio.ensure_future(follower.follow())
                await asyncio.sleep(1)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            assert [target.partition("=")[2] for target in server.targets] == ["1", "mark00000007"]
            assert "Authorization" not in server.requests[0]

    run(scenario)


def test_no_log_line_holds_the_topic_the_login_or_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(clock: VirtualClock) -> None:
        script = [
            answers(401), answers(302, Location="http://127.0.0.9/answer-topic-secret"), says(b"answer-topic-secret"),
            streams(message("token-secret done"), stays_seconds=40), answers(500),
        ]  # fmt: skip
        async with serving(*script) as server, following(clock, server.base_url) as listener:
            await asyncio.sleep(3600)
            assert listener.heard == ["token-secret done"]
        assert isinstance(server, ScriptedServer)

    with caplog.at_level(logging.DEBUG):
        run(scenario)
    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    assert len(lines) > 10
    for secret in ("answer-topic-secret", "token-secret", LOGIN.split()[1]):
        assert not [line for line in lines if secret in line]
