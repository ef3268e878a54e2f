"""The API: what the commands can do, for programs. JSON of the same shape; described by itself in ``openapi.json``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from reminders.web.api.answers import answers, undo
from reminders.web.api.caller import json_of
from reminders.web.api.history import history_csv, history_json
from reminders.web.api.occurrences import occurrences
from reminders.web.api.pauses import pause, pauses, resume
from reminders.web.api.plan import plan
from reminders.web.api.status import status
from reminders.web.api.water import drink, water
from reminders.web.openapi import description

PREFIX = "/api/v1"
Handler = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Return the routes of the API."""
    return [
        _route("/status", GET=status),
        _route("/plan", GET=plan),
        _route("/occurrences", GET=occurrences),
        _route("/answers", POST=answers),
        _route("/undo", POST=undo),
        _route("/pauses", GET=pauses, POST=pause, DELETE=resume),
        _route("/water", GET=water, POST=drink),
        _route("/history.json", GET=history_json),
        _route("/history.csv", GET=history_csv),
        _route("/openapi.json", GET=openapi),
    ]


async def openapi(request: Request) -> Response:
    """Return the description of the API."""
    del request
    return json_of(description())


def _route(path: str, **handlers: Handler) -> Route:
    """Return one route for all methods of a path, so that what is not allowed is told with all that is."""

    async def handle(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(f"{PREFIX}{path}", handle, methods=list(handlers), name=path)
