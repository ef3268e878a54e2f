"""Serves the page on a socket that listens already, and wakes for nothing but visitors."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from typing import cast

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

CONNECTIONS_AT_MOST = 64
HEAD_BYTES_AT_MOST = 16 * 1024
KEEP_ALIVE_SECONDS = 5
REQUEST_SECONDS = 10.0  # from the first byte of a request, or the connection, to its last; to take what fills the line
CLOSING_SECONDS = 5.0  # to take what was written before the connection was closed
FINISH_SECONDS = 0.5
STOP_SECONDS = 1
LEAVING_SECONDS = 1.0
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n"
    b"Retry-After: 5\r\nConnection: close\r\n\r\ntoo many visitors at once.\n"
)


class Callers(ServerState):
    """Who is connected; ``leaving`` are those who were turned away and have not hung up yet."""

    def __init__(self) -> None:
        """Nobody is."""
        super().__init__()
        self.leaving: set[Caller] = set()


class Caller(H11Protocol):
    """One connection: turned away when there are too many, closed when its request does not come.

    It is closed as well when its caller does not take the answers.
    """

    _deadline: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _closing: asyncio.TimerHandle | None = None
    server_state: Callers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection if there is room."""
        if len(self.connections) >= CONNECTIONS_AT_MOST:
            self._turn_away(transport)
            return
        super().connection_made(transport)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the connection."""
        self._expect_nothing()
        self._expect_no_taking()
        if self._closing is not None:
            self._closing.cancel()
        self.server_state.leaving.discard(self)
        if self._was_taken():
            super().connection_lost(exc)

    def _turn_away(self, transport: asyncio.Transport) -> None:
        """Say that it is full. Hanging up with a request unread would take the answer back, so that waits a moment."""
        if len(self.server_state.leaving) >= CONNECTIONS_AT_MOST:
            transport.abort()
            return
        self.server_state.leaving.add(self)
        self.transport = transport
        transport.write(FULL)
        if transport.can_write_eof():
            transport.write_eof()
        self._deadline = self.loop.call_later(LEAVING_SECONDS, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take some bytes; the rest of their request is due soon."""
        if not self._was_taken():
            return
        if self._deadline is None and not self._is_answering():
            self._expect_request()
        super().data_received(data)

    def handle_events(self) -> None:
        """Take what has come in; for a request that is whole nothing more is waited for."""
        before = self.tasks.copy()
        super().handle_events()
        for task in self.tasks - before:
            task.add_done_callback(self._see_off)
        if self._is_answering() and not self._cycle().more_body:
            self._expect_nothing()

    def on_response_complete(self) -> None:
        """Wait for the next request; how long nothing at all may come is uvicorn's to watch."""
        self._expect_nothing()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Write no more for now: the line is full. A caller who does not read would hold it for ever."""
        super().pause_writing()
        self._expect_no_taking()
        self._taking = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Write on: the caller reads."""
        self._expect_no_taking()
        super().resume_writing()

    def eof_received(self) -> None:
        """Let the connection be closed: the caller sends no more."""
        super().eof_received()
        self.loop.call_soon(self._see_off)

    def timeout_keep_alive_handler(self) -> None:
        """Close: nothing came for a while."""
        super().timeout_keep_alive_handler()
        self._see_off()

    def hang_up(self) -> None:
        """Tell the answer under way, if there is one, that nobody listens any more."""
        if self._was_taken() and self._is_answering():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.transport.close()
            self._see_off()

    def _was_taken(self) -> bool:
        return cast("FlowControl | None", self.flow) is not None

    def _cycle(self) -> RequestResponseCycle:
        return self.cycle

    def _is_answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _expect_request(self) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expect_no_taking(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _see_off(self, *_: object) -> None:
        """Cut a closed connection off in a while: by itself it stays until all that was written is read."""
        if self._closing is None and self in self.connections and self.transport.is_closing():
            self._closing = self.loop.call_later(CLOSING_SECONDS, self.transport.abort)

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Tell a fault from a request that was cut off because the page ends: that one is as it should be."""
    return record.exc_info is None or not isinstance(record.exc_info[1], asyncio.CancelledError)


class PageServer(Server):
    """Uvicorn without its tick: it sleeps until a visitor comes or ``end`` is called."""

    def __init__(self, app: ASGIApp, on_end: Callable[[], None] | None = None) -> None:
        """Take the page to serve; needs the event loop that will serve it. ``on_end`` ends what lasts."""
        super().__init__(
            Config(
                app,
                http=Caller,
                ws="none",
                loop="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="error",  # what strangers send must not fill the log
                access_log=False,
                proxy_headers=False,  # the gate knows whom to believe
                server_header=False,
                date_header=False,  # it would need the tick
                limit_concurrency=CONNECTIONS_AT_MOST + 1,  # above it a caller is turned away sooner
                backlog=CONNECTIONS_AT_MOST,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=STOP_SECONDS,
                h11_max_incomplete_event_size=HEAD_BYTES_AT_MOST,
            )
        )
        logging.getLogger("uvicorn.error").addFilter(_is_worth_a_line)
        self.server_state = self._state = Callers()
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._on_end = on_end

    async def main_loop(self) -> None:
        """Wait for the end."""
        await self._end.wait()
        if self._on_end is not None:
            self._on_end()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the answers under way come to their end; a stream has none, so it is told that its page is gone."""
        await self._stop_accepting()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=FINISH_SECONDS)
        for caller in self._callers():
            caller.hang_up()
        await super().shutdown(sockets)
        for caller in self._callers():
            caller.transport.abort()
        await asyncio.sleep(0)

    async def _stop_accepting(self) -> None:
        """Take nobody in any more. Whoever is half in comes in first: asyncio forgets them when its server closes."""
        with contextlib.suppress(NotImplementedError):  # the event loop of Windows waits in another way
            for server in self.servers:
                for listening in server.sockets:
                    self._loop.remove_reader(listening.fileno())
        for _ in range(3):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()

    def _callers(self) -> list[Caller]:
        return [*cast("set[Caller]", self.server_state.connections), *self._state.leaving]

    def end(self) -> None:
        """Take no more visitors and let those here finish; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._end.set)
