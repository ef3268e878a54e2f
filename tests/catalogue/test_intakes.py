"""Reference intakes are those the authorities print."""

from __future__ import annotations

import pytest

from reminders.catalogue.content import load_content
from reminders.catalogue.intake import IntakeRow

AUTHORITIES = load_content().intakes
ROWS = [row for authority in AUTHORITIES.values() for row in authority.rows]


def test_three_authorities_can_be_chosen() -> None:
    assert set(AUTHORITIES) == {"efsa", "us", "uk"}


@pytest.mark.parametrize("row", AUTHORITIES["efsa"].rows, ids=lambda row: row.id)
def test_efsa_drinks_are_four_fifths_of_total_water_to_50_ml(row: IntakeRow) -> None:
    assert row.water_ml is not None
    assert abs(row.drinks_ml - 0.8 * row.water_ml) <= 25
    assert row.drinks_ml % 50 == 0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_nobody_is_asked_to_drink_more_than_total_water(row: IntakeRow) -> None:
    if row.water_ml is not None:
        assert row.drinks_ml < row.water_ml


def test_the_withdrawn_potassium_value_of_2005_is_not_used() -> None:
    assert 4700 not in {row.potassium_mg for row in ROWS}


@pytest.mark.parametrize("authority", sorted(AUTHORITIES))
@pytest.mark.parametrize("sex", ["male", "female"])
def test_every_adult_age_falls_into_exactly_one_row(authority: str, sex: str) -> None:
    rows = [row for row in AUTHORITIES[authority].rows if row.sex in (sex, "any") and row.state == "none"]
    for age in range(19, 121):
        assert sum(row.holds(age) for row in rows) == 1, age
