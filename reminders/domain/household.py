"""Everything one daemon serves: the meaning of one configuration file."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.person import Person
from reminders.domain.web import WebSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Household:
    """The people and channels of one daemon.

    ``source`` is the configuration file's path; None = the built-in starter.
    ``web`` is the page's door; None = no page. ``presence`` False = nobody looks whether somebody is at the desk.
    """

    people: tuple[Person, ...]
    channels: tuple[ChannelSpec, ...]
    source: str | None = None
    web: WebSpec | None = None
    presence: bool = True

    def person(self, person_id: str) -> Person | None:
        """Return the person of that id, or None."""
        return next((person for person in self.people if person.id == person_id), None)

    @property
    def at_the_desk(self) -> Person | None:
        """Whose desktop a desktop channel ends on: the one person who uses any; None = nobody's, or not clear whose."""
        users = [person for person in self.people if self.desktops_of(person)]
        return users[0] if len(users) == 1 else None

    def desktops_of(self, person: Person) -> frozenset[str]:
        """Return the desktop channels that any habit of the person is sent to."""
        desktops = {channel.name for channel in self.channels if channel.kind is ChannelKind.DESKTOP}
        return frozenset(name for habit in person.habits for name in habit.send_to if name in desktops)

    def channel(self, name: str) -> ChannelSpec | None:
        """Return the channel of that name, or None."""
        return next((channel for channel in self.channels if channel.name == name), None)
