"""Meal ideas suit the person: diet, allergies, illness, medicine, time of day."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.catalogue.content import load_content
from reminders.catalogue.food import Food
from reminders.domain.person import DailyIntake, Profile
from reminders.planning.meal_idea import foods_for, meal_of, notes_for, share_of, slot_of

CONTENT = load_content()
ANSWERED = Profile(conditions=frozenset(), medicines=frozenset())
SLOTS = ("breakfast", "lunch", "dinner", "snack")
INTAKE = DailyIntake(drinks_ml=2000, calcium_mg=950, potassium_mg=3500, authority="EFSA")

MUST_NOT_CONTAIN = {
    "nuts": {"contains_nuts"},
    "dairy": {"contains_dairy", "milk_check_label"},
    "fish": {"contains_fish"},
    "soy": {"contains_soy"},
    "gluten": {"contains_gluten", "gluten_check_label"},
    "sesame": {"contains_sesame"},
    "coconut": {"contains_coconut"},
}
MUST_BE = {
    "vegetarian": {"vegetarian"},
    "vegan": {"vegan"},
    "pescatarian": {"vegetarian", "contains_fish"},
    "lactose_free": {"lactose_free"},
    "low_lactose": {"lactose_free", "low_lactose"},
    "gluten_free": {"gluten_free"},
}


def ideas(profile: Profile, mineral: str = "calcium") -> list[Food]:
    return [food for slot in SLOTS for food in foods_for(mineral, slot, profile, CONTENT)]


def with_conditions(*codes: str) -> Profile:
    return replace(ANSWERED, conditions=frozenset(codes))


def with_medicines(*codes: str) -> Profile:
    return replace(ANSWERED, medicines=frozenset(codes))


def test_diets_and_allergies_of_the_catalogue_are_the_ones_tested_here() -> None:
    assert CONTENT.allergies == set(MUST_NOT_CONTAIN)
    assert CONTENT.diets == set(MUST_BE)


@given(
    diet=st.frozensets(st.sampled_from(sorted(MUST_BE))),
    allergies=st.frozensets(st.sampled_from(sorted(MUST_NOT_CONTAIN))),
    conditions=st.none() | st.frozensets(st.sampled_from(sorted(CONTENT.condition_codes)), max_size=4),
    medicines=st.none() | st.frozensets(st.sampled_from(sorted(CONTENT.medicine_codes)), max_size=3),
    mineral=st.sampled_from(["calcium", "potassium"]),
    slot=st.sampled_from(SLOTS),
)
def test_every_idea_suits_diet_allergies_and_health(
    diet: frozenset[str],
    allergies: frozenset[str],
    conditions: frozenset[str] | None,
    medicines: frozenset[str] | None,
    mineral: str,
    slot: str,
) -> None:
    profile = Profile(diet=diet, allergies=allergies, conditions=conditions, medicines=medicines)
    for food in foods_for(mineral, slot, profile, CONTENT):
        assert food.checked
        assert slot in food.slots
        assert mineral in food.rich_in
        assert not any(food.tags & MUST_NOT_CONTAIN[allergy] for allergy in allergies)
        assert all(food.tags & MUST_BE[one] for one in diet)
        if mineral == "calcium":
            assert food.calcium_counts
        if conditions is None or medicines is None or {"kidney_disease_any", "dialysis"} & conditions:
            assert "potassium_200plus" not in food.tags
        if conditions and "kidney_stones_history" in conditions:
            assert not food.tags & {"high_oxalate", "oxalate_caution"}
        if medicines and "warfarin" in medicines:
            assert "high_vitamin_k" not in food.tags


def test_a_person_without_limits_has_many_ideas() -> None:
    assert len({food.id for food in ideas(ANSWERED)}) > 30
    assert len({food.id for food in ideas(ANSWERED, "potassium")}) > 60


@pytest.mark.parametrize("slot", SLOTS)
def test_unanswered_questions_hide_high_potassium_foods_and_still_leave_calcium_ideas(slot: str) -> None:
    foods = foods_for("calcium", slot, Profile(), CONTENT)
    assert len(foods) >= 5
    assert all(food.potassium_mg is not None and food.potassium_mg < 200 for food in foods)


@pytest.mark.parametrize("code", ["kidney_disease_any", "adrenal_insufficiency", "potassium_limit_set_by_clinician"])
def test_with_potassium_off_no_calcium_idea_is_high_in_potassium(code: str) -> None:
    profile = with_conditions(code)
    assert ideas(profile)
    assert all((food.potassium_mg or 0) < 200 for food in ideas(profile))
    assert ideas(profile, "potassium") == []


def test_a_medicine_that_raises_potassium_hides_high_potassium_foods_until_a_clinician_agrees() -> None:
    assert all("potassium_200plus" not in food.tags for food in ideas(with_medicines("ace_inhibitor")))
    agreed = replace(with_medicines("ace_inhibitor"), conditions=frozenset({"potassium_agreed_by_clinician"}))
    assert any("potassium_200plus" in food.tags for food in ideas(agreed))


def test_after_kidney_stones_calcium_foods_stay_and_oxalate_foods_go() -> None:
    foods = ideas(with_conditions("kidney_stones_history"))
    assert "yogurt_lowfat_plain" in {food.id for food in foods}
    assert "almond_butter" not in {food.id for food in foods}


@pytest.mark.parametrize("mineral", ["calcium", "potassium"])
def test_a_past_eating_disorder_gets_no_meal_idea(mineral: str) -> None:
    assert ideas(with_conditions("eating_disorder_history"), mineral) == []


def test_spinach_is_never_a_calcium_idea() -> None:
    assert "spinach_cooked" not in {food.id for food in ideas(ANSWERED)}


@pytest.mark.parametrize(
    ("wall", "slot"),
    [
        (time(4), "breakfast"),
        (time(7, 45), "breakfast"),
        (time(10, 29), "breakfast"),
        (time(10, 30), "lunch"),
        (time(12, 15), "lunch"),
        (time(14, 30), "snack"),
        (time(17), "dinner"),
        (time(21, 59), "dinner"),
        (time(22), "snack"),
        (time(0), "snack"),
        (time(3, 59), "snack"),
    ],
)
def test_the_time_of_day_decides_which_meal_is_meant(wall: time, slot: str) -> None:
    assert slot_of(wall) == slot


@pytest.mark.parametrize(
    "medicine", ["levothyroxine", "iron_supplement", "tetracycline_or_quinolone", "bisphosphonate", "dolutegravir"]
)
def test_calcium_keeps_clear_of_the_morning_tablet(medicine: str) -> None:
    profile = with_medicines(medicine)
    assert meal_of("calcium", "breakfast", profile, CONTENT) == ("lunch", "later")
    assert meal_of("calcium", "dinner", profile, CONTENT) == ("dinner", "dinner")
    assert meal_of("potassium", "breakfast", profile, CONTENT) == ("breakfast", "breakfast")
    notes = notes_for("calcium", CONTENT.foods["gouda"], profile, CONTENT)
    assert any("apart" in note or "how far" in note for note in notes)


def test_several_tablets_share_one_spacing_note() -> None:
    profile = with_medicines("levothyroxine", "iron_supplement")
    notes = notes_for("calcium", CONTENT.foods["tahini"], profile, CONTENT)
    assert notes == ("Ask your pharmacist how far from your tablets.",)


def test_after_kidney_stones_the_note_goes_with_calcium_ideas_only() -> None:
    profile = with_conditions("kidney_stones_history")
    assert any("stone" in note for note in notes_for("calcium", CONTENT.foods["gouda"], profile, CONTENT))
    assert not notes_for("potassium", CONTENT.foods["banana"], profile, CONTENT)


def test_with_warfarin_leafy_greens_are_to_stay_steady() -> None:
    assert notes_for("potassium", CONTENT.foods["banana"], with_medicines("warfarin"), CONTENT) == (
        "Leafy greens: steady amounts.",
    )


def test_in_pregnancy_dairy_is_to_be_pasteurised() -> None:
    profile = replace(ANSWERED, state="pregnant")
    assert "Pasteurised only." in notes_for("calcium", CONTENT.foods["feta"], profile, CONTENT)
    assert "Pasteurised only." not in notes_for("calcium", CONTENT.foods["tahini"], profile, CONTENT)


@pytest.mark.parametrize("food", ["oats_instant_fortified", "soy_drink_fortified", "cheddar", "bread_wholewheat"])
def test_where_the_packet_decides_the_label_is_to_be_read(food: str) -> None:
    assert any(
        "read the label" in note.lower() for note in notes_for("calcium", CONTENT.foods[food], ANSWERED, CONTENT)
    )


@pytest.mark.parametrize("profile", [replace(ANSWERED, allergies=frozenset({"nuts"})),
                                     replace(ANSWERED, diet=frozenset({"gluten_free"}))])  # fmt: skip
def test_with_an_allergy_every_idea_says_usually_and_read_the_label(profile: Profile) -> None:
    for food in ideas(profile):
        note = " ".join(notes_for("calcium", food, profile, CONTENT))
        assert "Usually" in note
        assert "read the label" in note


def test_handling_that_matters_is_said_with_the_food() -> None:
    assert notes_for("calcium", CONTENT.foods["chia_seeds"], ANSWERED, CONTENT) == (
        "Soak them first; never swallow them dry.",
    )


def test_the_share_is_of_the_persons_own_reference() -> None:
    assert share_of("calcium", 257, INTAKE, CONTENT) == "27 % of your 950 mg"
    assert share_of("potassium", 422, INTAKE, CONTENT) == "12 % of your 3500 mg"
