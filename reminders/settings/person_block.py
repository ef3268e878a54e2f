"""What may be written about a person: hours, profile, training, limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from reminders.catalogue.phrases import languages, phrase
from reminders.settings.calendar_block import Calendars
from reminders.settings.digest_block import DigestKey
from reminders.settings.fields import (
    HOUR,
    MINUTE,
    Block,
    Codes,
    DayRange,
    Days,
    GivenDays,
    GivenText,
    GivenTime,
    HolidaysKey,
    Ranges,
    Text,
    Words,
    Zone,
    duration,
    key,
    one_of,
    required_key,
    whole_number,
)
from reminders.settings.habit_block import HabitsBlock
from reminders.settings.language import Language

AWAKE = "07:00-22:30"
WORK_HOURS = "09:00-17:30"
WORK_DAYS = "mon-fri"
SESSION_LASTS = 60 * MINUTE

_NO_SEX = phrase("{found} is not a sex the references know")
_NO_STATE = phrase("{found} is not a state the references know")
_NO_AUTHORITY = phrase("{found} is not an authority")


class WorkBlock(Block):
    """Hours at the desk."""

    hours: Ranges = key(
        "One range or a list of ranges.",
        default=WORK_HOURS,
        example=["09:00-12:00", "13:00-17:30"],
        unit="HH:MM-HH:MM",
    )
    days: Days = key("The days of work.", default=WORK_DAYS, example="mon-thu", unit="days of the week")
    holidays: HolidaysKey = key(
        "Days without work: the holidays of a country or of a part of it, and dates of your own.",
        default="[]",
        example=["DE-BY", "2026-12-24"],
        unit="region codes such as DE or US-CA, or YYYY-MM-DD",
    )


class ProfileBlock(Block):
    """Health answers. They make suggestions fit and keep them safe, and are shown to nobody else."""

    diet: Words = key("How you eat.", default="[]", example=["vegetarian"], unit="codes of the catalogue")
    allergies: Words = key("What you must not eat.", default="[]", example=["nuts"], unit="codes of the catalogue")
    conditions: Codes = key(
        "Illnesses that matter here, or none. Left out = not answered, which keeps potassium ideas off.",
        default="not answered",
        example=["kidney_disease_any"],
        unit="none, or codes of the catalogue",
    )
    medicines: Codes = key(
        "Medicines that matter here, or none. Left out = not answered, which keeps potassium ideas off.",
        default="not answered",
        example=["ace_inhibitor"],
        unit="none, or codes of the catalogue",
    )
    avoid: Words = key("Moves to leave out.", default="[]", example=[], unit="codes of the catalogue")
    sex: Annotated[str | None, *one_of(("female", "male"), _NO_SEX)] = key(
        "For the daily references.", default="the lower of the two references", example="female"
    )
    age: Annotated[int | None, *whole_number(4, 120)] = key(
        "For the daily references.", default="adult", example=45, unit="years, 4 to 120"
    )
    state: Annotated[str | None, *one_of(("none", "pregnant", "lactating"), _NO_STATE)] = key(
        "For the daily references.", default="none", example="pregnant"
    )
    reference: Annotated[str | None, *one_of(("efsa", "us", "uk"), _NO_AUTHORITY)] = key(
        "Whose daily references count: Europe's, the United States' or the United Kingdom's.",
        default="efsa",
        example="us",
    )


class MeBlock(Block):
    """One person."""

    name: Text = key("What to call this person.", default="me, or the name of the block", example="Alex")
    awake: DayRange = key("Nothing is sent outside it.", default=AWAKE, example="06:30-22:00", unit="HH:MM-HH:MM")
    quiet: Ranges = key(
        "More silence, every day. What is open ends where it begins.",
        default="[]",
        example=["13:00-14:00"],
        unit="HH:MM-HH:MM",
    )
    work: WorkBlock | None = key(
        "Hours at the desk.", default=f"{{hours: {WORK_HOURS}, days: {WORK_DAYS}}}", example={"hours": WORK_HOURS}
    )
    profile: ProfileBlock | None = key(
        "Health answers; optional. They make suggestions fit and keep them safe.",
        default="nothing answered",
        example={},
    )


class TrainingBlock(Block):
    """One weekly training time; it also counts as busy."""

    name: GivenText = required_key("What it is called.", example="Gym")
    days: GivenDays = required_key("The days it takes place.", example=["tue", "thu"], unit="days of the week")
    at: GivenTime = required_key("When it starts.", example="18:30", unit="HH:MM")
    lasts: Annotated[timedelta | None, *duration(5 * MINUTE, 12 * HOUR)] = key(
        "How long it lasts.", default="60min", example="60min", unit="duration, 5min to 12h"
    )


class LimitsBlock(Block):
    """How much is too much."""

    per_day: Annotated[int | None, *whole_number(1, 40)] = key(
        "The most nudges on one date.", default="12", example=12, unit="nudges, 1 to 40"
    )
    gap: Annotated[timedelta | None, *duration(0 * MINUTE, 4 * HOUR)] = key(
        "The least time between nudges; 0min = none.", default="30min", example="30min", unit="duration, 0min to 4h"
    )
    merge: Annotated[timedelta | None, *duration(0 * MINUTE, 4 * HOUR)] = key(
        "Asks so close together share a nudge; 0min = never.",
        default="30min",
        example="30min",
        unit="duration, 0min to 4h",
    )


class SharedBlock(Block):
    """The keys that stand at the top level, or in the block of one of several people."""

    timezone: Zone = key(
        "The home time zone.",
        default="the machine's, followed when it changes",
        example="Europe/Berlin",
        unit="IANA name",
    )
    send_to: Words = key("The channels to send to, all of them.", default="every channel", example=["desktop"])
    fallback: Words = key(
        "The channels to try in order once none of send_to works.", default="none", example=["desktop"]
    )
    habits: HabitsBlock | None = key(
        "Habits by name; listed = on. A name alone takes the defaults, off switches off, and any other name is a habit "
        "of your own.",
        default="the six habits of config/reminders.yaml",
        example={"hydration": {"every": "2h"}},
    )
    training: list[TrainingBlock] | None = key(
        "Weekly training times.", default="[]", example=[{"name": "Gym", "days": ["tue", "thu"], "at": "18:30"}]
    )
    calendars: Calendars = key(
        "Calendars kept elsewhere, by name: an address, a file, or a block. Nudges wait for the end of an event, and "
        "events can be training.",
        default="none",
        example={"work": "${WORK_CALENDAR}"},
    )
    digest: DigestKey = key(
        "When the week is summed up, in one message; off for never.",
        default='{day: sun, at: "18:00"}',
        example={"day": "sun", "at": "18:00"},
    )
    limits: LimitsBlock | None = key("How much is too much.", default="as below", example={"per_day": 12})
    language: Language = key(
        "What nudges, the page and the commands are written in.",
        default="en",
        example="de",
        unit=" or ".join(languages()),
    )


class PersonBlock(SharedBlock, MeBlock):
    """One of several people: the keys of me, and every key of the top level but channels, presence and web."""
