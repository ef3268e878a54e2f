"""What is refused, in constant words: JSON for programs, a plain line for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from reminders.catalogue.phrases import phrase, say

API = "/api/"
ERRORS = {
    400: "bad_request",
    401: "login_needed",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "gone",
    413: "too_large",
    415: "unsupported_type",
    422: "invalid",
    429: "too_many_requests",
    431: "too_large",
    500: "failed",
    503: "unavailable",
}
TITLES = {
    400: phrase("Bad Request"),
    401: phrase("Unauthorized"),
    403: phrase("Forbidden"),
    404: phrase("Not Found"),
    405: phrase("Method Not Allowed"),
    409: phrase("Conflict"),
    410: phrase("Gone"),
    413: phrase("Request Entity Too Large"),
    415: phrase("Unsupported Media Type"),
    422: phrase("Unprocessable Entity"),
    429: phrase("Too Many Requests"),
    431: phrase("Request Header Fields Too Large"),
    500: phrase("Internal Server Error"),
    503: phrase("Service Unavailable"),
}


def refusal(
    scope: Scope, status: int, detail: str, *, extra: Mapping[str, str] | None = None, closes: bool = False
) -> Response:
    """Return the answer to what is refused; ``closes`` ends the connection with it."""
    headers = dict(extra or {}) | ({"connection": "close"} if closes else {})
    if scope["path"].startswith(API):
        body = json.dumps({"error": error_name(status), "detail": detail})
        return Response(body, status, headers, media_type="application/json")
    return PlainTextResponse(f"{title_of(status)}: {detail}\n", status, headers)


def title_of(status: int) -> str:
    """Return what a status is called, for people."""
    return say(TITLES[status]) if status in TITLES else HTTPStatus(status).phrase


def error_name(status: int) -> str:
    """Return the word for a status."""
    return ERRORS.get(status, "failed")
