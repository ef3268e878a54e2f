"""Who may come in: the names the page answers to, where a form may come from, and who counts as the person.

Without a login token the page is for this machine alone. With one everybody logs in, this machine too: a proxy on it
makes the whole world look like this machine. What a link's token opens needs neither.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from datetime import datetime
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request

from reminders.catalogue.phrases import say
from reminders.domain.web import WebSpec
from reminders.web.body import Form, read_form
from reminders.web.exposure import is_loopback, refuse_open_door
from reminders.web.session import COOKIE, Sessions
from reminders.web.visitor import Visitor, visitor_of

CSRF_FIELD = "csrf_token"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# Any of them says that somebody stands between the visitor and us.
FORWARDING_HEADERS = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_RELATIONS = frozenset({"same-origin", "none"})
PORTS = {"http": 80, "https": 443}
HOST_LETTERS_AT_MOST = 255


class Place(NamedTuple):
    """A host and its port; None = the usual one."""

    host: str
    port: int | None


class Access:
    """The rules of one door. Raises StartRefused when it would stand open to strangers."""

    def __init__(self, spec: WebSpec, token: str | None) -> None:
        """``token`` is the login token, filled in; None = there is no login."""
        refuse_open_door(spec, has_token=token is not None)
        self._token = token
        self._public = None if spec.public_url is None else urlsplit(spec.public_url)
        self.sessions = Sessions()

    @property
    def has_login(self) -> bool:
        """True when there is a token to log in with."""
        return self._token is not None

    @property
    def is_secure(self) -> bool:
        """True when people reach the page by HTTPS, so that the cookie is for HTTPS alone."""
        return self._public is not None and self._public.scheme == "https"

    @property
    def prefix(self) -> str:
        """The path under which a proxy shows the page, such as ``/reminders``; "" = at the top."""
        return "" if self._public is None else self._public.path.rstrip("/")

    def is_public_host(self, headers: Headers) -> bool:
        """Tell whether the request came by the public URL."""
        place = _place(headers.get("host", ""))
        return place is not None and self._public is not None and place.host == self._public.hostname

    def knows_host(self, headers: Headers) -> bool:
        """Tell whether the request names us: another name that leads here is a trick (DNS rebinding)."""
        named = headers.getlist("host")
        place = _place(named[0]) if len(named) == 1 else None
        return place is not None and (place.host in LOOPBACK_NAMES or self.is_public_host(headers))

    def is_from_our_page(self, headers: Headers) -> bool | None:
        """Tell whether our own page sent this; None = nothing says so, and nothing speaks against it.

        A browser hides the origin of a form on a page that wants no referrer, and tells how the two are related to
        trustworthy addresses only: HTTPS and this machine.
        """
        related = headers.get("sec-fetch-site")
        if related is not None and related not in OWN_RELATIONS:
            return False
        origin = headers.get("origin")
        if origin is not None and origin != "null":
            return self._is_ours(origin, headers)
        if origin is None and (referrer := headers.get("referer")) is not None:
            return self._is_ours(referrer, headers)
        return True if related is not None else None

    def _is_ours(self, address: str, headers: Headers) -> bool:
        parts = _split(address)
        if parts is None or parts.scheme not in PORTS:
            return False
        from_there = Place(parts.hostname or "", parts.port or PORTS[parts.scheme])
        own = _place(headers.get("host", ""))
        if own is not None and from_there == Place(own.host, own.port or PORTS[parts.scheme]):
            return True
        public = self._public
        return (
            public is not None
            and parts.scheme == public.scheme
            and from_there == Place(public.hostname or "", public.port or PORTS[public.scheme])
        )

    def visitor(self, peer: str | None, address: str, headers: Headers, now: datetime) -> Visitor:
        """Return who asks: ``peer`` is the other end of the connection, ``address`` where the request comes from."""
        place = _place(headers.get("host", ""))
        is_direct = not any(name in headers for name in FORWARDING_HEADERS)
        is_local = is_loopback(peer or "") and place is not None and place.host in LOOPBACK_NAMES and is_direct
        session = HTTPConnection({"type": "http", "headers": headers.raw}).cookies.get(COOKIE)
        has_session = self.has_login and self.sessions.holds(session, now)
        return Visitor(
            address=address,
            is_local=is_local,
            session=session if has_session else None,
            may_enter=has_session or self._has_key(headers) or (is_local and self._is_for_this_machine),
            is_proven=self.is_from_our_page(headers) is True,
        )

    @property
    def _is_for_this_machine(self) -> bool:
        """Whether this machine counts as the person.

        Not where people come by a public URL as well: some proxies pass the world on as if it were this machine.
        """
        leads_elsewhere = self._public is not None and self._public.hostname not in LOOPBACK_NAMES
        return not self.has_login and not leads_elsewhere

    def _has_key(self, headers: Headers) -> bool:
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        match scheme.lower():
            case "bearer":
                return self.is_token(credentials.strip())
            case "basic":  # calendar programs know no other way
                return self.is_token(_password(credentials.strip()))
            case _:
                return False

    def is_token(self, text: str) -> bool:
        """Tell whether that is the login token, in the same time for every wrong one."""
        return self._token is not None and hmac.compare_digest(text.encode(), self._token.encode())

    def csrf_token(self, request: HTTPConnection) -> str:
        """Return what a form of this visitor has to carry in the field ``CSRF_FIELD``."""
        return self.sessions.mark(visitor_of(request).session or "")


def access_of(request: HTTPConnection) -> Access:
    """Return the rules of the door the request came in by."""
    access: Access = request.app.state.access
    return access


async def check_form(request: Request) -> Form:
    """Return the fields of a form of our own page.

    Raises HTTPException: 403 when it does not carry its visitor's mark, 400, 413 or 415 when it cannot be read.
    """
    form = await read_form(request)
    if not hmac.compare_digest(form.get(CSRF_FIELD, "").encode(), access_of(request).csrf_token(request).encode()):
        raise HTTPException(403, say("this form is out of date: go back, load the page again and repeat it"))
    return form


def _password(credentials: str) -> str:
    """Return the password of basic credentials, whoever it is of; "" = they are malformed."""
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _place(named: str) -> Place | None:
    """Return the host of a Host header, in lower case and without brackets; None = it is malformed."""
    if not named or len(named) > HOST_LETTERS_AT_MOST or any(letter in named for letter in "/@?#\\ ,"):
        return None
    parts = _split(f"//{named}")
    return None if parts is None or not parts.hostname else Place(parts.hostname, parts.port)


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # read here, because a wrong one raises only when it is read
    except ValueError:
        return None
    return parts
