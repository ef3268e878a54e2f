"""A network of its own, with nothing in it but a loopback that is still switched off."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from tests.channels.servers import unmet

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
T = TypeVar("T")


@dataclass
class Island:
    """One thread that has left the machine's network; sockets made and processes started in it belong to the island."""

    shore: ThreadPoolExecutor

    def run(self, work: Callable[[], T]) -> T:
        """Do something on the island."""
        return self.shore.submit(work).result()

    def switch_on(self) -> None:
        """Switch the loopback on; before that there is no route to anywhere."""
        self.run(_switch_on)


def _switch_on() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def _leave() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@contextlib.contextmanager
def an_island() -> Iterator[Island]:
    """Make an island, switched off; skip where that is not permitted, fail where nothing may be skipped."""
    with ThreadPoolExecutor(max_workers=1) as shore:
        island = Island(shore)
        try:
            island.run(_leave)
        except OSError as error:
            line = f"a network namespace cannot be made ({error.strerror}): run as root, or docker run --privileged"
            unmet(line)
        yield island
