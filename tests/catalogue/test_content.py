"""The data files hold together: every name used somewhere exists, and each habit has words enough."""

from __future__ import annotations

from string import Formatter

import pytest

from reminders.catalogue.content import load_content
from reminders.catalogue.habit_default import read_habit_defaults
from reminders.catalogue.record import Record
from reminders.catalogue.rules import read_rules
from reminders.domain.habit import CatchUp

CONTENT = load_content()
BUILT_IN = {
    "hydration", "movement", "warm_up", "cool_down", "calcium_meal", "potassium_meal", "walk", "strength", "eyes",
}  # fmt: skip
FILLED_IN = {
    "hydration": {"amount"},
    "movement": {"steps"},
    "warm_up": {"steps"},
    "cool_down": {"steps"},
    "strength": {"steps"},
    "walk": set(),
    "eyes": set(),
    "calcium_meal": {"food", "serving", "mg", "share", "meal"},
    "potassium_meal": {"food", "serving", "mg", "share", "meal"},
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_there_are_nine_built_in_habits_and_each_has_words() -> None:
    assert set(CONTENT.habits) == BUILT_IN
    assert set(CONTENT.texts.habits) == BUILT_IN


@pytest.mark.parametrize("habit", sorted(BUILT_IN))
def test_every_habit_has_at_least_eight_different_texts(habit: str) -> None:
    variants = CONTENT.texts.habits[habit].variants
    assert len(set(variants.values())) >= 8


def test_hydration_without_a_goal_has_at_least_eight_different_texts() -> None:
    assert len(set(CONTENT.texts.habits["hydration"].plain.values())) >= 8


@pytest.mark.parametrize("habit", sorted(BUILT_IN))
def test_variants_ask_for_exactly_what_is_filled_in(habit: str) -> None:
    for text in CONTENT.texts.habits[habit].variants.values():
        assert placeholders(text) == FILLED_IN[habit]


@pytest.mark.parametrize("habit", sorted(BUILT_IN))
def test_plain_and_gentle_texts_need_no_amount_food_or_routine(habit: str) -> None:
    texts = CONTENT.texts.habits[habit]
    assert texts.plain
    for text in (*texts.plain.values(), *texts.gentle.values()):
        assert placeholders(text) <= {"meal"}


@pytest.mark.parametrize("habit", sorted(BUILT_IN))
def test_variant_names_are_unique_within_a_habit(habit: str) -> None:
    texts = CONTENT.texts.habits[habit]
    names = [*texts.variants, *texts.plain, *texts.gentle]
    assert len(names) == len(set(names))
    assert not any("+" in name for name in names)


def test_titles_leave_room_for_two_on_a_phone() -> None:
    titles = [texts.title for texts in CONTENT.texts.habits.values()]
    longest, second = sorted(titles, key=len)[:-3:-1]
    assert len(f"{longest} + {second}") <= 40


def test_default_blocks_name_one_kind_of_schedule_each() -> None:
    for habit in CONTENT.habits.values():
        assert len({"every", "at", "before", "after", "times", "cron"} & set(habit.block)) == 1, habit.id


def test_catch_up_names_are_those_of_the_domain() -> None:
    assert {CatchUp(habit.catch_up) for habit in CONTENT.habits.values()} == set(CatchUp)


def test_meals_are_never_repeated_after_an_ambiguous_delivery() -> None:
    assert not CONTENT.habits["calcium_meal"].resend_unknown
    assert not CONTENT.habits["potassium_meal"].resend_unknown
    for habit in ("hydration", "movement", "warm_up", "cool_down"):
        assert CONTENT.habits[habit].resend_unknown


def test_strength_days_do_not_follow_each_other() -> None:
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    days = CONTENT.habits["strength"].block["days"]
    assert isinstance(days, list)
    first, second = (week.index(day) for day in days)
    assert (second - first) % 7 not in (1, 6)


def test_exercise_rests_on_a_bad_day_while_water_breaks_and_meals_go_on() -> None:
    resting = {habit.id for habit in CONTENT.habits.values() if habit.pauses_in_flare}
    assert resting == {"warm_up", "cool_down", "walk", "strength"}


def test_every_note_a_rule_names_is_written() -> None:
    for rule in CONTENT.rules.by_code.values():
        for note in (rule.calcium_note, rule.food_note):
            assert not note or note in CONTENT.texts.notes


def test_every_reason_a_rule_can_lead_to_is_written() -> None:
    for rule in CONTENT.rules.by_code.values():
        for topic in ("water", "potassium", "calcium"):
            found = getattr(rule, topic)
            assert found == "on" or f"{topic}_{found}" in CONTENT.rules.reasons


def test_every_topic_that_can_be_agreed_has_an_agreement_code_among_the_conditions() -> None:
    for rule in CONTENT.rules.by_code.values():
        for topic in ("water_goal", "water", "potassium", "calcium", "meals"):
            if getattr(rule, topic) == "agreed":
                assert CONTENT.rules.agreements[topic] in CONTENT.condition_codes
    assert CONTENT.rules.agreements["moves"] in CONTENT.condition_codes


def test_codes_a_rule_adds_for_moves_and_hides_are_known() -> None:
    tags = frozenset[str]().union(*(food.tags for food in CONTENT.foods.values()))
    for rule in CONTENT.rules.by_code.values():
        assert rule.avoid <= CONTENT.avoid_codes
        assert rule.hides | rule.food_note_tags <= tags
    assert CONTENT.rules.potassium_restricted_tag in tags
    for wanted in (*CONTENT.rules.diets.values(), *CONTENT.rules.allergies.values(), CONTENT.rules.label_tags):
        assert wanted <= tags


def test_driving_is_no_answer_of_a_profile() -> None:
    assert "driving" not in CONTENT.avoid_codes | CONTENT.condition_codes


def test_conditions_and_medicines_share_no_code() -> None:
    assert not CONTENT.condition_codes & CONTENT.medicine_codes


def test_the_bad_day_page_asks_first_most_urgent_first_and_gives_no_all_clear() -> None:
    flare = CONTENT.flare
    assert [tier.id for tier in flare.tiers] == ["emergency", "urgent", "routine"]
    screen = "\n".join(flare.screen)
    for sign in ("back passage", "bladder", "both legs", "high temperature", "cancer", "serious accident"):
        assert sign in screen
    for number in ("112", "999", "911"):
        assert number in flare.tiers[0].message
    assert "not an all-clear" in flare.screen[-1]


def test_the_version_is_the_same_for_the_same_files() -> None:
    first = load_content().version
    load_content.cache_clear()
    assert load_content().version == first


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no texts in language 'xx'; there are: de, en"):
        load_content("xx")


@pytest.mark.parametrize("name", ["../habits", "en/../en", ""])
def test_a_language_is_a_name_and_never_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="no texts in language"):
        load_content(name)


def test_a_slip_in_a_rule_names_the_entry_the_field_and_what_is_allowed() -> None:
    slip = {
        "diets": {},
        "allergies": {},
        "agreements": {},
        "codes": {"siadh": {"kind": "condition", "water": "perhaps"}},
    }
    with pytest.raises(ValueError, match=r"safety.yaml: codes: siadh: water 'perhaps'; allowed: on, off, agreed"):
        read_rules(Record(slip, "safety.yaml"))


def test_a_slip_in_a_habit_names_the_entry_the_field_and_what_is_allowed() -> None:
    block = {"title": "T", "summary": "s", "block": {}, "catch_up": "all"}
    block |= {"resend_unknown": False, "pauses_in_flare": False}
    with pytest.raises(ValueError, match=r"habits: walk: catch_up 'all'; allowed: skip, latest, none_after_event"):
        read_habit_defaults(Record({"habits": {"walk": block}}, "habits.yaml"))
