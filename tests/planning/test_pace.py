"""How much drink is asked for: spread over the day, in sensible steps, never too much in an hour."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.domain.answer import Answer, Verb
from reminders.domain.facts import Facts
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.planning.pace import ask_ml, had_plenty, target_ml
from reminders.planning.recurrence import Span
from tests.planning.people import at, hours, hydration, limits, minutes, moment, person, story

WAKING = Span(7 * 3600, 22 * 3600 + 1800)
GOAL = 1600


def clock(text: str) -> int:
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def asked(when: str, *drunk: tuple[str, int], goal_ml: int = GOAL) -> int | None:
    return ask_ml(goal_ml, WAKING, clock(when), [(clock(at_), ml) for at_, ml in drunk])


def test_the_target_rises_linearly_from_waking_to_two_hours_before_sleep() -> None:
    assert target_ml(GOAL, WAKING, clock("07:00")) == 0
    assert target_ml(GOAL, WAKING, clock("13:45")) == pytest.approx(GOAL / 2)
    assert target_ml(GOAL, WAKING, clock("20:30")) == pytest.approx(GOAL)


def test_the_target_stays_at_the_goal_before_sleep_and_at_nothing_before_waking() -> None:
    assert target_ml(GOAL, WAKING, clock("22:00")) == GOAL
    assert target_ml(GOAL, WAKING, clock("06:00")) == 0


def test_a_short_day_still_has_an_hour_to_rise() -> None:
    assert target_ml(GOAL, Span(0, 3600), 1800) == pytest.approx(GOAL / 2)


@pytest.mark.parametrize(
    ("drunk_ml", "expected"),
    [(0, 250), (500, 250), (575, 250), (576, 200), (625, 200), (626, 150), (675, 150), (676, None), (5000, None)],
)
def test_an_ask_is_the_shortfall_in_steps_of_fifty_from_150_to_250_ml(drunk_ml: int, expected: int | None) -> None:
    assert asked("13:45", ("08:00", drunk_ml)) == expected  # 800 ml should be down by now


def test_who_is_on_pace_is_not_asked() -> None:
    assert asked("09:00", ("08:00", 150)) is None


def test_what_was_drunk_before_waking_or_will_be_later_does_not_count() -> None:
    assert asked("13:45", ("06:30", 800), ("14:00", 800)) == 250


def test_never_more_than_half_a_litre_an_hour() -> None:
    assert asked("13:45", ("13:00", 250)) == 250
    assert asked("13:45", ("13:00", 300)) == 200
    assert asked("13:45", ("13:00", 350)) == 150
    assert asked("13:45", ("13:00", 400)) is None
    assert asked("13:45", ("12:45", 400)) == 250  # that was an hour ago


def test_what_was_asked_for_and_not_answered_counts_in_the_hour_but_not_towards_the_goal() -> None:
    now = clock("13:45")
    assert ask_ml(GOAL, WAKING, now, [], [(now - 1800, 250)]) == 250
    assert ask_ml(GOAL, WAKING, now, [], [(now - 1800, 250), (now - 600, 250)]) is None
    assert ask_ml(GOAL, WAKING, now, [], [(now - 3600, 250), (now - 600, 250)]) == 250


def test_more_than_a_litre_within_an_hour_stops_asking_for_two_hours() -> None:
    plenty = [(clock("10:00"), 600), (clock("10:40"), 450)]
    assert had_plenty(plenty, clock("10:40"))
    assert had_plenty(plenty, clock("12:39"))
    assert not had_plenty(plenty, clock("12:40"))
    assert ask_ml(4000, WAKING, clock("12:00"), plenty) is None
    assert ask_ml(4000, WAKING, clock("12:40"), plenty) == 250


def test_a_litre_is_not_more_than_a_litre_and_an_hour_no_longer_than_an_hour() -> None:
    assert not had_plenty([(clock("10:00"), 600), (clock("10:40"), 400)], clock("10:41"))
    assert not had_plenty([(clock("10:00"), 600), (clock("11:00"), 600)], clock("11:01"))


def test_the_day_asks_for_its_goal_and_no_more() -> None:
    lines = story(person(hydration(hours(1)), limits=limits(per_day=40)))
    amounts = [int(line.split()[-2]) for line in lines if "->" in line]
    assert sum(amounts) == pytest.approx(GOAL, abs=150)
    assert "20:00 hydration -> 20:00 150 ml" in lines or "20:00 hydration: on_pace" in lines


def test_without_a_goal_drinks_are_asked_for_without_an_amount() -> None:
    assert story(person(hydration(goal_ml=None)))[0] == "09:00 hydration -> 09:00"


def test_a_drink_logged_beforehand_makes_the_next_ask_smaller_or_drops_it() -> None:
    def morning(amount_ml: int) -> str:
        drunk = Answer(
            id=1, person="me", habit="hydration", verb=Verb.DONE, at=moment("08:00"), via="page", amount_ml=amount_ml
        )
        return story(person(hydration()), facts=Facts(answers=(drunk,)))[0]

    assert morning(50) == "09:00 hydration -> 09:00 200 ml"
    assert morning(300) == "09:00 hydration: on_pace"


def test_unanswered_asks_of_the_last_hour_are_remembered_from_the_record() -> None:
    def sent(when: str) -> Occurrence:
        return Occurrence(
            person="me",
            habit="hydration",
            slot_key=f"2026-11-24T{when}",
            first_due_at=moment(when),
            due_at=moment(when),
            expires_at=moment(when) + minutes(15),
            state=OccurrenceState.SENT,
            nudge_id=f"me/hydration/2026-11-24T{when}",
            nudged_at=moment(when),
            sent_at=moment(when),
            amount_ml=250,
        )

    who = person(hydration(minutes(30)), limits=limits(gap=0))
    facts = Facts(occurrences=(sent("13:10"), sent("13:20")), planned_until=moment("13:35"))
    lines = story(who, facts=facts, now=moment("13:35"), since=moment("13:35"))
    assert lines[0] == "14:00 hydration: on_pace"
    assert lines[1] == "14:30 hydration -> 14:30 250 ml"


def test_a_fixed_time_for_a_drink_keeps_pace_too_and_leaves_its_place_when_nothing_is_needed() -> None:
    fixed = replace(at("hydration", "07:20", "12:00"), goal_ml=GOAL)
    other = at("pill", "07:25")
    assert story(person(fixed, other)) == [
        "07:20 hydration: on_pace",
        "07:25 pill -> 07:20",
        "12:00 hydration -> 12:00 250 ml",
    ]
