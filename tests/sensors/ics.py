"""Calendars to read in the tests: events written line by line, and what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from reminders.domain.calendar import CalendarEvent
from reminders.sensors.calendar_reading import CalendarReading, read_calendar

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)  # a Tuesday, nine in Berlin


def calendar(*events: str) -> bytes:
    """Return a calendar of these events; each is its lines without the first and the last."""
    blocks = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n{blocks}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def reading(
    *events: str, words: Sequence[str] = ("gym",), is_busy: bool = True, zone: ZoneInfo = BERLIN, now: datetime = NOW
) -> CalendarReading:
    return read_calendar(calendar(*events), now=now, zone=zone, words=words, is_busy=is_busy)


def told(event: CalendarEvent, zone: ZoneInfo = BERLIN) -> str:
    """Write an event as ``24.11. 18:30-19:30 word`` in the wall time of the zone."""
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    word = "" if event.training is None else f" {event.training}"
    return f"{starts:%d.%m. %H:%M}-{ends:%H:%M}{word}"


def lines(*events: str, **how: object) -> list[str]:
    """Return what was read, as lines."""
    return [told(event) for event in reading(*events, **how).events]  # type: ignore[arg-type]


def meeting(begin: str = "20261124T100000", *more: str, uid: str = "meeting@example.org", lasts: str = "PT1H") -> str:
    """Return an event of an hour in Berlin."""
    told_lines = (f"UID:{uid}", "SUMMARY:Budget", f"DTSTART;TZID=Europe/Berlin:{begin}", f"DURATION:{lasts}", *more)
    return "\n".join(told_lines)
