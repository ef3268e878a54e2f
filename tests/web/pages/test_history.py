"""Rules of the page of months: whose days, how many, and that nobody is blamed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from reminders.domain.answer import Verb
from reminders.domain.context import RealBreak
from reminders.domain.decision import Decision, Suppress
from reminders.domain.occurrence import Reason
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from tests.web.filled_journal import put
from tests.web.pages.conftest import BERLIN, NOON, Visitor
from tests.web.real_house import RealHouse

BLAME = re.compile(r"streak|fail|broke|missed out|only \d|in a row", re.IGNORECASE)
DAY = timedelta(days=1)


def ask(house: RealHouse, journal: SqliteJournal, days_ago: int, *, done: bool, habit: str = "movement") -> None:
    at = NOON - days_ago * DAY - timedelta(minutes=30)
    nudge = put(journal, house.lived_in.people[0], BERLIN, (habit,), at)
    if done:
        journal.answer_nudge(nudge, Verb.DONE, at + timedelta(minutes=5), "desktop")
    journal.close_expired(at + timedelta(hours=2))


def test_an_empty_record_says_what_to_do(visitor: Visitor) -> None:
    page = visitor.look("/history")
    assert "Nothing is on record since 2026-06-01." in page
    assert "reminders done movement" in page
    assert "<svg" not in page


def test_weeks_in_which_nothing_has_ended_have_no_highest_bar(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    put(journal, house.lived_in.people[0], BERLIN, ("movement",), NOON - timedelta(minutes=5))
    page = visitor.look("/history")
    assert "What became of everything that was due." in page
    assert "stands for 0" not in page
    ask(house, journal, 1, done=True)
    assert "The highest bar stands for 1." in visitor.look("/history")


def test_a_habit_is_told_as_days_of_those_it_was_asked(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    for days_ago in range(1, 7):
        ask(house, journal, days_ago, done=days_ago % 2 == 0)
    ask(house, journal, 7, done=True)  # eight days back with today, so not among the seven
    page = visitor.look("/history")
    assert "last 7 days: done on 3 of the 6 days it was asked" in page
    assert "<title>Mon 23 Nov: 0 of 1 done</title>" in page
    assert "<title>Sun 22 Nov: 1 of 1 done</title>" in page


def test_what_was_never_put_to_the_person_counts_in_its_week_alone(journal: SqliteJournal, visitor: Visitor) -> None:
    due = NOON - DAY
    held = Decision("me", "movement", "a", due, due + timedelta(minutes=1), Suppress(Reason.GAP))
    journal.record(TurnRecord(person="me", decided_at=due, planned_until=due, decisions=(held,)))
    page = visitor.look("/history")
    assert "Week of 23 Nov: 1 suppressed" in page
    assert 'class="heat"' not in page
    assert "Nothing was put to you in these weeks." in page


def test_months_of_life_fill_every_drawing_and_blame_nobody(lived_in: RealHouse, visitor: Visitor) -> None:
    page = visitor.look("/history")
    assert page.count('class="heat"') == 6
    assert page.count('class="bars"') == 3
    words = re.sub(r"<[^>]+>", " ", html.unescape(page))
    assert not BLAME.search(words), BLAME.search(words)
    assert "The line is today's goal, 1600 ml." in words


@pytest.mark.parametrize(
    ("written", "weeks"), [("4", 4), ("12", 12), ("26", 26), ("104", 104), ("5", 26), ("-4", 26), ("x", 26), ("", 26)]
)
def test_the_weeks_shown_are_those_offered(lived_in: RealHouse, visitor: Visitor, written: str, weeks: int) -> None:
    page = visitor.look(f"/history?weeks={written}")
    assert re.findall(r'aria-current="true">(\d+) weeks', page) == [str(weeks)]
    assert len(re.findall(r"<title>Week of", page)) == weeks


def test_every_drawing_has_words_for_each_of_its_parts_and_a_table(lived_in: RealHouse, visitor: Visitor) -> None:
    page = visitor.look("/history?weeks=12")
    for drawing in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        name = re.findall(r'aria-labelledby="([^"]+)"', drawing)[0]
        assert f'<title id="{name}">' in drawing
    assert page.count("The same as a table") == len(re.findall("<svg", page))
    done = sum(int(number) for number in re.findall(r"<title>\w+ \d+ \w+: (\d+) of", page))
    assert done > 100


def test_a_habit_gone_from_the_file_is_still_shown(
    house: RealHouse, journal: SqliteJournal, visit: Callable[[RealHouse], Visitor]
) -> None:
    ask(house, journal, 1, done=True, habit="movement")
    person = house.lived_in.people[0]
    house.lived_in = replace(house.lived_in, people=(replace(person, habits=person.habits[:1]),))
    assert ">Short break</h3>" in visit(house).look("/history")


def test_the_breaks_that_were_seen_are_shown_day_by_day(journal: SqliteJournal, visitor: Visitor) -> None:
    assert "Breaks from sitting" not in visitor.look("/history")
    minute = timedelta(minutes=1)
    for days_ago, length in ((0, 7 * minute), (0, 9 * minute), (6, 5 * minute), (7, 30 * minute)):
        ended = NOON - days_ago * DAY
        journal.note_break("me", RealBreak(started=ended - length, ended=ended))
    page = visitor.look("/history")
    assert "last 7 days: 3 breaks, 21 min together" in page
    rows = re.findall(r'<tr><th scope="row">([\d-]+)</th><td>(\d+)</td><td>([^<]+)</td></tr>', page)
    assert rows[0] == ("2026-11-24", "2", "16 min")
    assert rows[1:] == [("2026-11-18", "1", "5 min"), ("2026-11-17", "1", "30 min")]


def test_breaks_of_long_ago_are_told_as_none_of_late(journal: SqliteJournal, visitor: Visitor) -> None:
    ended = NOON - 8 * DAY
    journal.note_break("me", RealBreak(started=ended - timedelta(minutes=6), ended=ended))
    assert "last 7 days: no break was seen" in visitor.look("/history")
    assert "Nothing is on record since" not in visitor.look("/history")
