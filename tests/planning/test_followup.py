"""Follow-ups: when an unanswered ask is put again, what holds it up, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminders.domain.decision import Suppress
from reminders.domain.habit import FollowUp, Habit
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.planning.due import due_now
from tests.planning.diary import Diary
from tests.planning.people import (
    BERLIN,
    GYM,
    TUESDAY,
    at,
    cool_down,
    every,
    hours,
    limits,
    minutes,
    moment,
    pause,
    person,
    quiet,
    wall,
    within,
)

PILL = "me/pill/2026-11-24T10:00"


def again(after: float = 10, times: int = 1) -> FollowUp:
    return FollowUp(after=minutes(after), times=times)


def pill(after: float = 10, times: int = 1, life: float = 60, when: str = "10:00") -> Habit:
    return at("pill", when, expire_after=minutes(life), follow_up=again(after, times))


def asked(who: Person, when: str = "10:00", before: str = "09:59") -> Diary:
    """Begin a day and let the ask of that moment go out unanswered."""
    diary = Diary(who, BERLIN, answers_at_once=False)
    diary.turn(moment(before))
    diary.turn(moment(when))
    assert len(diary.sent) == 1
    return diary


def lives(diary: Diary, until: str, begin: str = "10:00") -> list[str]:
    """Look at every minute and return when something was put again, and what."""
    now = moment(begin)
    while now < moment(until):
        now += minutes(1)
        diary.turn(now)
    return told(diary)


def told(diary: Diary) -> list[str]:
    return [
        f"{wall(at)} {' + '.join(name.split('/')[1] for name in names)}" for at, names in diary.followed_up.values()
    ]


def test_an_unanswered_ask_is_put_again_once_its_wait_is_over() -> None:
    diary = asked(person(pill()))
    assert diary.turn(moment("10:01")).next_at == moment("10:10")
    assert lives(diary, "11:30") == ["10:10 pill"]
    assert list(diary.followed_up) == [f"{PILL}~1"]
    assert diary.occurrences[PILL].state is OccurrenceState.LAPSED


def test_each_follow_up_counts_from_the_one_before_at_most_so_many_times() -> None:
    assert lives(asked(person(pill(after=10, times=3))), "11:30") == ["10:10 pill", "10:20 pill", "10:30 pill"]


def test_a_habit_without_follow_up_is_left_alone() -> None:
    assert lives(asked(person(at("pill", "10:00"))), "11:30") == []


@pytest.mark.parametrize("verdict", ["answer", "skip"])
def test_an_answer_ends_the_follow_ups(verdict: str) -> None:
    diary = asked(person(pill(times=3)))
    lives(diary, "10:12")
    getattr(diary, verdict)(PILL, moment("10:12"))
    assert lives(diary, "11:30", begin="10:12") == ["10:10 pill"]


def test_after_a_snooze_the_follow_ups_that_are_left_count_from_the_new_message() -> None:
    diary = asked(person(pill(times=2)))
    lives(diary, "10:12")
    diary.snooze(PILL, moment("10:12"), moment("10:27"))
    assert lives(diary, "11:30", begin="10:12") == ["10:10 pill", "10:37 pill"]


def test_nothing_is_put_again_at_its_end_or_after_it() -> None:
    assert lives(asked(person(pill(after=10, life=10))), "11:30") == []
    assert lives(asked(person(pill(after=10, times=5, life=21))), "11:30") == ["10:10 pill", "10:20 pill"]


def test_the_very_instant_of_its_end_is_too_late() -> None:
    facts = asked(person(pill(after=10, life=60))).facts()
    ends_now = replace(facts.occurrences[0], expires_at=moment("10:10"))
    assert due_now(person(pill()), BERLIN, replace(facts, occurrences=(ends_now,)), moment("10:10")).follow_ups == ()


def test_a_pause_holds_it_up_until_its_end() -> None:
    diary = asked(person(pill()))
    diary.pauses = (pause("10:05", "10:40"),)
    assert diary.turn(moment("10:10")).next_at == moment("10:40")
    assert lives(diary, "11:30", begin="10:10") == ["10:40 pill"]


def test_a_pause_that_outlasts_the_ask_leaves_none() -> None:
    diary = asked(person(pill()))
    diary.pauses = (pause("10:05", "11:00"),)
    assert lives(diary, "11:30") == []


def test_a_pause_of_another_habit_holds_nothing_up() -> None:
    diary = asked(person(pill()))
    diary.pauses = (pause("10:05", "10:40", habit="other"),)
    assert lives(diary, "11:30") == ["10:10 pill"]


def test_a_pause_ended_early_lets_it_go_at_once() -> None:
    diary = asked(person(pill()))
    diary.pauses = (pause("10:05", "10:40"),)
    diary.turn(moment("10:20"))
    diary.pauses = ()
    assert lives(diary, "11:30", begin="10:20") == ["10:21 pill"]


def test_a_quiet_time_holds_it_up_until_its_end() -> None:
    diary = asked(person(pill()))
    diary.who = quiet(diary.who, "10:05-10:40")  # a file read again while the ask is open: it keeps its own end
    assert lives(diary, "11:30") == ["10:40 pill"]


def test_nothing_is_put_again_before_the_person_is_awake() -> None:
    diary = asked(person(pill(life=600)))
    diary.who = replace(diary.who, awake=within("12:30-22:30").ranges[0])
    assert lives(diary, "14:00") == ["12:30 pill"]


def test_what_is_open_overnight_is_put_again_in_the_morning_when_its_end_allows() -> None:
    diary = asked(person(pill(life=24 * 60)))
    diary.who = replace(diary.who, awake=within("08:00-10:05").ranges[0])
    diary.occurrences[PILL] = replace(diary.occurrences[PILL], expires_at=moment("10:00", TUESDAY + timedelta(days=1)))
    now = moment("10:01")
    while now < moment("09:30", TUESDAY + timedelta(days=1)):
        now = diary.turn(now).next_at
    assert told(diary) == ["08:00 pill"]


def test_ones_own_training_holds_it_up_until_its_end() -> None:
    who = person(pill(after=10, life=120, when="18:25"), training=(GYM,))
    assert lives(asked(who, "18:25", "18:24"), "20:30", begin="18:25") == ["19:30 pill"]


def test_a_second_training_keeps_away_what_follows_the_first() -> None:
    second = replace(GYM, name="Run", at=GYM.at.replace(hour=19, minute=35))
    who = person(replace(cool_down(), life_limit=hours(2), follow_up=again()), training=(GYM, second))
    diary = Diary(who, BERLIN, answers_at_once=False)
    diary.turn(moment("19:29"))
    assert lives(diary, "20:34", begin="19:29") == []


def test_it_ignores_the_gap_and_the_limit_of_the_day_and_counts_for_neither() -> None:
    who = person(
        pill(after=5),
        every("sip", minutes(30), within=within("09:40-10:50")),
        limits=limits(per_day=2, gap=10, merge=0),
    )
    diary = Diary(who, BERLIN, answers_at_once=False)
    diary.turn(moment("09:55"))
    assert lives(diary, "11:30", begin="09:55") == ["10:05 pill"]
    assert [wall(at) for at, _ in diary.sent.values()] == ["10:00", "10:10"]


def test_it_does_not_bring_the_next_slot_too_soon() -> None:
    who = person(every("sip", hours(1), within=within("09:00-12:30"), follow_up=again(after=40)))
    diary = Diary(who, BERLIN, answers_at_once=False)
    diary.turn(moment("09:59"))
    assert lives(diary, "11:05", begin="09:59") == ["10:40 sip"]
    assert [wall(at) for at, _ in diary.sent.values()] == ["10:00", "11:00"]


def pair() -> Person:
    return person(pill(), at("walk", "10:05", expire_after=minutes(60), follow_up=again()))


def test_asks_of_one_nudge_are_put_again_together() -> None:
    assert lives(asked(pair()), "11:30") == ["10:10 pill + walk"]


def test_of_a_nudge_only_what_is_still_open_is_put_again() -> None:
    diary = asked(pair())
    diary.answer("me/walk/2026-11-24T10:05", moment("10:04"))
    assert lives(diary, "11:30") == ["10:10 pill"]


def test_asks_of_one_nudge_with_waits_of_their_own_are_put_again_one_by_one() -> None:
    who = pair()
    later = replace(who.habits[1], follow_up=again(after=15))
    assert lives(asked(replace(who, habits=(who.habits[0], later))), "11:30") == ["10:10 pill", "10:15 walk"]


def test_the_half_of_a_nudge_that_is_paused_waits_alone() -> None:
    diary = asked(pair())
    diary.pauses = (pause("10:05", "10:40", habit="walk"),)
    assert lives(diary, "11:30") == ["10:10 pill", "10:40 walk"]


def test_a_habit_that_became_unsafe_or_is_gone_is_not_put_again() -> None:
    diary = asked(person(pill()))
    diary.who = replace(diary.who, habits=(replace(diary.who.habits[0], unsafe="not for you"),))
    assert lives(diary, "10:30") == []
    diary.who = replace(diary.who, habits=())
    assert lives(diary, "11:30", begin="10:30") == []


# -- after an absence -------------------------------------------------------------------------------------------------


def test_after_an_absence_one_follow_up_makes_up_for_several() -> None:
    diary = asked(person(pill(after=10, times=3)))
    assert lives(diary, "11:30", begin="10:44") == ["10:45 pill", "10:55 pill"]


def four() -> Person:
    habits = (replace(pill(life=120), id=name) for name in ("one", "two", "three", "four"))
    return person(*habits, limits=limits(gap=0, merge=0))


def test_follow_ups_on_time_leave_all_together() -> None:
    diary = Diary(four(), BERLIN, answers_at_once=False)
    diary.turn(moment("09:59"))
    diary.turn(moment("10:00"))
    assert [line[:5] for line in lives(diary, "11:00")] == ["10:10"] * 4


def test_after_an_absence_at_most_two_leave_within_five_minutes() -> None:
    diary = Diary(four(), BERLIN, answers_at_once=False)
    diary.turn(moment("09:59"))
    diary.turn(moment("10:00"))
    assert [line[:5] for line in lives(diary, "11:30", begin="10:29")] == ["10:30", "10:30", "10:35", "10:35"]


def test_after_an_absence_asks_go_first_and_follow_ups_share_what_is_left() -> None:
    who = person(
        *(replace(pill(life=120), id=name) for name in ("one", "two")),
        at("new", "10:20", expire_after=minutes(60)),
        limits=limits(gap=0, merge=0),
    )
    diary = Diary(who, BERLIN, answers_at_once=False)
    diary.turn(moment("09:59"))
    diary.turn(moment("10:00"))
    due = diary.turn(moment("10:30"))
    assert [len(due.decisions), len(due.follow_ups)] == [1, 1]
    assert [line[:5] for line in lives(diary, "11:00", begin="10:30")] == ["10:30", "10:35"]


def test_a_follow_up_that_just_left_counts_among_the_two_of_a_calm_return() -> None:
    who = person(
        *(replace(pill(life=120), id=name) for name in ("one", "two")),
        at("new", "10:12", expire_after=minutes(60)),
        limits=limits(gap=0, merge=0),
    )
    diary = Diary(who, BERLIN, answers_at_once=False)
    for when in ("09:59", "10:00", "10:10"):
        diary.turn(moment(when))
    assert len(diary.followed_up) == 2
    (decision,) = diary.turn(moment("10:14")).decisions
    assert decision.verdict == Suppress(Reason.EXPIRED_DOWN)
