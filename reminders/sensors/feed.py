"""A calendar's text, from the web or a file: bounded in size and time, whatever the other side does.

The address it connects to is the one that was looked at, so that a name cannot lead somewhere else in between.
"""

from __future__ import annotations

import os
import socket
import ssl
import stat
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import h11

from reminders import __version__
from reminders.catalogue.phrases import phrase
from reminders.sensors.feed_address import addresses_of
from reminders.sensors.unreadable import FeedUnreadable

BYTES_AT_MOST = 5 * 1024 * 1024
SECONDS_AT_MOST = 20.0
REDIRECTS_AT_MOST = 3
_HEAD_BYTES_AT_MOST = 32 * 1024
_READ_BYTES = 64 * 1024
_CONNECT_SECONDS = 8.0  # for one address of several
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_URL_BYTES_AT_MOST = 16 * 1024
_OK = 200
_MIB = 1024 * 1024
_TOO_SLOW = phrase("it takes longer than {seconds} s")
_TOO_MANY_REDIRECTS = phrase("it redirects more than {count} times")
_TOO_LARGE = phrase("it is larger than {size} MiB")
_NO_FILE = phrase('"{path}" is not a plain file')
_FILE_UNREADABLE = phrase('"{path}" cannot be read: {reason}')
_FILE_TOO_LARGE = phrase('"{path}" is larger than {size} MiB')
_NOT_ONE_LINE = phrase('"{path}" must hold one line, the address of the calendar')


class Deadline:
    """The wall time that all of it may take."""

    def __init__(self, total_seconds: float) -> None:
        """Begin now."""
        self._total_seconds = total_seconds
        self._end = time.monotonic() + total_seconds

    def left(self) -> float:
        """Return the seconds that are left; raise FeedUnreadable when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FeedUnreadable(_TOO_SLOW.format(seconds=f"{self._total_seconds:g}"))
        return left


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    total_seconds: float = SECONDS_AT_MOST,
    bytes_at_most: int = BYTES_AT_MOST,
) -> bytes:
    """Return what is at a web address, after at most three redirects. Raises FeedUnreadable."""
    deadline = Deadline(total_seconds)
    address = first = _address(url)
    for _ in range(REDIRECTS_AT_MOST + 1):
        login = _login(first) if _origin(address) == _origin(first) else None
        with _connected(address, deadline, allow_private=allow_private) as sock:
            exchange = _Exchange(sock, deadline)
            head = exchange.ask(address, login)
            if head.status_code not in _REDIRECTS:
                return exchange.body(head, bytes_at_most)
            address = _redirected(address, head)
    raise FeedUnreadable(_TOO_MANY_REDIRECTS.format(count=REDIRECTS_AT_MOST))


def read_file(path: str, bytes_at_most: int = BYTES_AT_MOST) -> bytes:
    """Return what a plain file holds. Raises FeedUnreadable, which names the path."""
    try:
        # Without waiting: what looks like a file may be a pipe nobody writes to.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FeedUnreadable(_NO_FILE.format(path=path))
            content = file.read(bytes_at_most + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else "not a path"
        raise FeedUnreadable(_FILE_UNREADABLE.format(path=path, reason=reason)) from None
    if len(content) > bytes_at_most:
        raise FeedUnreadable(_FILE_TOO_LARGE.format(path=path, size=f"{bytes_at_most / _MIB:g}"))
    return content


def read_url_file(path: str) -> str:
    """Return the address that a file holds. Raises FeedUnreadable, which names the path alone."""
    text = read_file(path, _URL_BYTES_AT_MOST).decode("utf-8", "replace").strip()
    if not text or len(text.splitlines()) > 1:
        raise FeedUnreadable(_NOT_ONE_LINE.format(path=path))
    return text


def _address(url: str) -> SplitResult:
    """Return an address in its parts; ``webcal`` is what calendars call https. Raises FeedUnreadable."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise FeedUnreadable(phrase("its address is malformed")) from None
    parts = parts._replace(scheme={"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme))
    if parts.scheme not in _PORTS or not host:
        raise FeedUnreadable(phrase("its address is neither http:// nor https://"))
    if not url.isascii() or any(character.isspace() or not character.isprintable() for character in url):
        raise FeedUnreadable(phrase("its address holds a character that none may hold"))
    return parts


def _origin(address: SplitResult) -> tuple[str, str | None, int]:
    return address.scheme, address.hostname, address.port or _PORTS[address.scheme]


def _login(address: SplitResult) -> str | None:
    """Return the header's value for the name and password in an address; None without."""
    if address.username is None:
        return None
    pair = f"{unquote(address.username)}:{unquote(address.password or '')}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _redirected(address: SplitResult, head: h11.Response) -> SplitResult:
    target = dict(head.headers).get(b"location")
    if target is None:
        raise FeedUnreadable(phrase("it redirects to nowhere"))
    try:
        found = _address(urljoin(address.geturl(), target.decode("ascii")))
    except (UnicodeDecodeError, ValueError):
        raise FeedUnreadable(phrase("it redirects to an address that is malformed")) from None
    if address.scheme == "https" and found.scheme != "https":
        raise FeedUnreadable(phrase("it redirects from https to http, where others could read along"))
    return found


@contextmanager
def _connected(address: SplitResult, deadline: Deadline, *, allow_private: bool) -> Iterator[socket.socket]:
    """Connect to the first of the host's allowed addresses that answers; raises FeedUnreadable."""
    scheme, host, port = _origin(address)
    assert host is not None  # noqa: S101  looked at in _address
    sock = _connect(host, port, deadline, allow_private=allow_private)
    try:
        if scheme == "https":
            sock.settimeout(deadline.left())
            sock = _trust().wrap_socket(sock, server_hostname=host)
        yield sock
    except ssl.SSLCertVerificationError:
        raise FeedUnreadable(phrase("its server cannot prove who it is: the certificate is not valid")) from None
    except TimeoutError:
        deadline.left()
        raise FeedUnreadable(phrase("its server does not answer in time")) from None
    except OSError:
        raise FeedUnreadable(phrase("the connection to its server broke")) from None
    finally:
        sock.close()


def _trust() -> ssl.SSLContext:
    """Return what a server must show: a certificate that the system trusts, and that names it."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"] and ssl.get_default_verify_paths().capath is None:
        import certifi  # noqa: PLC0415  comes with Apprise, and only a system without a store needs it

        context.load_verify_locations(certifi.where())
    return context


def _connect(host: str, port: int, deadline: Deadline, *, allow_private: bool) -> socket.socket:
    reason = phrase("its server cannot be reached")
    for family, place in addresses_of(host, port, allow_private=allow_private, left=deadline.left):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(min(deadline.left(), _CONNECT_SECONDS))
            sock.connect(place)
        except OSError as error:
            sock.close()
            reason = phrase("its server refuses connections") if isinstance(error, ConnectionRefusedError) else reason
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise FeedUnreadable(reason)


class _Exchange:
    """One question and its answer; every step has what is left of the time."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_BYTES_AT_MOST)

    def ask(self, address: SplitResult, login: str | None) -> h11.Response:
        """Send the request and return the head of the answer. Raises FeedUnreadable, OSError."""
        headers = [
            ("Host", address.netloc.rpartition("@")[2]),
            ("User-Agent", f"reminders/{__version__}"),
            ("Accept", "text/calendar, */*;q=0.5"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ]
        headers += [] if login is None else [("Authorization", login)]
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        try:
            question = self._http.send(h11.Request(method="GET", target=target, headers=headers)) or b""
            question += self._http.send(h11.EndOfMessage()) or b""
        except h11.LocalProtocolError:
            raise FeedUnreadable(phrase("its address cannot be sent over HTTP")) from None
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(question)
        while not isinstance(event := self._event(), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise FeedUnreadable(phrase("its server hangs up without an answer"))
        return event

    def body(self, head: h11.Response, bytes_at_most: int) -> bytes:
        """Return what comes after the head. Raises FeedUnreadable, OSError."""
        if head.status_code != _OK:
            raise FeedUnreadable(_refused(head.status_code))
        headers = dict(head.headers)
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise FeedUnreadable(phrase("its server sends it packed, which it was asked not to do"))
        content = bytearray()
        while isinstance(event := self._event(), h11.Data):
            content += event.data
            if len(content) > bytes_at_most:
                raise FeedUnreadable(_TOO_LARGE.format(size=f"{bytes_at_most / _MIB:g}"))
        if not isinstance(event, h11.EndOfMessage):
            raise FeedUnreadable(phrase("its server hangs up in the middle of it"))
        return bytes(content)

    def _event(self) -> object:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._sock.settimeout(self._deadline.left())
                self._http.receive_data(self._sock.recv(_READ_BYTES))
        except h11.RemoteProtocolError:
            raise FeedUnreadable(phrase("its server hangs up early, or speaks no HTTP that is understood")) from None
        self._deadline.left()
        return event


def _refused(status: int) -> str:
    if status in (401, 403):
        answer = phrase("its server answers {status}, so its address, or the login in it, is wrong or no longer valid")
    elif status in (404, 410):
        answer = phrase("its server answers {status}, so nothing is there under its address")
    else:
        answer = phrase("its server answers {status}")
    return answer.format(status=status)
