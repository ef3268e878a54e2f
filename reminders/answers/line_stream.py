"""A web answer that never ends, read line by line: HTTP over plain TCP or TLS, with caps on all the other side sends.

No exception that leaves this module holds a part of the address.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

import h11

from reminders import __version__
from reminders.answers.connection import connect
from reminders.catalogue.phrases import phrase
from reminders.domain.errors import ReminderError

if TYPE_CHECKING:
    from ssl import SSLContext

CONNECT_SECONDS = 15.0
HEAD_SECONDS = 30.0
HEAD_BYTES_AT_MOST = 16 * 1024
LINE_BYTES_AT_MOST = 64 * 1024
READ_BYTES = 4 * 1024
REDIRECTS_AT_MOST = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PORTS = {"http": 80, "https": 443}
_LONG_LINE = phrase("its server sends a line of more than {bytes} bytes")
_REDIRECTS = phrase("its server redirects more than {count} times")


class StreamRefused(ReminderError):
    """the server said no: ``status``, and after how many seconds to ask again, None = it does not say."""

    def __init__(self, status: int, retry_after_seconds: int | None) -> None:
        """Keep what decides when to ask again."""
        super().__init__(f"the server answers {status}")
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class StreamBroken(ReminderError):
    """what came is not what was asked for: not HTTP, too long, a redirect that is not followed."""


class LineStream:
    """One open answer with status 200."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a fresh connection; nothing is asked yet."""
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_BYTES_AT_MOST)
        self._lines = bytearray()
        self._searched = 0

    async def ask(self, address: SplitResult, authorization: str | None) -> h11.Response:
        """Send the request and return the head of the answer. Raises StreamBroken, OSError."""
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        headers = [
            ("Host", address.netloc.rpartition("@")[2]),
            ("User-Agent", f"reminders/{__version__}"),
            ("Accept", "application/x-ndjson"),
        ]
        headers += [] if authorization is None else [("Authorization", authorization)]
        try:
            self._writer.write(self._http.send(h11.Request(method="GET", target=target, headers=headers)) or b"")
            self._writer.write(self._http.send(h11.EndOfMessage()) or b"")
            await self._writer.drain()
            while not isinstance(event := await self._event(), h11.Response):
                if event is None:
                    raise StreamBroken(phrase("its server hangs up without an answer"))
        except h11.LocalProtocolError:
            raise StreamBroken(phrase("its URL or login cannot be sent over HTTP")) from None
        return event

    async def next_line(self) -> bytes | None:
        """Return the next line without its end; None when the answer is over. Raises StreamBroken, OSError."""
        while (end := self._lines.find(b"\n", self._searched)) < 0:
            self._searched = len(self._lines)
            if self._searched > LINE_BYTES_AT_MOST:
                raise StreamBroken(_LONG_LINE.format(bytes=LINE_BYTES_AT_MOST))
            event = await self._event()
            if event is None:
                return None
            if isinstance(event, h11.Data):
                self._lines += event.data
        line = bytes(self._lines[:end])
        del self._lines[: end + 1]
        self._searched = 0
        return line

    def close(self) -> None:
        """Let go of the connection at once; a TLS farewell that nobody answers would hold up a stop."""
        self._writer.transport.abort()

    async def _event(self) -> h11.Event | None:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(READ_BYTES))
        except h11.RemoteProtocolError:
            if self._reader.at_eof():
                return None
            raise StreamBroken(phrase("its server speaks no HTTP that is understood")) from None
        is_over = isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or event is h11.PAUSED
        return None if is_over else event  # type: ignore[return-value]  # the sentinels are dealt with


@contextlib.asynccontextmanager
async def open_lines(url: str, authorization: str | None, *, verify: bool = True) -> AsyncIterator[LineStream]:
    """Ask for a page and give its lines, following redirects on the same host.

    ``authorization`` is a header's value, None = none. ``verify`` False leaves the certificate unchecked. Raises
    StreamRefused for any status but 200, StreamBroken, and OSError where the server cannot be reached.
    """
    address = urlsplit(url)
    for _ in range(REDIRECTS_AT_MOST + 1):
        stream = await _connect(address, verify=verify)
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await stream.ask(address, authorization)
            if head.status_code not in REDIRECTS:
                _refuse_unless_fine(head)
                yield stream
                return
            address = _redirected(address, head)
        finally:
            stream.close()
    raise StreamBroken(_REDIRECTS.format(count=REDIRECTS_AT_MOST))


async def _connect(address: SplitResult, *, verify: bool) -> LineStream:
    try:
        host, port = address.hostname or "", address.port or PORTS[address.scheme]
        context = _context(verify=verify) if address.scheme == "https" else None
        async with asyncio.timeout(CONNECT_SECONDS):
            sock = await connect(host, port)
            server_name = None if context is None else host
            reader, writer = await asyncio.open_connection(
                sock=sock, ssl=context, server_hostname=server_name, limit=READ_BYTES
            )
    except OSError:  # an untrusted certificate is a ValueError as well
        raise
    except ValueError:  # UnicodeError is one
        raise StreamBroken(phrase("its server's name or port cannot be one")) from None
    return LineStream(reader, writer)


def _context(*, verify: bool) -> SSLContext:
    from reminders.answers.trust import tls_context  # noqa: PLC0415  a server without TLS needs none of it

    try:
        return tls_context(verify=verify)
    except OSError:
        raise StreamBroken(phrase("the certificates that servers are checked against cannot be read")) from None


def _refuse_unless_fine(head: h11.Response) -> None:
    if head.status_code != 200:  # noqa: PLR2004
        wait = _header(head, b"retry-after")
        raise StreamRefused(head.status_code, int(wait) if wait.isdecimal() and len(wait) <= len("86400") else None)


def _redirected(address: SplitResult, head: h11.Response) -> SplitResult:
    """Return where the answer sends us; the login goes along, so never to another host, and never off TLS."""
    try:
        there = urlsplit(urljoin(address.geturl(), _header(head, b"location")))
        is_same_port = (there.port or PORTS.get(there.scheme)) == (address.port or PORTS[address.scheme])
    except ValueError:
        raise StreamBroken(phrase("its server redirects to nowhere")) from None
    is_raised = (address.scheme, there.scheme) == ("http", "https")
    is_same = there.scheme == address.scheme and is_same_port
    if there.hostname != address.hostname or "@" in there.netloc or not (is_same or is_raised):
        raise StreamBroken(phrase("its server redirects to another place; put that into the channel's URL"))
    return there


def _header(head: h11.Response, name: bytes) -> str:
    return next((value.decode("latin-1").strip() for key, value in head.headers if key == name), "")
