"""How long nobody has touched an X11 screen of this machine.

One connection, asked in the daemon's own loop: no thread, no child, and a server that hangs holds up nobody. It is not
asked in a Wayland session, where X11 sees only what happens in its own windows.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reminders.sensors import x11_wire
from reminders.sensors.sighting import Sighting
from reminders.sensors.x11_wire import Packet

_DISPLAY = re.compile(r"(?:unix)?:(\d{1,5})(?:\.\d+)?")
_SOCKETS = "/tmp/.X11-unix/X"  # noqa: S108  where every X server of a machine listens
_BUFFER_BYTES = 4096


@dataclass(slots=True)
class _Line:
    """A connection on which the extension was found."""

    reader: StreamReader
    writer: StreamWriter
    number: int
    root: int


class X11Idle:
    """One screen. ``look`` may be called again after it raised; after it was cut off, the connection is made anew."""

    name = "X11"

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Take the variables that name the screen; nothing is connected before ``look``."""
        self._environment = environment
        self._line: _Line | None = None

    async def look(self) -> Sighting:
        """Ask once; raises OSError, EOFError or ValueError when the screen cannot be asked."""
        line, self._line = self._line, None
        try:
            line = line or await self._connected()
            reply = await _asked(line.reader, line.writer, x11_wire.ask_idle(line.number, line.root))
        except BaseException:
            if line is not None:
                line.writer.close()
            raise
        self._line = line
        return Sighting(idle=x11_wire.idle_of(reply))

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.writer.close()
            self._line = None

    async def _connected(self) -> _Line:
        display = local_display(self._environment.get("DISPLAY", ""))
        if display is None:
            raise ValueError("DISPLAY names no screen of this machine")
        reader, writer = await _opened(display)
        try:
            writer.write(x11_wire.hello(_cookie(self._environment, display)))
            further = x11_wire.setup_bytes(await reader.readexactly(x11_wire.SETUP_BYTES))
            root = x11_wire.root_of(await reader.readexactly(further))
            number = x11_wire.extension_number(await _asked(reader, writer, x11_wire.find_extension()))
        except BaseException:
            writer.close()
            raise
        return _Line(reader=reader, writer=writer, number=number, root=root)


async def _asked(reader: StreamReader, writer: StreamWriter, request: bytes) -> bytes:
    """Send a request and return the reply; the events that every client is sent are passed over."""
    writer.write(request)
    while True:
        packet = Packet(await reader.readexactly(x11_wire.REPLY_BYTES))
        await reader.readexactly(packet.further_bytes)
        if packet.is_error:
            raise ValueError("the screen refuses to tell how long it was not touched")
        if packet.is_reply:
            return packet.head


async def _opened(display: int) -> tuple[StreamReader, StreamWriter]:
    path = f"{_SOCKETS}{display}"
    try:
        return await asyncio.open_unix_connection(path, limit=_BUFFER_BYTES)
    except FileNotFoundError:  # some servers listen under the name alone, without a file
        return await asyncio.open_unix_connection(f"\0{path}", limit=_BUFFER_BYTES)


def local_display(text: str) -> int | None:
    """Return the number of a display of this machine: ``:0`` is 0; None = it is none, or one elsewhere."""
    found = _DISPLAY.fullmatch(text)
    return None if found is None else int(found[1])


def _cookie(environment: Mapping[str, str], display: int) -> bytes | None:
    path = environment.get("XAUTHORITY") or os.path.join(environment.get("HOME", ""), ".Xauthority")  # noqa: PTH118
    try:
        content = Path(path).read_bytes()
    except OSError:
        return None  # a screen that asks for a proof says so itself
    return x11_wire.cookie_for(content, socket.gethostname().encode(), display)
