"""Words out of a list, as people type them: a code, the name shown beside it, or an unmistakable part of either."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reminders.catalogue.phrases import say, say_as
from reminders.cli.questions import UNANSWERED, is_none, typed_none

_JOINED_AT_MOST = 6  # commas in a name, and one more
_PART_AT_LEAST = 4  # letters; fewer are a part of too much
_BEGINNING_AT_LEAST = 5
_MEANT_AT_MOST = 4
_LISTED_AT_MOST = 9  # more are not read a second time
_LIKENESS = 0.8
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def some_of(known: Collection[str], unknown: str, whole: Collection[str] = ()) -> Callable[[str], tuple[str, ...]]:
    """Return a reader of words after commas out of those known, or of their names; ``none`` = none of them.

    ``unknown`` is the phrase for a ``{word}`` that is not. Of the codes in ``whole`` no part is taken.
    """

    def read(text: str) -> tuple[str, ...]:
        if is_none(text):
            return ()
        names = _Names(forms=_forms(known), whole=frozenset(whole), unknown=unknown)
        return tuple(dict.fromkeys(names.codes(text)))

    return read


def maybe_some_of(
    known: Collection[str], unknown: str, whole: Collection[str] = ()
) -> Callable[[str], tuple[str, ...] | None]:
    """Return a reader as ``some_of``, of a question that may stay unanswered: ``skip`` gives None."""
    some = some_of(known, unknown, whole)
    return lambda text: None if text.strip() == UNANSWERED else some(text)


def explained(codes: Iterable[str]) -> str:
    """Return codes with their names in the language spoken behind them, as far as they have others."""
    return ", ".join(code if _name_of(code).lower() == code else f"{code} ({_name_of(code)})" for code in codes)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """What may be typed for each code, in plain letters."""

    forms: Mapping[str, frozenset[str]]
    whole: frozenset[str]
    unknown: str

    def codes(self, text: str) -> Iterator[str]:
        """Yield what each word between commas stands for; raise Mistake for one that stands for nothing known."""
        parts = [part.strip() for part in re.split("[,;]", text) if part.strip()]
        while parts:
            code, length = self._first(parts)
            yield code
            parts = parts[length:]

    def _first(self, parts: list[str]) -> tuple[str, int]:
        """Return the code that the parts begin with and how many name it: a name may hold commas."""
        for length in range(min(len(parts), _JOINED_AT_MOST), 0, -1):
            found = self._named(_plain(" ".join(parts[:length])))
            if len(found) == 1:
                return found[0], length
        return self._by_part(parts[0]), 1

    def _named(self, form: str) -> list[str]:
        return [code for code, forms in self.forms.items() if form in forms]

    def _by_part(self, word: str) -> str:
        from reminders.settings.mistakes import Mistake, printable

        found = [code for code, forms in self.forms.items() if any(_is_part(_plain(word), form) for form in forms)]
        if len(found) == 1 and found[0] not in self.whole:
            return found[0]
        raise Mistake(say(self.unknown, word=printable(word)), hint=self._hint(word, found))

    def _hint(self, word: str, found: list[str]) -> str:
        """Say what may have been meant; a long list is not told again."""
        from reminders.settings.mistakes import meant_one_of

        meant_codes = found if 0 < len(found) <= _MEANT_AT_MOST else self._like(word)
        if meant_codes:
            return meant_one_of([_name_of(code) for code in meant_codes])
        if len(self.forms) <= _LISTED_AT_MOST:
            return say("known: {words}", words=explained(self.forms))
        return say(
            'write words of the list, or "{none}"; reminders init --reference has the list as well', none=typed_none()
        )

    def _like(self, word: str) -> list[str]:
        from reminders.settings.mistakes import nearest

        by_form = {form: code for code, forms in self.forms.items() for form in sorted(forms)}
        near = nearest(_plain(word), by_form, _LIKENESS)
        return [] if near is None else [by_form[near]]


def _forms(known: Iterable[str]) -> dict[str, frozenset[str]]:
    return {code: frozenset(form for form in map(_plain, _spellings(code)) if form) for code in known}


def _spellings(code: str) -> Iterator[str]:
    """Yield the code, its name, and what the name joins with a slash or has in brackets."""
    name = _name_of(code)
    yield from (code, name, *re.split("[/()]", name))


def _name_of(code: str) -> str:
    """Return what a code of a profile is called in the language spoken; itself where it has no other name."""
    return say_as("profile", code)


def _plain(text: str) -> str:
    """Return the words of a text in small letters, one space between them."""
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " "))).translate(_SPELLED_OUT)


def _is_part(word: str, form: str) -> bool:
    """Tell whether whole words of a name were typed, or, with some letters more, the beginning of one."""
    end = "" if len(word) >= _BEGINNING_AT_LEAST else " "
    return len(word) >= _PART_AT_LEAST and f" {word}{end}" in f" {form} "
