"""A TCP connection to a host by name, without asyncio's own threads: a hung name server must not hold up a stop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

ADDRESS_SECONDS = 6.0
ADDRESSES_AT_MOST = 4

AddressInfo = tuple[int, int, int, str, tuple[object, ...]]


async def connect(host: str, port: int) -> socket.socket:
    """Return a connected socket, of the first of the host's addresses that answers; raises OSError."""
    failure: OSError = socket.gaierror("the name has no address")
    for family, kind, protocol, _, address in (await look_up(host, port))[:ADDRESSES_AT_MOST]:
        try:
            return await _connected(family, kind, protocol, address)
        except OSError as error:  # where the system knows no IPv6, even the socket is refused
            failure = error
    raise failure


async def _connected(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        async with asyncio.timeout(ADDRESS_SECONDS):
            await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


async def look_up(host: str, port: int) -> list[AddressInfo]:
    """Return what the system knows of the host, as ``socket.getaddrinfo``; raises OSError, UnicodeError."""
    with contextlib.suppress(socket.gaierror):  # an address in figures needs nobody to be asked
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[AddressInfo]] = loop.create_future()

    def tell(found: list[AddressInfo] | Exception) -> None:
        if answer.done():
            return
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def work() -> None:
        found: list[AddressInfo] | Exception
        try:
            found = list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, found)

    threading.Thread(target=work, name="name look-up", daemon=True).start()
    return await answer
