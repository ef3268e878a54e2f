"""A language says everything that English says, about the same figures; what it lacks is said in English."""

from __future__ import annotations

import re
from dataclasses import asdict, fields, replace

import pytest

from reminders.catalogue.content import laid_over, language_names, load_content
from reminders.catalogue.food import foods_in_words
from reminders.catalogue.move import moves_in_words
from reminders.catalogue.phrases import languages
from reminders.catalogue.record import Record
from reminders.catalogue.translation import lacking, main, misfilled, report
from reminders.domain.service_words import ENGLISH, ServiceWords

CONTENT = load_content()
OTHERS = [language for language in languages() if language != "en"]
every_other = pytest.mark.parametrize("language", OTHERS)
SHARED_NAMES = {"tempeh", "papaya", "avocado"}  # called the same in English


@pytest.mark.parametrize("language", languages())
def test_nothing_is_left_out_or_misspelt_or_filled_in_differently(language: str) -> None:
    assert report(language) == []


@every_other
def test_figures_sources_and_safety_are_those_of_the_one_catalogue(language: str) -> None:
    content = load_content(language)
    as_in_english = {
        name: replace(
            food, name=CONTENT.foods[name].name, serving=CONTENT.foods[name].serving, tip=CONTENT.foods[name].tip
        )
        for name, food in content.foods.items()
    }
    assert list(as_in_english.items()) == list(CONTENT.foods.items())
    moves = {
        name: replace(move, steps=CONTENT.moves[name].steps, label=CONTENT.moves[name].label)
        for name, move in content.moves.items()
    }
    assert list(moves.items()) == list(CONTENT.moves.items())
    assert (content.habits, content.intakes, content.sequences) == (CONTENT.habits, CONTENT.intakes, CONTENT.sequences)
    assert (content.condition_codes, content.diets) == (CONTENT.condition_codes, CONTENT.diets)


@every_other
def test_a_serving_weighs_the_same(language: str) -> None:
    for name, food in load_content(language).foods.items():
        assert measures(food.serving) == measures(CONTENT.foods[name].serving), name


@every_other
def test_a_move_has_the_same_numbers(language: str) -> None:
    for name, move in load_content(language).moves.items():
        assert numbers(move.label) == numbers(CONTENT.moves[name].label), name
        assert numbers(move.steps) == numbers(CONTENT.moves[name].steps), name


@every_other
def test_no_text_is_still_english(language: str) -> None:
    content = load_content(language)
    for habit, texts in content.texts.habits.items():
        english = CONTENT.texts.habits[habit]
        for own, theirs in (
            (texts.variants, english.variants),
            (texts.plain, english.plain),
            (texts.gentle, english.gentle),
        ):
            assert list(own) == list(theirs)
            assert not set(own.values()) & set(theirs.values())
    assert not set(content.texts.service.values()) & set(CONTENT.texts.service.values())
    same_names = {name for name, food in content.foods.items() if food.name == CONTENT.foods[name].name}
    assert same_names <= SHARED_NAMES
    assert not {name for name, move in content.moves.items() if move.steps == CONTENT.moves[name].steps}


@every_other
def test_titles_leave_room_for_two_on_a_phone(language: str) -> None:
    titles = sorted((texts.title for texts in load_content(language).texts.habits.values()), key=len)
    assert len(f"{titles[-1]} + {titles[-2]}") <= 40
    assert len(set(titles)) == len(titles)


@every_other
def test_every_habit_has_as_many_different_texts_as_in_english(language: str) -> None:
    for habit, texts in load_content(language).texts.habits.items():
        assert len(set(texts.variants.values())) == len(texts.variants), habit


@every_other
def test_the_bad_day_page_asks_about_every_sign_and_names_the_emergency_number(language: str) -> None:
    flare = load_content(language).flare
    assert [(tier.id, len(tier.signs)) for tier in flare.tiers] == [
        (tier.id, len(tier.signs)) for tier in CONTENT.flare.tiers
    ]
    assert len(flare.advice) == len(CONTENT.flare.advice)
    assert "112" in flare.tiers[0].message


def test_the_german_bad_day_page_gives_no_all_clear() -> None:
    screen = load_content("de").flare.screen
    assert "keine Entwarnung" in screen[-1]
    for sign in ("After", "Blase", "beiden Beinen", "Fieber", "Krebs", "schweren Unfall"):
        assert any(sign in line for line in screen), sign


@pytest.mark.parametrize("language", languages())
def test_the_service_has_every_word_it_needs(language: str) -> None:
    words = ServiceWords(**load_content(language).texts.service)
    assert all(asdict(words).values())
    assert [field.name for field in fields(ServiceWords)] == list(CONTENT.texts.service)


def test_the_words_that_stand_in_for_unreadable_texts_are_the_english_ones() -> None:
    assert ServiceWords(**CONTENT.texts.service) == ENGLISH


def test_a_languages_name_is_known_in_itself_and_in_english() -> None:
    assert language_names("de") == ("Deutsch", "German")
    assert all(language_names(language) for language in languages())


def test_what_a_language_does_not_say_is_said_in_english() -> None:
    english = {"title": "Water", "pools": {"a": "one", "b": "two"}, "signs": ["x", "y"]}
    merged = laid_over(english, {"pools": {"b": "zwei"}, "signs": ["z"]})
    assert merged == {"title": "Water", "pools": {"a": "one", "b": "zwei"}, "signs": ["z"]}
    assert english["pools"] == {"a": "one", "b": "two"}


def test_a_food_or_move_that_a_language_does_not_name_keeps_its_english_words() -> None:
    words = Record({"foods": {"banana": {"name": "Banane"}}, "moves": {"sit_tall": {"label": "gerade"}}}, "xx.yaml")
    foods, moves = foods_in_words(CONTENT.foods, words), moves_in_words(CONTENT.moves, words)
    assert (foods["banana"].name, foods["banana"].serving) == ("Banane", CONTENT.foods["banana"].serving)
    assert foods["kiwi"] is CONTENT.foods["kiwi"]
    assert (moves["sit_tall"].label, moves["sit_tall"].steps) == ("gerade", CONTENT.moves["sit_tall"].steps)
    assert foods_in_words(CONTENT.foods, Record({}, "xx.yaml")) == CONTENT.foods


def test_a_slip_in_a_foods_words_names_the_file_and_the_food() -> None:
    with pytest.raises(ValueError, match=r"xx.yaml: foods: banana: 'name' should be a text, found 3"):
        foods_in_words(CONTENT.foods, Record({"foods": {"banana": {"name": 3}}}, "xx.yaml"))


def test_what_is_lacking_is_named_by_its_place() -> None:
    wanted = {"a": {"b": "text", "c": ["one", "two"]}, "d": "text", "e": ""}
    assert list(lacking(wanted, {"a": {"b": "", "c": ["eins"]}, "d": ["no text"], "e": ""})) == ["a.b", "a.c.1", "d"]
    assert list(lacking(wanted, wanted)) == []


def test_other_placeholders_are_named_by_their_place() -> None:
    wanted = {"a": {"b": "{x} of {y}"}, "c": ["{x}"]}
    assert list(misfilled(wanted, {"a": {"b": "{y} von {x}"}, "c": ["{z}"]})) == ["c.0"]


def test_the_translators_command_lists_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(list(languages())) == 0
    assert capsys.readouterr().out == ""


def test_a_language_that_nobody_asks_for_is_not_kept() -> None:
    load_content.cache_clear()
    load_content("de")
    assert load_content.cache_info().currsize == 1


def measures(serving: str) -> list[str]:
    """Return the weights and volumes, such as ``240 ml``; ounces are for one country alone."""
    return re.findall(r"\d+ (?:g|ml)\b", serving)


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))
