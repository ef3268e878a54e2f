"""Which language the page speaks: a person's own on their page, else the visitor's; to programs English.

The gate chooses for every request, before anything is said; ``speak`` in ``visit`` and behind a link chooses again,
once it is known whose page it is. A request is a task of its own, and so is what it does in other threads.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.datastructures import Headers

from reminders.catalogue.phrases import ENGLISH, languages
from reminders.domain.household import Household
from reminders.web.refusal import API

FOR_PROGRAMS = ("/metrics", "/healthz", "/calendar.ics")
CHOICES_AT_MOST = 20  # languages named in one header; nobody speaks more
_ANY = "*"


def language_for(path: str, headers: Headers, household: Household) -> str:
    """Return the language to speak while it is not known to whom: the first person's where the visitor names none."""
    if path in FOR_PROGRAMS or path.startswith(API):
        return ENGLISH
    return language_accepted(headers.get("accept-language", "")) or household.people[0].language


def language_accepted(written: str) -> str | None:
    """Return the language of ours that an Accept-Language header likes best; None = it names none of them."""
    wanted = sorted(_choices(written), key=lambda choice: -choice[1])  # equals stay in the order of the header
    return next((code for code, quality in wanted if quality > 0 and code in languages()), None)


def _choices(written: str) -> Iterator[tuple[str, float]]:
    for one in written.split(",")[:CHOICES_AT_MOST]:
        name, *parameters = (part.strip().lower() for part in one.split(";"))
        code = name.partition("-")[0]
        if code and code != _ANY:
            yield code, _quality(parameters)


def _quality(parameters: list[str]) -> float:
    """Return how much a language is liked, 0 to 1: 1 unless it says; 0 = not at all, or it cannot be read."""
    named = next((one.partition("=")[2].strip() for one in parameters if one.startswith("q")), "1")
    try:
        quality = float(named)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
