"""What was put down in English, told in the language of whoever looks on.

The daemon speaks English, and so do the record and the files it keeps. A phrase of its own is found again in such a
text, with what it was filled in with; a text that came from elsewhere (a server, an operating system) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reminders.catalogue.phrases import phrases_spoken

_HOLE = re.compile(r"\{(\w+)\}")
# With fewer letters of its own a phrase would fit almost anything, as "{weekday} {date}" does.
_OWN_LETTERS = 7


def retold(english: str) -> str:
    """Return a text that was put down in English, in the language spoken; as it is where no phrase fits it."""
    known = phrases_spoken().by_english
    exact = known.get(english)
    if isinstance(exact, str):
        return exact
    fitting = ((key, found) for key in known for found in _fits(key, english))
    key, found = max(fitting, key=lambda pair: _own_letters(pair[0]), default=("", {}))
    phrase = known.get(key)
    if not isinstance(phrase, str):
        return english
    # What a phrase is filled in with may be one too; a single word is a name.
    return phrase.format(**{name: retold(text) if " " in text else text for name, text in found.items()})


def _fits(phrase: str, text: str) -> Iterator[dict[str, str]]:
    """Yield what the phrase was filled in with to give the text; nothing where it cannot have been."""
    first, last = phrase.find("{"), phrase.rfind("}")
    if first < 0 or not text.startswith(phrase[:first]) or not text.endswith(phrase[last + 1 :]):
        return
    if _own_letters(phrase) >= _OWN_LETTERS and (found := re.fullmatch(_pattern(phrase), text, re.DOTALL)):
        yield found.groupdict()


def _own_letters(phrase: str) -> int:
    return sum(character.isalpha() for character in _HOLE.sub("", phrase))


def _pattern(phrase: str) -> str:
    parts = _HOLE.split(phrase)
    holes = [f"(?P={name})" if name in parts[1:at:2] else f"(?P<{name}>.+?)" for at, name in enumerate(parts) if at % 2]
    return "".join(re.escape(own) + hole for own, hole in zip(parts[::2], [*holes, ""], strict=True))
