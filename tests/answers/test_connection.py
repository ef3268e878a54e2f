"""Holds: a host is found by name or by number, the first address that answers counts, and a stop waits for nobody."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from reminders.answers.connection import connect, look_up


def test_a_name_and_a_number_lead_to_the_same_door() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

        async def knock(host: str) -> tuple[str, int]:
            with await connect(host, port) as sock:
                host, there, *_ = sock.getpeername()
                return host, there

        assert asyncio.run(knock("localhost")) == asyncio.run(knock("127.0.0.1")) == ("127.0.0.1", port)


def test_an_address_of_a_kind_the_system_does_not_know_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        good = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))
        strange = (4711, socket.SOCK_STREAM, 0, "", ("::1", port, 0, 0))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [strange, good])

        async def knock() -> int:
            with await connect("both.example", port) as sock:
                return int(sock.getpeername()[1])

        assert asyncio.run(knock()) == port
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [strange])
        with pytest.raises(OSError, match="family"):
            asyncio.run(knock())


def test_a_name_that_is_none_is_told() -> None:
    async def knock(host: str) -> None:
        await connect(host, 80)

    with pytest.raises(socket.gaierror):
        asyncio.run(knock("nobody.invalid"))
    with pytest.raises(UnicodeError):
        asyncio.run(knock(f"{'x' * 70}.example"))


def test_a_name_server_that_hangs_holds_up_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **more: object) -> list[object]:
        if "flags" not in more:
            over.wait(60)
        raise socket.gaierror("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", hang)

    async def stop_soon() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(look_up("slow.example", 80), 0.05)

    asyncio.run(stop_soon())
    over.set()
    for thread in [one for one in threading.enumerate() if one.name == "name look-up"]:
        thread.join(5)
