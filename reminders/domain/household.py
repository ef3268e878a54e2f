"""Everything one daemon serves: the meaning of one configuration file."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.domain.channel import ChannelSpec
from reminders.domain.person import Person
from reminders.domain.web import WebSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Household:
    """The people and channels of one daemon.

    ``source`` is the configuration file's path; None = the built-in starter.
    ``web`` is the page's door; None = no page.
    """

    people: tuple[Person, ...]
    channels: tuple[ChannelSpec, ...]
    source: str | None = None
    web: WebSpec | None = None

    def person(self, person_id: str) -> Person | None:
        """Return the person of that id, or None."""
        return next((person for person in self.people if person.id == person_id), None)

    def channel(self, name: str) -> ChannelSpec | None:
        """Return the channel of that name, or None."""
        return next((channel for channel in self.channels if channel.name == name), None)
