"""A web server inside the test's own event loop, so that it works in virtual time: it answers as it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"


def event(kind: str, **fields: Any) -> bytes:
    """Return a line of the stream."""
    return json.dumps({"id": "open00000000", "time": 1, "event": kind, "topic": "answers"} | fields).encode() + b"\n"


def message(text: str, mark: str = "mark00000001", time: int = 1) -> bytes:
    """Return the line of a message."""
    return event("message", id=mark, time=time, message=text)


def chunk(data: bytes) -> bytes:
    """Return data as one chunk of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def answers(status: int, **headers: str) -> Behaviour:
    """Answer with a status and no body, then hang up; a header's name is written with underscores."""
    lines = [f"HTTP/1.1 {status} Told", "Content-Length: 0", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return says("\r\n".join(lines).encode() + b"\r\n\r\n")


def says(data: bytes) -> Behaviour:
    """Send these bytes and hang up."""

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return say


def streams(*lines: bytes, every_seconds: float = 0.0, stays_seconds: float = 10.0**9) -> Behaviour:
    """Open a stream, send the lines with a wait after each, then stay connected that long."""

    async def stream(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + chunk(event("open")))
        for line in lines:
            writer.write(chunk(line))
            await writer.drain()
            await asyncio.sleep(every_seconds)
        await asyncio.sleep(stays_seconds)

    return stream


@dataclass
class ScriptedServer:
    """Takes a behaviour off the script for every connection; the last one stays."""

    script: list[Behaviour]
    port: int = 0
    requests: list[str] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        """What was asked for, one after the other."""
        return [request.split()[1] for request in self.requests]

    @property
    def waits(self) -> list[float]:
        """The seconds from one request to the next."""
        return [later - earlier for earlier, later in zip(self.asked_at, self.asked_at[1:], strict=False)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
                self.asked_at.append(asyncio.get_running_loop().time())
                behaviour = self.script.pop(0) if len(self.script) > 1 else self.script[0]
                await behaviour(writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()
            self.tasks.discard(task)


@contextlib.asynccontextmanager
async def serving(*script: Behaviour, ssl: Any = None, port: int = 0) -> AsyncIterator[ScriptedServer]:
    """Run the server on loopback while the block runs."""
    place = ScriptedServer(list(script))
    server = await asyncio.start_server(place.serve, "127.0.0.1", port, ssl=ssl)
    place.port = server.sockets[0].getsockname()[1]
    try:
        yield place
    finally:
        server.close()
        for task in place.tasks:
            task.cancel()
        await asyncio.gather(*place.tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # the transports close when the loop comes round
