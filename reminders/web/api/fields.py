"""What a request asks for, field by field: each is read, or refused with what is allowed there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request

from reminders.planning.wall_time import as_instant, resolve
from reminders.web.body import read_json

_DAY = (
    r"20\d\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
    r"|20(?:[02468][048]|[13579][26])-02-29"
)
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?"
DATE_PATTERN = f"^(?:{_DAY})$"
MOMENT_PATTERN = f"^(?:{_DAY})(?:T{_TIME})?$"
NAME_PATTERN = r"^[^\x00-\x1f\x7f/]{1,100}$"
TEXT_PATTERN = r"^[^\x00-\x1f\x7f]{0,200}$"
OCCURRENCE_PATTERN = r"^[^\x00-\x1f\x7f]{1,400}$"
WHOLE_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class Fields:
    """The fields of one request. Every reading raises HTTPException 422 for what cannot be used there."""

    def __init__(self, values: Mapping[str, Any], *, is_query: bool = False) -> None:
        """``is_query`` = numbers and truths are written as text."""
        self._values, self._is_query = dict(values), is_query
        self._known: set[str] = set()

    @classmethod
    def of_query(cls, request: Request) -> Fields:
        """Return the fields of the address. Raises HTTPException 422 for one named twice."""
        pairs = request.query_params.multi_items()
        values = dict(pairs)
        if len(values) != len(pairs):
            raise HTTPException(422, "a field is given twice")
        return cls(values, is_query=True)

    @classmethod
    async def of_body(cls, request: Request) -> Fields:
        """Return the fields of the JSON object that is sent; as ``read_json``."""
        return cls(await read_json(request))

    def text(self, name: str, pattern: str) -> str | None:
        """Return a text that looks like ``pattern``; None = it is not given."""
        value = self._take(name)
        if value is None or (isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII)):
            return value
        raise HTTPException(422, f'"{name}" must look like {pattern}')

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return one of the words allowed; None = it is not given."""
        value = self._take(name)
        if value is None or value in allowed:
            return None if value is None else str(value)
        raise HTTPException(422, f'"{name}" must be one of: {", ".join(allowed)}')

    def number(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number; None = it is not given."""
        value = self._take(name)
        if value is None:
            return None
        if self._is_query and WHOLE_NUMBER.fullmatch(value):
            value = int(value)
        # In JSON 250.0 is a whole number.
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        if isinstance(whole, int) and not isinstance(value, bool) and least <= whole <= most:
            return whole
        raise HTTPException(422, f'"{name}" must be a whole number from {least} to {most}')

    def truth(self, name: str) -> bool:
        """Return whether it is true; not given = false."""
        value = self._take(name)
        if self._is_query and value is not None:
            value = TRUTHS.get(value, value)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise HTTPException(422, f'"{name}" must be true or false')

    def day(self, name: str) -> date | None:
        """Return a date; None = it is not given."""
        text = self.text(name, DATE_PATTERN)
        return None if text is None else date.fromisoformat(text)

    def moment(self, name: str, zone: ZoneInfo) -> datetime | None:
        """Return an instant in UTC, of a date its local midnight; without an offset it is local. None = not given."""
        text = self.text(name, MOMENT_PATTERN)
        if text is None:
            return None
        written = datetime.fromisoformat(text)
        if written.tzinfo is not None:
            return written.astimezone(UTC)
        minute = written.hour * 60 + written.minute
        return as_instant(resolve(zone, written.date(), minute) + written.second)

    def finish(self) -> None:
        """Raise HTTPException 422 for a field that nobody asked for."""
        unknown = sorted(set(self._values) - self._known)
        if unknown:
            allowed = ", ".join(sorted(self._known)) or "none"
            raise HTTPException(422, f'unknown field "{_shown(unknown[0])}"; allowed here: {allowed}')

    def missing(self, name: str) -> HTTPException:
        """Return the refusal of a request without a field that it needs."""
        return HTTPException(422, f'"{name}" is missing')

    def _take(self, name: str) -> Any:
        self._known.add(name)
        if name in self._values and self._values[name] is None:
            raise HTTPException(422, f'"{name}" must not be null; leave it out')
        return self._values.get(name)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a local date begins."""
    return as_instant(resolve(zone, day, 0))


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:40])
