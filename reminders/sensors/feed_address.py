"""Where a calendar's server is: its name is looked up once, and only addresses that may be asked are given.

A feed's URL may have been written by somebody else; it must not make this machine ask its own network.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from reminders.catalogue.phrases import phrase
from reminders.sensors.unreadable import FeedUnreadable

Address = IPv4Address | IPv6Address
SocketAddress = tuple[socket.AddressFamily, tuple[str, int]]
ADDRESSES_AT_MOST = 8
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))  # their last four bytes are an older address


def addresses_of(host: str, port: int, *, allow_private: bool, left: Callable[[], float]) -> list[SocketAddress]:
    """Return the addresses of a host that may be asked, in the system's order; never none.

    ``left`` returns the seconds there are for it, or raises. Raises FeedUnreadable.
    """
    found = _looked_up(host, port, left())
    allowed = [one for one in found if is_allowed(ip_address(one[1][0]), allow_private=allow_private)]
    if not allowed:
        if allow_private:
            raise FeedUnreadable(phrase("its server has an address at which no calendar can be"))
        raise FeedUnreadable(
            phrase('its server stands in a private network; if that is meant, write "allow_private: true"')
        )
    return allowed[:ADDRESSES_AT_MOST]


def is_allowed(address: Address, *, allow_private: bool) -> bool:
    """Tell whether a feed may be fetched from an address; ``allow_private`` = from a private network, too.

    Addresses for everybody, for nobody and of the link alone, where machines keep their passwords, never are.
    """
    for one in _held_in(address) or [address]:
        if one.is_multicast or one.is_unspecified or one.is_link_local:
            return False
        if not allow_private and not one.is_global:
            return False
    return True


def _held_in(address: Address) -> list[Address]:
    """Return the older addresses that a newer one stands for, which is where the packets end up."""
    if isinstance(address, IPv4Address):
        return []
    held: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    is_special = address.is_loopback or address.is_unspecified
    if not is_special and any(address in network for network in _TRANSLATED):
        held.append(IPv4Address(address.packed[-4:]))
    return [one for one in held if one is not None]


def _looked_up(host: str, port: int, seconds: float) -> list[SocketAddress]:
    """Ask the system once, for at most that long: it may wait much longer for an answer."""
    answer: queue.SimpleQueue[list[SocketAddress] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answer.put(error)
        else:
            known = (socket.AF_INET, socket.AF_INET6)
            answer.put([(info[0], (str(info[4][0]), int(info[4][1]))) for info in infos if info[0] in known])

    threading.Thread(target=look_up, name="name look-up", daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise FeedUnreadable(phrase("the name of its server cannot be looked up in time")) from None
    if isinstance(found, Exception):
        raise FeedUnreadable(phrase("the name of its server cannot be resolved"))
    if not found:
        raise FeedUnreadable(phrase("the name of its server has no address"))
    return found
