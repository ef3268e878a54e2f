"""The language a person is spoken to in: one that the catalogue has texts in."""

from __future__ import annotations

from typing import Annotated

from pydantic import WithJsonSchema

from reminders.catalogue.content import language_names
from reminders.catalogue.phrases import languages, say
from reminders.settings.fields import leaf
from reminders.settings.mistakes import COMPARED_AT_MOST, FOUND, Mistake, did_you_mean, meant


def parse_language(value: object) -> str:
    """Return the language; raise Mistake where there are no texts in it."""
    if isinstance(value, str) and value in languages():
        return value
    allowed = ", ".join(languages())
    message = say("{found} is not a language that there are texts in", found=FOUND)
    raise Mistake(message, allowed=allowed, hint=_meant(value))


def _meant(value: object) -> str | None:
    """Return the hint for a language by its name, such as "Deutsch", or with a region, such as "de-AT"."""
    if not isinstance(value, str) or len(value) > COMPARED_AT_MOST:
        return None
    code = value.strip().lower().replace("_", "-").split("-")[0]
    by_name = {name.lower(): language for language in languages() for name in language_names(language)}
    named = code if code in languages() else by_name.get(value.strip().lower())
    return did_you_mean(value, languages()) if named is None else meant(named)


Language = Annotated[str | None, leaf(parse_language), WithJsonSchema({"enum": [*languages(), None]})]
