"""What the days ahead hold, told as the daemon will live them."""

from __future__ import annotations

from datetime import date, timedelta

from reminders.domain.decision import Send
from reminders.domain.facts import Facts
from reminders.planning.forecast import forecast, next_send
from tests.planning.diary import Diary
from tests.planning.people import BERLIN, TUESDAY, alex, at, moment, person, story, told, wall

MIDNIGHT = moment("00:00")


def lines(diary: Diary, start: str, now: str | None = None, days: int = 1) -> list[str]:
    real = None if now is None else moment(now)
    found = forecast(diary.who, BERLIN, moment(start), days, diary.facts(), real)
    return [told(decision) for decision in found]


def test_a_whole_day_is_its_agenda() -> None:
    assert lines(Diary(alex(), BERLIN), "00:00") == story(alex())


def test_it_starts_at_the_instant_asked_for() -> None:
    assert lines(Diary(alex(), BERLIN), "18:00")[0] == "18:20 warm_up -> 18:20"


def test_what_was_due_before_and_travels_after_the_start_is_told() -> None:
    assert lines(Diary(alex(), BERLIN), "12:10")[0] == "12:00 movement -> 12:15"


def test_days_are_local_dates_the_first_included() -> None:
    found = list(forecast(person(at("pill", "10:00")), BERLIN, moment("09:00"), 3, Facts()))
    assert [decision.slot_key for decision in found] == [f"2026-11-{day}T10:00" for day in (24, 25, 26)]
    assert list(forecast(person(at("pill", "10:00")), BERLIN, moment("11:00"), 1, Facts())) == []


def test_days_may_run_over_a_change_of_clocks() -> None:
    start = moment("00:00", date(2026, 3, 28))
    found = list(forecast(person(at("pill", "08:00")), BERLIN, start, 3, Facts()))
    assert [wall(decision.due_at) for decision in found] == ["08:00"] * 3


def test_later_nudges_count_as_answered_and_earlier_ones_as_they_were() -> None:
    diary = Diary(alex(), BERLIN, answers_at_once=False)
    now = moment("08:55")
    while now <= moment("10:30"):
        diary.turn(now)
        now += timedelta(minutes=1)
    # 250 ml asked for at 09:00 were not drunk, and the break of 10:00 was not taken.
    assert lines(diary, "10:31", "10:31")[:2] == ["11:00 hydration -> 11:00 250 ml", "11:00 movement -> 11:00"]


def test_slots_from_before_the_first_start_are_not_told_as_to_come() -> None:
    assert lines(Diary(alex(), BERLIN), "12:20", "12:20")[0] == "13:00 hydration -> 13:00 250 ml"


def test_a_day_that_is_over_is_told_as_it_would_have_been() -> None:
    start = moment("00:00")
    found = forecast(alex(), BERLIN, start, 1, Facts(), start + timedelta(hours=12))
    assert [told(decision) for decision in found] == story(alex())


def test_with_a_record_only_what_is_open_is_told() -> None:
    diary = Diary(alex(), BERLIN, planned_until=moment("12:20"))
    assert lines(diary, "00:00", "12:20")[0] == "13:00 hydration -> 13:00 250 ml"


def test_the_next_send_is_the_first_to_leave() -> None:
    found = next_send(alex(), BERLIN, Facts(), moment("12:01"))
    assert found is not None
    assert isinstance(found.verdict, Send)
    assert (found.habit, wall(found.verdict.at)) == ("potassium_meal", "12:15")


def test_the_next_send_may_be_days_away_or_not_in_sight() -> None:
    weekly = person(at("pill", "10:00", days=frozenset({0})))
    found = next_send(weekly, BERLIN, Facts(), moment("12:00"))
    assert found is not None
    assert found.slot_key == "2026-11-30T10:00"
    assert next_send(person(at("pill", "03:00")), BERLIN, Facts(), MIDNIGHT) is None
    assert TUESDAY.isoformat() == "2026-11-24"
