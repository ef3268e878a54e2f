"""Numbers, words and volumes as people write them."""

from __future__ import annotations

import re

from reminders.settings.mistakes import FOUND, Mistake, parse_each

_VOLUME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ml|l)", re.IGNORECASE | re.ASCII)
LETTERS_AT_MOST = 500
DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML = 10, 3000  # at one time, by what a person says


def parse_whole_number(value: object, least: int, most: int) -> int:
    """Read a whole number between the bounds, both included; raise Mistake otherwise."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mistake(f"{FOUND} is not a whole number", allowed=f"{least} to {most}")
    if not least <= value <= most:
        raise Mistake(f"{FOUND} is out of bounds", allowed=f"{least} to {most}")
    return value


def parse_volume_ml(value: object, least_ml: int, most_ml: int) -> int:
    """Read ``1800ml`` or ``1.8L`` in millilitres; raise Mistake otherwise."""
    bounds = f"{least_ml}ml to {most_ml}ml"
    match = _VOLUME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        words = "has no unit" if is_number else "is not an amount to drink"
        raise Mistake(f"{FOUND} {words}", hint=f"write an amount such as 1800ml or 1.8L (allowed: {bounds})")
    number, unit = match.groups()
    millilitres = round(float(number) * (1000 if unit.lower() == "l" else 1))
    if not least_ml <= millilitres <= most_ml:
        raise Mistake(f"{FOUND} is out of bounds", allowed=bounds)
    return millilitres


def parse_text(value: object) -> str:
    """Read a text that says something; raise Mistake otherwise."""
    if not isinstance(value, str):
        hint = None if isinstance(value, dict | list) else "put it in quotes"
        raise Mistake(f"{FOUND} is not text", hint=hint)
    if not value.strip():
        raise Mistake("the text is empty")
    if len(value) > LETTERS_AT_MOST:
        raise Mistake(f"the text is {len(value)} letters long", allowed=f"at most {LETTERS_AT_MOST} letters")
    if any(not character.isprintable() and character != "\n" for character in value):
        raise Mistake("the text holds characters that cannot be printed")
    return value.strip()


def parse_words(value: object) -> tuple[str, ...]:
    """Read one word or a list of words, each once; raise Mistake otherwise."""
    words = parse_each(value if isinstance(value, list) else [value], _word)
    for word in words if len(set(words)) < len(words) else ():
        if words.count(word) > 1:
            raise Mistake(f"{FOUND} is listed twice", found=word)
    return tuple(words)


def _word(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Mistake(f"{FOUND} is not a name", hint="write one name, or a list such as [one, two]")
    return value
