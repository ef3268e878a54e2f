"""One mapping of a data file, read field by field with types.

Every reader of the catalogue goes through ``Record``, so that a slip in a data file names the file, the entry and
the field. Called by the other modules of this package only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta


class Record:
    """A mapping from a data file, and where it stands in it (``where``, such as ``foods.yaml: banana``)."""

    __slots__ = ("fields", "where")

    def __init__(self, fields: object, where: str) -> None:
        """Keep the mapping; raise ValueError for anything else."""
        if not isinstance(fields, dict):
            raise ValueError(f"{where}: expected a mapping, found {type(fields).__name__}")  # noqa: TRY004  the data is wrong, not the call
        self.fields: dict[str, object] = fields
        self.where = where

    def _missing(self, key: str, expected: str) -> ValueError:
        return ValueError(f"{self.where}: {key!r} should be {expected}, found {self.fields.get(key)!r}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; ``default`` None = the field must be there, raise ValueError otherwise."""
        found = self.fields.get(key, default)
        if isinstance(found, str):
            return found
        raise self._missing(key, "a text")

    def number(self, key: str) -> float:
        """Return a number; raise ValueError when there is none."""
        found = self.fields.get(key)
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return found
        raise self._missing(key, "a number")

    def integer(self, key: str) -> int:
        """Return a whole number; raise ValueError when there is none."""
        found = self.fields.get(key)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        raise self._missing(key, "a whole number")

    def optional_integer(self, key: str) -> int | None:
        """Return a whole number, or None where the file says null or nothing."""
        return None if self.fields.get(key) is None else self.integer(key)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false; ``default`` None = the field must be there."""
        found = self.fields.get(key, default)
        if isinstance(found, bool):
            return found
        raise self._missing(key, "true or false")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the field is left out."""
        found = self.fields.get(key, [])
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return tuple(found)
        raise self._missing(key, "a list of texts")

    def codes(self, key: str) -> frozenset[str]:
        """Return codes, written as a list or as words of one text; empty where the field is left out."""
        found = self.fields.get(key)
        return frozenset(found.split() if isinstance(found, str) else self.texts(key))

    def minutes(self, key: str) -> timedelta | None:
        """Return a length of time given in minutes, or None where the file says null or nothing."""
        found = self.optional_integer(key)
        return None if found is None else timedelta(minutes=found)

    def mapping(self, key: str) -> Mapping[str, object]:
        """Return a nested mapping as it stands in the file."""
        return self.record(key).fields

    def record(self, key: str) -> Record:
        """Return a nested mapping, ready to be read in turn."""
        return Record(self.fields.get(key), f"{self.where}: {key}")

    def nested(self, key: str) -> Record:
        """Return a nested mapping as ``record`` does, an empty one where the field is left out."""
        return self.record(key) if key in self.fields else Record({}, f"{self.where}: {key}")

    def records(self, key: str) -> Iterator[Record]:
        """Return each mapping of a list, named by its ``id`` where it has one."""
        found = self.fields.get(key)
        if not isinstance(found, list):
            raise self._missing(key, "a list")
        for position, entry in enumerate(found):
            name = entry.get("id", position) if isinstance(entry, dict) else position
            yield Record(entry, f"{self.where}: {key}: {name}")

    def rows(self, key: str, columns: str) -> Iterator[Record]:
        """Return each row of a table as a mapping of its column names; raise ValueError for a row of another length."""
        names = self.texts(columns)
        found = self.fields.get(key)
        if not isinstance(found, list):
            raise self._missing(key, "a list")
        for position, row in enumerate(found):
            if not isinstance(row, list) or len(row) != len(names):
                raise ValueError(f"{self.where}: {key}: row {position} should have {len(names)} fields, found {row!r}")
            yield Record(dict(zip(names, row, strict=True)), f"{self.where}: {key}: {row[0]}")

    def named_records(self, key: str) -> Iterator[tuple[str, Record]]:
        """Return each (name, mapping) of a mapping of mappings, in the file's order."""
        nested = self.record(key)
        for name in nested.fields:
            yield name, nested.record(name)
