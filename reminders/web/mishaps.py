"""What a visitor is told when something did not work; never more than they may know."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from reminders.catalogue.phrases import phrase, say
from reminders.domain.errors import JournalUnavailable
from reminders.web.refusal import API, refusal, title_of
from reminders.web.response_headers import with_standing_headers
from reminders.web.templating import render

RETRY_SECONDS = "5"
# What Starlette refuses by itself, in the status's own words alone.
_UNSAID = {404: phrase("there is no page at this address"), 405: phrase("this address cannot be used in this way")}


def handlers() -> Mapping[type[Exception], ExceptionHandler]:
    """Return who answers for which exception."""
    return {HTTPException: _refused, JournalUnavailable: _unavailable, Exception: _failed}


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    is_unsaid = error.detail == HTTPStatus(error.status_code).phrase and error.status_code in _UNSAID
    detail = say(_UNSAID[error.status_code]) if is_unsaid and not _is_program(request) else error.detail
    return _told(request, error.status_code, detail, error.headers)


async def _unavailable(request: Request, error: Exception) -> Response:
    del error  # it names files; who looks after the machine finds it in the log and in ``reminders status``
    return _told(request, 503, say("the journal is not available now"), {"retry-after": RETRY_SECONDS})


def _told(request: Request, status: int, detail: str, headers: Mapping[str, str] | None) -> Response:
    """Tell a person on a page, a program in its own form."""
    if _is_program(request) or "text/html" not in request.headers.get("accept", ""):
        return refusal(request.scope, status, detail, extra=headers)
    response = render(request, "message.html", status_code=status, title=title_of(status), detail=detail)
    response.headers.update(dict(headers or {}))
    return response


def _is_program(request: Request) -> bool:
    return request.url.path.startswith(API)


async def _failed(request: Request, error: Exception) -> Response:
    """Answer for an error of ours; it goes on to the log afterwards. This answer passes no gate on its way out."""
    del error
    response = refusal(request.scope, 500, say("an error that nobody foresaw; the log has it"), closes=True)
    response.raw_headers = with_standing_headers(response.raw_headers, request.app.state.house.now(), is_static=False)
    return response
