"""Holds: a week summed up is a few plain lines, a discreet channel hears none of the habits."""

from __future__ import annotations

import pytest

from reminders.catalogue.content import load_content
from reminders.domain.occurrence import Reason
from reminders.planning.adherence import summarize
from reminders.planning.digest_words import compose_digest
from reminders.planning.nudge_text import Composition
from reminders.planning.suggestion import SuggestionKind
from tests.planning.lived import DONE, LAPSED, SENT, SKIPPED, Line, asked, held, held_back, put
from tests.planning.people import BERLIN, every, habit, hours, hydration, movement, person

CONTENT = load_content()
OWN = [f"own_habit_{number}" for number in range(1, 8)]
WHO = person(hydration(), movement(), *(every(name, hours(1)) for name in OWN))


def said(*lines: Line) -> Composition:
    return compose_digest(WHO, summarize(WHO, BERLIN, lines, ()), CONTENT)


def test_each_habit_has_a_line_in_the_order_of_the_file() -> None:
    words = said(put("own_habit_1", "10:00", DONE), put("hydration", "11:00", LAPSED), put("hydration", "13:00", DONE))
    assert words.title == "Your week"
    assert words.text.splitlines() == ["Water: 1 of 2 done", "Own habit 1: 1 of 1 done"]
    assert words.asks == ()


def test_a_discreet_channel_hears_how_much_was_answered_and_no_more() -> None:
    words = said(put("hydration", "11:00", DONE), put("movement", "12:00", SKIPPED), put("movement", "13:00", LAPSED))
    assert words.discreet_text == "Your week: 2 of 3 answered."


def test_what_is_still_open_or_was_never_put_to_the_person_is_left_out() -> None:
    words = said(
        put("hydration", "11:00", DONE), put("hydration", "13:00", SENT), held("movement", "12:00", Reason.GAP)
    )
    assert words.text == "Water: 1 of 1 done"
    assert words.discreet_text == "Your week: 1 of 1 answered."


def test_the_busiest_six_are_named_and_the_rest_summed() -> None:
    rare, often = OWN[0], OWN[1:]
    lines = [put(name, f"1{hour}:00", DONE) for name in often for hour in (0, 1)] + [put(rare, "12:00", LAPSED)]
    told = said(*lines).text.splitlines()
    assert told[:6] == [f"Own habit {number}: 2 of 2 done" for number in range(2, 8)]
    assert told[6] == "1 more: 0 of 1 done"


def test_the_best_hour_and_one_suggestion_close_it() -> None:
    words = said(*asked("movement", 14, done=1, left_open=4), *asked("movement", 10, done=5, left_open=1))
    assert words.text.splitlines() == [
        "Short break: 6 of 11 done",
        "Most got done between 10:00 and 11:00: 5 of 6.",
        "Short break between 14:00 and 15:00 was left open 4 of 5 times. Around 10:00 more got done.",
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (held_back("hydration", Reason.NO_CHANNEL, 4), "4 of 5 could not be delivered. To see which channel fails: "),
        (held_back("hydration", Reason.EXPIRED_DOWN, 4), "4 of 5 fell due while this service was not awake."),
        (
            held_back("movement", Reason.DAILY_LIMIT, 4),
            "The daily limit held back 4 (Short break most often). A higher ",
        ),
        (asked("movement", 9, 0, 5), "Short break between 09:00 and 10:00 was left open 5 of 5 times. Another time "),
        (
            [line for hour in (10, 12, 14) for line in asked("movement", hour, 1, 4)],
            "Short break was left open 12 of 15 times. Asking less often may suit better.",
        ),
    ],
)
def test_each_suggestion_has_its_words(lines: list[Line], words: str) -> None:
    assert said(put("hydration", "16:00", DONE), *lines).text.splitlines()[-1].startswith(words)


def test_no_suggestion_is_without_words() -> None:
    names = {kind.value for kind in SuggestionKind} | {"move_hour_to"}
    assert set(CONTENT.texts.digest.suggestions) == names


def test_the_last_hour_of_the_day_ends_at_midnight() -> None:
    owl = person(habit("reading", every("reading", hours(1)).schedule))
    lines = [put("reading", f"23:{minute}", LAPSED) for minute in ("00", "20", "40")]
    text = compose_digest(owl, summarize(owl, BERLIN, lines, ()), CONTENT).text
    assert "between 23:00 and 00:00" in text
