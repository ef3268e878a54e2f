"""Holds: at most one thing is suggested, what failed before what was held back before what was left open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.planning.adherence import summarize
from reminders.planning.suggestion import Suggestion, SuggestionKind, suggest
from tests.planning.lived import Line, asked, held_back
from tests.planning.people import BERLIN, every, hours, person, warm_up

WHO = person(every("movement", hours(1)), every("walk", hours(2)), warm_up())


def suggested(*lines: list[Line], who: Person = WHO) -> Suggestion | None:
    return suggest(who, summarize(who, BERLIN, [line for found in lines for line in found], ()))


def kind(*lines: list[Line], who: Person = WHO) -> SuggestionKind | None:
    found = suggested(*lines, who=who)
    return None if found is None else found.kind


def test_a_good_week_suggests_nothing() -> None:
    assert kind() is None
    assert kind(asked("movement", 10, done=9, left_open=1), asked("walk", 14, done=4, left_open=1)) is None


@pytest.mark.parametrize("reason", [Reason.NO_CHANNEL, Reason.EXPIRED_OFFLINE])
def test_channels_are_checked_when_a_fifth_could_not_be_delivered(reason: Reason) -> None:
    found = suggested(asked("movement", 10, done=12, left_open=0), held_back("walk", reason, 3))
    assert found == Suggestion(kind=SuggestionKind.CHECK_CHANNELS, count=3, of=15)
    assert kind(asked("movement", 10, done=13, left_open=0), held_back("walk", reason, 3)) is None
    assert kind(held_back("walk", reason, 2)) is None


def test_the_service_is_kept_awake_when_a_third_fell_due_without_it() -> None:
    missed = held_back("movement", Reason.EXPIRED_DOWN, 5)
    assert kind(asked("walk", 10, done=10, left_open=0), missed) is SuggestionKind.KEEP_AWAKE
    assert kind(asked("walk", 10, done=11, left_open=0), missed) is None


def test_the_limit_is_named_when_it_held_back_most_with_the_habit_it_hit_most() -> None:
    limited = held_back("movement", Reason.DAILY_LIMIT, 4) + held_back("walk", Reason.DAILY_LIMIT, 1)
    found = suggested(asked("movement", 10, done=5, left_open=0), limited, held_back("walk", Reason.GAP, 5))
    assert found == Suggestion(kind=SuggestionKind.RAISE_LIMIT, count=5, of=10, habit="movement")
    assert kind(limited, held_back("walk", Reason.GAP, 6)) is None
    assert kind(held_back("movement", Reason.DAILY_LIMIT, 2)) is None


@pytest.mark.parametrize("reason", [Reason.ON_PACE, Reason.UNSAFE, Reason.OUTSIDE_HOURS, Reason.PAUSED])
def test_what_was_meant_to_be_held_back_does_not_outweigh_the_limit(reason: Reason) -> None:
    limited = held_back("movement", Reason.DAILY_LIMIT, 3)
    assert kind(limited, held_back("walk", reason, 20)) is SuggestionKind.RAISE_LIMIT


def test_a_habit_left_open_at_one_hour_is_moved_to_where_it_went_better() -> None:
    found = suggested(asked("movement", 14, done=1, left_open=4), asked("movement", 10, done=5, left_open=1))
    assert found is not None
    assert (found.kind, found.habit, found.hour) == (SuggestionKind.MOVE_HOUR, "movement", 14)
    assert (found.count, found.of) == (4, 5)
    assert found.better is not None
    assert found.better.hour == 10


def test_a_habit_of_one_hour_is_moved_to_where_other_habits_went_well() -> None:
    found = suggested(asked("walk", 8, done=0, left_open=5), asked("movement", 11, done=6, left_open=0))
    assert found is not None
    assert found.habit == "walk"
    assert found.better is not None
    assert found.better.hour == 11


def test_an_hour_needs_three_cases_and_two_thirds_left_open() -> None:
    other = asked("movement", 10, done=6, left_open=0)
    assert kind(asked("movement", 14, done=0, left_open=2), other) is None
    assert kind(asked("movement", 14, done=2, left_open=3), other) is None
    assert kind(asked("movement", 14, done=1, left_open=2), asked("movement", 15, done=0, left_open=1), other) is None


def test_an_hour_that_went_as_badly_as_the_others_does_not_stand_out() -> None:
    assert kind(asked("movement", 14, done=0, left_open=3), asked("movement", 10, done=0, left_open=2)) is None


def test_a_habit_left_open_at_every_hour_is_asked_less_often() -> None:
    lines = [asked("movement", hour, done=1, left_open=3) for hour in (10, 12, 14)]
    found = suggested(*lines)
    assert found == Suggestion(kind=SuggestionKind.ASK_LESS, count=9, of=12, habit="movement")


def test_a_habit_bound_to_training_has_no_times_to_choose() -> None:
    assert kind(asked("warm_up", 18, done=0, left_open=9)) is None


def test_a_habit_that_is_not_safe_or_gone_is_never_suggested() -> None:
    unsafe = replace(WHO, habits=tuple(replace(habit, unsafe="not now") for habit in WHO.habits))
    assert kind(asked("walk", 8, done=0, left_open=9), who=unsafe) is None
    assert kind(asked("stretching", 8, done=0, left_open=9)) is None


def test_what_failed_comes_before_what_was_held_back_before_what_was_left_open() -> None:
    left_open = asked("movement", 14, done=0, left_open=9)
    limited = held_back("walk", Reason.DAILY_LIMIT, 4)
    failed = held_back("walk", Reason.NO_CHANNEL, 9)
    assert kind(left_open) is SuggestionKind.MOVE_HOUR
    assert kind(left_open, limited) is SuggestionKind.RAISE_LIMIT
    assert kind(left_open, limited, failed) is SuggestionKind.CHECK_CHANNELS
