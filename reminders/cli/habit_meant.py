"""Which habit somebody meant who typed no id: by its title or its words. Loads the catalogue; for refusals alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import ENGLISH, language_spoken
from reminders.catalogue.texts import HabitTexts
from reminders.settings.mistakes import nearest

_LETTERS_AT_LEAST = 4  # of a word looked for within others
_LIKE_A_TITLE = 0.75
_ENDINGS = ("en", "ing", "e", "s")  # of what people call an activity: "trinken", "drinking"


def habit_meant(word: str, known: Collection[str]) -> str | None:
    """Return the one of the habits whose id, title or texts come closest, said in the language spoken or in English."""
    typed = word.strip().casefold()
    spoken = [load_content(language).texts.habits for language in dict.fromkeys((language_spoken(), ENGLISH))]
    titles = {texts[one].title.casefold(): one for texts in reversed(spoken) for one in known if one in texts}
    if len(typed) >= _LETTERS_AT_LEAST:
        for title, habit in titles.items():
            if typed in title:
                return habit
    if (near := nearest(word, known)) is not None:
        return near
    if (near := nearest(typed, titles, _LIKE_A_TITLE)) is not None:
        return titles[near]
    return next((found for texts in spoken if (found := _speaking_of(typed, known, texts))), None)


def _speaking_of(typed: str, known: Collection[str], texts: Mapping[str, HabitTexts]) -> str | None:
    """Return the habit whose texts have the word most often, whatever its ending; None = none, or it is not clear."""
    stem = next((typed.removesuffix(one) for one in _ENDINGS if typed.endswith(one)), typed)
    if len(stem) < _LETTERS_AT_LEAST:
        return None
    counts = sorted((sum(_has(stem, text) for text in _said(texts[one])), one) for one in known if one in texts)
    if not counts or not counts[-1][0] or counts[-1][0] == sum(number for number, _ in counts[-2:-1]):
        return None
    return counts[-1][1]


def _has(stem: str, text: str) -> bool:
    return any(part.startswith(stem) for part in text.casefold().split())


def _said(texts: HabitTexts) -> Iterator[str]:
    for pool in (texts.variants, texts.plain, texts.gentle):
        yield from pool.values()
