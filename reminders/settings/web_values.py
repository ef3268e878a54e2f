"""Addresses and secrets of the page's door as people write them."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from reminders.catalogue.phrases import phrase, say
from reminders.domain.web import LOOPBACK
from reminders.settings.mistakes import FOUND, Mistake, parse_each

TOKEN_LETTERS = (16, 256)
_PROXIES_AT_MOST = 20
_LOCAL_NAME = "localhost"
_HOST_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?", re.ASCII)
_URL_HINT = phrase("write the address people open, such as https://reminders.example.org")
_TOKEN_HINT = phrase("write ${WEB_TOKEN}, or make one: openssl rand -hex 16")


def parse_host(value: object) -> str:
    """Read the IP address to listen on; ``localhost`` is 127.0.0.1. Raises Mistake for anything else."""
    if value == _LOCAL_NAME:
        return LOOPBACK
    try:
        return str(ip_address(value.strip() if isinstance(value, str) else ""))
    except ValueError:
        hint = say("write {address} for this machine only, or 0.0.0.0 for every network it is on", address=LOOPBACK)
        raise Mistake(say("{found} is not an IP address", found=FOUND), hint=hint) from None


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
        raise Mistake(say("the URL is malformed"), hint=say(_URL_HINT)) from None
    if parts.scheme not in ("http", "https") or not (_HOST_NAME.fullmatch(host) or _is_address(host)) or not has_port:
        allowed = say("http:// or https://, then a host")
        raise Mistake(say("this is not the URL of a page"), allowed=allowed, hint=say(_URL_HINT))
    if "@" in parts.netloc:
        raise Mistake(say("the URL holds a name or a password"), hint=say("leave what stands before @ out"))
    if "?" in text or "#" in text:
        raise Mistake(say("the URL goes on after its path"), hint=say("leave out everything from ? or # on"))
    if any(character.isspace() or not character.isprintable() for character in text):
        raise Mistake(say("the URL holds a space or the like"), hint=say(_URL_HINT))
    return text.rstrip("/")


def parse_login_token(value: object) -> str:
    """Read the secret that lets people in, filled in; raise Mistake when it is none or too easy to guess."""
    least, most = TOKEN_LETTERS
    if not isinstance(value, str):
        raise Mistake(say("the token is not text"), hint=say("put it in quotes"))
    if any(character.isspace() or not character.isprintable() for character in value):
        raise Mistake(say("the token holds a space, a line break or the like"), hint=say(_TOKEN_HINT))
    if not least <= len(value) <= most:
        message = say("the token is too short") if len(value) < least else say("the token is too long")
        allowed = say("{least} to {most} letters", least=least, most=most)
        raise Mistake(message, allowed=allowed, hint=say(_TOKEN_HINT))
    return value


def parse_token_file(value: object) -> str:
    """Return the absolute path of a file that holds the token; raise Mistake otherwise. It is read by the daemon."""
    if not isinstance(value, str) or not Path(value).is_absolute():
        hint = say("write a path such as {example}", example="/run/secrets/web")
        raise Mistake(say("{found} is not an absolute path", found=FOUND), hint=hint)
    return value


def parse_proxies(value: object) -> tuple[str, ...]:
    """Read one address or network, or a list of them; raise Mistake for anything else, and for everybody."""
    items = value if isinstance(value, list) else [value]
    if len(items) > _PROXIES_AT_MOST:
        allowed = say("at most {most}", most=_PROXIES_AT_MOST)
        raise Mistake(say("{count} addresses are listed", count=len(items)), allowed=allowed)
    return tuple(dict.fromkeys(parse_each(items, _proxy)))


def _proxy(value: object) -> str:
    if value == _LOCAL_NAME:
        return LOOPBACK
    try:
        network = ip_network(value.strip() if isinstance(value, str) else "", strict=False)
    except ValueError:
        hint = say("write an address such as 172.17.0.1, or a network such as 172.16.0.0/12")
        raise Mistake(say("{found} is neither an IP address nor a network", found=FOUND), hint=hint) from None
    if network.prefixlen == 0:
        hint = say("list the proxies alone: whoever is trusted may claim any address")
        raise Mistake(say("{found} is everybody", found=FOUND), hint=hint)
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
