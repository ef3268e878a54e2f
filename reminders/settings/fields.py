"""The kinds of values a key may hold, and how a key says what it is for.

A key without a value counts as left out, so every kind passes None through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic.config import JsonDict

from reminders.catalogue.phrases import say
from reminders.domain.schedule import LocalRange, Within, WithinKind
from reminders.settings.amounts import check_length, parse_text, parse_volume_ml, parse_whole_number, parse_words
from reminders.settings.cron import parse_cron
from reminders.settings.durations import duration_text, parse_duration
from reminders.settings.holiday_dates import Region, parse_holidays
from reminders.settings.mistakes import FOUND, Mistake, choice, did_you_mean, meant
from reminders.settings.wall_times import (
    parse_date,
    parse_days,
    parse_range,
    parse_ranges,
    parse_time,
    parse_times,
    parse_weekday,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

_LETTERS_AT_MOST = 4096
_ELEMENTS_AT_MOST = 100

NONE = "none"  # the answer that there are none
_WORDS_FOR_NONE = frozenset(
    {"none", "no", "nope", "not", "nil", "nothing", "off", "false", "n/a", "-"}
    | {"nein", "kein", "keine", "keines", "keins", "nichts", "aus"}
)

OFF_TAG = "<off>"  # tags stand in angle brackets, so that they are told from keys in a path
BLOCK_TAG = "<block>"
TEXT_TAG = "<text>"


class Block(BaseModel):
    """A block of keys, unchangeable, without room for unknown ones."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def key(description: str, *, default: str, example: object, unit: str | None = None) -> Any:
    """Describe a key: what it is for, the default in words, an example as YAML gives it, and the unit."""
    notes: JsonDict = {"x-default": default, **({} if unit is None else {"x-unit": unit})}
    return Field(default=None, description=description, examples=[example], json_schema_extra=notes)


def required_key(description: str, *, example: object, unit: str | None = None) -> Any:
    """Describe a key that has no default."""
    notes: JsonDict = {"x-default": "none, it must be given", **({} if unit is None else {"x-unit": unit})}
    return Field(description=description, examples=[example], json_schema_extra=notes)


def leaf(parse: Callable[[Any], object]) -> PlainValidator:
    """Let a function of ours be the only judge of a value; nothing at all counts as left out."""
    return PlainValidator(lambda value: None if value is None else parse(_bounded(value)))


def given(parse: Callable[[Any], object]) -> PlainValidator:
    """Let a function of ours be the only judge of a value that must be there."""
    return PlainValidator(lambda value: parse(_bounded(value)))


def duration(least: timedelta, most: timedelta) -> tuple[PlainValidator, WithJsonSchema]:
    """Return what an annotation needs for a duration between the bounds."""
    bounds = f"{duration_text(least)} to {duration_text(most)}"
    pattern = r"^\s*(\d+\s*h)?\s*(\d+\s*min)?\s*(\d+\s*s)?\s*$"
    json_schema = {"type": ["string", "null"], "pattern": pattern, "description": f"a duration, {bounds}"}
    return leaf(lambda value: parse_duration(value, least, most)), WithJsonSchema(json_schema)


def whole_number(least: int, most: int) -> tuple[PlainValidator, WithJsonSchema]:
    """Return what an annotation needs for a whole number between the bounds."""
    json_schema = {"type": ["integer", "null"], "minimum": least, "maximum": most}
    return leaf(lambda value: parse_whole_number(value, least, most)), WithJsonSchema(json_schema)


def one_of(options: tuple[str, ...], refusal: str) -> tuple[PlainValidator, WithJsonSchema]:
    """Return what an annotation needs for a word out of a few; ``refusal`` is the phrase for any other."""
    return leaf(lambda value: choice(value, options, refusal)), WithJsonSchema({"enum": [*options, None]})


def parse_zone(value: object) -> str:
    """Return the name of a time zone; raise Mistake when there is none of that name, or no zones at all."""
    zones = available_timezones()
    if not zones:
        raise Mistake(say("this machine has no time zone data"), hint=say("install the tzdata package"))
    if isinstance(value, str) and value in zones and ZoneInfo(value):
        return value
    by_city = {zone.rpartition("/")[2]: zone for zone in sorted(zones) if "/" in zone}
    city = value.rpartition("/")[2].replace(" ", "_").title() if isinstance(value, str) else ""
    hint = meant(by_city[city]) if city in by_city else did_you_mean(value, zones)
    hint = hint or say("write a name such as {example}", example="Europe/Berlin")
    raise Mistake(say("{found} is not a time zone", found=FOUND), hint=hint)


def parse_within(value: object) -> Within:
    """Read ``awake``, ``work``, one range or a list of ranges; raise Mistake otherwise."""
    if isinstance(value, str) and value in (WithinKind.AWAKE, WithinKind.WORK):
        return Within(kind=WithinKind(value))
    if isinstance(value, str) and not any(character.isdigit() for character in value):
        raise Mistake(
            say("{found} is not a window", found=FOUND),
            allowed=say("awake, work, or a range such as 09:00-12:00"),
            hint=did_you_mean(value, ("awake", "work")),
        )
    return Within(kind=WithinKind.RANGES, ranges=_some(parse_ranges(value)))


def parse_flag(value: object) -> bool:
    """Read true or false; raise Mistake otherwise."""
    if isinstance(value, bool):
        return value
    hint = say("yes, no, on and off are words in YAML 1.2") if value in ("yes", "no", "on", "off") else None
    raise Mistake(say("{found} is neither true nor false", found=FOUND), allowed="true, false", hint=hint)


def parse_switch(value: object) -> bool:
    """Read on or off, also as true or false; raise Mistake otherwise."""
    if isinstance(value, bool):
        return value
    if value not in ("on", "off"):
        near = {"yes": "on", "no": "off"}.get(str(value).lower())
        message = say("{found} is neither on nor off", found=FOUND)
        raise Mistake(message, allowed="on, off", hint=None if near is None else meant(near))
    return value == "on"


def parse_codes_or_none(value: object) -> tuple[str, ...]:
    """Read a list of codes; ``none`` (also as ``[]``) is the answer that there are none. Raises Mistake."""
    words = [value] if value is False or isinstance(value, str) else value
    if isinstance(words, list) and len(words) == 1 and _says_none(words[0]):
        raise Mistake(say("{found} is not the word for it here", found=FOUND), found=words[0], hint=meant(NONE))
    codes = parse_words(value)
    if NONE in codes and len(codes) > 1:
        raise Mistake(say('"none" stands beside other answers'), hint=say("keep one of the two"))
    return () if codes == (NONE,) else codes


def _says_none(word: object) -> bool:
    return word is False or (isinstance(word, str) and word != NONE and word.strip().lower() in _WORDS_FOR_NONE)


def parse_one_day_range(value: object) -> LocalRange:
    """Read one range; raise Mistake for a list, too."""
    if isinstance(value, list):
        hint = say("write a range such as {example}", example="07:00-22:30")
        raise Mistake(say("one range is wanted here"), hint=hint)
    return parse_range(value)


def off_or_block(value: object) -> str:
    """Tell ``off`` (also ``false``) from a block of keys."""
    return OFF_TAG if value is False or value == "off" else BLOCK_TAG


def text_or_block(value: object) -> str:
    """Tell a text from a block of keys."""
    return TEXT_TAG if isinstance(value, str) else BLOCK_TAG


def _bounded(value: object) -> object:
    """Keep from the parsers what could only cost them time."""
    texts = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    check_length(max(texts, key=len, default=""), _LETTERS_AT_MOST)
    if isinstance(value, list) and len(value) > _ELEMENTS_AT_MOST:
        message = say("{count} elements are listed", count=len(value))
        raise Mistake(message, allowed=say("at most {most}", most=_ELEMENTS_AT_MOST))
    return value


def _some(ranges: tuple[LocalRange, ...]) -> tuple[LocalRange, ...]:
    if not ranges:
        raise Mistake(say("no range is listed"), hint=say("write a range such as {example}", example="09:00-12:00"))
    return ranges


def _json(*kinds: str, **more: object) -> WithJsonSchema:
    schema: Mapping[str, object] = {"type": [*kinds, "null"], **more}
    return WithJsonSchema(dict(schema))


_CLOCK_PATTERN = r"^\s*\d{1,2}:\d{2}\s*$"
_RANGE_PATTERN = r"^\s*\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}\s*$"  # noqa: RUF001  the en dash is meant
_ONE_RANGE = {"type": "string", "pattern": _RANGE_PATTERN}
_ONE_TIME = {"type": "string", "pattern": _CLOCK_PATTERN}
_WORDS = {"type": "string"}

Off = Annotated[Literal["off"], PlainValidator(lambda _: "off"), WithJsonSchema({"enum": ["off", False]})]
Text = Annotated[str | None, leaf(parse_text), _json("string")]
GivenText = Annotated[str, given(parse_text), WithJsonSchema({"type": "string"})]
Words = Annotated[tuple[str, ...] | None, leaf(parse_words), _json("string", "array", items=_WORDS)]
Codes = Annotated[tuple[str, ...] | None, leaf(parse_codes_or_none), _json("string", "array", items=_WORDS)]
Flag = Annotated[bool | None, leaf(parse_flag), _json("boolean")]
Switch = Annotated[bool | None, leaf(parse_switch), WithJsonSchema({"enum": ["on", "off", True, False, None]})]
Zone = Annotated[str | None, leaf(parse_zone), _json("string")]
DayRange = Annotated[LocalRange | None, leaf(parse_one_day_range), _json("string", pattern=_RANGE_PATTERN)]
Ranges = Annotated[tuple[LocalRange, ...] | None, leaf(parse_ranges), _json("string", "array", items=_ONE_RANGE)]
WithinWindow = Annotated[Within | None, leaf(parse_within), _json("string", "array", items=_ONE_RANGE)]
Days = Annotated[frozenset[int] | None, leaf(parse_days), _json("string", "array", items=_WORDS)]
GivenDays = Annotated[frozenset[int], given(parse_days), WithJsonSchema({"type": ["string", "array"], "items": _WORDS})]
Weekday = Annotated[int | None, leaf(parse_weekday), _json("string")]
ClockTime = Annotated[time | None, leaf(parse_time), _json("string", pattern=_CLOCK_PATTERN)]
GivenTime = Annotated[time, given(parse_time), WithJsonSchema(_ONE_TIME)]
Times = Annotated[
    tuple[time, ...] | None, leaf(lambda value: parse_times(value, 24)), _json("string", "array", items=_ONE_TIME)
]
Day = Annotated[date | None, leaf(parse_date), _json("string", pattern=r"^\d{4}-\d{2}-\d{2}$")]
CronText = Annotated[str | None, leaf(lambda value: parse_cron(value, 15 * MINUTE)), _json("string")]
HolidaysKey = Annotated[tuple[Region | date, ...] | None, leaf(parse_holidays), _json("string", "array", items=_WORDS)]
GoalMl = Annotated[
    int | None,
    leaf(lambda value: parse_volume_ml(value, 500, 3000)),
    _json("string", pattern=r"^\s*\d+(\.\d+)?\s*([mM]?[lL])\s*$"),
]
