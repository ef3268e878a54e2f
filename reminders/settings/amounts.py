"""Numbers, words and volumes as people write them."""

from __future__ import annotations

import re

from reminders.catalogue.phrases import phrase, say
from reminders.settings.mistakes import FOUND, Mistake, parse_each

_VOLUME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ml|l)", re.IGNORECASE | re.ASCII)
LETTERS_AT_MOST = 500
DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML = 10, 3000  # at one time, by what a person says


def parse_whole_number(value: object, least: int, most: int) -> int:
    """Read a whole number between the bounds, both included; raise Mistake otherwise."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mistake(say("{found} is not a whole number", found=FOUND), allowed=bounds_text(least, most))
    if not least <= value <= most:
        raise Mistake(say("{found} is out of bounds", found=FOUND), allowed=bounds_text(least, most))
    return value


def bounds_text(least: object, most: object) -> str:
    """Say what is allowed: from the one to the other, both included."""
    return say("{least} to {most}", least=least, most=most)


def parse_volume_ml(value: object, least_ml: int, most_ml: int) -> int:
    """Read ``1800ml`` or ``1.8L`` in millilitres; raise Mistake otherwise."""
    bounds = bounds_text(f"{least_ml}ml", f"{most_ml}ml")
    match = _VOLUME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        words = phrase("{found} has no unit") if is_number else phrase("{found} is not an amount to drink")
        hint = say("write an amount such as 1800ml or 1.8L (allowed: {bounds})", bounds=bounds)
        raise Mistake(say(words, found=FOUND), hint=hint)
    number, unit = match.groups()
    millilitres = round(float(number) * (1000 if unit.lower() == "l" else 1))
    if not least_ml <= millilitres <= most_ml:
        raise Mistake(say("{found} is out of bounds", found=FOUND), allowed=bounds)
    return millilitres


def parse_text(value: object) -> str:
    """Read a text that says something; raise Mistake otherwise."""
    if not isinstance(value, str):
        hint = None if isinstance(value, dict | list) else say("put it in quotes")
        raise Mistake(say("{found} is not text", found=FOUND), hint=hint)
    if not value.strip():
        raise Mistake(say("the text is empty"))
    check_length(value, LETTERS_AT_MOST)
    if any(not character.isprintable() and character != "\n" for character in value):
        raise Mistake(say("the text holds characters that cannot be printed"))
    return value.strip()


def check_length(text: str, most: int) -> None:
    """Raise Mistake for a text of more letters."""
    if len(text) > most:
        allowed = say("at most {most} letters", most=most)
        raise Mistake(say("the text is {count} letters long", count=len(text)), allowed=allowed)


def parse_words(value: object) -> tuple[str, ...]:
    """Read one word or a list of words, each once; raise Mistake otherwise."""
    words = parse_each(value if isinstance(value, list) else [value], _word)
    for word in words if len(set(words)) < len(words) else ():
        if words.count(word) > 1:
            raise Mistake(say("{found} is listed twice", found=FOUND), found=word)
    return tuple(words)


def _word(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        hint = say("write one name, or a list such as [one, two]")
        raise Mistake(say("{found} is not a name", found=FOUND), hint=hint)
    return value
