"""What pydantic found, in our own words; and what has to be left out so that the rest can be looked at."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reminders.catalogue.phrases import say
from reminders.settings.document import Document, key_name
from reminders.settings.habit_block import Entry, HabitsBlock
from reminders.settings.mistakes import ABSENT, FOUND, Finding, Mistake, Path, meant, nearest
from reminders.settings.schema import Configuration, configuration_from

_PASSES_AT_MOST = 12
_SUGGESTED_AT_MOST = 200  # comparing words takes time, and nobody reads on for that long
_FIRST_KEYS = ("every", "within", "goal", "at")
_SHOWN_WITH_A_MATCH = 4


def validate(file: Document, environment: Document) -> tuple[Configuration, list[Finding], set[Path]]:
    """Return the configuration without what is wrong, what is wrong, and the paths left out."""
    findings: list[Finding] = []
    pruned = {*file.damaged, *environment.damaged}
    for path in file.damaged:
        _prune(path, (file,))
    for attempt in range(_PASSES_AT_MOST):
        try:
            return configuration_from(file, environment), findings, pruned
        except ValidationError as error:
            details = error.errors(include_url=False)
        if attempt == 0:
            # later passes only stumble over the holes that leaving things out has made
            findings = [found for found in _translate(details) if not _is_near(found.path, pruned)]
        for detail in details:
            pruned.add(_prune(_path(detail)[0], (file, environment)))
    file.values.clear()
    environment.values.clear()
    return configuration_from(file, environment), findings, {*pruned, ()}


def fields_at(path: Path) -> Mapping[str, str]:
    """Return the keys allowed in the block at a path, with an example each; empty where no block is expected."""
    annotations: list[Any] = [Configuration]
    for part in path:
        annotations = [inner for one in annotations for inner in _step(one, part)]
    for annotation in annotations:
        for one in _flat(annotation):
            if _is_block(one):
                return {field.alias or name: _example(field.examples) for name, field in one.model_fields.items()}
    return {}


def _translate(details: list[ErrorDetails]) -> Iterator[Finding]:
    for index, detail in enumerate(details):
        path, at_key = _path(detail)
        error = detail.get("ctx", {}).get("error")
        if isinstance(error, Mistake):
            for mistake in (error, *error.others):
                yield _from_mistake(mistake, path, detail["input"], at_key=at_key)
        elif detail["type"] == "extra_forbidden":
            yield _unknown_key(path, suggest=index < _SUGGESTED_AT_MOST)
        elif detail["type"] == "missing":
            yield _missing_key(path)
        else:
            yield _wrong_shape(path, detail)


def _from_mistake(mistake: Mistake, path: Path, value: object, *, at_key: bool) -> Finding:
    """Give a mistake its path."""
    return Finding(
        path=path,
        message=mistake.message,
        found=value if mistake.found is ABSENT else mistake.found,
        allowed=mistake.allowed,
        hint=mistake.hint,
        index=mistake.index,
        at_key=at_key,
    )


def _unknown_key(path: Path, *, suggest: bool) -> Finding:
    parent, name = path[:-1], str(path[-1])
    allowed = sorted(fields_at(parent), key=lambda one: _FIRST_KEYS.index(one) if one in _FIRST_KEYS else 99)
    match = nearest(name, allowed) if suggest else None
    hint = None if match is None else meant(match)
    if match is None and name == "goal" and "every" in allowed:
        hint = say("only hydration has a goal")
    elif match is None and parent[:1] in {("me",), ("people",)} and name in Configuration.model_fields:
        hint = say('"{key}" belongs at the top level', key=name)
    listed = allowed if match is None or len(allowed) <= _SHOWN_WITH_A_MATCH else [*_first(allowed, match), "..."]
    message = say('unknown key "{key}"', key=key_name(parent, name))
    return Finding(path=path, message=message, allowed=", ".join(listed) or None, hint=hint, at_key=True)


def _first(allowed: list[str], match: str) -> list[str]:
    first = allowed[:_SHOWN_WITH_A_MATCH]
    return first if match in first else [*first[:-1], match]


def _missing_key(path: Path) -> Finding:
    example = fields_at(path[:-1]).get(str(path[-1]), "")
    message = say('the key "{key}" is missing', key=path[-1])
    return Finding(path=path[:-1], message=message, hint=say("write {what}", what=f"{path[-1]}: {example}"))


def _wrong_shape(path: Path, detail: ErrorDetails) -> Finding:
    found = detail["input"]
    if detail["type"] == "list_type":
        message = say("{found} is not a list", found=FOUND)
        return Finding(path=path, message=message, found=found, hint=say("begin each element with a dash"))
    keys = ", ".join(fields_at(path)) or None
    hint = say("write one name: value to a line") if detail["type"] == "dict_type" else None
    may_be_off = "habits" in path[:-1] or path[-1:] in (("web",), ("digest",))
    if may_be_off and found in ("no", "Off", "OFF", "No", "none", False):
        hint = meant("off")
    message = say("{found} is not a block of keys", found=FOUND)
    return Finding(path=path, message=message, found=found, allowed=keys, hint=hint)


def _path(detail: ErrorDetails) -> tuple[Path, bool]:
    parts = detail["loc"]
    path = tuple(
        part for part in parts if not (isinstance(part, str) and part[:1] in "<[" and part[-1:] in ">]" and part)
    )
    return path, parts[-1:] == ("[key]",)


def _prune(path: Path, documents: tuple[Document, ...]) -> Path:
    """Leave a value out, or the nearest block around it that is still there; return the path left out.

    An element of a list takes the whole list with it, for the others would move.
    """
    index = next((depth for depth, part in enumerate(path) if isinstance(part, int)), len(path))
    for length in range(min(index, len(path)), 0, -1):
        if sum(_remove(path[:length], document.values) for document in documents):
            return path[:length]
    return path


def _remove(path: Path, values: dict[str, object]) -> bool:
    block: object = values
    for part in path[:-1]:
        block = block.get(str(part)) if isinstance(block, dict) else None
    if not isinstance(block, dict) or path[-1] not in block:
        return False
    del block[path[-1]]
    return True


def _is_near(path: Path, pruned: set[Path]) -> bool:
    return any(one[: len(path)] == path for one in pruned)


def _step(annotation: Any, part: str | int) -> Iterator[Any]:
    for one in _flat(annotation):
        if _is_block(one):
            fields = {field.alias or name: field.annotation for name, field in one.model_fields.items()}
            if part in fields:
                yield fields[str(part)]
            elif one is HabitsBlock:
                yield Entry
        elif get_origin(one) in (dict, list):
            yield get_args(one)[-1]


def _flat(annotation: Any) -> Iterator[Any]:
    """Yield what a value may be, without the wrapping of Annotated and of unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _flat(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from _flat(one)
    else:
        yield annotation


def _is_block(annotation: Any) -> bool:
    return inspect.isclass(annotation) and issubclass(annotation, BaseModel)


def _example(examples: list[Any] | None) -> str:
    example = examples[0] if examples else ""
    return f"[{', '.join(map(str, example))}]" if isinstance(example, list) else str(example)
