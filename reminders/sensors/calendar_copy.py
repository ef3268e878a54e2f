"""The last good reading of each calendar, kept in the data directory, and how the newest attempts to read it went.

Planning reads these copies alone, so that no command waits for a network. Files are for their owner only.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from reminders.domain.calendar import CalendarEvent, CalendarSpec

FOLDER = "calendars"
OLD_AFTER = timedelta(hours=24)
_FORMAT = 1
_BYTES_AT_MOST = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarCopy:
    """A calendar as it was last read.

    ``source`` tells what it was read from, see ``source_of``. ``fetched_at`` is when, None = it never was.
    ``failing_since`` is when the first of the newest attempts failed, ``failure`` why the last did, ``failures`` how
    many in a row; None and 0 = the newest did not. ``left_out`` counts events that could not be used, by the reason.
    """

    source: str
    fetched_at: datetime | None = None
    events: tuple[CalendarEvent, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    failing_since: datetime | None = None
    failure: str | None = None
    failures: int = 0

    def stale_since(self, now: datetime) -> datetime | None:
        """Return since when it may no longer be true; None = it is as good as new."""
        if self.failing_since is not None:
            return self.failing_since
        is_old = self.fetched_at is not None and now - self.fetched_at > OLD_AFTER
        return self.fetched_at if is_old else None


def source_of(spec: CalendarSpec) -> str:
    """Name where a calendar is read from; a copy from elsewhere is of another calendar."""
    return sha256(json.dumps([spec.url, spec.url_file, spec.file]).encode()).hexdigest()


def path_of(folder: Path, person: str, name: str) -> Path:
    """Return where the copy of a person's calendar lies; ``folder`` is ``FOLDER`` in the data directory."""
    return folder / f"{person}-{name}.json"


def load(path: Path, source: str) -> CalendarCopy:
    """Return the copy, a new one where there is none, it is damaged, or it was read from elsewhere."""
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_BYTES_AT_MOST))
        if content["format"] == _FORMAT and content["source"] == source:
            return _from_json(content)
    except (OSError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        pass  # a copy that cannot be used is as good as none: the calendar is read again
    return CalendarCopy(source=source)


def save(path: Path, copy: CalendarCopy) -> None:
    """Write the copy, whole or not at all. Raises OSError."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(_to_json(copy), file)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def keep_only(folder: Path, wanted: set[Path]) -> None:
    """Remove the copies of calendars that nobody names any more. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        for path in list(folder.iterdir()):
            if path not in wanted and path.suffix in (".json", ".new"):
                path.unlink(missing_ok=True)


def event_to_json(event: CalendarEvent) -> dict[str, object]:
    """Return an event as what JSON can hold."""
    return {
        "uid": event.uid,
        "recurrence_id": event.recurrence_id,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "training": event.training,
    }


def event_from_json(data: Mapping[str, Any]) -> CalendarEvent:
    """Read what ``event_to_json`` returned; raise KeyError, TypeError or ValueError for anything else."""
    texts = [data[name] for name in ("uid", "recurrence_id", "training")]
    if not all(text is None or isinstance(text, str) for text in texts) or not isinstance(texts[0], str):
        raise TypeError("texts expected")
    starts_at, ends_at = _instant(data["starts_at"]), _instant(data["ends_at"])
    if starts_at >= ends_at:
        raise ValueError("no length")
    return CalendarEvent(uid=texts[0], recurrence_id=texts[1], starts_at=starts_at, ends_at=ends_at, training=texts[2])


def left_out_from_json(data: object) -> tuple[tuple[str, int], ...]:
    """Read a count for each reason; raise TypeError or ValueError for anything else."""
    if not isinstance(data, list):
        raise TypeError("a list expected")
    return tuple((str(reason), int(count)) for reason, count in data)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.utcoffset() is None:
        raise ValueError("no instant")
    return found


def _instant_or_none(text: str | None) -> datetime | None:
    return None if text is None else _instant(text)


def _to_json(copy: CalendarCopy) -> dict[str, object]:
    return {
        "format": _FORMAT,
        "source": copy.source,
        "fetched_at": None if copy.fetched_at is None else copy.fetched_at.isoformat(),
        "events": [event_to_json(event) for event in copy.events],
        "left_out": [list(pair) for pair in copy.left_out],
        "failing_since": None if copy.failing_since is None else copy.failing_since.isoformat(),
        "failure": copy.failure,
        "failures": copy.failures,
    }


def _from_json(data: Mapping[str, Any]) -> CalendarCopy:
    return CalendarCopy(
        source=str(data["source"]),
        fetched_at=_instant_or_none(data["fetched_at"]),
        events=tuple(event_from_json(event) for event in data["events"]),
        left_out=left_out_from_json(data["left_out"]),
        failing_since=_instant_or_none(data["failing_since"]),
        failure=None if data["failure"] is None else str(data["failure"]),
        failures=int(data["failures"]),
    )
