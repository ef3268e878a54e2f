"""What the daemon tells the supervisor that started it: ready, still alive, reading anew, stopping.

The protocol is systemd's ``sd_notify``: one datagram to the socket named in the environment. Without a socket nothing
happens. A message that cannot be delivered is dropped: the supervisor draws its own conclusion from silence.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress

VARIABLE = "NOTIFY_SOCKET"


class Notifier:
    """Speaks to the supervisor named in the environment, if there is one."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Find the supervisor; nothing is sent yet."""
        address = environment.get(VARIABLE, "")
        # A leading @ names a socket of the abstract kind; anything else must be a path.
        is_there = sys.platform != "win32" and address[:1] in {"/", "@"}
        self._address = ("\0" + address[1:] if address.startswith("@") else address) if is_there else None

    def ready(self, status: str) -> None:
        """Say that the daemon serves; ``status`` is one line for people, without names of persons or habits."""
        self._tell(f"READY=1\nSTATUS={status}")

    def beat(self) -> None:
        """Say that the event loop runs."""
        self._tell("WATCHDOG=1")

    def degraded(self, why: str | None) -> None:
        """Say why the daemon cannot do its work; None = it can."""
        self._tell(f"STATUS={'serving' if why is None else f'degraded: {why}'}")

    def stopping(self) -> None:
        """Say that the daemon drains."""
        self._tell("STOPPING=1\nSTATUS=stopping")

    def _tell(self, message: str) -> None:
        if self._address is None or sys.platform == "win32":
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
            door.setblocking(False)
            door.sendto(message.encode(), self._address)
