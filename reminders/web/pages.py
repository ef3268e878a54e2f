"""The pages for people: what happened today, what comes, and a way to answer; each works without script.

today      <- day_record, timeline          what a day holds
replies    <- pause_form, slip              what a person does there
history    <- charts, heat_map              months at a glance
channels_page, configuration_page           how the service does, what it was told
visit, notices, troubles                    what stands around every page
language   <- gate, visit                   in whose language it is said
live                                        open pages follow the journal
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from reminders.web import bad_day, channels_page, configuration_page, history, replies, today
from reminders.web.house import House
from reminders.web.live import LiveUpdates
from reminders.web.notices import Notices

Page = Callable[[Request, House, Notices], Awaitable[Response]]

PAGES: tuple[tuple[str, Page], ...] = (
    ("/", today.today),
    ("/bad-day", bad_day.bad_day),
    ("/history", history.history),
    ("/channels", channels_page.channels),
    ("/configuration", configuration_page.configuration),
)
REPLIES: tuple[tuple[str, replies.Act], ...] = (
    ("/today/answer", replies.answer),
    ("/today/undo", replies.undo),
    ("/today/water", replies.water),
    ("/today/pause", replies.pause),
    ("/today/resume", replies.resume),
)


def routes(house: House, live: LiveUpdates) -> list[BaseRoute]:
    """Return the routes of the pages for people."""
    notices = Notices()
    return [
        *(Route(path, _shown(page, house, notices), methods=["GET"]) for path, page in PAGES),
        *(Route(path, _done(act, house, notices), methods=["POST"]) for path, act in REPLIES),
        Route("/events", live.events, methods=["GET"]),
    ]


def _shown(page: Page, house: House, notices: Notices) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        return await page(request, house, notices)

    return show


def _done(act: replies.Act, house: House, notices: Notices) -> Callable[[Request], Awaitable[Response]]:
    async def do(request: Request) -> Response:
        return await replies.reply(request, house, notices, act)

    return do
