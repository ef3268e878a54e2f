"""What was put down in English, told in the language of whoever looks on.

The daemon speaks English, and so do the record and the files it keeps. A phrase of its own is found again in such a
text, with what it was filled in with; a text that came from elsewhere (a server, an operating system) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reminders.catalogue.phrases import phrases_spoken
from reminders.catalogue.system_words import is_of_system

_HOLE = re.compile(r"\{(\w+)\}")
# With fewer letters of its own a phrase would fit almost anything, as "{weekday} {date}" does.
_OWN_LETTERS = 7
# Finding takes longer than the text is long, and some of it may be another's.
_LETTERS_AT_MOST = 500
_DEEP_AT_MOST = 4
_FILLING = r"(?:(?!; ).)+?"  # what was filled in ends where the next phrase begins
_JOINTS = ("; ", "  ", ": ")  # what we put several phrases together with, the widest first


def retold(english: str) -> str:
    """Return a text that was put down in English, in the language spoken; as it is where no phrase fits it.

    A text of more than 500 characters is left as it is.
    """
    return english if len(english) > _LETTERS_AT_MOST else _retold(english, _DEEP_AT_MOST)


def _retold(english: str, deep: int) -> str:
    known = phrases_spoken().by_english
    exact = known.get(english.lower() if is_of_system(english) else english)
    if isinstance(exact, str):
        return exact
    if deep == 0 or not known:
        return english
    fitting = ((key, found) for key in known for found in _fits(key, english))
    key, found = max(fitting, key=lambda pair: _own_letters(pair[0]), default=("", {}))
    phrase = known.get(key)
    if isinstance(phrase, str):
        return phrase.format(**{name: _part(text, deep) for name, text in found.items()})
    joint = next((joint for joint in _JOINTS if joint in english), None)
    return english if joint is None else joint.join(_part(text, deep) for text in english.split(joint))


def _part(text: str, deep: int) -> str:
    """Return a part of a text retold, which may be a phrase of its own; a single word is a name."""
    return _retold(text, deep - 1) if " " in text else text


def _fits(phrase: str, text: str) -> Iterator[dict[str, str]]:
    """Yield what the phrase was filled in with to give the text; nothing where it cannot have been."""
    own = _HOLE.split(phrase)[::2]
    if len(own) == 1 or not text.startswith(_unescaped(own[0])) or not text.endswith(_unescaped(own[-1])):
        return
    if _own_letters(phrase) >= _OWN_LETTERS and (found := re.fullmatch(_pattern(phrase), text, re.DOTALL)):
        yield found.groupdict()


def _own_letters(phrase: str) -> int:
    return sum(character.isalpha() for character in _HOLE.sub("", phrase))


def _pattern(phrase: str) -> str:
    parts = _HOLE.split(phrase)
    names = parts[1::2]
    holes = [f"(?P={name})" if name in names[:at] else f"(?P<{name}>{_FILLING})" for at, name in enumerate(names)]
    own = (re.escape(_unescaped(part)) for part in parts[::2])
    return "".join(part + hole for part, hole in zip(own, [*holes, ""], strict=True))


def _unescaped(part: str) -> str:
    return part.replace("{{", "{").replace("}}", "}")
