"""What can be wrong with a value: the words for it, before anyone knows where it stands in the file."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from reminders.catalogue.phrases import say, say_as
from reminders.domain.errors import Severity

Path = tuple[str | int, ...]
Parsed = TypeVar("Parsed")

FOUND = "{found}"  # stands for the value in a message, so that one place decides whether it may be shown
MASK = "***"
SHOWN_AT_MOST = 40
COMPARED_AT_MOST = 64  # comparing is quadratic; longer words are nobody's typing mistake
_PART_AT_LEAST = 3  # letters; "at" is a part of too much
_KIN_AT_MOST = 4
ABSENT = object()


class Mistake(ValueError):
    """A value that cannot be used; ``FOUND`` in ``message`` or ``hint`` stands for the value."""

    def __init__(
        self, message: str, *, found: object = ABSENT, allowed: str | None = None, hint: str | None = None
    ) -> None:
        """Keep the words; ``found`` left out = the value of the key itself.

        ``index`` is set for one of a list, ``others`` are the further mistakes of that list.
        """
        super().__init__(message)
        self.message = message
        self.found = found
        self.index: int | None = None
        self.others: tuple[Mistake, ...] = ()
        self.allowed = allowed
        self.hint = hint


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A mistake at a path of the configuration; ``at_key`` points at the key rather than at its value.

    ``index`` points at one element of the list that stands there. ``is_lack`` = something is not there, which says
    nothing when it was left out for being wrong; ``lacks`` names where else that may have been.
    """

    path: Path
    message: str
    found: object = ABSENT
    allowed: str | None = None
    hint: str | None = None
    index: int | None = None
    at_key: bool = False
    is_lack: bool = False
    lacks: tuple[Path, ...] = ()
    severity: Severity = Severity.ERROR


def parse_each(items: Iterable[object], parse: Callable[[object], Parsed]) -> list[Parsed]:
    """Read every element of a list; raise the first Mistake, which says what it is about and holds all the others."""
    results: list[Parsed] = []
    mistakes: list[Mistake] = []
    for index, item in enumerate(items):
        try:
            results.append(parse(item))
        except Mistake as mistake:
            mistake.index = index
            if mistake.found is ABSENT:
                mistake.found = item
            mistakes.append(mistake)
    if mistakes:
        first, *others = mistakes
        first.others = tuple(others)
        raise first
    return results


def shown(value: object) -> str:
    """Write a value for a message: words in quotes, numbers bare, nothing long, nothing a terminal would obey."""
    if value is None:
        return say_as("value", "nothing")
    if isinstance(value, dict):
        return say("a block of keys")
    if isinstance(value, list):
        return say("a list")
    if isinstance(value, str):
        return json.dumps(printable(value), ensure_ascii=False)
    return printable(json.dumps(value))


def printable(text: str) -> str:
    """Shorten a text and replace what is not printable."""
    short = text if len(text) <= SHOWN_AT_MOST else text[: SHOWN_AT_MOST - 3] + "..."
    return "".join(character if character.isprintable() else "?" for character in short)


def nearest(word: str, options: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the option that was probably meant, or None; ``likeness`` is the least of it, 1 is the same word."""
    if len(word) > COMPARED_AT_MOST:
        return None
    by_lower = {option.lower(): option for option in options}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=likeness)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: object, options: Iterable[str]) -> str | None:
    """Return ``did you mean "every"?``, or None when nothing is near."""
    match = nearest(word, options) if isinstance(word, str) else None
    return None if match is None else meant(match)


def meant(word: str) -> str:
    """Return ``did you mean "every"?``."""
    return say('did you mean "{word}"?', word=word)


def kin(word: str, options: Iterable[str]) -> str | None:
    """Return ``did you mean "kidney_stones" or "kidney_disease"?`` for a part of their names; None when none has it."""
    parts = _parts(word)
    found = [
        option for option in sorted(options) if any(_is_part(part, other) for part in parts for other in _parts(option))
    ]
    if not found or len(found) > _KIN_AT_MOST:
        return None
    return meant_one_of(found)


def meant_one_of(words: Collection[str]) -> str:
    """Return ``did you mean "AR-F" or "ES-RI"?``; of one word, as ``meant``."""
    *first, last = words
    if not first:
        return meant(last)
    return say('did you mean {words} or "{last}"?', words=", ".join(f'"{one}"' for one in first), last=last)


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", word[:COMPARED_AT_MOST].lower()) if len(part) >= _PART_AT_LEAST]


def _is_part(part: str, other: str) -> bool:
    return part.startswith(other) or other.startswith(part)


def choice(value: object, options: Collection[str], refusal: str) -> str:
    """Return the value when it is one of the options; raise Mistake with the phrase ``refusal`` otherwise."""
    if isinstance(value, str) and value in options:
        return value
    raise Mistake(say(refusal, found=FOUND), allowed=", ".join(options), hint=did_you_mean(value, options))
