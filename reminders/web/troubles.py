"""What is wrong with the service, and what to do about it, for the top of every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reminders.catalogue.phrases import say
from reminders.catalogue.retelling import retold
from reminders.channels.unbuildable import DESKTOP_MEND
from reminders.delivery.breaker import BreakerState
from reminders.delivery.lane import ChannelHealth
from reminders.domain.channel import ChannelKind
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
        yield Trouble(
            what=say("Nothing can be sent now: {why}.", why=retold(service.degraded)),
            mend=say("Look closer with: reminders doctor"),
        )
    if service.refused is not None:
        yield Trouble(
            what=say(
                "The configuration file was refused, so the one before it stays in force: {why}.",
                why=retold(service.refused),
            ),
            mend=say("The page Configuration shows each mistake with its line; it is read again once it is mended."),
        )
    for name, reason in service.unbuildable:
        yield Trouble(
            what=say("The channel {channel} cannot be used: {why}.", channel=name, why=retold(reason)),
            mend=_mend_of(name, household),
        )
    for person in household.people:
        yield from _about_calendars(house, person)
    for channel in house.channels():
        if channel.state is not BreakerState.CLOSED:
            yield Trouble(
                what=_failing(channel),
                mend=say(
                    "It is tried again in a while. To try it now: reminders send-test {channel}", channel=channel.name
                ),
            )


def _mend_of(channel: str, household: Household) -> str:
    if any(spec.name == channel and spec.kind is ChannelKind.DESKTOP for spec in household.channels):
        mend = say(DESKTOP_MEND)  # no desktop session is no mistake in the file
        return f"{mend[0].upper()}{mend[1:]}."
    file = household.source
    if file is None:
        return say("Mend it in a configuration file, then try it: reminders send-test {channel}", channel=channel)
    return say("Mend it in {file}, then try it: reminders send-test {channel}", file=file, channel=channel)


def _failing(channel: ChannelHealth) -> str:
    count = channel.failures_in_a_row
    if not channel.detail:
        return say("The channel {channel} failed {count} times in a row.", channel=channel.name, count=count)
    return say(
        "The channel {channel} failed {count} times in a row: {why}.",
        channel=channel.name,
        count=count,
        why=retold(channel.detail),
    )


def _about_calendars(house: House, person: Person) -> Iterator[Trouble]:
    zone = house.zone_of(person)
    for calendar in house.calendars(person):
        words = state_words(calendar, lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M}")
        if calendar.trouble is not None and calendar.mend is not None:
            yield Trouble(
                what=say("The calendar {calendar} is {words}.", calendar=calendar.name, words=words),
                mend=f"{calendar.mend[0].upper()}{calendar.mend[1:]}.",
            )


def journal_trouble(error: JournalUnavailable) -> Trouble:
    """Return what a journal that cannot be read means for the page."""
    return Trouble(
        what=say("The record cannot be read now: {why}.", why=error),
        mend=say("What stands below is incomplete. Look closer with: reminders doctor"),
    )
