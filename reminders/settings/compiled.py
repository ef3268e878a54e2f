"""The compiled configuration: Household <-> JSON, and a cache that spares an unchanged file a second reading.

Cheap to import, for the daemon starts with it: neither pydantic nor a YAML parser.
"""

from __future__ import annotations

import json
import os
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time, timedelta
from enum import Enum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import reminders
from reminders import catalogue
from reminders.catalogue.phrases import ENGLISH
from reminders.domain.errors import Problem
from reminders.domain.household import Household
from reminders.settings.environment_names import is_setting
from reminders.settings.problems import problems_from_json, problems_json

FILE_NAME = "household.json"
_FORMAT = 6
_CLASS = "is"  # the key that tells the members of a union apart
_BYTES_AT_MOST = 8 * 1024 * 1024
# Asked for the whole limit, Python sets all of it aside, and malloc then keeps gaps of that size for good.
_BYTES_AT_ONCE = 64 * 1024
_HOLIDAYS = b"holidays"
_VARIABLE = re.compile(rb"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """A household that was read without errors, the warnings about it in a language, and what it was read from."""

    fingerprint: str
    household: Household
    warnings: tuple[Problem, ...] = ()
    language: str = ENGLISH


def household_to_json(household: Household) -> dict[str, object]:
    """Return a household as what JSON can hold."""
    encoded: dict[str, object] = _encode(household)
    return encoded


def household_from_json(data: object) -> Household:
    """Read what ``household_to_json`` returned; raise ValueError for anything else."""
    try:
        household = _decoder(Household)(data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a household: {type(error).__name__}") from error
    if not isinstance(household, Household):
        raise ValueError("not a household")  # noqa: TRY004  whoever reads the cache asks whether it is fit for use
    return household


def fingerprint(path: str | None, environment: Mapping[str, str], year: int | None = None) -> str | None:
    """Return a digest of all that a reading depends on; None when the file cannot be read.

    That is: the file's bytes, the settings among the variables, the values ``${NAME}`` asks for, our version and the
    catalogue's bytes; and where holidays are spoken of, ``year``, the present one. Times of modification do not
    count. ``path`` None = the built-in starter.
    """
    try:
        data = b"" if path is None else _file_bytes(path)
        content = _catalogue_digest()
    except OSError:
        return None
    names = _variables(data) | {name for name in environment if is_setting(name)}
    digest = sha256()
    for part in (reminders.__version__, str(_FORMAT), content, "" if path is None else str(Path(path).absolute())):
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
    digest.update(sha256(data).digest())
    if _HOLIDAYS in data.lower() or any(_HOLIDAYS in os.fsencode(name.lower()) for name in names):
        digest.update(str(year).encode())
    for name in sorted(names):
        # hashed on its own, so that no pair of values can run into each other
        value = environment.get(name)
        hashed = b"unset" if value is None else sha256(value.encode("utf-8", "surrogateescape")).digest()
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashed)
    return digest.hexdigest()


def variables_named(path: str | None) -> tuple[str, ...]:
    """Return the names that ``${NAME}`` anywhere in the file asks for, sorted; none for the built-in starter.

    Raises OSError.
    """
    return () if path is None else tuple(sorted(_variables(_file_bytes(path))))


def _variables(data: bytes) -> set[str]:
    return {name.decode() for name in _VARIABLE.findall(data)}


def save(compiled: Compiled, directory: Path) -> None:
    """Write the cache into the data directory: readable by its owner only, whole or not at all. Raises OSError."""
    content = {
        "version": _FORMAT,
        "fingerprint": compiled.fingerprint,
        "household": household_to_json(compiled.household),
        "language": compiled.language,
        **problems_json(compiled.warnings),
    }
    target = directory / FILE_NAME
    new = directory / f".{FILE_NAME}.{os.getpid()}"
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def load(directory: Path, wanted_fingerprint: str | None) -> Compiled | None:
    """Return the cached household; None when there is none, it is damaged, or it is of another configuration."""
    try:
        content = json.loads(_file_bytes(directory / FILE_NAME))
        if content["version"] != _FORMAT or content["fingerprint"] != wanted_fingerprint:
            return None
        household = household_from_json(content["household"])
        warnings, language = problems_from_json(content["problems"]), str(content["language"])
    except (OSError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None  # a cache that cannot be used is as good as none: the file is read again
    return Compiled(fingerprint=content["fingerprint"], household=household, warnings=warnings, language=language)


def _file_bytes(path: str | Path) -> bytes:
    # a named pipe in the file's place must not hold the daemon
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        data = b""
        while len(data) < _BYTES_AT_MOST and (part := os.read(descriptor, _BYTES_AT_ONCE)):
            data += part
        return data
    finally:
        os.close(descriptor)


def _catalogue_digest() -> str:
    digest = sha256()
    folder = Path(str(catalogue.__file__)).parent
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _encode(value: Any) -> Any:
    encode = _ENCODERS.get(type(value))
    if encode is not None:
        return encode(value)
    if isinstance(value, Enum):
        return value.value
    named = {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
    return {_CLASS: type(value).__name__} | named


_ENCODERS: Mapping[type, Callable[[Any], Any]] = {
    **dict.fromkeys((type(None), str, int, float, bool), lambda value: value),
    tuple: lambda value: [_encode(one) for one in value],
    frozenset: lambda value: sorted(_encode(one) for one in value),
    timedelta: timedelta.total_seconds,
    date: date.isoformat,
    time: time.isoformat,
}


@cache
def _decoder(annotation: Any) -> Callable[[Any], Any]:  # noqa: PLR0911  one line for each kind of value
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _union_decoder(inner)
    if origin is tuple:
        element = _decoder(inner[0])
        return lambda data: tuple(map(element, _checked(data, list)))
    if origin is frozenset:
        element = _decoder(inner[0])
        return lambda data: frozenset(map(element, _checked(data, list)))
    if is_dataclass(annotation):
        return _dataclass_decoder(annotation)
    if annotation is timedelta:
        return lambda data: timedelta(seconds=data)
    if annotation in (date, time):
        read: Callable[[Any], Any] = annotation.fromisoformat
        return read
    if issubclass(annotation, Enum):
        member: Callable[[Any], Any] = annotation
        return member
    return lambda data: _checked(data, annotation)


def _dataclass_decoder(cls: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(cls)
    decoders = {field.name: _decoder(hints[field.name]) for field in fields(cls)}

    def decode(data: Any) -> Any:
        return cls(**{name: decoder(data[name]) for name, decoder in decoders.items()})

    return decode


def _union_decoder(members: tuple[Any, ...]) -> Callable[[Any], Any]:
    classes: list[Any] = [member for member in members if is_dataclass(member)]
    by_name = {one.__name__: _decoder(one) for one in classes}
    plain = [_decoder(member) for member in members if member is not type(None) and not is_dataclass(member)]

    def decode(data: Any) -> Any:
        if data is None and type(None) in members:
            return None
        return by_name[data[_CLASS]](data) if by_name else plain[0](data)

    return decode


def _checked(data: Any, wanted: type) -> Any:
    if not isinstance(data, wanted) or (isinstance(data, bool) and wanted is not bool):
        raise TypeError(f"{wanted.__name__} expected")
    return data
