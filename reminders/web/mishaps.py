"""What a visitor is told when something did not work; never more than they may know."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from reminders.domain.errors import JournalUnavailable
from reminders.web.refusal import API, refusal
from reminders.web.response_headers import with_standing_headers
from reminders.web.templating import render

RETRY_SECONDS = "5"


def handlers() -> Mapping[type[Exception], ExceptionHandler]:
    """Return who answers for which exception."""
    return {HTTPException: _refused, JournalUnavailable: _unavailable, Exception: _failed}


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return _told(request, error.status_code, error.detail, error.headers)


async def _unavailable(request: Request, error: Exception) -> Response:
    del error  # it names files; who looks after the machine finds it in the log and in ``reminders status``
    return _told(request, 503, "the journal is not available now", {"retry-after": RETRY_SECONDS})


def _told(request: Request, status: int, detail: str, headers: Mapping[str, str] | None) -> Response:
    """Tell a person on a page, a program in its own form."""
    is_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(API)
    if not is_page:
        return refusal(request.scope, status, detail, extra=headers)
    response = render(request, "message.html", status_code=status, title=HTTPStatus(status).phrase, detail=detail)
    response.headers.update(dict(headers or {}))
    return response


async def _failed(request: Request, error: Exception) -> Response:
    """Answer for an error of ours; it goes on to the log afterwards. This answer passes no gate on its way out."""
    del error
    response = refusal(request.scope, 500, "an error that nobody foresaw; the log has it", closes=True)
    response.raw_headers = with_standing_headers(response.raw_headers, request.app.state.house.now(), is_static=False)
    return response
