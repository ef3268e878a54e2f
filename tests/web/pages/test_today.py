"""Rules of the page of a day: what it shows, and what can be done on it without script."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.errors import JournalUnavailable
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.schedule import LocalRange
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from tests.web.filled_journal import UNKNOWN, put, send
from tests.web.pages.conftest import BERLIN, NOON, Visitor
from tests.web.real_house import RealHouse
from tests.web.seen_page import text_of

MINUTE = timedelta(minutes=1)


def ask(house: RealHouse, journal: SqliteJournal, *habits: str, minutes_ago: float = 5, **more: object) -> str:
    person = house.lived_in.people[0]
    return put(journal, person, BERLIN, habits, NOON - minutes_ago * MINUTE, **more)  # type: ignore[arg-type]


def occurrence_of(page: str, habit: str) -> str:
    """Return the occurrence that the page's form for a habit names."""
    return next(name for name in re.findall(r'name="occurrence" value="([^"]*)"', page) if f"/{habit}/" in name)


def states(journal: SqliteJournal) -> dict[str, OccurrenceState]:
    return {row.habit: row.state for row in journal.history(None, NOON - timedelta(days=1), NOON + timedelta(days=1))}


def test_what_was_sent_is_shown_with_its_words_and_how_each_channel_did(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    nudge = journal.nudge(ask(house, journal, "hydration", "movement", results={"desktop": UNKNOWN}))
    said = text_of(visitor.look())
    assert nudge.title in said
    for line in nudge.text.splitlines():
        assert " ".join(line.split()) in said
    assert "desktop: unknown: it may or may not have arrived (the connection broke after the request)" in said
    assert "11:55" in said
    assert said.count("waits for an answer") == 2  # each ask once: with its message, not beside it


def test_each_ask_of_a_merged_nudge_is_answered_by_itself(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    ask(house, journal, "hydration", "movement")
    page = visitor.look()
    said = text_of(visitor.send("/today/answer", occurrence=occurrence_of(page, "hydration"), verb="done"))
    assert "Water: done. 0.2 of 1.6 L today." in said
    assert states(journal) == {"hydration": OccurrenceState.DONE, "movement": OccurrenceState.SENT}
    assert house.woken == 1


def test_done_all_answers_both_asks(house: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    nudge = ask(house, journal, "hydration", "movement")
    said = text_of(visitor.send("/today/answer", nudge=nudge, verb="done"))
    assert "Water: done. Short break: done." in said
    assert set(states(journal).values()) == {OccurrenceState.DONE}
    row = journal.history(None, NOON - timedelta(hours=1), NOON + timedelta(hours=1), "movement")[0]
    assert (row.via, row.answered_at) == ("page", NOON)


def test_an_answer_said_twice_counts_once_and_the_first_verdict_stands(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    ask(house, journal, "movement")
    occurrence = occurrence_of(visitor.look(), "movement")
    visitor.send("/today/answer", occurrence=occurrence, verb="done")
    said = text_of(visitor.send("/today/answer", occurrence=occurrence, verb="skip"))
    assert "Short break: already done, which stands." in said
    assert journal.counts().answers == 1


def test_a_snooze_takes_the_habits_own_length_and_comes_off_the_list(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    ask(house, journal, "movement")
    said = text_of(visitor.send("/today/answer", occurrence=occurrence_of(visitor.look(), "movement"), verb="snooze"))
    assert "Short break: snoozed until 12:15 (in 15 min)." in said
    assert "Nothing waits for an answer" in said
    assert "Short break is snoozed until 12:15 (in 15 min)" in said


def test_what_is_snoozed_can_still_be_done(house: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    ask(house, journal, "movement")
    page = visitor.send("/today/answer", occurrence=occurrence_of(visitor.look(), "movement"), verb="snooze")
    visitor.send("/today/answer", occurrence=occurrence_of(page, "movement"), verb="done")
    assert states(journal) == {"movement": OccurrenceState.DONE}


def test_a_fourth_snooze_is_not_offered(house: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    person = house.lived_in.people[0]
    ask(house, journal, "movement", lasts=timedelta(hours=3))
    for snooze in range(3):
        assert 'aria-label="Snooze: Short break"' in visitor.look()
        one = journal.open_occurrences("me")[0]
        journal.answer_occurrence(one.id, Verb.SNOOZE, NOON, "page", snooze_for=MINUTE)
        again = Send(NOON, f"{one.id}#{snooze}")
        send(
            journal,
            person,
            BERLIN,
            (Decision("me", one.habit, one.slot_key, one.first_due_at, one.expires_at, again),),
            NOON,
        )
    page = visitor.look()
    assert 'aria-label="Snooze: Short break"' not in page
    assert 'aria-label="Done: Short break"' in page
    assert "again, after a snooze" in page


def test_an_answer_can_be_taken_back_for_ten_minutes(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor, clock: time_machine.Coordinates
) -> None:
    nudge = ask(house, journal, "movement")
    journal.answer_nudge(nudge, Verb.DONE, NOON, "desktop")
    clock.move_to(NOON + 9 * MINUTE)
    assert 'aria-label="Undo: Short break"' in visitor.look()
    said = text_of(visitor.send("/today/undo", habit="movement"))
    assert "Short break: done taken back." in said
    assert states(journal) == {"movement": OccurrenceState.SENT}


def test_after_ten_minutes_no_undo_is_offered_and_none_is_made(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor, clock: time_machine.Coordinates
) -> None:
    nudge = ask(house, journal, "movement")
    journal.answer_nudge(nudge, Verb.DONE, NOON, "desktop")
    clock.move_to(NOON + 11 * MINUTE)
    assert "Undo" not in visitor.look()
    said = text_of(visitor.send("/today/undo", habit="movement"))
    assert "There is nothing to take back from the last ten minutes." in said
    assert states(journal) == {"movement": OccurrenceState.DONE}


def test_water_is_logged_with_a_button_or_an_amount_of_ones_own(journal: SqliteJournal, visitor: Visitor) -> None:
    assert "0.0 of 1.6 L today" in text_of(visitor.look())
    assert "250 ml logged. 0.2" in (said := text_of(visitor.send("/today/water", amount_ml="250"))), said
    said = text_of(visitor.send("/today/water", amount_ml="330"))
    assert "330 ml logged. 0.58 of 1.6 L today." in said
    assert journal.water_ml("me", NOON - MINUTE, NOON + MINUTE) == 580


@pytest.mark.parametrize("amount", ["", "9", "3001", "-250", "250ml", "1e3", "²", "99999999999999999999"])
def test_an_amount_that_cannot_be_is_refused_and_nothing_is_recorded(
    journal: SqliteJournal, visitor: Visitor, amount: str
) -> None:
    said = text_of(visitor.send("/today/water", amount_ml=amount))
    assert "Nothing was changed: an amount is a whole number of millilitres, 10 to 3000." in said
    assert journal.counts().answers == 0


def test_plenty_in_an_hour_is_told_and_not_praised(journal: SqliteJournal, visitor: Visitor) -> None:
    visitor.send("/today/water", amount_ml="800")
    said = text_of(visitor.send("/today/water", amount_ml="500"))
    assert said.count("that is plenty for now".capitalize()) == 2  # the notice, and beside the bar
    assert "That is plenty for now; there is no need to drink more for a while." in said


def test_water_logged_while_it_is_asked_for_answers_the_ask(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    ask(house, journal, "hydration")
    visitor.send("/today/water", amount_ml="300")
    assert states(journal) == {"hydration": OccurrenceState.DONE}
    assert journal.water_ml("me", NOON - MINUTE, NOON + MINUTE) == 300


def test_what_was_held_back_is_told_with_its_reason_in_plain_words(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    due = NOON - timedelta(hours=2)
    held = [
        Decision("me", "movement", "a", due, due + MINUTE, Suppress(Reason.GAP)),
        Decision("me", "hydration", "b", due, due + MINUTE, Suppress(Reason.EXPIRED_DOWN)),
        Decision("me", "eyes", "c", due, due + MINUTE, Suppress(Reason.PAUSED, "a meeting")),
    ]
    journal.record(TurnRecord(person="me", decided_at=due, planned_until=due, decisions=tuple(held)))
    said = text_of(visitor.look())
    assert "Short break suppressed: too close to another nudge" in said
    assert "Water missed: the service was not awake" in said
    assert "Eyes suppressed: paused a meeting" in said


def test_what_was_done_late_is_not_told_as_done_in_time(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    nudge = ask(house, journal, "movement", minutes_ago=90)
    journal.close_expired(NOON)
    assert "lapsed: no answer came in time" in text_of(visitor.look())
    journal.answer_nudge(nudge, Verb.DONE, NOON, "command")
    assert "lapsed: no answer came in time; done 12:00 by command, late" in text_of(visitor.look())


def test_what_comes_is_shown_as_planned_and_says_on_what_it_rests(visitor: Visitor) -> None:
    said = text_of(visitor.look())
    coming = said.split("now; what follows would be sent if every nudge is answered Done")[1]
    assert re.search(r"18:20 .*(Warm-up|Water)", coming)
    assert "07:45" not in coming  # over
    assert "19:30" in coming
    assert "Water would not be sent: outside its hours" in coming


def test_a_waking_day_that_crosses_midnight_is_one_day(
    house: RealHouse, visit: Callable[[RealHouse], Visitor], clock: time_machine.Coordinates
) -> None:
    owl = replace(house.lived_in.people[0], awake=LocalRange(start_minute=600, end_minute=1560))  # 10:00 to 02:00
    house.lived_in = replace(house.lived_in, people=(owl,))
    clock.move_to(NOON + timedelta(hours=9))  # nine in the evening
    coming = re.findall(r'<time datetime="2026-([^"]+):00\+00:00">', visit(house).look())
    assert "11-24T21:00" in coming  # 22:00 in Berlin
    assert "11-24T23:00" in coming  # midnight there, and the day goes on
    assert max(coming) < "11-25T01:00"  # the next one begins at two in the night


def test_another_day_shows_what_was_or_what_would_be(lived_in: RealHouse, visitor: Visitor) -> None:
    before = text_of(visitor.look("/?day=2026-11-23"))
    assert "Monday 2026-11-23" in before
    assert "What happened" in before
    assert "would be sent" not in before
    after = text_of(visitor.look("/?day=2026-11-25"))
    assert "Wednesday 2026-11-25" in after
    assert "This would be sent if every nudge is answered Done" in after
    assert "Nothing is on record for that day." in text_of(visitor.look("/?day=2020-01-01"))


def test_a_day_that_is_none_is_refused_with_how_to_write_one(visitor: Visitor) -> None:
    assert "is no date; write it like 2026-03-29" in html.unescape(visitor.look("/?day=soon", 400))


def test_a_pause_lasts_as_long_as_was_said_and_is_ended_on_the_page(journal: SqliteJournal, visitor: Visitor) -> None:
    said = text_of(visitor.send("/today/pause", habit="", length="30min", reason="a meeting"))
    assert "Everything is paused until 12:30 (in 30 min)." in said
    assert "Everything is paused until 12:30 (in 30 min): a meeting" in said
    pause = journal.pauses("me", NOON)[0]
    assert (pause.habit, pause.ends_at, pause.author) == (None, NOON + timedelta(minutes=30), "me")
    assert "Everything: goes on." in text_of(visitor.send("/today/resume", habit=""))
    assert journal.pauses("me", NOON) == ()


def test_a_longer_pause_from_before_goes_on_and_its_end_is_told_once(journal: SqliteJournal, visitor: Visitor) -> None:
    journal.pause("me", None, NOON, NOON + timedelta(hours=2), "me", "a meeting")
    said = text_of(visitor.send("/today/pause", habit="", length="30min"))
    assert "Everything is already paused until 14:00 (in 2 h), and that stays." in said
    assert said.count("is paused until") == 1
    assert "Everything is paused until 14:00 (in 2 h): a meeting" in said


@pytest.mark.parametrize(
    ("fields", "ends_at"),
    [
        ({"length": "1h"}, NOON + timedelta(hours=1)),
        ({"length": "tomorrow"}, datetime(2026, 11, 25, 6, 0, tzinfo=UTC)),  # 07:00 in Berlin, when awake
        ({"length": "until", "until": "15:30"}, datetime(2026, 11, 24, 14, 30, tzinfo=UTC)),
        ({"length": "until", "until": "09:00"}, datetime(2026, 11, 25, 8, 0, tzinfo=UTC)),  # over today
    ],
)
def test_a_pause_ends_when_it_was_said_to(
    journal: SqliteJournal, visitor: Visitor, fields: dict[str, str], ends_at: datetime
) -> None:
    visitor.send("/today/pause", habit="movement", **fields)
    assert [(one.habit, one.ends_at) for one in journal.pauses("me", NOON)] == [("movement", ends_at)]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"length": "until", "until": "late"}, "say until when, with a time such as 14:30"),
        ({"length": "ever"}, "say how long"),
        ({"length": "1h", "habit": "juggling"}, 'there is no habit "juggling" any more'),
    ],
)
def test_a_pause_that_cannot_be_is_refused_and_nothing_is_paused(
    journal: SqliteJournal, visitor: Visitor, fields: dict[str, str], why: str
) -> None:
    said = text_of(visitor.send("/today/pause", **fields))
    assert f"Nothing was changed: {why}" in said
    assert journal.pauses("me", NOON) == ()


def test_a_habit_goes_on_only_when_nothing_else_holds_it(journal: SqliteJournal, visitor: Visitor) -> None:
    journal.pause("me", None, NOON, NOON + timedelta(hours=2), "me", "")
    journal.pause("me", "movement", NOON, NOON + timedelta(hours=1), "me", "")
    said = text_of(visitor.send("/today/resume", habit="movement"))
    assert "Short break is still paused with everything else until 14:00 (in 2 h)." in said


def test_a_bad_day_shows_the_warning_signs_before_it_lets_exercise_rest(
    journal: SqliteJournal, visitor: Visitor
) -> None:
    page = text_of(visitor.look("/bad-day"))
    assert page.index("Emergency: act now") < page.index("Urgent: speak to a doctor today")
    assert page.index("Urgent: speak") < page.index("Let them rest")
    said = text_of(visitor.send("/today/pause", flare="1", length="48h"))
    assert "this rests: Warm-up, Cool-down." in said
    pauses = journal.pauses("me", NOON)
    assert [(one.habit, one.flare, one.reason) for one in pauses] == [
        ("warm_up", True, "a bad day"),
        ("cool_down", True, "a bad day"),
    ]


def test_on_a_bad_day_the_warning_signs_are_in_the_persons_language(house: RealHouse, visitor: Visitor) -> None:
    (person,) = house.lived_in.people
    house.lived_in = replace(house.lived_in, people=(replace(person, language="de"),))
    page = visitor.look("/bad-day")
    assert "Notfall: jetzt handeln" in page
    assert re.findall(r'lang="(\w+)"', page) == ["de"]  # all of it is read out as German
    assert "Emergency" not in page


def test_before_the_first_journal_the_page_works_and_a_first_glass_begins_it(
    house: RealHouse, visitor: Visitor
) -> None:
    assert "Nothing waits for an answer" in text_of(visitor.look())
    assert not house.path.exists()
    assert "250 ml logged" in text_of(visitor.send("/today/water", amount_ml="250"))


def test_a_journal_that_cannot_be_read_is_told_and_the_plan_still_shown(house: RealHouse, visitor: Visitor) -> None:
    house.path.write_bytes(b"this is no journal" * 1000)
    page = text_of(visitor.look())
    assert "The record cannot be read now" in page
    with pytest.raises(JournalUnavailable):
        house.open_journal()


def test_a_form_without_the_pages_mark_changes_nothing(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    nudge = ask(house, journal, "movement")
    assert visitor.post("/today/answer", mark="guessed", nudge=nudge, verb="done").status_code == 403
    assert states(journal) == {"movement": OccurrenceState.SENT}
    assert house.woken == 0


def test_an_answer_that_is_none_changes_nothing(house: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    nudge = ask(house, journal, "movement")
    said = text_of(visitor.send("/today/answer", nudge=nudge, verb="later"))
    assert "Nothing was changed: the answer is none of Done, Snooze and Skip." in said
    assert "there is no such nudge" in text_of(visitor.send("/today/answer", nudge="elsewhere", verb="done"))
    assert "there is no such ask" in text_of(visitor.send("/today/answer", occurrence="me/a/b", verb="done"))
    assert states(journal) == {"movement": OccurrenceState.SENT}


def test_an_address_puts_no_words_on_the_page(visitor: Visitor) -> None:
    page = visitor.look("/?notice=You%20won%20a%20prize")
    assert "prize" not in page
