"""In and out: the token for a session."""

from __future__ import annotations

import asyncio
import math

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from reminders.catalogue.phrases import say
from reminders.web.access import access_of, check_form
from reminders.web.body import read_form
from reminders.web.gate import base_of
from reminders.web.rate_limit import RateLimit
from reminders.web.session import COOKIE, LIFE
from reminders.web.templating import render
from reminders.web.visitor import visitor_of

TRIES_A_SECOND = 1 / 12
TRIES_AT_ONCE = 5
ADDRESS_LETTERS_AT_MOST = 500


class Login:
    """The login page; every address may try five times at once, and five times a minute."""

    def __init__(self) -> None:
        """Nobody has tried yet."""
        self._tries = RateLimit(TRIES_A_SECOND, TRIES_AT_ONCE)

    async def show(self, request: Request) -> Response:
        """Show the form, or go on when there is nothing to log in for."""
        if visitor_of(request).may_enter or not access_of(request).has_login:
            return _onward(request, request.query_params.get("to"))
        return render(request, "login.html", to=_own(request.query_params.get("to")), is_wrong=False)

    async def log_in(self, request: Request) -> Response:
        """Begin a session for who has the token."""
        form, access = await read_form(request), access_of(request)
        wait_seconds = self._tries.take(visitor_of(request).address, asyncio.get_running_loop().time())
        if wait_seconds is not None:
            headers = {"retry-after": str(math.ceil(wait_seconds))}
            raise HTTPException(429, say("too many tries; wait a little"), headers=headers)
        if not access.is_token(form.get("token", "").strip()):
            return render(request, "login.html", status_code=403, to=_own(form.get("to")), is_wrong=True)
        response = _onward(request, form.get("to"))
        response.set_cookie(
            COOKIE,
            access.sessions.begin(request.app.state.house.now()),
            max_age=int(LIFE.total_seconds()),
            path=base_of(request) or "/",
            httponly=True,
            secure=access.is_secure and access.is_public_host(request.headers),
            samesite="strict",
        )
        return response

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        await check_form(request)
        session = visitor_of(request).session
        if session is not None:
            access_of(request).sessions.end(session)
        response = RedirectResponse(f"{base_of(request)}/login", status_code=303)
        response.delete_cookie(COOKIE, path=base_of(request) or "/", httponly=True, samesite="strict")
        return response


def routes() -> list[BaseRoute]:
    """Return the ways in and out."""
    login = Login()
    return [
        Route("/login", login.show, methods=["GET"]),
        Route("/login", login.log_in, methods=["POST"]),
        Route("/logout", login.log_out, methods=["POST"]),
    ]


def _onward(request: Request, to: str | None) -> Response:
    return RedirectResponse(f"{base_of(request)}{_own(to)}", status_code=303)


def _own(to: str | None) -> str:
    """Return a path of ours to go on to; anything that could lead elsewhere becomes the first page."""
    is_own = to is not None and to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_own and to is not None and len(to) <= ADDRESS_LETTERS_AT_MOST and "\\" not in to else "/"
