"""What pages and commands say, in the language of whoever looks on.

The English sentence is written where it is said, and is the key of its translations, as with gettext: what a language
has no words for is said in English. The translations stand in the second document of ``texts/<language>.yaml``.
What programs read (JSON, the API, logs, the journal) is English whoever looks on; see ``speaking``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ENGLISH = "en"
DOCUMENT_END = b"\n---\n"
_TEXTS = Path(__file__).with_name("texts")
_PLURAL = "plural"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases:
    """The phrases of a language by their English; a phrase that counts has a form for each number ``form`` returns."""

    language: str
    by_english: Mapping[str, str | list[str]]
    form: Callable[[int], int]


_SOURCE = Phrases(language=ENGLISH, by_english={}, form=lambda count: int(count != 1))
_SPOKEN: ContextVar[Phrases] = ContextVar("phrases", default=_SOURCE)


def say(english: str, /, **values: object) -> str:
    """Return a phrase in the language spoken, filled in; write ``{name}`` where the value of that name belongs."""
    found = _SPOKEN.get().by_english.get(english, english)
    phrase = found if isinstance(found, str) else english
    return phrase.format(**values) if values else phrase


def say_as(context: str, english: str, /, **values: object) -> str:
    """Return a phrase whose English means several things; ``context`` tells which, and is not shown.

    Its key among the translations is ``context | english``.
    """
    found = _SPOKEN.get().by_english.get(f"{context} | {english}")
    return say(english, **values) if not isinstance(found, str) else found.format(**values) if values else found


def say_many(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the phrase that goes with a number, filled in with it as ``{count}``.

    The key among the translations is ``many``; there, its forms are a list.
    """
    spoken = _SPOKEN.get()
    found = spoken.by_english.get(many)
    if isinstance(found, list):
        return found[spoken.form(count)].format(count=count, **values)
    return (one if count == 1 else many).format(count=count, **values)


def phrase(english: str) -> str:
    """Return the English as it is: it marks a phrase of a table, which ``say`` is given later."""
    return english


def phrases_spoken() -> Phrases:
    """Return the phrases that ``say`` speaks with here and now."""
    return _SPOKEN.get()


def in_every_language(english: str) -> tuple[str, ...]:
    """Return a phrase as it is said in each language that has words for it, English first."""
    found = (phrases_in(language).by_english.get(english) for language in languages())
    return (english, *(words for words in found if isinstance(words, str)))


def language_spoken() -> str:
    """Return the language that ``say`` speaks here and now."""
    return _SPOKEN.get().language


@contextmanager
def speaking(language: str | Phrases) -> Iterator[None]:
    """Speak a language in this block, or task; outside any, English is spoken. Raises ValueError as ``phrases_in``."""
    token = _SPOKEN.set(language if isinstance(language, Phrases) else phrases_in(language))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def speak(language: str) -> None:
    """Speak another language from here to the end of the block or task. Raises ValueError as ``phrases_in``."""
    _SPOKEN.set(phrases_in(language))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are texts in, in the order of the alphabet."""
    return tuple(sorted(file.stem for file in _TEXTS.glob("*.yaml")))


@cache
def phrases_in(language: str) -> Phrases:
    """Return the phrases of a language; English has none but the source. Raises ValueError for an unknown language."""
    if language == ENGLISH:
        return _SOURCE
    from gettext import c2py  # noqa: PLC0415  for those who do not speak English

    written = dict(phrases_written(language))
    plural = written.pop(_PLURAL, None)
    flat = {
        key: found for group in written.values() if isinstance(group, dict) for key, found in group.items() if found
    }
    return Phrases(language=language, by_english=flat, form=c2py(str(plural or "n != 1")))


def phrases_written(language: str) -> Mapping[str, object]:
    """Return the second document of a language's file as it stands. Raises ValueError where there is no such file."""
    import yaml  # noqa: PLC0415  most callers speak English, which needs none

    if language not in languages():
        raise ValueError(f"no phrases in language {language!r}")
    written = (_TEXTS / f"{language}.yaml").read_bytes().partition(DOCUMENT_END)[2]
    parsed = yaml.load(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both loaders are safe
    return parsed if isinstance(parsed, dict) else {}
