"""An event that repeats, as the single times of it: the only door to icalendar and recurring_ical_events."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import FrameType

from reminders.catalogue.phrases import phrase
from reminders.sensors.ics_event import IcsEvent
from reminders.sensors.ics_time import Moment, Unclear, written

# Of processor time; a daily event of many years takes some hundredths, a rule that never comes true would take minutes.
SECONDS_AT_MOST = 1.0
TOO_LONG = phrase("repeats by a rule that takes too long to work out")
CHANGES_AT_MOST = 1000


class _TooMuchWork(Exception):
    """the processor time of one series is used up."""


def occurrences(
    series: IcsEvent, changed: Sequence[IcsEvent], since: datetime, until: datetime
) -> list[tuple[IcsEvent, datetime, datetime]]:
    """Return (the event that counts, the moment it stands for, its start) for each time from ``since`` to ``until``.

    ``changed`` are the single times of the series that somebody moved, cancelled or renamed. Raises Unclear.
    """
    if len(changed) > CHANGES_AT_MOST:
        raise Unclear(phrase("was changed more than {count} times").format(count=CHANGES_AT_MOST))
    # A change that is of no use here only takes the time of the series away.
    kept = [one for one in changed if isinstance(one.starts, datetime)]
    gone = tuple(one.replaces for one in changed if one not in kept and one.replaces is not None)
    told = [replace(series, without=(*series.without, *gone)), *kept]
    try:
        with _limited_work():
            return list(_told(told, since, until))
    except _TooMuchWork:
        raise Unclear(TOO_LONG) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, AssertionError):
        raise Unclear(phrase("repeats in a way that cannot be worked out")) from None


def _told(
    events: Sequence[IcsEvent], since: datetime, until: datetime
) -> Iterator[tuple[IcsEvent, datetime, datetime]]:
    import icalendar  # noqa: PLC0415  the child only
    import recurring_ical_events  # noqa: PLC0415

    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:reminders"]
    for number, event in enumerate(events):
        lines += _lines(number, event)
    calendar = icalendar.Calendar.from_ical("\r\n".join([*lines, "END:VCALENDAR", ""]))
    for found in recurring_ical_events.of(calendar).between(since, until):
        starts, stands_for = found["DTSTART"].dt, found["RECURRENCE-ID"].dt
        if isinstance(starts, datetime) and isinstance(stands_for, datetime):
            event = events[int(found["SUMMARY"])]
            yield event, starts if event.is_for_the_rest else stands_for, starts.astimezone(UTC)


def _lines(number: int, event: IcsEvent) -> Iterator[str]:
    """Write an event anew, with its number for a title, and without all that is none of our business."""
    assert isinstance(event.starts, datetime)  # noqa: S101  whole days are left out before
    ends = (event.starts.astimezone(UTC) + event.length).astimezone(event.starts.tzinfo)
    yield from ("BEGIN:VEVENT", "UID:series", f"SUMMARY:{number}", f"SEQUENCE:{event.sequence}")
    yield from (_line("DTSTART", event.starts), _line("DTEND", ends))
    if event.replaces is not None:
        yield _line("RECURRENCE-ID" + (";RANGE=THISANDFUTURE" if event.is_for_the_rest else ""), event.replaces)
    else:
        yield from (f"RRULE:{rule}" for rule in event.rules)
        yield from (_line("RDATE", moment) for moment in event.more)
        yield from (_line("EXDATE", moment) for moment in event.without)
    yield "END:VEVENT"


def _line(name: str, moment: Moment) -> str:
    parameters, value = written(moment)
    return f"{name}{parameters}:{value}"


@contextmanager
def _limited_work() -> Iterator[None]:
    """Stop work that takes more than its share; where the system cannot, the child's own deadline does."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise _TooMuchWork

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_AT_MOST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
