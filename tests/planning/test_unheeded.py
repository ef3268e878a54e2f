"""Asks that nobody heeds: after two lapses in a row an interval is half as long again, until the next answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from reminders.domain.decision import Decision, Send
from reminders.domain.habit import Habit
from reminders.domain.person import Person
from reminders.domain.schedule import Anchor
from reminders.planning.chain import UnheededChain
from reminders.planning.forecast import forecast, next_send
from reminders.planning.recurrence import Slot, Span
from reminders.planning.unheeded import Interval, longer, stretches
from tests.planning.diary import Diary
from tests.planning.people import (
    BERLIN,
    NO_LIMITS,
    TUESDAY,
    WORKDAYS,
    alex,
    always_on,
    at,
    every,
    hours,
    minutes,
    moment,
    pause,
    person,
    times,
    wall,
    within,
)

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
ANCHORS = pytest.mark.parametrize("anchor", [Anchor.CLOCK, Anchor.ANSWER])


def sip(anchor: Anchor = Anchor.CLOCK, **more: object) -> Habit:
    return every("sip", hours(1), anchor, **{"within": within("09:00-18:00"), **more})


def silent(who: Person, when: str = "09:00", day: date = TUESDAY) -> Diary:
    """Begin a day with somebody who answers nothing."""
    diary = Diary(who, BERLIN, answers_at_once=False)
    diary.turn(moment(when, day))
    return diary


def lives(diary: Diary, until: str, day: date = TUESDAY) -> list[str]:
    """Take a turn whenever told to, and return when something was asked that day."""
    assert diary.planned_until is not None
    end, now = moment(until, day), diary.turn(diary.planned_until).next_at
    while now <= end:
        now = diary.turn(now).next_at
    diary.turn(end)
    return [wall(left) for left, _ in diary.sent.values() if left >= moment("00:00", day)]


def newest(diary: Diary) -> str:
    """Return the occurrence asked last."""
    return max(diary.occurrences.values(), key=lambda occurrence: occurrence.first_due_at).id


@ANCHORS
def test_after_two_lapses_in_a_row_each_slot_is_counted_from_the_last_by_half_as_much_again(anchor: Anchor) -> None:
    assert lives(silent(person(sip(anchor))), "18:00") == ["10:00", "11:00", "12:30", "14:00", "15:30", "17:00"]


@ANCHORS
def test_one_lapse_alone_changes_nothing(anchor: Anchor) -> None:
    diary = silent(person(sip(anchor)))
    lives(diary, "11:00")
    diary.answer(newest(diary), moment("11:00"))
    assert lives(diary, "13:30") == ["10:00", "11:00", "12:00", "13:00"]


def test_an_answer_brings_the_clocks_own_slots_back() -> None:
    diary = silent(person(sip()))
    lives(diary, "12:35")
    diary.answer(newest(diary), moment("12:35"))
    assert lives(diary, "14:30") == ["10:00", "11:00", "12:30", "13:00", "14:00"]


def test_an_answer_begins_the_usual_interval_anew_where_answers_anchor() -> None:
    diary = silent(person(sip(Anchor.ANSWER)))
    lives(diary, "12:35")
    diary.answer(newest(diary), moment("12:35"))
    assert lives(diary, "14:40") == ["10:00", "11:00", "12:30", "13:35", "14:35"]


@ANCHORS
def test_a_skip_is_an_answer_too(anchor: Anchor) -> None:
    diary = silent(person(sip(anchor)))
    lives(diary, "12:30")
    diary.skip(newest(diary), moment("12:30"))
    assert lives(diary, "13:40")[2:] == ["12:30", "13:00" if anchor is Anchor.CLOCK else "13:30"]


def test_a_snooze_is_an_answer_too() -> None:
    diary = silent(person(sip(Anchor.ANSWER)))
    lives(diary, "12:35")
    diary.snooze(newest(diary), moment("12:35"), moment("12:50"))
    assert lives(diary, "13:40")[2:] == ["12:30", "12:50", "13:30"]  # a snooze does not re-anchor


def test_a_done_with_nothing_open_is_an_answer_too() -> None:
    diary = silent(person(sip()))
    lives(diary, "12:10")
    diary.done("sip", moment("12:10"))
    assert lives(diary, "14:30")[2:] == ["14:00"]  # 13:00 is done already


@ANCHORS
def test_a_late_answer_is_an_answer_too(anchor: Anchor) -> None:
    diary = silent(person(sip(anchor)))
    lives(diary, "12:10")
    diary.answer_late("me/sip/2026-11-24T11:00", moment("12:10"))
    assert lives(diary, "14:15")[2:] == (["13:00", "14:00"] if anchor is Anchor.CLOCK else ["13:10", "14:10"])


def test_two_more_lapses_after_an_answer_make_it_longer_again() -> None:
    diary = silent(person(sip()))
    lives(diary, "12:35")
    diary.answer(newest(diary), moment("12:35"))
    assert lives(diary, "18:00")[2:] == ["12:30", "13:00", "14:00", "15:30", "17:00"]


@ANCHORS
def test_what_is_suppressed_in_between_counts_neither_way(anchor: Anchor) -> None:
    diary = silent(person(sip(anchor)))
    diary.pauses = (pause("10:30", "11:30"),)
    assert lives(diary, "17:00") == ["10:00", "12:00", "13:30", "15:00", "16:30"]


@ANCHORS
def test_what_is_suppressed_later_is_a_slot_to_count_from_and_no_answer(anchor: Anchor) -> None:
    diary = silent(person(sip(anchor)))
    diary.pauses = (pause("12:20", "13:20"),)
    assert lives(diary, "17:30") == ["10:00", "11:00", "14:00", "15:30", "17:00"]


def test_what_is_missed_in_between_counts_neither_way() -> None:
    diary = silent(person(sip()))
    lives(diary, "10:30")
    diary.turn(moment("12:59"))  # slept: 11:00 is over, 12:00 is caught up with
    assert [wall(left) for left, _ in diary.sent.values()] == ["10:00", "12:59"]
    assert lives(diary, "17:00")[2:] == ["13:30", "15:00", "16:30"]


def test_fixed_times_stay_where_they_are() -> None:
    who = person(at("pill", "10:00", "11:00", "12:00", "13:00"), times("walk", 4, within=within("14:00-18:00")))
    diary = silent(who)
    assert lives(diary, "18:00") == ["10:00", "11:00", "12:00", "13:00", "14:30", "15:30", "16:30", "17:30"]


@ANCHORS
def test_friday_is_remembered_on_monday(anchor: Anchor) -> None:
    diary = silent(person(sip(anchor, days=WORKDAYS)), day=FRIDAY, when="16:30")
    assert lives(diary, "18:00", FRIDAY) == ["17:00"]
    early = silent(person(sip(anchor, days=WORKDAYS)), day=FRIDAY, when="15:30")
    assert lives(early, "18:00", FRIDAY) == ["16:00", "17:00"]
    assert lives(early, "15:00", MONDAY) == ["10:30", "12:00", "13:30", "15:00"]
    assert lives(diary, "13:00", MONDAY) == ["10:00", "11:30", "13:00"]  # the second lapse is Monday's first


@ANCHORS
def test_whoever_looks_every_minute_is_asked_at_the_same_times(anchor: Anchor) -> None:
    calm, eager = silent(person(sip(anchor))), silent(person(sip(anchor)))
    now = moment("09:00")
    while now < moment("18:00"):
        now += minutes(1)
        eager.turn(now)
    assert lives(calm, "18:00") == [wall(left) for left, _ in eager.sent.values()]


@ANCHORS
def test_a_window_without_an_end_counts_on_through_midnight(anchor: Anchor) -> None:
    diary = Diary(always_on(every("sip", hours(2), anchor)), BERLIN, answers_at_once=False)
    diary.turn(moment("16:00"))
    lives(diary, "23:00")
    tomorrow = TUESDAY + timedelta(days=1)
    assert [wall(left) for left, _ in diary.sent.values()] == ["16:00", "18:00", "21:00"]
    assert lives(diary, "07:00", tomorrow) == ["00:00", "03:00", "06:00"]


@ANCHORS
def test_a_window_over_midnight_counts_on_through_it(anchor: Anchor) -> None:
    habit = every("sip", minutes(45), anchor, within=within("20:00-03:00"))
    diary = silent(person(habit, awake=within("14:00-04:00").ranges[0], limits=NO_LIMITS), when="20:00")
    lives(diary, "23:59")
    assert [wall(left) for left, _ in diary.sent.values()] == ["20:45", "21:30", "22:38", "23:46"]
    assert lives(diary, "03:00", TUESDAY + timedelta(days=1)) == ["00:54", "02:02"]


def test_the_first_usual_slot_after_a_longer_one_is_not_too_soon_by_a_few_seconds() -> None:
    diary = silent(person(sip(), limits=NO_LIMITS))
    lives(diary, "12:00")
    diary.turn(moment("12:30") + timedelta(seconds=20))  # as late as a busy machine may be
    diary.answer(newest(diary), moment("12:35"))
    assert lives(diary, "13:30")[2:] == ["12:30", "13:00"]


# -- the plan ---------------------------------------------------------------------------------------------------------


def unheeded(anchor: Anchor, until: str = "13:00") -> Diary:
    diary = silent(alex(habits=(sip(anchor),), training=()))
    lives(diary, until)
    return diary


def planned(diary: Diary, start: datetime, days: int, now: datetime) -> list[Decision]:
    return list(forecast(diary.who, BERLIN, start, days, diary.facts(), now))


def moments(decisions: list[Decision]) -> list[str]:
    return [f"{d.verdict.at.astimezone(BERLIN):%d %H:%M}" for d in decisions if isinstance(d.verdict, Send)]


def test_the_plan_takes_the_next_ask_as_answered_and_goes_back_to_the_usual() -> None:
    now = moment("13:00")
    clock, answer = unheeded(Anchor.CLOCK), unheeded(Anchor.ANSWER)
    assert moments(planned(clock, now, 1, now)) == ["24 14:00", "24 15:00", "24 16:00", "24 17:00"]
    assert moments(planned(answer, now, 1, now)) == ["24 14:00", "24 15:00", "24 16:00", "24 17:00"]
    assert moments(planned(clock, moment("00:00", FRIDAY), 1, now))[:2] == ["27 10:00", "27 11:00"]
    found = next_send(clock.who, BERLIN, clock.facts(), now)
    assert found is not None
    assert found.due_at == moment("14:00")


@ANCHORS
def test_the_plan_of_a_day_to_come_is_longer_until_its_first_answer(anchor: Anchor) -> None:
    diary, now = unheeded(anchor, "17:30"), moment("17:30")
    tomorrow = moment("00:00", TUESDAY + timedelta(days=1))
    expected = ["25 10:30", "25 11:00", "25 12:00"] if anchor is Anchor.CLOCK else ["25 10:30", "25 11:30", "25 12:30"]
    assert moments(planned(diary, tomorrow, 1, now))[:3] == expected
    assert moments(planned(diary, tomorrow + timedelta(days=1), 1, now))[:2] == ["26 10:00", "26 11:00"]


@ANCHORS
@pytest.mark.parametrize("until", ["11:30", "13:00", "17:30"])
@pytest.mark.parametrize("split", [1, 2, 3])
def test_splitting_a_range_does_not_change_the_plan_after_lapses(anchor: Anchor, until: str, split: int) -> None:
    diary, now = unheeded(anchor, until), moment(until)
    middle = moment("00:00", TUESDAY + timedelta(days=split))
    whole = planned(diary, now, 5, now)
    assert whole == [*planned(diary, now, split, now), *planned(diary, middle, 5 - split, now)]


# -- the rule itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lapses", "answers", "expected"),
    [
        ([], [], []),
        ([10], [], []),
        ([10, 20], [], [(20, None)]),
        ([10, 20, 30], [], [(20, None)]),
        ([10, 20], [15], []),
        ([10, 20], [20], [(20, 21)]),
        ([10, 20, 30], [25], [(20, 26)]),
        ([10, 20, 30, 40], [25], [(20, 26), (40, None)]),
    ],
)
def test_a_stretch_begins_with_the_second_lapse_in_a_row_and_ends_with_an_answer(
    lapses: list[int], answers: list[int], expected: list[tuple[int, int | None]]
) -> None:
    assert stretches(lapses, answers) == [Span(a, 1 << 62 if b is None else b) for a, b in expected]


def test_a_slot_that_left_early_and_was_answered_lies_where_it_lay_when_the_day_is_planned_once_more() -> None:
    def chain() -> UnheededChain:
        slots = [Slot(str(hour), hour * 3600, 8 * 3600, 20 * 3600) for hour in range(9, 20)]
        window = Span(8 * 3600, 20 * 3600)
        return UnheededChain(str, slots, [window], Span(0, 86400), Interval(3600, spans), [11 * 3600])

    spans = [Span(12 * 3600, 1 << 62)]
    for _ in range(2):
        planned_again = chain()
        found = planned_again.next()
        assert found is not None
        assert found[0].due == 12.5 * 3600
        planned_again.went(found[0].due, int(12.2 * 3600))
        following = planned_again.next()
        assert following is not None
        assert following[0].due == 13 * 3600


def test_the_longer_interval_is_half_as_long_again() -> None:
    assert [longer(step) for step in (60, 3600, 7200)] == [90, 5400, 10800]
