"""Who asks: the address a request comes from, and what the door made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from reminders.web.exposure import address_of

UNKNOWN_ADDRESS = "unknown"
HOPS_AT_MOST = 20  # proxies named in one header; more is nobody's network
NEIGHBOURHOOD_BITS = 64  # of an IPv6 address; the rest is one household's to choose freely


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """One who asks.

    ``address`` is where from. ``is_local`` = from this very machine, with nobody in between. ``session`` is the
    session they came with, None = without. ``may_enter`` = they count as the person. ``is_proven`` = the browser, or
    what stands for one, says that our own page sent them; False = it does not say.
    """

    address: str
    is_local: bool
    session: str | None = field(default=None, repr=False)
    may_enter: bool = False
    is_proven: bool = False


def visitor_of(connection: HTTPConnection) -> Visitor:
    """Return who asks; the gate has put it there."""
    visitor: Visitor = connection.state.visitor
    return visitor


class Proxies:
    """The proxies whose word about who asks is believed."""

    def __init__(self, trusted: Sequence[str]) -> None:
        """``trusted`` are addresses or networks. Raises ValueError for anything else."""
        self._networks = tuple(ip_network(one, strict=False) for one in trusted)

    def address_behind(self, peer: str | None, headers: Headers) -> str:
        """Return where a request comes from: the last address that no trusted proxy could have made up."""
        found = address_of(peer or "")
        if found is None:
            return UNKNOWN_ADDRESS
        hops = ",".join(headers.getlist("x-forwarded-for")).split(",")[-HOPS_AT_MOST:]
        for hop in reversed(hops):
            further = address_of(hop.strip())
            if further is None or not self._trusts(found):
                break
            found = further
        return _neighbourhood(found)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._networks)


def _neighbourhood(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address) or address.is_loopback:
        return str(address)
    return str(IPv6Network((int(address), NEIGHBOURHOOD_BITS), strict=False).network_address)
