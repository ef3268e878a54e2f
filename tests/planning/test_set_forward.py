"""A clock set right by hours: what fell due in the time it jumped over is missed; what comes after is as ever."""

from __future__ import annotations

from dataclasses import replace

from reminders.domain.facts import SetForward
from reminders.domain.person import Person
from reminders.planning.due import DueNow, due_now
from tests.planning.diary import Diary
from tests.planning.people import BERLIN, at, every, hours, limits, minutes, moment, person, told, within

MANY = person(
    every("stretch", minutes(30), within=within("08:00-20:00")), at("pill", "10:00", "15:00"), limits=limits()
)


def corrected(who: Person, since: str, until: str) -> tuple[list[str], DueNow]:
    """Plan up to ``since``, then set the clock right; return what is decided of it."""
    diary = Diary(who, BERLIN)
    diary.turn(moment("07:59"))
    diary.turn(moment(since))
    facts = replace(diary.facts(), set_forward=(SetForward(since=moment(since), until=moment(until)),))
    due = due_now(who, BERLIN, facts, moment(until))
    return [told(decision) for decision in due.decisions], due


def test_nothing_of_the_skipped_time_is_sent() -> None:
    decisions, due = corrected(MANY, "09:45", "14:05")
    assert decisions
    assert {one.rpartition(": ")[2] for one in decisions} == {"expired_down"}, decisions
    assert due.missed == 0  # nobody was away
    assert due.next_at == moment("14:30")


def test_a_sleep_of_that_length_is_caught_up_with() -> None:
    diary = Diary(MANY, BERLIN)
    diary.turn(moment("07:59"))
    diary.turn(moment("09:45"))
    assert any("-> 14:00" in told(one) for one in diary.turn(moment("14:00")).decisions)


def test_what_travels_with_a_skipped_one_is_decided_anew_at_once() -> None:
    """The pill of 13:55 would take the stretch of 14:00 along; the clock is set right at 13:58."""
    who = person(every("sip", hours(2), within=within("08:00-20:00")), at("pill", "13:55"))
    decisions, due = corrected(who, "09:45", "13:58")
    assert [one for one in decisions if "pill" in one] == ["13:55 pill: expired_down"]
    assert due.next_at <= moment("14:00")
    assert not [one for one in decisions if "->" in one]


def test_a_stretch_that_ends_in_what_is_the_future_again_counts_no_more() -> None:
    diary = Diary(MANY, BERLIN)
    diary.turn(moment("07:59"))
    facts = replace(diary.facts(), set_forward=(SetForward(since=moment("08:00"), until=moment("13:00")),))
    assert any("->" in told(one) for one in due_now(MANY, BERLIN, facts, moment("08:30")).decisions)


def test_what_is_due_at_the_very_moment_is_sent() -> None:
    decisions, _ = corrected(MANY, "09:45", "14:00")
    assert [one for one in decisions if "->" in one] == ["14:00 stretch -> 14:00"]
