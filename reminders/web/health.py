"""Is it well? For supervisors and monitors: one word, no names."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from reminders.web.house import House, ServiceState

STALLED_AFTER = timedelta(seconds=60)


def routes() -> list[BaseRoute]:
    """Return the route of the health check."""
    return [Route("/healthz", healthz)]


async def healthz(request: Request) -> Response:
    """Return 200 when nudges can be sent, else 503 and why not, in a word."""
    house: House = request.app.state.house
    reason = ailment(house.service(), house.now())
    if reason is None:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"status": "failing", "reason": reason}, status_code=503)


def ailment(service: ServiceState, now: datetime) -> str | None:
    """Return what keeps the daemon from its work: "degraded" by its own word, "stalled" = no sign of life."""
    if service.degraded is not None:
        return "degraded"
    return "stalled" if now - service.last_beat_at > STALLED_AFTER else None
