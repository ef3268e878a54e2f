"""Holds: numbers about some days add up, count what was put to the person, and compare only what can be compared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.domain.answer import Answer, Verb
from reminders.domain.occurrence import Reason
from reminders.planning.adherence import Summary, Tally, summarize
from tests.planning.lived import DONE, LAPSED, PLANNED, SENT, SKIPPED, Line, asked, held, put
from tests.planning.people import BERLIN, TUESDAY, every, hours, minutes, moment, person, span

WEDNESDAY = TUESDAY + timedelta(days=1)
WHO = person(every("movement", hours(1)), every("walk", hours(2)))


def said(habit: str, at: str, *, amount_ml: int | None = None, asked: bool = False, day: date = TUESDAY) -> Answer:
    occurrence = f"me/{habit}/x" if asked else None
    return Answer(
        id=1,
        person="me",
        habit=habit,
        verb=Verb.DONE,
        at=moment(at, day),
        via="command",
        occurrence_id=occurrence,
        amount_ml=amount_ml,
    )


def summed(*lines: Line, answers: tuple[Answer, ...] = (), days: tuple[date, ...] = ()) -> Summary:
    return summarize(WHO, BERLIN, lines, answers, days)


def together(*lines: Line, answers: tuple[Answer, ...] = ()) -> Tally:
    return summed(*lines, answers=answers).together


def test_each_ending_is_counted_apart() -> None:
    tally = together(
        put("movement", "10:00", DONE),
        put("movement", "11:00", SKIPPED),
        put("movement", "12:00", LAPSED),
        put("movement", "13:00", SENT),
        held("movement", "14:00", Reason.DAILY_LIMIT),
        held("movement", "15:00", Reason.DAILY_LIMIT),
        held("movement", "16:00", Reason.GAP),
        held("movement", "17:00", Reason.NO_CHANNEL),
        Line(habit="movement", due_at=moment("18:00"), sent_at=None, state=PLANNED),
    )
    assert (tally.planned, tally.asked, tally.settled) == (9, 4, 3)
    assert (tally.done, tally.skipped, tally.lapsed, tally.waiting, tally.ahead) == (1, 1, 1, 1, 1)
    assert list(tally.suppressed.items()) == [(Reason.DAILY_LIMIT, 2), (Reason.GAP, 1)]
    assert dict(tally.missed) == {Reason.NO_CHANNEL: 1}


def test_a_late_done_is_done_and_shown_apart_and_nothing_else() -> None:
    tally = together(
        put("movement", "10:00", LAPSED, after=300, late=True), held("movement", "11:00", Reason.NO_CHANNEL, late=True)
    )
    assert (tally.done, tally.done_late, tally.done_in_all, tally.answered) == (0, 2, 2, 2)
    assert (tally.asked, tally.lapsed, dict(tally.missed)) == (2, 0, {})


def test_a_snoozed_ask_waits_for_an_answer() -> None:
    snoozed = Line(habit="movement", due_at=moment("10:00"), sent_at=moment("10:00"), state=PLANNED)
    tally = together(snoozed)
    assert (tally.asked, tally.waiting, tally.ahead, tally.settled) == (1, 1, 0, 0)


def test_a_done_that_nothing_asked_for_is_told_apart() -> None:
    tally = together(
        put("movement", "10:00", DONE), answers=(said("movement", "10:05", asked=True), said("movement", "16:00"))
    )
    assert (tally.done, tally.unasked, tally.asked) == (1, 1, 1)


def test_days_are_those_with_a_done_of_those_with_something_asked_or_done() -> None:
    tally = together(
        put("walk", "10:00", DONE),
        put("walk", "12:00", LAPSED),
        put("walk", "10:00", LAPSED, day=WEDNESDAY),
        answers=(said("walk", "10:00", day=WEDNESDAY + timedelta(days=1)),),
    )
    assert (tally.days_done, tally.days_asked) == (2, 3)


def test_the_response_is_the_median_of_answers_in_time() -> None:
    odd = [put("walk", "10:00", DONE, after=2), put("walk", "12:00", SKIPPED, after=4), put("walk", "14:00", DONE)]
    assert together(*odd, put("walk", "16:00", LAPSED, after=300, late=True)).median_response == minutes(4)
    assert together(*odd[:2]).median_response == minutes(3)
    assert together(put("walk", "10:00", LAPSED)).median_response is None


def test_the_best_hour_is_the_one_with_the_highest_share_of_at_least_three_asks() -> None:
    lines = [*asked("walk", 10, done=2, left_open=1), *asked("walk", 14, done=1, left_open=2)]
    lines += asked("walk", 16, done=2, left_open=0)
    best = together(*lines).best_hour
    assert best is not None
    assert (best.hour, best.asked, best.done) == (10, 3, 2)


def test_the_hour_is_the_local_one_at_which_it_was_sent() -> None:
    late = Line(habit="walk", due_at=moment("09:50"), sent_at=moment("10:10"), state=DONE, answered_at=moment("10:11"))
    assert [hour.hour for hour in together(late).hours] == [10]


@pytest.mark.parametrize("hours_of_day", [["10"], ["10", "14"]], ids=["nothing to compare", "all alike"])
def test_no_hour_is_best_when_none_is_better(hours_of_day: list[str]) -> None:
    lines = [put("walk", f"{hour}:{minute}", DONE) for hour in hours_of_day for minute in ("00", "10", "20")]
    assert together(*lines).best_hour is None


def test_drinks_are_summed_by_the_day_asked_for_or_not() -> None:
    answers = (
        said("hydration", "09:00", amount_ml=250, asked=True),
        said("hydration", "23:59", amount_ml=300),
        said("hydration", "00:00", amount_ml=1600, day=WEDNESDAY),
    )
    summary = summed(answers=answers, days=(TUESDAY, WEDNESDAY))
    assert [day.drunk_ml for day in summary.days] == [550, 1600]
    assert summary.days_at(1600) == 1
    assert summary.days_at(550) == 2


def test_a_waking_day_over_midnight_is_one_day() -> None:
    owl = person(every("walk", hours(2)), awake=span("10:00-02:00"))
    rows = [put("walk", "23:00", DONE), put("walk", "01:00", DONE, day=WEDNESDAY)]
    drink = said("hydration", "01:30", amount_ml=200, day=WEDNESDAY)
    summary = summarize(owl, BERLIN, rows, [drink], (TUESDAY, WEDNESDAY))
    assert [(day.asked, day.drunk_ml) for day in summary.days] == [(2, 200), (0, 0)]
    assert (summary.together.days_done, summary.together.days_asked) == (1, 1)


def test_days_before_there_was_a_record_are_not_counted_as_dry() -> None:
    summary = summed(put("walk", "10:00", LAPSED), days=(TUESDAY, WEDNESDAY))
    assert [day.day for day in summary.days_lived] == [TUESDAY]


def test_habits_come_in_the_order_of_the_file_and_those_gone_from_it_last() -> None:
    lines = [put(name, "10:00", DONE) for name in ("stretching", "walk", "movement")]
    assert [tally.habit for tally in summed(*lines).habits] == ["movement", "walk", "stretching"]


def test_nothing_on_record_is_no_number_at_all() -> None:
    summary = summed()
    assert (summary.habits, summary.together.planned, summary.together.best_hour) == ((), 0, None)


ANY_LINE = st.builds(
    lambda habit, hour, state, reason, is_late: (
        put(habit, f"{hour:02d}:00", LAPSED if is_late else state, late=is_late)
        if reason is None
        else held(habit, f"{hour:02d}:00", reason)
    ),
    st.sampled_from(["movement", "walk"]),
    st.integers(7, 21),
    st.sampled_from([DONE, SKIPPED, LAPSED, SENT]),
    st.none() | st.sampled_from(list(Reason)),
    st.booleans(),
)


@given(lines=st.lists(ANY_LINE, max_size=40))
def test_what_was_planned_is_the_sum_of_what_became_of_it(lines: list[Line]) -> None:
    summary = summed(*lines)
    for tally in (*summary.habits, summary.together):
        ended = tally.done + tally.done_late + tally.skipped + tally.lapsed + tally.waiting + tally.ahead
        assert tally.planned == ended + sum(tally.suppressed.values()) + sum(tally.missed.values())
        assert tally.done_in_all <= tally.asked <= tally.planned
        assert tally.days_done <= tally.days_asked
        assert sum(hour.asked for hour in tally.hours) == tally.asked
    assert sum(tally.planned for tally in summary.habits) == summary.together.planned == len(lines)
