"""Everything the catalogue holds, loaded once.

Reading takes some tens of milliseconds, so callers load it where a text is composed or a file is checked, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from reminders.catalogue.food import Food, foods_in_words, read_foods
from reminders.catalogue.habit_default import HabitDefault, read_habit_defaults
from reminders.catalogue.intake import Authority, read_authorities
from reminders.catalogue.move import (
    Move,
    RoutinePlan,
    Sequence,
    moves_in_words,
    read_moves,
    read_routine_plans,
    read_sequences,
)
from reminders.catalogue.phrases import DOCUMENT_END, ENGLISH, languages
from reminders.catalogue.record import Record
from reminders.catalogue.rules import SafetyRules, read_rules
from reminders.catalogue.texts import FlareTexts, Texts, read_texts

_DATA_FILES = ("habits.yaml", "foods.yaml", "moves.yaml", "intakes.yaml", "safety.yaml")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Content:
    """The catalogue.

    ``condition_codes``, ``medicine_codes``, ``avoid_codes``, ``diets`` and ``allergies`` are what a profile may name.
    ``version`` changes with any byte of the data files. Two contents are equal only when they are the same object.
    """

    version: str
    habits: Mapping[str, HabitDefault]
    foods: Mapping[str, Food]
    moves: Mapping[str, Move]
    sequences: Mapping[str, Sequence]
    routines: Mapping[str, RoutinePlan]
    intakes: Mapping[str, Authority]
    rules: SafetyRules
    texts: Texts
    condition_codes: frozenset[str]
    medicine_codes: frozenset[str]
    avoid_codes: frozenset[str]
    diets: frozenset[str]
    allergies: frozenset[str]

    @property
    def flare(self) -> FlareTexts:
        """The fixed words for a bad day."""
        return self.texts.flare


@cache
def load_content(language: str = ENGLISH) -> Content:
    """Read and check every data file, with the words of a language; what it does not say is said in English.

    A language that nobody asks for is not kept. Raises ValueError for an unknown one, or a slip in a file.
    """
    names = dict.fromkeys((*_DATA_FILES, _texts_name(ENGLISH), _known(language)))
    contents = {name: _first_document(name) for name in names}
    return _content(lambda name: Record(_parse(contents[name]), name), language, _fingerprint(contents))


def language_names(language: str) -> tuple[str, ...]:
    """Return what a language is called, first by those who speak it. Raises ValueError for a slip in its file."""
    return Record(words_written(language), _texts_name(language)).texts("language_names")


def words_written(language: str) -> Mapping[str, object]:
    """Return a language's file as it stands, nothing filled in from English. Raises ValueError for an unknown one."""
    name = _known(language)
    return Record(_parse(_first_document(name)), name).fields


def laid_over(base: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Return the words of ``own``, with those of ``base`` where it has none; lists are taken whole."""
    merged = dict(base)
    for key, value in own.items():
        under = base.get(key)
        merged[key] = laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _known(language: str) -> str:
    if language not in languages():
        raise ValueError(f"no texts in language {language!r}; there are: {', '.join(languages())}")
    return _texts_name(language)


def _texts_name(language: str) -> str:
    return f"texts/{language}.yaml"


def _content(record: Callable[[str], Record], language: str, version: str) -> Content:
    # One file after the other: the daemon keeps whatever memory the parser needed at its worst.
    habits = read_habit_defaults(record("habits.yaml"))
    foods = read_foods(record("foods.yaml"))
    intakes = read_authorities(record("intakes.yaml"))
    words = record(_texts_name(ENGLISH))
    if language != ENGLISH:
        words = Record(laid_over(words.fields, record(_texts_name(language)).fields), _texts_name(language))
    texts = read_texts(words, language)
    rules = read_rules(record("safety.yaml"))
    moves = record("moves.yaml")
    avoid_codes = frozenset(moves.mapping("avoid_codes")) - {"driving"}
    return Content(
        version=version,
        habits=habits,
        foods=foods_in_words(foods, words),
        moves=moves_in_words(read_moves(moves), words),
        sequences=read_sequences(moves),
        routines=read_routine_plans(moves),
        intakes=intakes,
        rules=rules,
        texts=texts,
        condition_codes=rules.codes("condition", "agreement") | avoid_codes,
        medicine_codes=rules.codes("medicine"),
        avoid_codes=avoid_codes,
        diets=frozenset(rules.diets),
        allergies=frozenset(rules.allergies),
    )


def _first_document(name: str) -> bytes:
    """Return a data file without the phrases of pages and commands, which ``phrases`` reads."""
    return files("reminders.catalogue").joinpath(name).read_bytes().partition(DOCUMENT_END)[0]


def _parse(data: bytes) -> object:
    import yaml  # noqa: PLC0415  the parser costs more than the rest of this package, and many callers never load

    return yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both loaders are safe


def _fingerprint(contents: Mapping[str, bytes]) -> str:
    digest = blake2b(digest_size=8)
    for name in sorted(contents):
        digest.update(name.encode() + b"\0" + contents[name])
    return digest.hexdigest()
