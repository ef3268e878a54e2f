"""Addresses and secrets of the page's door as people write them."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from reminders.domain.web import LOOPBACK
from reminders.settings.mistakes import FOUND, Mistake, parse_each

TOKEN_LETTERS = (16, 256)
_PROXIES_AT_MOST = 20
_LOCAL_NAME = "localhost"
_HOST_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?", re.ASCII)
_URL_HINT = "write the address people open, such as https://reminders.example.org"
_TOKEN_HINT = "write ${WEB_TOKEN}, or make one: openssl rand -hex 16"  # noqa: S105  an example, not a secret


def parse_host(value: object) -> str:
    """Read the IP address to listen on; ``localhost`` is 127.0.0.1. Raises Mistake for anything else."""
    if value == _LOCAL_NAME:
        return LOOPBACK
    try:
        return str(ip_address(value.strip() if isinstance(value, str) else ""))
    except ValueError:
        hint = f"write {LOOPBACK} for this machine only, or 0.0.0.0 for every network it is on"
        raise Mistake(f"{FOUND} is not an IP address", hint=hint) from None


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address that was checked."""
    return ip_address(host).is_loopback


def parse_public_url(value: object) -> str:
    """Read where people reach the page, without the slash at its end; raise Mistake otherwise.

    It is never shown: it may hold a password in the wrong place.
    """
    text = value.strip() if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
        host, has_port = parts.hostname or "", parts.port != 0
    except ValueError:
        raise Mistake("the URL is malformed", hint=_URL_HINT) from None
    if parts.scheme not in ("http", "https") or not (_HOST_NAME.fullmatch(host) or _is_address(host)) or not has_port:
        raise Mistake("this is not the URL of a page", allowed="http:// or https://, then a host", hint=_URL_HINT)
    if "@" in parts.netloc:
        raise Mistake("the URL holds a name or a password", hint="leave what stands before @ out")
    if "?" in text or "#" in text:
        raise Mistake("the URL goes on after its path", hint="leave out everything from ? or # on")
    if any(character.isspace() or not character.isprintable() for character in text):
        raise Mistake("the URL holds a space or the like", hint=_URL_HINT)
    return text.rstrip("/")


def parse_login_token(value: object) -> str:
    """Read the secret that lets people in, filled in; raise Mistake when it is none or too easy to guess."""
    least, most = TOKEN_LETTERS
    if not isinstance(value, str):
        raise Mistake("the token is not text", hint="put it in quotes")
    if any(character.isspace() or not character.isprintable() for character in value):
        raise Mistake("the token holds a space, a line break or the like", hint=_TOKEN_HINT)
    if not least <= len(value) <= most:
        words = "too short" if len(value) < least else "too long"
        raise Mistake(f"the token is {words}", allowed=f"{least} to {most} letters", hint=_TOKEN_HINT)
    return value


def parse_token_file(value: object) -> str:
    """Return the absolute path of a file that holds the token; raise Mistake otherwise. It is read by the daemon."""
    if not isinstance(value, str) or not Path(value).is_absolute():
        raise Mistake(f"{FOUND} is not an absolute path", hint="write a path such as /run/secrets/web")
    return value


def parse_proxies(value: object) -> tuple[str, ...]:
    """Read one address or network, or a list of them; raise Mistake for anything else, and for everybody."""
    items = value if isinstance(value, list) else [value]
    if len(items) > _PROXIES_AT_MOST:
        raise Mistake(f"{len(items)} addresses are listed", allowed=f"at most {_PROXIES_AT_MOST}")
    return tuple(dict.fromkeys(parse_each(items, _proxy)))


def _proxy(value: object) -> str:
    if value == _LOCAL_NAME:
        return LOOPBACK
    try:
        network = ip_network(value.strip() if isinstance(value, str) else "", strict=False)
    except ValueError:
        hint = "write an address such as 172.17.0.1, or a network such as 172.16.0.0/12"
        raise Mistake(f"{FOUND} is neither an IP address nor a network", hint=hint) from None
    if network.prefixlen == 0:
        raise Mistake(f"{FOUND} is everybody", hint="list the proxies alone: whoever is trusted may claim any address")
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
