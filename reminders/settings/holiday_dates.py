"""Days without work as people write them: ``DE-BY`` for a region's holidays, ``2026-12-24`` for a day of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from reminders.catalogue.phrases import phrase, say
from reminders.settings.mistakes import FOUND, Mistake, did_you_mean, meant, meant_one_of, nearest, parse_each
from reminders.settings.wall_times import parse_date

YEARS_BEFORE, YEARS_AFTER = 1, 2
_CODE_AT_MOST = 3  # letters; what is longer is a name
# among a thousand names one is always a little like any word
_LIKE_A_COUNTRY, _LIKE_A_PART = 0.7, 0.84
_REGION = re.compile(r"([A-Za-z]{2})(?:-(.{1,40}))?")
_HINT = phrase("write a region such as DE or DE-BY, or a date such as 2026-12-24")


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """A country, or a part of one, as the calendar of holidays spells them; ``part`` None = all of the country."""

    country: str
    part: str | None = None

    def __str__(self) -> str:
        """Write the region as in the file."""
        return self.country if self.part is None else f"{self.country}-{self.part}"


HolidayRules = tuple[Region | date, ...]


def parse_holidays(value: object) -> HolidayRules:
    """Read one region or date, or a list of them; raise Mistake for one that does not exist."""
    return tuple(dict.fromkeys(parse_each(value if isinstance(value, list) else [value], _rule)))


def holiday_dates(rules: HolidayRules, year: int | None) -> frozenset[date]:
    """Return the dates from the year before ``year`` to two years after it; ``year`` None = one's own dates alone."""
    own = frozenset(rule for rule in rules if isinstance(rule, date))
    years = range(0) if year is None else range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)
    regions = [rule for rule in rules if isinstance(rule, Region)] if years else []
    return own.union(*(_dates_of(region, years) for region in regions))


def region_text(rules: HolidayRules) -> str | None:
    """Return the regions for people; None = there is none."""
    return ", ".join(str(rule) for rule in rules if isinstance(rule, Region)) or None


def _dates_of(region: Region, years: range) -> Iterator[date]:
    # the calendar of the world takes a while to load, and most files need none of it
    from holidays import country_holidays  # noqa: PLC0415

    yield from country_holidays(region.country, subdiv=region.part, years=years)


def _rule(value: object) -> Region | date:
    if not isinstance(value, str) or not value.strip():
        raise Mistake(say("{found} is neither a region nor a date", found=FOUND), hint=say(_HINT))
    text = value.strip()
    if text[0].isdigit():
        return parse_date(text)
    match = _REGION.fullmatch(text)
    if match is None or match[1].upper() not in _countries().values():
        message = say("{found} is not a country whose holidays are known", found=FOUND)
        raise Mistake(message, hint=_country_hint(text))
    country = match[1].upper()
    return Region(country=country, part=None if match[2] is None else _part(country, match[2]))


def _part(country: str, name: str) -> str:
    from holidays import country_holidays  # noqa: PLC0415

    calendar = country_holidays(country)
    parts = {part.lower(): part for part in calendar.subdivisions}
    parts |= {alias.lower(): part for alias, part in calendar.subdivisions_aliases.items()}
    if name.lower() in parts:
        return parts[name.lower()]
    if not parts:
        everywhere = phrase("{found} names a part, and the holidays of {country} are the same everywhere")
        hint = say("write {what}", what=country)
        raise Mistake(say(everywhere, found=FOUND, country=country), hint=hint)
    near = nearest(name, parts)
    raise Mistake(
        say("{found} is not a part of {country} whose holidays are known", found=FOUND, country=country),
        allowed=", ".join(f"{country}-{part}" for part in calendar.subdivisions),
        hint=None if near is None else meant(f"{country}-{parts[near]}"),
    )


def _countries() -> dict[str, str]:
    """Return the codes of all countries by their names in small letters."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    return {name.replace("_", " "): codes[1] for name, codes in COUNTRIES.items()}


def _country_hint(text: str) -> str:
    """Return the region that was meant: a country by its name, with a part or without, or a part by its name alone."""
    countries, parts = _countries(), _parts_by_name()
    whole = text.replace("_", " ").lower()
    name, _, part = whole.partition("-")
    if len(name) <= 2:  # noqa: PLR2004  two letters are a code, and no name is near them
        return did_you_mean(name, countries.values()) or say(_HINT)
    if whole in parts:
        return meant_one_of(parts[whole])
    if name not in countries and (near := nearest(whole, parts, _LIKE_A_PART)) is not None:
        return meant_one_of(parts[near])
    near = nearest(name, countries, _LIKE_A_COUNTRY)
    return say(_HINT) if near is None else meant("-".join(filter(None, (countries[near], part.upper()))))


@cache
def _parts_by_name() -> dict[str, tuple[str, ...]]:
    """Return the regions by the names of the parts of all countries, in small letters; some are in two countries."""
    from holidays import country_holidays  # noqa: PLC0415

    found: dict[str, tuple[str, ...]] = {}
    for country in _countries().values():
        calendar = country_holidays(country)
        for name, part in (*calendar.subdivisions_aliases.items(), *((one, one) for one in calendar.subdivisions)):
            if len(name) > _CODE_AT_MOST:
                found[name.lower()] = tuple(dict.fromkeys((*found.get(name.lower(), ()), f"{country}-{part}")))
    return found
