"""The page's door: listens from the start, and loads the page when the first visitor knocks.

Nothing of Starlette or uvicorn is imported here. Who opens it: the daemon's event loop, on which every method is
called. The page itself runs on a thread and an event loop of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import say
from reminders.domain.errors import ReminderError
from reminders.domain.web import WebSpec
from reminders.web.exposure import refuse_open_door
from reminders.web.house import House

if TYPE_CHECKING:
    from reminders.web.server import PageServer

BACKLOG = 64
STOP_SECONDS = 3.0
PRIVILEGED_BELOW = 1024
logger = logging.getLogger("reminders.web")


class DoorShut(ReminderError):
    """the page cannot be served; the text says why and what would help."""


class Door:
    """One door, for the whole time that its ``web:`` block is in force.

    ``failed`` is told, on the daemon's loop, why a page that was served is served no more.
    """

    def __init__(self, house: House, spec: WebSpec, token: str | None, failed: Callable[[str], None]) -> None:
        """Bind the address. Raises DoorShut, and StartRefused for a door open to strangers."""
        refuse_open_door(spec, has_token=token is not None)
        self.spec = spec
        self._house, self._token, self._failed = house, token, failed
        self._socket = _bound(spec)
        self._thread: threading.Thread | None = None
        self._server: PageServer | None = None
        self._is_waiting = self._is_closed = False

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def has_had_visitors(self) -> bool:
        """True when the page is loaded."""
        return self._thread is not None

    def open(self) -> None:
        """Wait for the first visitor. Raises DoorShut."""
        try:
            self._socket.listen(BACKLOG)
        except OSError as error:
            raise DoorShut(_why(self.spec, error)) from None
        try:
            asyncio.get_running_loop().add_reader(self._socket, self._knocked)
            self._is_waiting = True
        except NotImplementedError:  # the event loop of Windows cannot wait for a socket of others
            self._load()

    async def close(self) -> None:
        """Take no more visitors and let those here finish, for a moment; closing twice is harmless."""
        if self._is_closed:
            return
        self._is_closed = True
        self._stop_waiting()
        if self._thread is None:
            self._socket.close()
            return
        if self._server is not None:
            with contextlib.suppress(RuntimeError):  # its event loop has ended already, and with it its thread
                self._server.end()
        await asyncio.to_thread(self._thread.join, STOP_SECONDS)
        if self._thread.is_alive():
            logger.warning("page.kept_running", extra={"fields": {"seconds": STOP_SECONDS}})

    def _knocked(self) -> None:
        self._stop_waiting()
        self._load()

    def _stop_waiting(self) -> None:
        if self._is_waiting:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._is_waiting = False

    def _load(self) -> None:
        loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, args=(loop,), name="page", daemon=True)
        self._thread.start()

    def _run(self, daemons_loop: asyncio.AbstractEventLoop) -> None:
        """Serve until the end, on this thread. What goes wrong here must not stay unsaid: nobody waits for a thread."""
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            logger.exception("page.failed")
            self._tell(daemons_loop, f"{type(error).__name__}; the log has more")
            if not isinstance(error, Exception):
                raise
        finally:
            self._socket.close()

    async def _serve(self) -> None:
        from reminders.web.app import build_app  # noqa: PLC0415  ten megabytes, for who never looks at the page
        from reminders.web.server import PageServer  # noqa: PLC0415

        app = build_app(self._house, self.spec, self._token)
        self._server = PageServer(app, on_end=app.state.live.close)
        if self._is_closed:
            return
        await self._server.serve([self._socket])

    def _tell(self, daemons_loop: asyncio.AbstractEventLoop, reason: str) -> None:
        with contextlib.suppress(RuntimeError):  # the daemon has ended, and with it who would hear
            daemons_loop.call_soon_threadsafe(self._failed, reason)


def _bound(spec: WebSpec) -> socket.socket:
    """Return a socket bound to the address; it does not listen yet, so that nobody waits at it. Raises DoorShut."""
    family = socket.AF_INET6 if ":" in spec.host else socket.AF_INET
    try:
        door = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise DoorShut(_why(spec, error)) from None
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # where the other option would share the port with anybody
            door.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # :: is every address, those of IPv4 as well
        door.setblocking(False)
        door.bind((spec.host, spec.port))
    except OSError as error:
        door.close()
        raise DoorShut(_why(spec, error)) from None
    return door


def _why(spec: WebSpec, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return say(
                "port {port} is taken by another program; choose another one with web: {{port: ...}}", port=spec.port
            )
        case errno.EACCES if spec.port < PRIVILEGED_BELOW:
            least = PRIVILEGED_BELOW
            return say(
                "port {port} is for privileged programs; choose one from {least} on", port=spec.port, least=least
            )
        case errno.EADDRNOTAVAIL:
            return say("this machine does not have the address {host}", host=spec.host)
        case errno.EAFNOSUPPORT:
            return say("this machine does not speak the kind of address that {host} is", host=spec.host)
        case _:
            address, reason = f"{spec.host}:{spec.port}", error.strerror or error
            return say("{address} cannot be opened: {reason}", address=address, reason=reason)
