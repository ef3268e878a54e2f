"""What was put down in English is told in the language spoken, and what is nobody's phrase is left alone."""

from __future__ import annotations

import pytest

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import Phrases, phrases_spoken, say, speaking
from reminders.catalogue.retelling import retold

TINY = Phrases(
    language="xx",
    by_english={
        "the disk is full": "full disk",
        "it says {date}": "says {date}",
        "planning for {person} fails: {error}": "{error} while planning for {person}",
        "none in the last {minutes} min before sleep": "{minutes} min of rest",
        "{weekday} {date}": "{date}, {weekday}",
        "row | {person} was told that {person} waits": "{person} waited",
        "the server answers {status}": "answer {status}",
        "the server answers {status}, so nothing is there": "nothing there, {status}",
        "{count} nudges were sent": ["one", "{count} nudges"],
        "{value!r} is no number": "{value!r} is none",
        "port {port} is taken; write web: {{port: ...}}": "no {port}: {{port: ...}}",
    },
    form=lambda count: int(count != 1),
)


@pytest.mark.parametrize(
    ("put_down", "told"),
    [
        ("the disk is full", "full disk"),
        ("none in the last 120 min before sleep", "120 min of rest"),
        ("planning for sam fails: KeyError", "KeyError while planning for sam"),
        ("planning for sam fails: the disk is full", "full disk while planning for sam"),
        ("the server answers 404", "answer 404"),
        ("the server answers 404, so nothing is there", "nothing there, 404"),
        ("port 8377 is taken; write web: {port: ...}", "no 8377: {port: ...}"),
        (
            "planning for sam fails: KeyError; planning for kim fails: the disk is full",
            "KeyError while planning for sam; full disk while planning for kim",
        ),
        ("r.yaml:3:7  me.awake: the disk is full", "r.yaml:3:7  me.awake: full disk"),
        ("the server answers {x.__class__} {0}", "answer {x.__class__} {0}"),
    ],
)
def test_a_phrase_of_ours_is_found_again_with_what_it_was_filled_in_with(put_down: str, told: str) -> None:
    with speaking(TINY):
        assert retold(put_down) == told


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "Connection reset by peer",
        "Tuesday 2026-03-24",
        "it says 2026",
        "2 nudges were sent",
        "the disk is full.",
        "'x' is no number",
        "nothing of ours; nor here: at all",
        "the server answers " + "9" * 500,
    ],
)
def test_what_is_no_phrase_or_fits_one_by_chance_is_left_as_it_is(foreign: str) -> None:
    with speaking(TINY):
        assert retold(foreign) == foreign


@pytest.mark.parametrize(
    ("put_down", "told"),
    [
        ("Permission denied", "Zugriff verweigert"),
        ('url_file "/run/secret" cannot be opened: Permission denied', "Zugriff verweigert"),
        ("the journal cannot be read: No space left on device", "kein Platz mehr"),
        ("r.yaml: Connection refused", "Verbindung abgelehnt"),
    ],
)
def test_why_the_system_refused_is_told_with_it(put_down: str, told: str) -> None:
    with speaking("de"):
        assert told in retold(put_down)


def test_every_reason_why_a_habit_is_off_is_told_whosever_it_is() -> None:
    reasons = load_content().rules.reasons
    with speaking("de"):
        for reason in reasons.values():
            put_down = reason.replace("{profile}", "people.kim.profile")
            told = retold(put_down)
            assert told == say(reason).replace("{profile}", "people.kim.profile") != put_down
    assert len(reasons) > 10


def test_in_english_nothing_is_retold() -> None:
    assert retold("planning for sam fails: the disk is full") == "planning for sam fails: the disk is full"


@pytest.mark.parametrize("piece", ["planning for x fails: ", " did not succeed: ", '" cannot be used: ', "; ", "  "])
def test_a_text_that_repeats_a_phrase_over_and_over_ends_the_search(piece: str) -> None:
    with speaking("de"):
        assert retold(("x" + piece * 500)[:500])


def test_every_phrase_of_a_language_can_be_looked_for_in_its_own_english() -> None:
    with speaking("de"):
        for english in phrases_spoken().by_english:
            retold(english)
