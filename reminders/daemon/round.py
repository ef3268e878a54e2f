"""Whom a turn has still to look at: a few at a time, so that a house of hundreds does not stop the loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from reminders.domain.person import Person

PEOPLE_AT_ONCE = 5  # some five milliseconds each, with a commit


class Round:
    """People in line, and when each who was looked at wants to be looked at again."""

    def __init__(self) -> None:
        """Begin with nobody in line."""
        self._line: list[str] = []
        self._looks: dict[str, datetime] = {}

    @property
    def is_over(self) -> bool:
        """True when nobody is in line."""
        return not self._line

    @property
    def looks(self) -> tuple[datetime, ...]:
        """When people want to be looked at again."""
        return tuple(self._looks.values())

    def call(self, people: Iterable[Person]) -> None:
        """Put everybody in line; who stands in it keeps the place, so that nobody waits for ever."""
        names = [person.id for person in people]
        self._line = list(dict.fromkeys([one for one in self._line if one in names] + names))
        self._looks = {name: at for name, at in self._looks.items() if name in names}

    def next(self, people: Iterable[Person]) -> Iterator[Person]:
        """Take the next few out of line; one who has left the house meanwhile is passed over."""
        here = {person.id: person for person in people}
        turn, self._line = self._line[:PEOPLE_AT_ONCE], self._line[PEOPLE_AT_ONCE:]
        return (here[name] for name in turn if name in here)

    def note(self, person: Person, look_at: datetime) -> None:
        """Note when to look at a person again."""
        self._looks[person.id] = look_at
