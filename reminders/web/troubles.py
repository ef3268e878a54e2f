"""What is wrong with the service, and what to do about it, for the top of every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reminders.delivery.breaker import BreakerState
from reminders.domain.errors import JournalUnavailable
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.sensors.calendar_state import state_words
from reminders.web.house import House


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Something that is wrong, and how to mend it."""

    what: str
    mend: str


def troubles_of(house: House, household: Household) -> tuple[Trouble, ...]:
    """Return what is wrong now, the worst first; empty = all is well."""
    return tuple(_troubles(house, household))


def _troubles(house: House, household: Household) -> Iterator[Trouble]:
    service = house.service()
    if service.degraded is not None:
        yield Trouble(what=f"Nothing can be sent now: {service.degraded}.", mend="Look closer with: reminders doctor")
    if service.refused is not None:
        yield Trouble(
            what=f"The configuration file was refused, so the one before it stays in force: {service.refused}.",
            mend="The page Configuration shows each mistake with its line; it is read again once it is mended.",
        )
    for name, reason in service.unbuildable:
        yield Trouble(
            what=f"The channel {name} cannot be used: {reason}.",
            mend=f"Mend it in {household.source or 'a configuration file'}, then try it: reminders send-test {name}",
        )
    for person in household.people:
        yield from _about_calendars(house, person)
    for channel in house.channels():
        if channel.state is not BreakerState.CLOSED:
            why = f": {channel.detail}" if channel.detail else ""
            yield Trouble(
                what=f"The channel {channel.name} failed {channel.failures_in_a_row} times in a row{why}.",
                mend=f"It is tried again in a while. To try it now: reminders send-test {channel.name}",
            )


def _about_calendars(house: House, person: Person) -> Iterator[Trouble]:
    zone = house.zone_of(person)
    for calendar in house.calendars(person):
        words = state_words(calendar, lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M}")
        if calendar.trouble is not None and calendar.mend is not None:
            yield Trouble(
                what=f"The calendar {calendar.name} is {words}.", mend=f"{calendar.mend[0].upper()}{calendar.mend[1:]}."
            )


def journal_trouble(error: JournalUnavailable) -> Trouble:
    """Return what a journal that cannot be read means for the page."""
    return Trouble(
        what=f"The record cannot be read now: {error}.",
        mend="What stands below is incomplete. Look closer with: reminders doctor",
    )
