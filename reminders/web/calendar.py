"""The nudges of the next two weeks as a calendar to subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from reminders.catalogue.phrases import phrase, say, speaking
from reminders.planning.plan_row import PlanRow
from reminders.web.api.caller import Caller
from reminders.web.api.fields import Fields

DAYS = 14
SHOWN_FOR = timedelta(minutes=5)
LINE_BYTES_AT_MOST = 75
NEUTRAL = phrase("Reminder")
MEDIA_TYPE = "text/calendar"


def routes() -> list[BaseRoute]:
    """Return the route of the calendar."""
    return [Route("/calendar.ics", calendar)]


async def calendar(request: Request) -> Response:
    """Return what is planned for a person, in their language; ``discreet=1`` = neutral words, as others see it."""
    caller, fields = Caller.of(request), Fields.of_query(request)
    person, is_discreet = caller.person(fields), fields.truth("discreet")
    fields.finish()
    rows = await caller.record.aside(partial(caller.house.plan, person.id, caller.now, DAYS))
    with speaking(person.language):
        name = "Reminders" if is_discreet else say("Reminders for {name}", name=person.name)
        lines = [f"{line}\r\n" for line in calendar_lines(name, rows, caller.now, is_discreet=is_discreet)]
    headers = {"content-disposition": 'inline; filename="reminders.ics"'}
    return Response("".join(lines), media_type=MEDIA_TYPE, headers=headers)


def calendar_lines(name: str, rows: Iterable[PlanRow], now: datetime, *, is_discreet: bool) -> Iterator[str]:
    """Yield the lines of a calendar with an event for each nudge."""
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//reminders//reminders//EN"
    yield "METHOD:PUBLISH"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield from folded(f"X-WR-CALNAME:{escaped(name)}")
    seen: set[str] = set()
    for row in rows:
        if row.nudge is not None and row.send_at is not None and row.nudge not in seen:
            seen.add(row.nudge)
            yield from _event(row, row.send_at, now, is_discreet=is_discreet)
    yield "END:VCALENDAR"


def _event(row: PlanRow, send_at: datetime, now: datetime, *, is_discreet: bool) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(str(row.nudge).encode()).hexdigest()[:32]}@reminders"
    yield f"DTSTAMP:{_instant(now)}"
    yield f"DTSTART:{_instant(send_at)}"
    yield f"DTEND:{_instant(send_at + SHOWN_FOR)}"
    title = None if is_discreet else row.title
    yield from folded(f"SUMMARY:{escaped(title or say(NEUTRAL))}")
    if not is_discreet and row.text:
        yield from folded(f"DESCRIPTION:{escaped(row.text)}")
    yield "TRANSP:TRANSPARENT"  # a nudge does not make anybody busy
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return a text as the format wants it; what it cannot hold is left out."""
    one_kind_of_break = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(letter for letter in one_kind_of_break if letter in "\n\t" or letter.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 bytes, none of which ends within a character."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LINE_BYTES_AT_MOST:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece
