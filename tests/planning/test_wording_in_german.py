"""A person is spoken to in one language throughout: titles, figures, notes, repeats and the week summed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reminders.catalogue.content import load_content
from reminders.domain.decision import Decision, Send
from reminders.domain.habit import Habit
from reminders.domain.nudge import Ask
from reminders.domain.occurrence import Reason
from reminders.domain.person import Profile
from reminders.planning.adherence import summarize
from reminders.planning.digest_words import compose_digest
from reminders.planning.meal_idea import share_of
from reminders.planning.nudge_text import Composition
from reminders.planning.wording import compose, compose_again
from tests.planning.lived import asked, held_back
from tests.planning.people import BERLIN, INTAKE, every, hours, hydration, movement, person

GERMAN, IN_ENGLISH = load_content("de"), load_content("en")
ANSWERED = Profile(conditions=frozenset(), medicines=frozenset())
NOON = datetime(2026, 3, 2, 11, 15, tzinfo=UTC)  # 12:15 in Berlin
HABITS = sorted(GERMAN.habits)


def said(
    *habits: str, profile: Profile = ANSWERED, at: datetime = NOON, amount_ml: int | None = None, flare: bool = False
) -> Composition:
    who = replace(person(*(every(name, hours(1), built_in=True) for name in HABITS)), profile=profile, language="de")
    sends = tuple(
        Decision(who.id, name, f"{at:%Y-%m-%d}/{at:%H:%M}", at, at, Send(at, "n1", amount_ml=amount_ml))
        for name in habits
    )
    return compose(who, sends, GERMAN, {}, BERLIN, flare=flare)


def test_titles_that_share_a_nudge_keep_their_capitals() -> None:
    assert said("hydration", "movement", amount_ml=200).title == "Wasser + Bewegungspause"


def test_an_amount_and_a_share_are_written_the_german_way() -> None:
    assert "200 ml" in said("hydration", amount_ml=200).text
    assert share_of("calcium", 257, INTAKE, GERMAN) == "27 % deines Tagesrichtwerts (950 mg)"


def test_a_meal_idea_names_food_serving_and_notes_in_german() -> None:
    pregnant = replace(ANSWERED, conditions=frozenset({"pregnancy"}), medicines=frozenset({"levothyroxine"}))
    for number in range(20):
        words = said("calcium_meal", profile=pregnant, at=NOON + timedelta(days=number))
        food = GERMAN.foods[words.asks[0].variant.partition("+")[2]]
        assert f"{food.name}. {food.serving}: {food.calcium_mg} mg" in words.text
        assert "Vier Stunden Abstand zu deiner Schilddrüsentablette." in words.text


def test_the_same_food_move_and_text_are_chosen_in_every_language() -> None:
    who = person(*(every(name, hours(1), built_in=True) for name in HABITS))
    sends = tuple(Decision(who.id, name, "2026-03-02/12:15", NOON, NOON, Send(NOON, "n1")) for name in HABITS)
    chosen = [[ask.variant for ask in compose(who, sends, one, {}, BERLIN).asks] for one in (GERMAN, IN_ENGLISH)]
    assert chosen[0] == chosen[1]


def test_moves_end_with_the_german_stop_rule_which_is_said_once() -> None:
    words = said("movement", "strength")
    assert words.text.endswith(GERMAN.texts.stop_rule)
    assert words.text.count(GERMAN.texts.stop_rule) == 1
    assert IN_ENGLISH.texts.stop_rule not in words.text


@given(
    habit=st.sampled_from(HABITS),
    conditions=st.none() | st.frozensets(st.sampled_from(sorted(GERMAN.condition_codes)), max_size=3),
    avoid=st.frozensets(st.sampled_from(sorted(GERMAN.avoid_codes)), max_size=3),
    diet=st.frozensets(st.sampled_from(sorted(GERMAN.diets)), max_size=2),
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
    words = said(habit, profile=profile, at=at, amount_ml=250, flare=flare)
    assert 0 < len(words.title) <= 40
    assert 20 < len(words.text) <= 300
    assert 0 < len(words.discreet_text) <= 60
    assert "{" not in words.text


def test_what_is_put_again_keeps_its_words_under_a_german_title() -> None:
    rule = GERMAN.texts.stop_rule
    asks = (
        Ask(occurrence_id="o1", habit="movement", text=f"Geh ans Fenster. {rule}"),
        Ask(occurrence_id="o2", habit="walk", text=f"Geh um den Block. {rule}"),
    )
    words = compose_again(asks, GERMAN)
    assert words.title == "Bewegungspause + Spaziergang"
    assert words.text == f"Geh ans Fenster.\nGeh um den Block. {rule}"
    assert words.discreet_text == "Ein guter Moment für eine kurze Pause.\nEin guter Moment für frische Luft."


def test_an_own_habit_says_its_own_words_and_a_discreet_channel_none_of_them() -> None:
    own = Habit(id="katze", schedule=every("katze", hours(1)).schedule, built_in=False, say="Füttere die Katze")
    who = replace(person(own), language="de")
    send = Decision(who.id, "katze", "2026-03-02/12:15", NOON, NOON, Send(NOON, "n1"))
    words = compose(who, (send,), GERMAN, {}, BERLIN)
    assert (words.title, words.text, words.discreet_text) == (
        "Katze",
        "Füttere die Katze",
        "Du hast dir etwas vorgemerkt.",
    )


def test_a_week_is_summed_up_in_german() -> None:
    who = person(hydration(), movement())
    lines = [*asked("movement", 14, done=1, left_open=4), *asked("movement", 10, done=5, left_open=1)]
    words = compose_digest(who, summarize(who, BERLIN, lines, ()), GERMAN)
    assert words.title == "Deine Woche"
    assert words.discreet_text == "Deine Woche: 6 von 11 beantwortet."
    assert words.text.splitlines() == [
        "Bewegungspause: 6 von 11 erledigt",
        "Am meisten ging zwischen 10:00 und 11:00 Uhr: 5 von 6.",
        "Bewegungspause blieb zwischen 14:00 und 15:00 Uhr 4 von 5 Mal offen. Gegen 10:00 Uhr ging mehr.",
    ]


def test_a_suggestion_is_made_in_german() -> None:
    who = person(hydration(), movement())
    lines = [*asked("movement", 10, done=5, left_open=0), *held_back("hydration", Reason.NO_CHANNEL, 5)]
    last = compose_digest(who, summarize(who, BERLIN, lines, ()), GERMAN).text.splitlines()[-1]
    assert last == "5 von 10 ließen sich nicht zustellen. Welcher Kanal klemmt, zeigt: reminders doctor"
