"""Holds: who asks and never takes the answers is cut off, and takes nobody else's place; who takes them is not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast

import pytest

from reminders.domain.web import WebSpec
from reminders.web import server
from reminders.web.door import Door
from tests.web.place import Place

LOOPBACK = "127.0.0.1"
STYLE = b"GET /static/page.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
STYLE_AND_CLOSE = STYLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
STYLE_BYTES = Path(server.__file__).with_name("static").joinpath("page.css").stat().st_size
ANSWERS = 3


class Line:
    """A caller who sends, and takes what comes when told to."""

    def __init__(self, door: Door) -> None:
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.port = door.port

    def take_little(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)

    async def send(self, request_bytes: bytes) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self.socket, (LOOPBACK, self.port))
        await loop.sock_sendall(self.socket, request_bytes)

    async def take(self, count: int) -> int:
        """Return how many bytes came before the other side hung up, ``count`` at most."""
        taken = 0
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(20):
                while taken < count and (some := await asyncio.get_running_loop().sock_recv(self.socket, STYLE_BYTES)):
                    taken += len(some)
        return taken


@contextlib.asynccontextmanager
async def narrow(place: Place) -> AsyncIterator[tuple[Door, Line]]:
    """Open a door whose lines hold little of what nobody takes, and one line to it."""
    troubles: list[str] = []
    door = Door(place, WebSpec(port=0), None, troubles.append)
    door._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    door.open()
    line = Line(door)
    try:
        yield door, line
    finally:
        line.socket.close()
        await door.close()
    assert troubles == []


def inside(door: Door) -> list[server.Caller]:
    return [] if door._server is None else [*cast("set[server.Caller]", door._server.server_state.connections)]


async def comes_to_be(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_true():  # noqa: ASYNC110  another thread serves the page
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "asked",
    [
        STYLE * 25,  # more than waits in memory: the next answer is held back
        STYLE * ANSWERS,  # less: closed as soon as nothing more comes
        STYLE * 2 + STYLE_AND_CLOSE,
    ],
)
def test_who_asks_and_never_takes_the_answers_is_cut_off(
    place: Place, asked: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)

    async def work() -> None:
        async with narrow(place) as (door, line):
            line.take_little()
            await line.send(asked)
            await comes_to_be(lambda: has_unread(door))
            await comes_to_be(lambda: not inside(door))
            assert await line.take(10_000_000) < STYLE_BYTES * asked.count(b"GET")

    asyncio.run(work())


@pytest.mark.parametrize("says_no_more", [True, False])
def test_who_ends_the_talk_and_never_takes_the_answers_is_cut_off(
    place: Place, monkeypatch: pytest.MonkeyPatch, *, says_no_more: bool
) -> None:
    hurry(monkeypatch)
    monkeypatch.setattr(server, "KEEP_ALIVE_SECONDS", 60)

    async def work() -> None:
        async with narrow(place) as (door, line):
            line.take_little()
            await line.send(STYLE * ANSWERS)
            await comes_to_be(lambda: has_unread(door))
            if says_no_more:
                line.socket.shutdown(socket.SHUT_WR)
            else:
                await asyncio.get_running_loop().sock_sendall(line.socket, b"\x16\x03\x01\r\n\r\n")
            await comes_to_be(lambda: not inside(door))
            assert await line.take(10_000_000) < STYLE_BYTES * ANSWERS

    asyncio.run(work())


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUEST_SECONDS", "CLOSING_SECONDS", "KEEP_ALIVE_SECONDS"):
        monkeypatch.setattr(server, name, 0.4)


def has_unread(door: Door) -> bool:
    """Tell whether all that was asked for and can be written was, and something of it waits to be taken."""
    return any(
        caller.transport.get_write_buffer_size()
        and (caller.flow.write_paused or (caller.server_state.total_requests >= ANSWERS and not caller.tasks))
        for caller in inside(door)
    )


def test_who_takes_the_answers_in_the_end_is_not_cut_off(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 1.0)

    async def work() -> None:
        async with narrow(place) as (door, line):
            await line.send(STYLE * 25)
            await comes_to_be(lambda: any(caller.flow.write_paused for caller in inside(door)))
            assert await line.take(STYLE_BYTES * 25) >= STYLE_BYTES * 25
            await asyncio.sleep(1.5)  # longer than an answer may lie about, shorter than a line is kept
            assert len(inside(door)) == 1

    asyncio.run(work())
