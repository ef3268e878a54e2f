"""What pages and commands say: in every language all of it, nothing that nobody says, the same things filled in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from reminders.catalogue.phrases import (
    ENGLISH,
    Phrases,
    language_spoken,
    languages,
    phrases_in,
    phrases_written,
    say,
    say_as,
    say_many,
    speak,
    speaking,
)
from reminders.catalogue.translation import placeholders
from tests.catalogue.phrases_said import phrases_said

OTHERS = tuple(language for language in languages() if language != ENGLISH)


def written(language: str) -> Iterator[tuple[str, object]]:
    for group in phrases_written(language).values():
        if isinstance(group, dict):
            yield from group.items()


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_that_is_said_is_translated(language: str) -> None:
    there = {key for key, text in written(language) if text}
    lacking = {said.key: said.place for said in phrases_said() if said.key not in there}
    assert lacking == {}, f"{language}.yaml lacks these phrases"


@pytest.mark.parametrize("language", OTHERS)
def test_no_phrase_is_translated_that_nobody_says(language: str) -> None:
    said = {one.key for one in phrases_said()}
    assert [key for key, _ in written(language) if key not in said] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_phrase_is_translated_once(language: str) -> None:
    keys = [key for key, _ in written(language)]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_filled_in_with_what_the_english_is_filled_in_with(language: str) -> None:
    texts = dict(written(language))
    for said in phrases_said():
        found = texts.get(said.key, said.english)
        forms = found if isinstance(found, list) else [found]
        assert isinstance(found, list) == (said.one is not None) or said.key not in texts, said
        for form in forms:
            wanted, filled = placeholders(said.english), placeholders(str(form))
            assert filled == wanted or (said.one is not None and filled == wanted - {"count"}), (said, form)


@pytest.mark.parametrize("language", OTHERS)
def test_a_phrase_that_counts_has_a_form_for_every_number(language: str) -> None:
    phrases = phrases_in(language)
    wanted = max(phrases.form(number) for number in range(1000)) + 1
    for key, forms in phrases.by_english.items():
        assert not isinstance(forms, list) or len(forms) == wanted, key


TINY = Phrases(
    language="xx",
    by_english={"in {time}": "{time} on", "{count} days": ["a day", "{count} dayz"], "verb | done": "did"},
    form=lambda count: int(count != 1),
)


def test_what_a_language_has_no_words_for_is_said_in_english() -> None:
    with speaking(TINY):
        assert say("in {time}", time="5 min") == "5 min on"
        assert say("{time} ago", time="5 min") == "5 min ago"
        assert say_many("{count} hour", "{count} hours", 1) == "1 hour"
        assert say_as("state", "done") == "done"


def test_a_phrase_that_counts_takes_the_form_of_its_number() -> None:
    with speaking(TINY):
        assert [say_many("{count} day", "{count} days", count) for count in (0, 1, 2)] == ["0 dayz", "a day", "2 dayz"]


def test_english_that_means_several_things_is_told_apart_by_its_context() -> None:
    with speaking(TINY):
        assert say_as("verb", "done") == "did"


def test_a_phrase_with_nothing_to_fill_in_is_left_as_it_is() -> None:
    assert say('write it like {"a": 1}') == 'write it like {"a": 1}'


def test_outside_the_block_english_is_spoken_again() -> None:
    with speaking("de"):
        speak(ENGLISH)
        speak("de")
        assert language_spoken() == "de"
    assert language_spoken() == ENGLISH


def test_tasks_that_run_side_by_side_each_speak_their_own_language() -> None:
    async def visitor(language: str) -> str:
        speak(language)
        await asyncio.sleep(0)
        return language_spoken()

    async def both() -> list[str]:
        return await asyncio.gather(visitor("de"), visitor(ENGLISH))

    assert asyncio.run(both()) == ["de", ENGLISH]
    assert language_spoken() == ENGLISH


def test_a_language_that_there_is_no_file_of_is_refused() -> None:
    with pytest.raises(ValueError, match="no phrases in language 'xx'"):
        phrases_in("xx")
