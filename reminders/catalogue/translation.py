"""What a language leaves unsaid.

``python -m reminders.catalogue.translation LANGUAGE`` lists what its file lacks, and what it says that nobody asks for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from string import Formatter

from reminders.catalogue.content import load_content, words_written
from reminders.catalogue.phrases import ENGLISH


def lacking(wanted: object, own: object, where: str = "") -> Iterator[str]:
    """Yield the place of every text of ``wanted`` that ``own`` has none for, such as ``habits.walk.variants.w1``."""
    pairs = _pairs(wanted)
    if pairs is None:
        is_empty = isinstance(wanted, str) and wanted != "" and not own
        if is_empty or not isinstance(own, type(wanted)):
            yield where
        return
    mine = dict(_pairs(own) or ())
    for key, value in pairs:
        place = f"{where}.{key}" if where else str(key)
        if key in mine:
            yield from lacking(value, mine[key], place)
        else:
            yield place


def misfilled(wanted: object, own: object, where: str = "") -> Iterator[str]:
    """Yield the place of every text of ``own`` whose placeholders are not those of ``wanted``."""
    if isinstance(wanted, str) and isinstance(own, str):
        if placeholders(wanted) != placeholders(own):
            yield where
        return
    mine = dict(_pairs(own) or ())
    for key, value in _pairs(wanted) or ():
        yield from misfilled(value, mine.get(key), f"{where}.{key}" if where else str(key))


def placeholders(text: str) -> frozenset[str]:
    """Return the names in curly brackets."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _pairs(value: object) -> list[tuple[object, object]] | None:
    """Return the (key, value) pairs of a mapping, or of a list by place; None for anything else."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else None


def report(language: str) -> list[str]:
    """Return what is wrong with a language's file, line by line. Raises ValueError for an unknown language."""
    wanted, own = dict(words_written(ENGLISH)), dict(words_written(language))
    wanted |= {} if language == ENGLISH else _beside_figures()
    for words in (wanted, own):
        words.pop("language_names", None)  # each language has as many as it likes
    return [
        *(f"lacking: {place}" for place in lacking(wanted, own)),
        *(f"unknown: {place}" for place in lacking(own, wanted)),
        *(f"other placeholders: {place}" for place in misfilled(wanted, own)),
    ]


def _beside_figures() -> dict[str, object]:
    """Return the English words that stand in the other files of the catalogue."""
    content = load_content()
    foods = {food.id: {"name": food.name, "serving": food.serving, "tip": food.tip} for food in content.foods.values()}
    moves = {move.id: {"steps": move.steps, "label": move.label} for move in content.moves.values()}
    named = {name: {key: text for key, text in words.items() if text} for name, words in foods.items()}
    return {"foods": named, "moves": moves}


def main(arguments: list[str]) -> int:
    """Print the report about each language named; return 1 when there is anything to print."""
    lines = [line for language in arguments for line in report(language)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
