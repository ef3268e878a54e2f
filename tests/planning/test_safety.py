"""Who may be asked what: the suppression table, line by line, and the person's own daily reference."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.catalogue.content import load_content
from reminders.domain.person import Profile
from reminders.planning.safety import daily_intake, move_suits, unsafe_reason, water_goal_ml

CONTENT = load_content()
ANSWERED = Profile(conditions=frozenset(), medicines=frozenset())
MOVE_HABITS = ("warm_up", "cool_down", "walk", "strength")

NO_GOAL = ["heart_failure", "fluid_limit_set_by_clinician", "kidney_disease_any", "kidney_disease_advanced", "dialysis",
           "liver_cirrhosis", "hyponatraemia_history", "siadh", "adrenal_insufficiency", "lithium", "desmopressin",
           "eating_disorder_history"]  # fmt: skip
NO_PROMPTS_UNLESS_WANTED = ["heart_failure", "fluid_limit_set_by_clinician", "liver_cirrhosis", "hyponatraemia_history",
                            "siadh", "adrenal_insufficiency", "lithium", "desmopressin"]  # fmt: skip
NO_PROMPTS = ["dialysis", "kidney_disease_advanced", "eating_disorder_history"]
NO_POTASSIUM = ["kidney_disease_any", "kidney_disease_advanced", "dialysis", "adrenal_insufficiency",
                "potassium_limit_set_by_clinician", "eating_disorder_history"]  # fmt: skip
NO_POTASSIUM_UNLESS_AGREED = ["ace_inhibitor", "arb", "potassium_sparing_diuretic", "aldosterone_blocker",
                              "trimethoprim", "ciclosporin_tacrolimus", "heparin_long_term", "potassium_supplement",
                              "potassium_salt_substitute", "high_potassium_history"]  # fmt: skip
NO_CALCIUM = ["hypercalcaemia_history", "hyperparathyroidism", "sarcoidosis", "kidney_disease_advanced", "dialysis",
              "calcium_limit_set_by_clinician", "eating_disorder_history"]  # fmt: skip
CALCIUM_STAYS_ON = ["heart_failure", "kidney_disease_any", "liver_cirrhosis", "ace_inhibitor", "kidney_stones_history",
                    "levothyroxine", "iron_supplement", "bisphosphonate", "warfarin", "lithium"]  # fmt: skip


def with_codes(*codes: str, base: Profile = ANSWERED) -> Profile:
    conditions = (base.conditions or frozenset()) | (frozenset(codes) - CONTENT.medicine_codes)
    medicines = (base.medicines or frozenset()) | (frozenset(codes) & CONTENT.medicine_codes)
    assert conditions <= CONTENT.condition_codes
    return replace(base, conditions=conditions, medicines=medicines)


def is_off(habit: str, profile: Profile) -> bool:
    return unsafe_reason(profile, habit, CONTENT) is not None


def test_everything_is_on_for_a_person_without_illness_or_medicine() -> None:
    assert [habit for habit in CONTENT.habits if is_off(habit, ANSWERED)] == []


@pytest.mark.parametrize("code", NO_GOAL)
def test_no_water_goal_with(code: str) -> None:
    assert water_goal_ml(with_codes(code), CONTENT) is None


@pytest.mark.parametrize("code", sorted({*CONTENT.condition_codes, *CONTENT.medicine_codes} - {*NO_GOAL, "under_18"}))
def test_the_water_goal_stays_with(code: str) -> None:
    assert water_goal_ml(with_codes(code), CONTENT) is not None


def test_kidney_disease_keeps_gentle_prompts_and_gets_a_goal_only_with_the_clinicians_agreement() -> None:
    kidney = with_codes("kidney_disease_any")
    assert not is_off("hydration", kidney)
    assert water_goal_ml(with_codes("water_goal_agreed_by_clinician", base=kidney), CONTENT) == 1600


@pytest.mark.parametrize("code", NO_PROMPTS_UNLESS_WANTED)
def test_water_prompts_are_off_unless_asked_for_with(code: str) -> None:
    profile = with_codes(code)
    assert "water_prompts_wanted" in (unsafe_reason(profile, "hydration", CONTENT) or "")
    wanted = with_codes("water_prompts_wanted", base=profile)
    assert not is_off("hydration", wanted)
    assert water_goal_ml(wanted, CONTENT) is None


@pytest.mark.parametrize("code", NO_PROMPTS)
def test_water_prompts_are_off_whatever_is_agreed_with(code: str) -> None:
    assert is_off("hydration", with_codes(code, "water_prompts_wanted", "water_goal_agreed_by_clinician"))
    assert water_goal_ml(with_codes(code, "water_goal_agreed_by_clinician"), CONTENT) is None


@pytest.mark.parametrize("code", [*NO_POTASSIUM, *NO_POTASSIUM_UNLESS_AGREED])
def test_potassium_is_off_with(code: str) -> None:
    assert is_off("potassium_meal", with_codes(code))


@pytest.mark.parametrize("code", NO_POTASSIUM)
def test_no_agreement_brings_potassium_back_with(code: str) -> None:
    assert is_off("potassium_meal", with_codes(code, "potassium_agreed_by_clinician"))


@pytest.mark.parametrize("code", NO_POTASSIUM_UNLESS_AGREED)
def test_the_clinicians_agreement_brings_potassium_back_with(code: str) -> None:
    profile = with_codes(code)
    assert "potassium_agreed_by_clinician" in (unsafe_reason(profile, "potassium_meal", CONTENT) or "")
    assert not is_off("potassium_meal", with_codes("potassium_agreed_by_clinician", base=profile))


@pytest.mark.parametrize(
    "profile",
    [
        Profile(),
        Profile(conditions=frozenset()),
        Profile(medicines=frozenset()),
        Profile(conditions=frozenset({"potassium_agreed_by_clinician"})),
        Profile(medicines=frozenset({"ace_inhibitor"})),
    ],
)
def test_potassium_fails_closed_and_says_how_to_answer(profile: Profile) -> None:
    reason = unsafe_reason(profile, "potassium_meal", CONTENT)
    assert reason is not None
    assert "until both health questions are answered" in reason
    assert "me.profile.conditions" in reason
    assert "me.profile.medicines" in reason
    of_kim = unsafe_reason(profile, "potassium_meal", CONTENT, "people.kim")
    assert of_kim == reason.replace("me.profile", "people.kim.profile")
    assert "none" in reason


@given(
    conditions=st.none() | st.frozensets(st.sampled_from(sorted(CONTENT.condition_codes))),
    medicines=st.none() | st.frozensets(st.sampled_from(sorted(CONTENT.medicine_codes))),
)
def test_potassium_is_never_on_with_a_question_open_or_a_kidney_code(
    conditions: frozenset[str] | None, medicines: frozenset[str] | None
) -> None:
    profile = Profile(conditions=conditions, medicines=medicines)
    kidney = {"kidney_disease_any", "kidney_disease_advanced", "dialysis"} & (conditions or set())
    if conditions is None or medicines is None or kidney:
        assert is_off("potassium_meal", profile)


@pytest.mark.parametrize("code", NO_CALCIUM)
def test_calcium_is_off_with(code: str) -> None:
    assert is_off("calcium_meal", with_codes(code))


@pytest.mark.parametrize("code", CALCIUM_STAYS_ON)
def test_calcium_stays_on_with(code: str) -> None:
    assert not is_off("calcium_meal", with_codes(code))


def test_unanswered_questions_leave_calcium_water_and_breaks_on() -> None:
    on = ("calcium_meal", "hydration", "movement", "warm_up", "cool_down", "walk", "strength", "eyes")
    assert not [habit for habit in on if is_off(habit, Profile())]


@pytest.mark.parametrize(
    "code", ["heart_failure", "fluid_limit_set_by_clinician", "dialysis", "kidney_disease_advanced"]
)
def test_exercise_needs_the_clinicians_agreement_with(code: str) -> None:
    profile = with_codes(code)
    agreed = with_codes("exercise_agreed_by_clinician", base=profile)
    for habit in MOVE_HABITS:
        assert "exercise_agreed_by_clinician" in (unsafe_reason(profile, habit, CONTENT) or "")
        assert not is_off(habit, agreed)
    assert not is_off("movement", profile)


@pytest.mark.parametrize("habit", sorted(CONTENT.habits))
@pytest.mark.parametrize("profile", [replace(ANSWERED, age_years=17), with_codes("under_18")])
def test_under_18_no_built_in_habit_runs_without_a_guardian(habit: str, profile: Profile) -> None:
    assert "guardian" in (unsafe_reason(profile, habit, CONTENT) or "")
    assert water_goal_ml(profile, CONTENT) is None


def test_at_18_the_habits_are_on() -> None:
    assert not is_off("hydration", replace(ANSWERED, age_years=18))


def test_a_past_eating_disorder_switches_water_and_meals_off_and_leaves_gentle_moves() -> None:
    profile = with_codes("eating_disorder_history")
    assert {habit for habit in CONTENT.habits if is_off(habit, profile)} == {
        "hydration",
        "calcium_meal",
        "potassium_meal",
    }
    assert all(move.easy for move in CONTENT.moves.values() if move_suits(move, profile, CONTENT))


def test_a_warning_sign_stops_every_move() -> None:
    profile = replace(ANSWERED, avoid=frozenset({"red_flag"}))
    assert all("doctor" in (unsafe_reason(profile, habit, CONTENT) or "") for habit in (*MOVE_HABITS, "movement"))


def test_a_lasting_flare_up_rests_exercise_and_keeps_short_breaks() -> None:
    profile = replace(ANSWERED, avoid=frozenset({"acute_flare"}))
    assert all(is_off(habit, profile) for habit in MOVE_HABITS)
    assert not is_off("movement", profile)


def test_a_persons_own_habit_is_their_own_business() -> None:
    assert unsafe_reason(with_codes("under_18", "dialysis"), "call_mother", CONTENT) is None


@pytest.mark.parametrize("profile", [Profile(), with_codes("dialysis", "warfarin"), replace(ANSWERED, age_years=12)])
def test_every_reason_is_one_line_of_a_readable_length(profile: Profile) -> None:
    for habit in CONTENT.habits:
        reason = unsafe_reason(profile, habit, CONTENT)
        assert reason is None or ("\n" not in reason and 40 < len(reason) < 240)


# ---- moves


def test_moves_avoided_by_a_profile_are_not_offered() -> None:
    for move in CONTENT.moves.values():
        for code in move.avoid_when - {"driving"}:
            assert not move_suits(move, replace(ANSWERED, avoid=frozenset({code})), CONTENT)


def test_avoid_codes_count_wherever_they_are_written() -> None:
    curl_up = CONTENT.moves["st_curl_up"]
    assert move_suits(curl_up, ANSWERED, CONTENT)
    assert not move_suits(curl_up, with_codes("osteoporosis"), CONTENT)


@pytest.mark.parametrize("profile", [with_codes("pregnancy"), replace(ANSWERED, state="pregnant", sex="female")])
def test_in_pregnancy_nothing_lying_flat_and_nothing_that_jumps(profile: Profile) -> None:
    for move in CONTENT.moves.values():
        if move.avoid_when & {"pregnancy", "pregnancy_supine"}:
            assert not move_suits(move, profile, CONTENT)


@pytest.mark.parametrize("profile", [Profile(), Profile(conditions=frozenset()), with_codes("heart_failure")])
def test_only_easy_moves_while_health_questions_are_open_or_a_clinician_must_agree(profile: Profile) -> None:
    assert all(move.easy for move in CONTENT.moves.values() if move_suits(move, profile, CONTENT))


def test_moves_from_memory_suit_nobody() -> None:
    assert not any(move_suits(move, ANSWERED, CONTENT) for move in CONTENT.moves.values() if not move.may_be_shown)


def test_on_a_bad_day_moves_unfit_for_a_flare_up_are_left_out() -> None:
    bridge = CONTENT.moves["st_bridge"]
    assert move_suits(bridge, ANSWERED, CONTENT)
    assert not move_suits(bridge, ANSWERED, CONTENT, flare=True)


# ---- daily reference


@pytest.mark.parametrize(
    ("reference", "sex", "age", "state", "expected"),
    [
        ("efsa", "female", 30, "none", (1600, 950, 3500)),
        ("efsa", "male", 30, "none", (2000, 950, 3500)),
        ("efsa", "female", 24, "none", (1600, 1000, 3500)),
        ("efsa", "male", 25, "none", (2000, 950, 3500)),
        ("efsa", "female", 30, "pregnant", (1850, 950, 3500)),
        ("efsa", "female", 20, "lactating", (2150, 1000, 4000)),
        ("efsa", "male", None, "none", (2000, 950, 3500)),
        ("us", "male", 40, "none", (3000, 1000, 3400)),
        ("us", "female", 40, "none", (2200, 1000, 2600)),
        ("us", "female", 51, "none", (2200, 1200, 2600)),
        ("us", "male", 71, "none", (3000, 1200, 3400)),
        ("us", "female", 30, "pregnant", (2300, 1000, 2900)),
        ("us", "female", 52, "lactating", (3100, 1000, 2800)),
        ("uk", "male", 40, "none", (1600, 700, 3500)),
        ("uk", "female", 18, "none", (1600, 700, 3500)),
        ("uk", "female", 30, "pregnant", (1600, 700, 3500)),
    ],
)
def test_the_daily_reference_follows_authority_sex_age_and_state(
    reference: str, sex: str, age: int | None, state: str, expected: tuple[int, int, int]
) -> None:
    profile = replace(ANSWERED, reference=reference, sex=sex, age_years=age, state=state)
    intake = daily_intake(profile, CONTENT)
    assert (intake.drinks_ml, intake.calcium_mg, intake.potassium_mg) == expected
    assert intake.authority == CONTENT.intakes[reference].name


def test_with_the_sex_not_told_drinks_take_the_lower_and_minerals_the_higher_value() -> None:
    intake = daily_intake(replace(ANSWERED, reference="us", age_years=60), CONTENT)
    assert (intake.drinks_ml, intake.calcium_mg, intake.potassium_mg) == (2200, 1200, 3400)


def test_pregnancy_among_the_conditions_takes_the_pregnancy_row() -> None:
    assert daily_intake(replace(with_codes("pregnancy"), sex="female", age_years=30), CONTENT).drinks_ml == 1850


def test_the_water_goal_is_the_drinks_part_of_the_reference() -> None:
    assert water_goal_ml(replace(ANSWERED, sex="male"), CONTENT) == 2000
    assert water_goal_ml(replace(ANSWERED, sex="female"), CONTENT) == 1600


@pytest.mark.parametrize("reference", ["efsa", "us", "uk"])
def test_with_a_question_open_the_water_goal_is_efsas_lower_value(reference: str) -> None:
    assert water_goal_ml(Profile(sex="male", reference=reference), CONTENT) == 1600


@given(
    reference=st.sampled_from(["efsa", "us", "uk"]),
    sex=st.sampled_from([None, "male", "female"]),
    age=st.none() | st.integers(1, 120),
    state=st.sampled_from(["none", "pregnant", "lactating"]),
)
def test_everybody_has_a_reference(reference: str, sex: str | None, age: int | None, state: str) -> None:
    intake = daily_intake(Profile(reference=reference, sex=sex, age_years=age, state=state), CONTENT)
    assert 1200 <= intake.drinks_ml <= 3100
    assert 700 <= intake.calcium_mg <= 1300
    assert 1100 <= intake.potassium_mg <= 4000
