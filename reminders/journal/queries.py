"""The statements of ``queries.sql`` by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_MARK = "-- name: "


@cache
def _statements() -> Mapping[str, str]:
    text = Path(__file__).with_name("queries.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split(_MARK)[1:])
    return {name.strip(): statement.strip() for name, _, statement in parts}


def sql_of(name: str) -> str:
    """Return the statement of that name; KeyError for one that is not in the file."""
    return _statements()[name]
