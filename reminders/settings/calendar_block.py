"""What may be written about a calendar that is kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Discriminator, Tag, WithJsonSchema

from reminders.catalogue.phrases import say
from reminders.domain.calendar import CalendarSpec
from reminders.domain.errors import Severity
from reminders.settings.calendar_place import (
    is_calendar_url,
    parse_calendar,
    parse_calendar_file,
    parse_calendar_url,
)
from reminders.settings.channel_url import parse_url_file
from reminders.settings.entry_name import CALENDAR_NAME
from reminders.settings.fields import (
    BLOCK_TAG,
    HOUR,
    MINUTE,
    TEXT_TAG,
    Block,
    Flag,
    Words,
    duration,
    given,
    key,
    leaf,
    text_or_block,
)
from reminders.settings.mistakes import Finding, Path
from reminders.settings.origins import Origins

REFRESH = HOUR
_PLACES = ("url", "url_file", "file")
_TEXT = WithJsonSchema({"type": ["string", "null"]})
_PLACE = Annotated[str, given(parse_calendar), WithJsonSchema({"type": "string"})]


class CalendarBlock(Block):
    """A calendar kept elsewhere: exactly one of url, url_file and file."""

    url: Annotated[str | None, leaf(parse_calendar_url), WithJsonSchema({"type": ["string", "null"]})] = key(
        "The secret address of the calendar in iCal format; ${NAME} is filled in from the environment.",
        default="none; url_file or file instead",
        example="${WORK_CALENDAR}",
        unit="https:// URL",
    )
    url_file: Annotated[str | None, leaf(parse_url_file), _TEXT] = key(
        "A file that holds the address, read at every refresh.",
        default="none; url or file instead",
        example="/run/secrets/calendar",
        unit="absolute path",
    )
    file: Annotated[str | None, leaf(parse_calendar_file), _TEXT] = key(
        "The calendar itself as a file on this machine, read when it changes.",
        default="none; url or url_file instead",
        example="~/gym.ics",
        unit="absolute path, or one that begins with ~/",
    )
    busy: Flag = key(
        "Hold nudges back during its events; all-day events and those marked as free hold nothing back.",
        default="true",
        example=False,
    )
    training: Words = key(
        "Words that mark a training: an event with one of them in its title is one.", default="[]", example=["gym"]
    )
    refresh: Annotated[timedelta | None, *duration(15 * MINUTE, 24 * HOUR)] = key(
        "How often it is read again.", default="1h", example="30min", unit="duration, 15min to 24h"
    )
    allow_private: Flag = key(
        "Read it from a server in a private network too, such as one at home.", default="false", example=True
    )


Calendar = Annotated[
    Annotated[_PLACE, Tag(TEXT_TAG)] | Annotated[CalendarBlock, Tag(BLOCK_TAG)], Discriminator(text_or_block)
]
Calendars = dict[Annotated[str, AfterValidator(CALENDAR_NAME.checked)], Calendar] | None
NamedCalendars = Mapping[str, CalendarBlock | str]


def calendar_of(name: str, path: Path, calendar: CalendarBlock | str, origins: Origins) -> CalendarSpec:
    """Return what the entry at ``path`` means."""
    if isinstance(calendar, str):
        if not is_calendar_url(calendar):
            return CalendarSpec(name=name, file=calendar)
        return CalendarSpec(name=name, url=origins.template(path) or calendar)
    return CalendarSpec(
        name=name,
        url=calendar.url and (origins.template((*path, "url")) or calendar.url),
        url_file=calendar.url_file,
        file=calendar.file,
        busy=calendar.busy is not False,
        training=calendar.training or (),
        refresh=calendar.refresh or REFRESH,
        allow_private=calendar.allow_private or False,
    )


def check_calendars(path: Path, calendars: NamedCalendars) -> Iterator[Finding]:
    """Find calendars that are nowhere to be had, or in several places."""
    for name, calendar in calendars.items():
        given_places = [place for place in _PLACES if getattr(calendar, place, None) is not None]
        if isinstance(calendar, str) or len(given_places) == 1:
            continue
        lacks = not given_places
        hint = say("give one of them") if lacks else say("keep one of them")
        yield Finding(path=(*path, name), message=_places_words(given_places), hint=hint, at_key=True, is_lack=lacks)


def _places_words(given_places: list[str]) -> str:
    if not given_places:
        return say("none of url, url_file and file is given")
    first, second, *more = given_places
    if more:
        return say("url and url_file and file are all given")
    return say("{first} and {second} are both given", first=first, second=second)


def idle_calendars(path: Path, calendars: NamedCalendars) -> Iterator[Finding]:
    """Warn of calendars that change nothing."""
    for name, calendar in calendars.items():
        if isinstance(calendar, CalendarBlock) and calendar.busy is False and not calendar.training:
            yield Finding(
                path=(*path, name),
                message=say("it neither holds nudges back nor tells of training: it changes nothing"),
                hint=say("name the words that mark a training: training: [gym]"),
                at_key=True,
                severity=Severity.WARNING,
            )
