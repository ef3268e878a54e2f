"""The gate: every request passes it before anything else looks at it, every answer passes it on the way out."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reminders.catalogue.phrases import say, speak
from reminders.web.access import SAFE_METHODS, Access
from reminders.web.body import BODY_BYTES_AT_MOST
from reminders.web.house import House
from reminders.web.language import language_for
from reminders.web.rate_limit import RateLimit
from reminders.web.refusal import API, refusal
from reminders.web.response_headers import with_standing_headers
from reminders.web.visitor import Proxies, Visitor

REQUESTS_A_SECOND = 10.0
REQUESTS_AT_ONCE = 30
HEAD_BYTES_AT_MOST = 16 * 1024
# What may be seen without being known as the person. None of it names anybody, or it asks for a secret of its own.
OPEN_PATHS = frozenset({"/login", "/healthz"})
OPEN_PLACES = ("/a/", "/static/")
CALENDAR = "/calendar.ics"
BASIC = 'Basic realm="reminders", charset="UTF-8"'
PAGE_BEFORE_LOGIN = "/login"


class Gate:
    """Turns away what must not come in; the rest goes on to ``app`` with ``visitor`` and ``base`` in its state.

    Steps, in this order: 1. too often: 429. 2. a host that is not ours: 403. 3. a head or a body too large: 431, 413.
    4. a change that another site asks for: 403. 5. not known as the person: to the login, 401 or 403.
    """

    def __init__(self, app: ASGIApp, house: House, access: Access, proxies: Proxies) -> None:
        """Every address starts with a full bucket."""
        self._app, self._house, self._access, self._proxies = app, house, access, proxies
        self._limit = RateLimit(REQUESTS_A_SECOND, REQUESTS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            return  # nothing else is spoken here: uvicorn closes the connection
        headers = Headers(scope=scope)
        self._strip_prefix(scope, headers)
        leave = self._leave(scope, send)
        # Always, English as well: on a connection that is kept, a request begins where the one before it ended.
        speak(language_for(scope["path"], headers, self._house.household()))
        peer = scope["client"][0] if scope.get("client") else None
        address = self._proxies.address_behind(peer, headers)
        wait_seconds = self._limit.take(address, asyncio.get_running_loop().time())
        if wait_seconds is not None:
            refused: Response | None = _too_often(scope, wait_seconds)
        elif not self._access.knows_host(headers):
            refused = refusal(scope, 403, say("this name does not lead here"))
        else:
            visitor = self._access.visitor(peer, address, headers, self._house.now())
            scope.setdefault("state", {})["visitor"] = visitor
            refused = self._refused(scope, headers, visitor)
        await (refused or self._app)(scope, receive, leave)

    def _refused(self, scope: Scope, headers: Headers, visitor: Visitor) -> Response | None:
        size = sum(len(name) + len(value) for name, value in headers.raw) + len(scope["query_string"])
        if size + len(scope["path"]) > HEAD_BYTES_AT_MOST:
            return refusal(scope, 431, say("the address or the headers are too long"), closes=True)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length[:10]) > BODY_BYTES_AT_MOST:
            return refusal(scope, 413, say("more than {count} bytes were sent", count=BODY_BYTES_AT_MOST), closes=True)
        if scope["method"] not in SAFE_METHODS and not self._may_change(scope, headers):
            return refusal(scope, 403, say("another site asked for this"))
        path = scope["path"]
        if visitor.may_enter or path in OPEN_PATHS or path.startswith(OPEN_PLACES):
            return None
        return self._unknown(scope, headers)

    def _may_change(self, scope: Scope, headers: Headers) -> bool:
        """Tell whether a change may come from where it comes from.

        What does not say is let on to a form, which carries its own proof. To the API it is let on when it comes
        without an origin at all, as from a program; a browser that hides its page has no business there.
        """
        ours = self._access.is_from_our_page(headers)
        if ours is None:
            return not (scope["path"].startswith(API) and "origin" in headers)
        return ours

    def _unknown(self, scope: Scope, headers: Headers) -> Response:
        if not self._access.has_login:
            return refusal(scope, 403, say("a page with a public_url needs a login: set web.login_token"))
        is_page = scope["method"] in SAFE_METHODS and "text/html" in headers.get("accept", "")
        if is_page and not scope["path"].startswith(API):
            base, path = scope["state"]["base"], scope["path"]
            query = "" if path == "/" else f"?to={quote(path, safe='')}"
            return RedirectResponse(f"{base}{PAGE_BEFORE_LOGIN}{query}", status_code=303)
        challenge = BASIC if scope["path"] == CALENDAR else "Bearer"
        return refusal(scope, 401, say("log in, or send the login token"), extra={"www-authenticate": challenge})

    def _strip_prefix(self, scope: Scope, headers: Headers) -> None:
        """Take away the path under which a proxy shows the page, if the proxy has not; ``base`` keeps it."""
        prefix = self._access.prefix
        state = scope.setdefault("state", {})
        state["base"] = ""
        if not prefix:
            return
        has_prefix = scope["path"] == prefix or scope["path"].startswith(f"{prefix}/")
        if has_prefix:
            scope["path"] = scope["path"].removeprefix(prefix) or "/"
        if has_prefix or self._access.is_public_host(headers):
            state["base"] = prefix

    def _leave(self, scope: Scope, send: Send) -> Send:
        is_static = scope["path"].startswith("/static/")

        async def leave(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = self._house.now().astimezone(UTC)
                message["headers"] = with_standing_headers(list(message["headers"]), now, is_static=is_static)
            await send(message)

        return leave


def _too_often(scope: Scope, wait_seconds: float) -> Response:
    extra = {"retry-after": str(max(math.ceil(wait_seconds), 1))}
    return refusal(scope, 429, say("too many requests; wait a little"), extra=extra, closes=True)


def base_of(request: Request) -> str:
    """Return what every address of a page begins with: "" = the page is at the top of its host."""
    base: str = request.state.base
    return base
