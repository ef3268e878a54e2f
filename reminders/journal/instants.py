"""Instants as the journal stores them: UTC, ISO 8601, always microseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def to_text(instant: datetime) -> str: ...
@overload
def to_text(instant: None) -> None: ...
def to_text(instant: datetime | None) -> str | None:
    """Write an aware instant in any zone as UTC text; None stays None. Raises ValueError for a naive one."""
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no zone")
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)  # most are, and there are many
    return in_utc.isoformat(timespec="microseconds")


@overload
def to_instant(text: str) -> datetime: ...
@overload
def to_instant(text: None) -> None: ...
def to_instant(text: str | None) -> datetime | None:
    """Read a stored instant as an aware datetime in UTC; None stays None."""
    return None if text is None else datetime.fromisoformat(text)
