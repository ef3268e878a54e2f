"""Food figures follow from their source, and tags agree with the figures."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest

from reminders.catalogue.content import load_content
from reminders.catalogue.food import Food

FOODS = tuple(load_content().foods.values())
CHECKED = tuple(food for food in FOODS if food.checked)


def per_serving(per_100g: int, grams: float) -> set[int]:
    exact = Decimal(per_100g) * Decimal(str(grams)) / 100
    return {int(exact.quantize(Decimal(1), rounding)) for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)}


def test_the_table_holds_111_foods_of_which_five_are_from_memory() -> None:
    assert len(FOODS) == 111
    assert len(CHECKED) == 106


@pytest.mark.parametrize("food", CHECKED, ids=lambda food: food.id)
def test_a_checked_food_has_a_source_number_and_figures_that_follow_from_it(food: Food) -> None:
    assert food.source == "usda_sr27"
    assert food.source_ref.startswith("NDB ")
    assert food.calcium_mg_per_100g is not None
    assert food.potassium_mg_per_100g is not None
    assert food.calcium_mg in per_serving(food.calcium_mg_per_100g, food.grams)
    assert food.potassium_mg in per_serving(food.potassium_mg_per_100g, food.grams)


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_foods_with_200_mg_potassium_a_serving_carry_the_tag_that_hides_them(food: Food) -> None:
    if food.potassium_mg is not None:
        assert (food.potassium_mg >= 200) == ("potassium_200plus" in food.tags)


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_rich_in_follows_the_thresholds_and_never_counts_bound_calcium(food: Food) -> None:
    assert ("calcium" in food.rich_in) == (food.calcium_mg >= 100 and food.calcium_counts)
    if food.potassium_mg is not None:
        assert ("potassium" in food.rich_in) == (food.potassium_mg >= 300)


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_animal_foods_are_not_tagged_vegan(food: Food) -> None:
    if food.tags & {"contains_dairy", "contains_fish", "contains_meat", "milk_check_label"}:
        assert "vegan" not in food.tags
    if food.tags & {"contains_fish", "contains_meat"}:
        assert "vegetarian" not in food.tags


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_dairy_is_not_lactose_free_and_grain_is_not_gluten_free(food: Food) -> None:
    assert not {"contains_dairy", "lactose_free"} <= food.tags
    assert not (food.tags & {"contains_gluten", "gluten_check_label"} and "gluten_free" in food.tags)


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_no_single_serving_is_beyond_what_is_taken_up_at_once(food: Food) -> None:
    assert food.calcium_mg <= 500
    assert food.slots <= {"breakfast", "lunch", "dinner", "snack"}


@pytest.mark.parametrize(
    ("name", "calcium_mg", "potassium_mg"),
    [
        ("yogurt_lowfat_plain", 311, 398),
        ("tofu_firm_calcium_set", 253, 186),
        ("lentils_cooked", 38, 731),
        ("banana", 6, 422),
    ],
)
def test_known_servings_bring_what_the_source_says(name: str, calcium_mg: int, potassium_mg: int) -> None:
    food = load_content().foods[name]
    assert (food.calcium_mg, food.potassium_mg) == (calcium_mg, potassium_mg)
