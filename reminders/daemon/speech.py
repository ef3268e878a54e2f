"""Each person's own language: the texts to compose from, and the words of the service itself.

The catalogue is read when somebody is spoken to, not before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from reminders.daemon.mishap import spared
from reminders.domain.household import Household
from reminders.domain.nudge import Nudge
from reminders.domain.service_words import ENGLISH, ServiceWords

if TYPE_CHECKING:
    from reminders.catalogue.content import Content
    from reminders.domain.person import Person


def content_for(person: Person) -> Content:
    """Return the catalogue in the person's language; read for the first one and kept, half a megabyte a language."""
    from reminders.catalogue.content import load_content  # noqa: PLC0415

    return load_content(person.language)


def words_for(person: Person | None) -> ServiceWords:
    """Return the service's words for a person; English ones for nobody known, and when no texts can be read."""
    if person is None:
        return ENGLISH
    return spared("read the texts", lambda: _words(person), ENGLISH)


def _words(person: Person) -> ServiceWords:
    from reminders.planning.wording import service_words  # noqa: PLC0415

    return service_words(content_for(person))


class Speech:
    """The service's words for each nudge; those of a language are made once for each household."""

    def __init__(self, household: Callable[[], Household]) -> None:
        """Ask ``household`` for the people at every nudge, as they change with the configuration."""
        self._household = household
        self._known: Household | None = None
        self._people: dict[str, Person] = {}
        self._words: dict[str, ServiceWords] = {}

    def of(self, nudge: Nudge) -> ServiceWords:
        """Return the words in the language of the nudge's person."""
        household = self._household()
        if household is not self._known:
            self._known, self._words = household, {}
            self._people = {person.id: person for person in household.people}
        person = self._people.get(nudge.person)
        language = "" if person is None else person.language
        if language not in self._words:
            self._words[language] = words_for(person)
        return self._words[language]
