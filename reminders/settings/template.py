"""``${NAME}`` in a text: filled in once from the environment, never twice; ``$$`` is a dollar sign."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reminders.catalogue.phrases import phrase, say

_PART = re.compile(r"\$\$|\$\{([^}]*)(\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class TemplateMistake(ValueError):
    """the text cannot be filled in; ``variable`` names what is not set, None = the text itself is malformed."""

    def __init__(self, message: str, variable: str | None = None) -> None:
        """Keep the name of the variable for the hint."""
        super().__init__(message)
        self.variable = variable


def variables_of(text: str) -> tuple[str, ...]:
    """Return the names a text asks for, in order of appearance; malformed parts are left out."""
    names = (match[1] for match in _PART.finditer(text) if match[0] != "$$" and match[2])
    return tuple(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))


def fill(text: str, environment: Mapping[str, str]) -> str:
    """Fill a text in; raise TemplateMistake for a variable that is not set (or empty) and for a malformed ``${``."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        if not match[2] or not _NAME.fullmatch(match[1]):
            words = phrase('"{sign}" begins a variable such as {example}, and this is none')
            raise TemplateMistake(say(words, sign="${", example="${NTFY_TOPIC}"))
        if not environment.get(match[1]):
            message = say('the environment variable "{name}" is not set', name=match[1])
            raise TemplateMistake(message, match[1])
        return environment[match[1]]

    return _PART.sub(value, text)
