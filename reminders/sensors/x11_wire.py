"""The few bytes of the X11 protocol that ask how long nobody has touched a screen.

Three requests of a protocol that has not changed since 1987, and of its extension MIT-SCREEN-SAVER: connect, find the
extension, ask it. No I/O here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

EXTENSION = b"MIT-SCREEN-SAVER"
COOKIE = b"MIT-MAGIC-COOKIE-1"
REPLY_BYTES = 32  # of a reply without more, of an error and of an event
SETUP_BYTES = 8
_ERROR, _REPLY, _GENERIC_EVENT = 0, 1, 35
_QUERY_EXTENSION, _QUERY_INFO = 98, 1
_ROOTS_FROM, _FORMAT_BYTES = 32, 8
_LOCAL, _ANYWHERE = 256, 65535  # families of an address


@dataclass(frozen=True, slots=True)
class Packet:
    """What a server sends; ``is_reply`` False = an event or an error."""

    head: bytes

    @property
    def is_reply(self) -> bool:
        """True for the answer to a request."""
        return self.head[0] == _REPLY

    @property
    def is_error(self) -> bool:
        """True for a request that the server refuses."""
        return self.head[0] == _ERROR

    @property
    def further_bytes(self) -> int:
        """How much of it is still to come."""
        has_more = self.head[0] & 0x7F in (_REPLY, _GENERIC_EVENT)
        return 4 * int(struct.unpack_from("<I", self.head, 4)[0]) if has_more else 0


def hello(cookie: bytes | None) -> bytes:
    """Return what opens a connection; ``cookie`` None = without a proof of who asks."""
    name, data = (b"", b"") if cookie is None else (COOKIE, cookie)
    return struct.pack("<cxHHHH2x", b"l", 11, 0, len(name), len(data)) + _padded(name) + _padded(data)


def setup_bytes(head: bytes) -> int:
    """Return how much follows the first bytes of the server's greeting. Raises ValueError when it turns us away."""
    status, further = struct.unpack("<Bx4xH", head)
    if status != 1:
        raise ValueError("the screen turned the connection down")
    return 4 * int(further)


def root_of(setup: bytes) -> int:
    """Return the first screen's window from the server's greeting. Raises ValueError for one that is cut off."""
    try:
        vendor_bytes, formats = struct.unpack_from("<H3xB", setup, 16)
        at = _ROOTS_FROM + vendor_bytes + _padding(vendor_bytes) + _FORMAT_BYTES * formats
        return int(struct.unpack_from("<I", setup, at)[0])
    except struct.error:
        raise ValueError("the screen's greeting is cut off") from None


def find_extension() -> bytes:
    """Return the request for the extension's number."""
    name = _padded(EXTENSION)
    return struct.pack("<BxHH2x", _QUERY_EXTENSION, 2 + len(name) // 4, len(EXTENSION)) + name


def extension_number(reply: bytes) -> int:
    """Return the extension's number. Raises ValueError when the screen has none."""
    is_present, number = struct.unpack_from("<BB", reply, 8)
    if not is_present:
        raise ValueError("the screen does not tell how long it was not touched")
    return int(number)


def ask_idle(number: int, root: int) -> bytes:
    """Return the request for the time since the last touch."""
    return struct.pack("<BBHI", number, _QUERY_INFO, 2, root)


def idle_of(reply: bytes) -> timedelta:
    """Return the time since the last touch."""
    return timedelta(milliseconds=int(struct.unpack_from("<I", reply, 16)[0]))


def cookie_for(content: bytes, host: bytes, display: int) -> bytes | None:
    """Return the proof for a display of this machine from the content of an authority file; None = it holds none."""
    for family, address, number, name, data in _entries(content):
        is_here = family == _ANYWHERE or (family == _LOCAL and address == host)
        if is_here and number in (b"", str(display).encode()) and name == COOKIE:
            return data
    return None


def _entries(content: bytes) -> Iterator[tuple[int, bytes, bytes, bytes, bytes]]:
    at = 0
    while at + 2 <= len(content):
        (family,) = struct.unpack_from(">H", content, at)
        at += 2
        parts: list[bytes] = []
        for _ in range(4):
            if at + 2 > len(content):
                return
            (length,) = struct.unpack_from(">H", content, at)
            parts.append(content[at + 2 : at + 2 + length])
            at += 2 + length
        yield family, parts[0], parts[1], parts[2], parts[3]


def _padding(length: int) -> int:
    return -length % 4


def _padded(data: bytes) -> bytes:
    return data + bytes(_padding(len(data)))
