"""Holds: the door listens from the start, loads the page for the first visitor, bears what comes, and shuts in time."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from reminders.domain.errors import StartRefused
from reminders.domain.web import WebSpec
from reminders.web import door as door_module
from reminders.web import server
from reminders.web.door import Door, DoorShut
from tests.web.place import Place

LOOPBACK = "127.0.0.1"
QUIET_SECONDS = 2.0


@pytest.fixture
def troubles() -> list[str]:
    return []


@contextlib.asynccontextmanager
async def opened(place: Place, troubles: list[str], **spec: object) -> AsyncIterator[Door]:
    door = Door(place, WebSpec(port=0, **spec), None, troubles.append)  # type: ignore[arg-type]
    door.open()
    try:
        yield door
    finally:
        await door.close()


@contextlib.asynccontextmanager
async def knocked(door: Door) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(LOOPBACK, door.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def said(door: Door, request: bytes) -> bytes:
    """Send some bytes and return all that comes until the other side hangs up."""
    with contextlib.suppress(ConnectionError):
        async with knocked(door) as (reader, writer):
            writer.write(request)
            await writer.drain()
            async with asyncio.timeout(20):
                return await reader.read()
    return b""


def head(path: str = "/healthz", *more: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def run(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


def test_nobody_loads_the_page_before_the_first_visitor(place: Place, troubles: list[str]) -> None:
    async def work() -> None:
        async with opened(place, troubles) as door:
            assert not door.has_had_visitors
            assert (await said(door, head())).startswith(b"HTTP/1.1 200")
            assert door.has_had_visitors

    run(work)
    assert troubles == []


def test_the_door_itself_imports_nothing_of_the_page() -> None:
    code = "import sys, reminders.composition.page; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {name.partition(".")[0] for name in found} & {"starlette", "uvicorn", "jinja2", "anyio", "h11"} == set()


def test_who_knocks_while_the_page_is_loaded_is_answered_too(place: Place, troubles: list[str]) -> None:
    async def work() -> None:
        async with opened(place, troubles) as door:
            answers = await asyncio.gather(*(said(door, head()) for _ in range(20)))
            assert {answer[:12] for answer in answers} == {b"HTTP/1.1 200"}

    run(work)


@pytest.mark.skipif(sys.platform != "linux", reason="counts the wake-ups of a thread in /proc")
def test_a_page_without_visitors_does_not_wake(place: Place, troubles: list[str]) -> None:
    def wakes(thread: int) -> int:
        text = Path(f"/proc/self/task/{thread}/status").read_text(encoding="ascii")
        found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.MULTILINE)
        assert found is not None
        return int(found[1])

    async def work() -> None:
        async with opened(place, troubles) as door:
            await said(door, head())
            assert door._thread is not None
            thread = door._thread.native_id
            assert thread is not None
            before = wakes(thread)
            await asyncio.sleep(QUIET_SECONDS)  # the span over which is counted; uvicorn's own tick would be 20
            assert wakes(thread) - before <= 2

    run(work)


def test_a_sixty_fifth_visitor_is_told_that_it_is_full(place: Place, troubles: list[str]) -> None:
    async def work() -> None:
        async with opened(place, troubles) as door:
            await said(door, head())
            async with contextlib.AsyncExitStack() as guests:
                for _ in range(server.CONNECTIONS_AT_MOST):
                    await guests.enter_async_context(knocked(door))
                answers = [await said(door, head()) for _ in range(3)]
                assert set(answers) == {server.FULL}
            async with asyncio.timeout(10):
                while not (await said(door, head())).startswith(b"HTTP/1.1 200"):  # noqa: ASYNC110  it is asked again
                    await asyncio.sleep(0.05)

    run(work)


@pytest.mark.parametrize(
    "beginning",
    [b"", b"GET / HTTP/1.1\r\nHost: 127", b"POST /a/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nver"],
)
def test_a_request_that_does_not_come_to_its_end_is_cut_off(
    place: Place, troubles: list[str], beginning: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.3)

    async def work() -> None:
        async with opened(place, troubles) as door:
            assert await said(door, beginning) == b""
            monkeypatch.undo()
            assert (await said(door, head())).startswith(b"HTTP/1.1 200")

    run(work)


def test_who_asks_again_on_the_same_line_is_answered_again(
    place: Place, troubles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 1.0)

    async def work() -> None:
        async with opened(place, troubles) as door, knocked(door) as (reader, writer):
            await said(door, head())
            for pause in (0.0, 1.5, 1.5):  # longer than a request may take, shorter than a line is kept
                await asyncio.sleep(pause)
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                answer = await reader.readuntil(b'"ok"}')
                assert answer.startswith(b"HTTP/1.1 200")

    run(work)


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
        (head("/" + "a" * 20_000), b"431"),
        (head("/", "X-Long: " + "a" * 20_000), b"431"),
        (b"GET /" + b"a" * 17_000, b"400"),
        (b"GET /a/" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", b"403"),
        (head("/nowhere"), b"404"),
        (head("/", "Upgrade: websocket", "Connection: upgrade"), b"200"),
        (head("/healthz", "Content-Length: 5000", method="POST"), b"413"),
    ],
)
def test_what_is_no_request_for_us_is_refused_and_the_next_one_served(
    place: Place, troubles: list[str], request_bytes: bytes, status: bytes
) -> None:
    async def work() -> None:
        async with opened(place, troubles) as door:
            answer = await said(door, request_bytes)
            assert answer.split(b" ")[1] == status
            assert (await said(door, head())).startswith(b"HTTP/1.1 200")

    run(work)
    assert troubles == []


@pytest.mark.parametrize("guest", [b"", b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"POST / HTTP/1.1\r\nHost"])
def test_the_door_shuts_in_time_and_quietly_whoever_is_inside(
    place: Place, troubles: list[str], guest: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        async with opened(place, troubles) as door:
            port = door.port
            await said(door, head())
            async with knocked(door) as (reader, writer):
                writer.write(guest)
                if b"/events" in guest:
                    await reader.readuntil(b"retry")
                await door.close()
            assert door._thread is not None
            assert not door._thread.is_alive()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(LOOPBACK, port)

    run(work)
    assert caplog.records == []


def test_a_request_cut_off_by_the_end_of_the_page_is_no_fault(
    place: Place, troubles: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = threading.Event(), threading.Event()

    def slow(_: Place) -> tuple[()]:
        begun.set()
        over.wait(20)
        return ()

    monkeypatch.setattr(Place, "problems", slow)

    async def work() -> None:
        async with opened(place, troubles) as door, knocked(door) as (_, writer):
            writer.write(head("/configuration"))
            await writer.drain()
            assert await asyncio.to_thread(begun.wait, 20)
            with caplog.at_level(logging.ERROR):
                await door.close()
            over.set()

    run(work)
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_door_shuts_when_its_page_has_died(
    place: Place, troubles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(_: server.PageServer) -> None:
        raise OSError(errno.EMFILE, "too many open files")

    monkeypatch.setattr(server.PageServer, "main_loop", dies)

    async def work() -> None:
        async with opened(place, troubles) as door, knocked(door):
            assert await told(troubles)
            await door.close()
            assert door._thread is not None
            assert not door._thread.is_alive()

    run(work)
    assert troubles == ["OSError; the log has more"]


async def told(troubles: list[str]) -> bool:
    async with asyncio.timeout(10):
        while not troubles:  # noqa: ASYNC110  another thread tells
            await asyncio.sleep(0.01)
    return True


def test_a_door_nobody_came_to_shuts_at_once(place: Place, troubles: list[str]) -> None:
    async def work() -> None:
        async with opened(place, troubles) as door:
            port = door.port
            assert not door.has_had_visitors
        with contextlib.closing(socket.socket()) as other:
            other.bind((LOOPBACK, port))

    run(work)


def test_a_page_that_cannot_be_loaded_is_told(
    place: Place, troubles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("reminders.web.app.build_app", broken)

    async def work() -> None:
        async with opened(place, troubles) as door:
            await said(door, head())
            async with asyncio.timeout(5):
                while not troubles:  # noqa: ASYNC110  another thread tells
                    await asyncio.sleep(0.01)

    run(work)
    assert troubles == ["MemoryError; the log has more"]


def test_a_port_that_is_taken_is_told_with_a_way_out(place: Place, troubles: list[str]) -> None:
    with contextlib.closing(socket.socket()) as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(DoorShut, match=f"port {port} is taken by another program; choose another one"):
            Door(place, WebSpec(port=port), None, troubles.append)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_address_of_another_machine_is_told(place: Place, troubles: list[str], host: str) -> None:
    spec = WebSpec(port=0, host=host, public_url="https://reminders.example")
    with pytest.raises(DoorShut, match=re.escape(host)):
        Door(place, spec, "0123456789abcdef", troubles.append)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "port 80 is for privileged programs; choose one from 1024 on"),
        (errno.EAFNOSUPPORT, "does not speak the kind of address that 127.0.0.1 is"),
        (errno.EMFILE, f"127.0.0.1:80 cannot be opened: {os.strerror(errno.EMFILE)}"),
    ],
)
def test_why_a_door_stays_shut_is_told_in_words(number: int, words: str) -> None:
    assert words in door_module._why(WebSpec(port=80), OSError(number, os.strerror(number)))


def test_a_door_open_to_strangers_is_not_even_bound(place: Place, troubles: list[str]) -> None:
    with pytest.raises(StartRefused):
        Door(place, WebSpec(port=0, host="0.0.0.0"), None, troubles.append)


@pytest.mark.skipif(not socket.has_ipv6, reason="needs a machine that speaks IPv6")
def test_the_page_is_served_by_ipv6_alone(place: Place, troubles: list[str]) -> None:
    async def work() -> None:
        try:
            door = Door(place, WebSpec(port=0, host="::1"), None, troubles.append)
        except DoorShut as error:
            pytest.skip(f"needs an IPv6 loopback: {error}")
        door.open()
        reader, writer = await asyncio.open_connection("::1", door.port)
        writer.write(b"GET /api/v1/water HTTP/1.1\r\nHost: [::1]:1\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()
        await door.close()

    run(work)
