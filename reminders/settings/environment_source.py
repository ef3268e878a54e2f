"""``REMINDERS_WEB__PORT=8400`` over the file: two underscores go one level down, and values are scalars."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reminders.catalogue.phrases import say
from reminders.settings.document import Document, Place
from reminders.settings.environment_names import PREFIX, is_setting
from reminders.settings.yaml_source import plain_scalar

_DEPTH_AT_MOST = 8
# what looks like a number is text all the same, and nobody can put a variable's value in quotes
_TEXT_KEYS = frozenset({"answer_topic", "login_token", "name", "say"})


def read_environment(
    environment: Mapping[str, str], top_level_keys: Collection[str], referenced: Collection[str]
) -> Document:
    """Read the settings among the variables; an empty one counts as not set.

    ``referenced`` are names the file fills in with ``${NAME}``: such a one is a setting only when its first part is a
    key of the top level. A text keeps ``${VARIABLE}`` as its template, so that its value need never be stored.
    """
    document = Document(file=say("environment"))
    for variable in sorted(filter(is_setting, environment)):
        text = environment[variable]
        parts = variable.removeprefix(PREFIX).lower().split("__")
        if text and (parts[0] in top_level_keys or variable not in referenced):
            _set(document, variable, tuple(parts), text)
    return document


def _set(document: Document, variable: str, parts: tuple[str, ...], text: str) -> None:
    place = Place(file=document.file, variable=variable)
    if len(parts) > _DEPTH_AT_MOST:
        allowed = say("at most {most} levels", most=_DEPTH_AT_MOST)
        document.complain(place, variable, say("no key lies so deep"), allowed=allowed)
        return
    block = document.values
    for depth, part in enumerate(parts[:-1], start=1):
        document.keys_at.setdefault(parts[:depth], place)
        inner = block.setdefault(part, {})
        if not isinstance(inner, dict):
            message = say("{variable} sets the whole block already", variable=document.keys_at[parts[:depth]].variable)
            document.complain(place, variable, message, hint=say("set one of the two"))
            return
        block = inner
    if parts[-1] in block:
        message = say("a longer variable sets a part of this block")
        document.complain(place, variable, message, hint=say("set one of the two"))
        return
    document.keys_at[parts] = document.values_at[parts] = place
    document.templates[parts] = f"${{{variable}}}"
    block[parts[-1]] = text if parts[-1] in _TEXT_KEYS else plain_scalar(text)
