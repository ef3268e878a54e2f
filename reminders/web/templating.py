"""Templates to pages: one Jinja environment, everything escaped, a name that is missing is a mistake."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from reminders.catalogue.phrases import language_spoken, say, say_as, say_many
from reminders.web.access import CSRF_FIELD, access_of
from reminders.web.gate import base_of
from reminders.web.visitor import visitor_of

TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment() -> Environment:
    """Return the environment; a template is read once, and speaks the language of whom it is filled in for."""
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    pages.globals.update(say=say, say_as=say_as, say_many=say_many)
    return pages


def render(request: Request, name: str, *, status_code: int = 200, **context: object) -> Response:
    """Return the page of a template.

    Beside ``context`` a template has ``language``, the one spoken, ``base``, which every address of ours begins with
    (``{{ base }}/static/...``), ``csrf_field`` and ``csrf_token``, which a form sends along as a hidden field of that
    name, and ``can_log_out``, whether the visitor came in by the login.
    """
    access = access_of(request)
    page = (
        environment()
        .get_template(name)
        .render(
            language=language_spoken(),
            base=base_of(request),
            csrf_field=CSRF_FIELD,
            csrf_token=access.csrf_token(request),
            can_log_out=visitor_of(request).session is not None,
            **context,
        )
    )
    return HTMLResponse(page, status_code=status_code)
