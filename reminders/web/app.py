"""The page, put together: routes behind the gate. Nothing here listens; ``server`` does."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from reminders.domain.web import WebSpec
from reminders.web import answer_pages, api, calendar, health, login, metrics, mishaps, pages
from reminders.web.access import Access
from reminders.web.gate import Gate
from reminders.web.house import House
from reminders.web.live import LiveUpdates
from reminders.web.record import Record
from reminders.web.visitor import Proxies

STATIC = Path(__file__).with_name("static")


def build_app(house: House, spec: WebSpec, token: str | None) -> Starlette:
    """Return the page of a house; ``token`` is the login token, filled in, None = no login.

    Its ``state`` has ``house``, ``access``, ``record`` and ``live``, to be closed when the page is served no more.
    Raises StartRefused for a door open to strangers.
    """
    access, live = Access(spec, token), LiveUpdates(house)
    routes: list[BaseRoute] = [
        *pages.routes(house, live),
        *login.routes(),
        *answer_pages.routes(),
        *api.routes(),
        *calendar.routes(),
        *health.routes(),
        *metrics.routes(),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]
    gate = Middleware(Gate, house=house, access=access, proxies=Proxies(spec.trusted_proxies))
    app = Starlette(routes=routes, middleware=[gate], exception_handlers=mishaps.handlers())
    app.state.house, app.state.access, app.state.record, app.state.live = house, access, Record(house), live
    return app
