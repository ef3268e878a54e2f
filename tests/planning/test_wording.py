"""The words of a nudge: short, varied, safe, the same each time they are worked out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.catalogue.content import load_content
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person, Profile, WorkHours
from reminders.domain.schedule import Every, LocalRange
from reminders.planning.safety import daily_intake
from reminders.planning.wording import Composition, compose

CONTENT = load_content()
BERLIN = ZoneInfo("Europe/Berlin")
ANSWERED = Profile(conditions=frozenset(), medicines=frozenset())
MOVES = ("movement", "warm_up", "cool_down", "walk", "strength")
MORNING = datetime(2026, 3, 2, 6, 45, tzinfo=UTC)  # 07:45 in Berlin
NOON = datetime(2026, 3, 2, 11, 15, tzinfo=UTC)  # 12:15 in Berlin
HOURLY = Every(interval=timedelta(hours=1))


def a_person(profile: Profile = ANSWERED, *own: Habit) -> Person:
    built_in = tuple(Habit(id=name, schedule=HOURLY, built_in=True) for name in CONTENT.habits)
    return Person(
        id="alex",
        name="Alex",
        zone=None,
        awake=LocalRange(start_minute=420, end_minute=1350),
        work=WorkHours(ranges=(), days=frozenset()),
        profile=profile,
        intake=daily_intake(profile, CONTENT),
        habits=(*own, *(habit for habit in built_in if habit.id not in {one.id for one in own})),
    )


def a_send(habit: str, at: datetime = NOON, amount_ml: int | None = None) -> Decision:
    return Decision("alex", habit, f"{at:%Y-%m-%d}/{at:%H:%M}", at, at, Send(at, "n1", amount_ml=amount_ml))


def words(
    habit: str,
    profile: Profile = ANSWERED,
    *,
    at: datetime = NOON,
    recent: tuple[str, ...] = (),
    amount_ml: int | None = None,
    flare: bool = False,
) -> Composition:
    send = a_send(habit, at, amount_ml)
    return compose(a_person(profile), (send,), CONTENT, {habit: recent}, BERLIN, flare=flare)


def four_weeks(habit: str, a_day: int, days: int, profile: Profile = ANSWERED) -> list[str]:
    recent: tuple[str, ...] = ()
    for number in range(days * a_day):
        at = MORNING + timedelta(days=number // a_day, hours=number % a_day)
        recent = (words(habit, profile, at=at, recent=recent, amount_ml=200).asks[0].variant, *recent)
    return list(recent[::-1])


def test_water_names_the_amount_asked_for() -> None:
    composition = words("hydration", amount_ml=200)
    assert "about 200 ml" in composition.text
    assert composition.asks[0].amount_ml == 200


def test_water_without_a_goal_names_no_amount() -> None:
    composition = words("hydration")
    assert " ml" not in composition.text
    assert composition.asks[0].amount_ml is None


def test_with_a_fluid_limit_no_amount_is_named_even_when_one_was_worked_out() -> None:
    profile = Profile(conditions=frozenset({"heart_failure", "water_prompts_wanted"}), medicines=frozenset())
    composition = words("hydration", profile, amount_ml=200)
    assert " ml" not in composition.text
    assert composition.asks[0].amount_ml is None
    assert "Stay within what your clinician set." in composition.text


def test_a_meal_idea_names_food_serving_milligrams_and_the_persons_own_share() -> None:
    composition = words("calcium_meal", at=MORNING)
    food = CONTENT.foods[composition.asks[0].variant.partition("+")[2]]
    share = f"{round(100 * food.calcium_mg / 950)} % of your 950 mg a day"
    for part in (food.name, food.serving, f"{food.calcium_mg} mg", share, "breakfast"):
        assert part in composition.text


@pytest.mark.parametrize(
    ("profile", "reference_mg"),
    [
        (Profile(conditions=frozenset(), medicines=frozenset(), sex="female", reference="us"), 2600),
        (Profile(conditions=frozenset(), medicines=frozenset(), sex="male", reference="us"), 3400),
        (Profile(conditions=frozenset(), medicines=frozenset(), sex="male", reference="uk"), 3500),
    ],
)
def test_the_share_follows_the_persons_own_reference(profile: Profile, reference_mg: int) -> None:
    composition = words("potassium_meal", profile)
    food = CONTENT.foods[composition.asks[0].variant.partition("+")[2]]
    assert food.potassium_mg is not None
    assert f"{round(100 * food.potassium_mg / reference_mg)} % of your {reference_mg} mg a day" in composition.text


def test_the_meal_meant_follows_the_persons_wall_clock() -> None:
    evening_in_tokyo = compose(a_person(), (a_send("calcium_meal", NOON),), CONTENT, {}, ZoneInfo("Asia/Tokyo"))
    assert "dinner" in evening_in_tokyo.text
    assert "lunch" in words("calcium_meal", at=NOON).text


def test_a_tablet_in_the_morning_moves_the_calcium_idea_to_lunch() -> None:
    profile = Profile(conditions=frozenset(), medicines=frozenset({"levothyroxine"}))
    text = words("calcium_meal", profile, at=MORNING).text
    assert "lunch later today" in text
    assert "Four hours apart from your thyroid tablet." in text


@pytest.mark.parametrize("habit", ["calcium_meal", "potassium_meal"])
def test_when_no_food_suits_the_text_names_none(habit: str) -> None:
    everything = Profile(
        diet=frozenset({"vegan"}), allergies=CONTENT.allergies, conditions=frozenset({"eating_disorder_history"})
    )
    composition = words(habit, everything)
    assert composition.asks[0].variant in CONTENT.texts.habits[habit].plain
    assert not [food.id for food in CONTENT.foods.values() if food.name in composition.text]
    assert "lunch" in composition.text


@pytest.mark.parametrize("habit", MOVES)
@pytest.mark.parametrize("flare", [False, True])
@pytest.mark.parametrize("profile", [ANSWERED, Profile(), Profile(avoid=CONTENT.avoid_codes)])
def test_every_ask_with_moves_carries_the_stop_rule(habit: str, *, flare: bool, profile: Profile) -> None:
    composition = words(habit, profile, flare=flare)
    assert composition.text.endswith(CONTENT.texts.stop_rule)
    assert composition.asks[0].text == composition.text


@pytest.mark.parametrize("flare", [False, True])
@pytest.mark.parametrize("habit", ["hydration", "calcium_meal", "potassium_meal", "eyes"])
def test_what_moves_no_limb_carries_no_stop_rule(habit: str, *, flare: bool) -> None:
    for profile in (ANSWERED, Profile(), Profile(avoid=CONTENT.avoid_codes)):
        assert CONTENT.texts.stop_rule not in words(habit, profile, flare=flare).text


@pytest.mark.parametrize("habit", ["movement", "warm_up", "cool_down", "walk", "strength"])
def test_on_a_bad_day_the_words_are_gentle(habit: str) -> None:
    for composition in (words(habit, flare=True), words(habit, Profile(avoid=frozenset({"acute_flare"})))):
        assert composition.asks[0].variant in CONTENT.texts.habits[habit].gentle


def test_two_asks_share_a_title_and_have_a_line_each() -> None:
    sends = (a_send("hydration", amount_ml=150), a_send("movement"))
    composition = compose(a_person(), sends, CONTENT, {}, BERLIN)
    assert composition.title == "Water + short break"
    assert [ask.habit for ask in composition.asks] == ["hydration", "movement"]
    assert composition.text.split("\n") == [ask.text for ask in composition.asks]
    assert composition.discreet_text == "A good moment to fill your glass.\nA good moment for a short pause."


def test_two_asks_with_moves_say_the_stop_rule_once() -> None:
    composition = compose(a_person(), (a_send("movement"), a_send("strength")), CONTENT, {}, BERLIN)
    assert composition.text.count(CONTENT.texts.stop_rule) == 1
    assert composition.text.endswith(CONTENT.texts.stop_rule)
    assert all(ask.text.endswith(CONTENT.texts.stop_rule) for ask in composition.asks)


def test_the_stop_rule_stands_with_the_moves_when_a_look_away_shares_the_nudge() -> None:
    composition = compose(a_person(), (a_send("movement"), a_send("eyes")), CONTENT, {}, BERLIN)
    moves, look_away = composition.text.split("\n")
    assert moves.endswith(CONTENT.texts.stop_rule)
    assert CONTENT.texts.stop_rule not in look_away


def test_two_meal_ideas_share_one_discreet_line() -> None:
    composition = compose(a_person(), (a_send("calcium_meal"), a_send("potassium_meal")), CONTENT, {}, BERLIN)
    assert composition.discreet_text == "An idea for your next meal."
    assert len(composition.text.split("\n")) == 2


def test_an_own_habit_says_its_own_words() -> None:
    own = Habit(id="call_mother", schedule=HOURLY, built_in=False, say="Call her {now}, 100 % sure?")
    composition = compose(a_person(ANSWERED, own), (a_send("call_mother"),), CONTENT, {}, BERLIN)
    assert composition.title == "Call mother"
    assert composition.text == "Call her {now}, 100 % sure?"
    assert composition.asks[0].variant == ""
    assert composition.discreet_text == CONTENT.texts.discreet_own


def test_a_built_in_habit_with_own_words_keeps_its_title() -> None:
    own = Habit(id="walk", schedule=HOURLY, built_in=True, say="Round the pond")
    composition = compose(a_person(ANSWERED, own), (a_send("walk"),), CONTENT, {}, BERLIN)
    assert (composition.title, composition.text) == ("Walk", "Round the pond")


def test_a_long_name_of_an_own_habit_is_cut_for_the_title() -> None:
    own = Habit(id="ring_the_physiotherapist_about_the_next_appointment", schedule=HOURLY, built_in=False, say="Ring")
    person = a_person(ANSWERED, own)
    alone = compose(person, (a_send(own.id),), CONTENT, {}, BERLIN)
    shared = compose(person, (a_send(own.id), a_send("movement")), CONTENT, {}, BERLIN)
    assert alone.title == "Ring the physiotherapist about the next…"
    assert len(shared.title) <= 40
    assert shared.title.endswith("… + short break")


@given(
    habit=st.sampled_from(sorted(CONTENT.habits)),
    conditions=st.none() | st.frozensets(st.sampled_from(sorted(CONTENT.condition_codes)), max_size=3),
    avoid=st.frozensets(st.sampled_from(sorted(CONTENT.avoid_codes)), max_size=3),
    diet=st.frozensets(st.sampled_from(sorted(CONTENT.diets)), max_size=2),
    hour=st.integers(0, 23),
    day=st.integers(0, 300),
    flare=st.booleans(),
)
def test_every_ask_fits_a_phone_and_is_never_empty(
    habit: str,
    *,
    conditions: frozenset[str] | None,
    avoid: frozenset[str],
    diet: frozenset[str],
    hour: int,
    day: int,
    flare: bool,
) -> None:
    profile = Profile(conditions=conditions, medicines=frozenset(), avoid=avoid, diet=diet)
    at = datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=day)
    composition = words(habit, profile, at=at, amount_ml=250, flare=flare)
    assert 0 < len(composition.title) <= 40
    assert 20 < len(composition.text) <= 230
    assert 0 < len(composition.discreet_text) <= 60
    assert "{" not in composition.text


def test_even_with_every_note_a_meal_idea_stays_short_enough_to_read() -> None:
    profile = Profile(
        conditions=frozenset({"kidney_stones_history", "pregnancy"}),
        medicines=frozenset({"levothyroxine", "iron_supplement", "warfarin"}),
        allergies=frozenset({"fish"}),
    )
    for number in range(60):
        assert len(words("calcium_meal", profile, at=MORNING + timedelta(days=number)).text) <= 340


@pytest.mark.parametrize(
    ("habit", "a_day", "days"),
    [
        ("movement", 8, 20),
        ("eyes", 8, 20),
        ("hydration", 6, 28),
        ("calcium_meal", 1, 28),
        ("potassium_meal", 1, 28),
        ("walk", 1, 20),
        ("warm_up", 1, 8),
        ("cool_down", 1, 8),
        ("strength", 1, 8),
    ],
)
@pytest.mark.parametrize("profile", [ANSWERED, Profile()])
def test_nothing_repeats_within_a_week_over_four_weeks(habit: str, a_day: int, days: int, profile: Profile) -> None:
    used = four_weeks(habit, a_day, days, profile)
    weekly = a_day * days // 4
    pool = len(set(used))
    for place, variant in enumerate(used):
        assert variant not in used[max(0, place - min(pool - 1, weekly)) : place]
    assert pool >= min(8, len(used)) or (habit == "potassium_meal" and profile == Profile())


def test_no_food_and_no_text_repeats_within_a_week() -> None:
    used = four_weeks("calcium_meal", 1, 28)
    for place in range(7, len(used)):
        week = used[place - 7 : place + 1]
        assert len({name.partition("+")[2] for name in week}) == 8
        assert len({name.partition("+")[0] for name in week}) == 8


def test_the_same_arguments_give_the_same_words() -> None:
    assert words("movement", recent=("m1+sit_tall",)) == words("movement", recent=("m1+sit_tall",))


def test_a_decision_that_is_not_to_be_sent_has_no_words() -> None:
    held = Decision("alex", "walk", "2026-03-02/17:45", NOON, NOON, Suppress(Reason.QUIET))
    with pytest.raises(ValueError, match=r"no words for 'alex/walk/2026-03-02/17:45': it is not to be sent"):
        compose(a_person(), (held,), CONTENT, {}, BERLIN)


def test_a_habit_the_person_does_not_have_has_no_words() -> None:
    with pytest.raises(ValueError, match=r"'alex' has no such habit"):
        compose(a_person(), (a_send("juggling"),), CONTENT, {}, BERLIN)
