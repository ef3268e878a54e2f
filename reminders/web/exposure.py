"""Whether a door may be opened at all. Imports nothing heavy: this is asked before the page is loaded."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from reminders.catalogue.phrases import say
from reminders.domain.errors import StartRefused
from reminders.domain.web import WebSpec


def refuse_open_door(spec: WebSpec, *, has_token: bool) -> None:
    """Raise StartRefused for a door that other machines reach and nothing guards."""
    lacking = [name for name, has in (("public_url", spec.public_url), ("login_token", has_token)) if not has]
    if not is_loopback(spec.host) and lacking:
        told = say(
            "other machines could open the page at {host}: add {keys}, or leave web.host out",
            host=spec.host,
            keys=say(" and ").join(f"web.{name}" for name in lacking),
        )
        raise StartRefused(told)


def is_loopback(text: str) -> bool:
    """Tell whether an address is of this machine alone."""
    address = address_of(text)
    return address is not None and address.is_loopback


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address of a text, an IPv4 one in IPv6's clothes as what it is; None = it is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
