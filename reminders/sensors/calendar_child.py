"""The child that reads a calendar: where it is in, what matters of it out, as JSON.

The request is made by ``daemon.calendar_watch``; the reply holds ``events`` and ``left_out``, or ``failure`` in
words without any part of an address.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reminders.sensors.calendar_copy import event_to_json
from reminders.sensors.calendar_reading import read_calendar
from reminders.sensors.feed import SECONDS_AT_MOST, fetch, read_file, read_url_file
from reminders.sensors.unreadable import FeedUnreadable


def main() -> None:
    """Answer the one request on standard input."""
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


def answer(request: Mapping[str, Any], total_seconds: float = SECONDS_AT_MOST) -> dict[str, object]:
    """Return the reply to a request; fetching may take ``total_seconds``."""
    try:
        reading = read_calendar(
            _text(request, total_seconds),
            now=datetime.fromisoformat(request["now"]),
            zone=ZoneInfo(request["zone"]),
            words=request["training"],
            is_busy=request["busy"],
        )
    except FeedUnreadable as error:
        return {"failure": str(error)}
    return {"events": [event_to_json(event) for event in reading.events], "left_out": list(reading.left_out)}


def _text(request: Mapping[str, Any], total_seconds: float) -> bytes:
    if request["file"] is not None:
        return read_file(request["file"])
    url = read_url_file(request["url_file"]) if request["url"] is None else request["url"]
    return fetch(url, allow_private=request["allow_private"], total_seconds=total_seconds)


if __name__ == "__main__":
    main()
