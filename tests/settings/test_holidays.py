"""Days without work: a region's holidays are those that the calendar of the world knows, beside one's own dates."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from reminders.domain.household import Household
from reminders.domain.person import WorkHours
from reminders.settings import compiled
from reminders.settings.compiled import household_from_json, household_to_json
from reminders.settings.holiday_dates import holiday_dates, parse_holidays, region_text
from reminders.settings.mistakes import Mistake
from reminders.settings.reading import read_configuration

YEAR = 2026
NAMES_OF_COUNTRIES = {name.replace("_", " ") for name in holidays.registry.COUNTRIES}
CHRISTMAS_EVE = date(2026, 12, 24)


def work(config_file: Path, text: str, year: int | None = YEAR) -> WorkHours:
    config_file.write_text(f"me: {{work: {{holidays: {text}}}}}\n")
    reading = read_configuration(str(config_file), {}, None, year)
    assert reading.household is not None, reading.problems
    assert household_from_json(household_to_json(reading.household)) == reading.household
    return reading.household.people[0].work


@pytest.mark.parametrize(
    ("region", "country", "part"),
    [("DE-BY", "DE", "BY"), ("US-CA", "US", "CA"), ("JP", "JP", None), ("GB-SCT", "GB", "SCT"), ("BR", "BR", None)],
)
def test_every_day_of_a_year_is_free_where_the_calendar_of_the_region_says_so(
    config_file: Path, region: str, country: str, part: str | None
) -> None:
    found = work(config_file, region)
    calendar = holidays.country_holidays(country, subdiv=part, years=YEAR)
    days = [date(YEAR, 1, 1) + timedelta(days=offset) for offset in range(365)]
    assert [day for day in days if day in found.holidays] == [day for day in days if day in calendar]
    assert len([day for day in days if day in found.holidays]) > 5
    assert found.region == region


def test_the_dates_reach_from_last_year_to_the_year_after_the_next(config_file: Path) -> None:
    found = work(config_file, "DE")
    assert {day.year for day in found.holidays} == {2025, 2026, 2027, 2028}


def test_dates_of_ones_own_stand_beside_the_region(config_file: Path) -> None:
    found = work(config_file, "[2026-12-24, DE-BY, 2031-01-02]")
    assert {CHRISTMAS_EVE, date(2031, 1, 2), date(2026, 12, 25), date(2026, 1, 6)} <= found.holidays
    assert work(config_file, "2026-12-24") == WorkHours(
        ranges=found.ranges, days=found.days, holidays=frozenset({CHRISTMAS_EVE})
    )


def test_no_holidays_are_the_default(household: Callable[..., Household]) -> None:
    found = household("me: {}\n").people[0].work
    assert (found.holidays, found.region) == (frozenset(), None)


def test_without_the_year_a_region_is_checked_and_not_looked_up(config_file: Path) -> None:
    assert work(config_file, "[DE, 2026-12-24]", None).holidays == {CHRISTMAS_EVE}


@pytest.mark.parametrize(
    ("text", "region"),
    [("de-by", "DE-BY"), ("DE-Bayern", "DE-BY"), ("DE-augsburg", "DE-Augsburg"), (" fr-57 ", "FR-57"), ("gb", "GB")],
)
def test_a_region_is_understood_however_it_is_spelt(text: str, region: str) -> None:
    assert region_text(parse_holidays(text)) == region


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("Germany", 'did you mean "DE"?'),
        ("france", 'did you mean "FR"?'),
        ("united states-CA", 'did you mean "US-CA"?'),
        ("DE-Bayrn", 'did you mean "DE-BY"?'),
        ("JP-13", "write JP"),
        ("Bayern", 'did you mean "DE-BY"?'),
        ("Baden Württemberg", 'did you mean "DE-BW"?'),
        ("thueringen", 'did you mean "DE-TH"?'),
        ("Wien", 'did you mean "AT-9"?'),
        ("california", 'did you mean "US-CA"?'),
        ("La Rioja", 'did you mean "AR-F" or "ES-RI"?'),
        ("Bavaria", "write a region such as DE or DE-BY, or a date such as 2026-12-24"),
        ("QQ", "write a region such as DE or DE-BY, or a date such as 2026-12-24"),
    ],
)
def test_a_region_that_does_not_exist_is_told_with_the_one_that_was_meant(wrong: str, hint: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_holidays(wrong)
    assert caught.value.hint == hint


def test_every_part_of_every_country_is_known_by_its_name() -> None:
    for codes in holidays.registry.COUNTRIES.values():
        for name, part in holidays.country_holidays(codes[1]).subdivisions_aliases.items():
            if len(name) > 3 and name.lower() not in NAMES_OF_COUNTRIES and name[2] != "-":
                with pytest.raises(Mistake) as caught:
                    parse_holidays(name)
                assert f'"{codes[1]}-{part}"' in str(caught.value.hint), name


def test_each_of_a_list_that_does_not_exist_is_told() -> None:
    with pytest.raises(Mistake) as caught:
        parse_holidays(["Bayern", "DE", "2026-13-01", "DE-XX"])
    assert [caught.value.index, *(one.index for one in caught.value.others)] == [0, 2, 3]


def test_a_part_that_does_not_exist_is_told_with_all_there_are() -> None:
    with pytest.raises(Mistake) as caught:
        parse_holidays(["DE", "AU-XYZ"])
    assert caught.value.index == 1
    assert caught.value.allowed is not None
    assert caught.value.allowed.startswith("AU-ACT, AU-NSW")


@pytest.mark.parametrize(
    "wrong", ["", "-", "DE-", "DE_BY", "2026-13-01", "20261224", 20261224, True, [], {}, ["DE", None]]
)
def test_what_is_neither_a_region_nor_a_date_is_refused(wrong: object) -> None:
    if wrong == []:
        assert holiday_dates(parse_holidays(wrong), YEAR) == frozenset()
        return
    with pytest.raises(Mistake):
        parse_holidays(wrong)


def test_a_file_that_speaks_of_holidays_is_read_again_in_a_new_year(config_file: Path) -> None:
    config_file.write_text("me: {work: {holidays: DE}}\n")
    path = str(config_file)
    assert compiled.fingerprint(path, {}, 2026) != compiled.fingerprint(path, {}, 2027)
    assert compiled.fingerprint(path, {}, 2026) == compiled.fingerprint(path, {}, 2026)


def test_a_variable_that_speaks_of_holidays_makes_the_year_count_too(config_file: Path) -> None:
    config_file.write_text("me: {}\n")
    path, environment = str(config_file), {"REMINDERS_ME__WORK__HOLIDAYS": "DE"}
    assert compiled.fingerprint(path, environment, 2026) != compiled.fingerprint(path, environment, 2027)


def test_any_other_file_is_not_read_again_in_a_new_year(config_file: Path) -> None:
    config_file.write_text("me: {}\n")
    assert compiled.fingerprint(str(config_file), {}, 2026) == compiled.fingerprint(str(config_file), {}, 2027)


def test_the_calendar_of_the_world_is_loaded_only_where_a_region_is_named() -> None:
    program = (
        "import sys; from reminders.settings.reading import read_configuration;"
        "read_configuration(None, {}, None, 2026);"
        "from reminders.settings.holiday_dates import parse_holidays; parse_holidays('2026-12-24');"
        "assert 'holidays' not in sys.modules; parse_holidays('DE'); assert 'holidays' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
