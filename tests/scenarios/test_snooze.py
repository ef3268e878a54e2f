"""A snooze from the desktop to its end: as long as the habit has it, and answerable while it is being put again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from reminders.domain.answer import Verb
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.domain.habit import FollowUp, Habit
from reminders.domain.household import Household
from reminders.domain.nudge import Ask, Nudge
from reminders.domain.occurrence import OccurrenceState
from reminders.domain.person import Person
from reminders.domain.schedule import At
from reminders.planning.nudge_text import Composition
from tests.scenarios.virtual_home import BERLIN, Home, compose_again, live

MORNING = datetime(2025, 3, 4, 11, 0, tzinfo=BERLIN)
REFUSED = SendResult(outcome=SendOutcome.REJECTED, detail="no such topic")
FAILED = SendResult(outcome=SendOutcome.FAILED, detail="no connection")


def pill(name: str = "pill", snooze: int = 7, again: FollowUp | None = None) -> Habit:
    """Take something at noon."""
    return Habit(
        id=name,
        schedule=At(times=(time(12),)),
        built_in=False,
        say=f"Take your {name}.",
        send_to=("desktop",),
        snooze=timedelta(minutes=snooze),
        follow_up=again,
    )


def with_habits(shipped: Household, *habits: Habit) -> Household:
    return replace(shipped, people=(replace(shipped.people[0], habits=habits, training=(), digest=None),))


def asked_at(home: Home) -> list[str]:
    return [line[:5] for line in home.arrivals()]


def test_a_snooze_on_the_desktop_lasts_as_long_as_the_habit_has_it(shipped: Household, tmp_path: Path) -> None:
    async def noon(home: Home) -> None:
        await home.until(12, 1)
        home.service.heard(home.phone.arrived[0][1].nudge_id, "snooze", "desktop")
        await home.until(12, 30)
        assert asked_at(home) == ["12:00", "12:08"]

    live(tmp_path, with_habits(shipped, pill()), MORNING, noon)


def test_two_asks_in_one_message_are_snoozed_for_the_shorter_time(shipped: Household, tmp_path: Path) -> None:
    async def noon(home: Home) -> None:
        await home.until(12, 1)
        home.service.heard(home.phone.arrived[0][1].nudge_id, "snooze", "desktop")
        until = {occurrence.habit: occurrence.due_at for occurrence in home.journal.open_occurrences()}
        assert until == dict.fromkeys(("drops", "pill"), home.clock.now() + timedelta(minutes=4))

    live(tmp_path, with_habits(shipped, pill(), pill("drops", 4)), MORNING, noon)


def test_the_first_message_can_be_answered_while_the_second_is_tried(shipped: Household, tmp_path: Path) -> None:
    async def noon(home: Home) -> None:
        await home.until(12, 1)
        first = home.phone.arrived[0][1].nudge_id
        home.phone.result_of = lambda _: FAILED
        home.service.heard(first, "snooze", "desktop")
        await home.until(12, 10)
        tried = len(home.phone.arrived)
        assert tried > 1
        home.service.heard(first, "done", "desktop")
        (row,) = home.history("pill")
        assert row.state is OccurrenceState.DONE
        await home.until(14)
        assert len(home.phone.arrived) == tried

    live(tmp_path, with_habits(shipped, pill()), MORNING, noon)


def test_a_second_message_that_nobody_takes_leaves_the_first_to_answer_until_the_end(
    shipped: Household, tmp_path: Path
) -> None:
    async def noon(home: Home) -> None:
        await home.until(12, 1)
        home.phone.result_of = lambda _: REFUSED
        home.service.heard(home.phone.arrived[0][1].nudge_id, "snooze", "desktop")
        await home.until(12, 30)
        assert asked_at(home) == ["12:00", "12:08"]
        (row,) = home.history("pill")
        assert row.state is OccurrenceState.SENT
        await home.until(23)
        (row,) = home.history("pill")
        assert row.state is OccurrenceState.LAPSED

    live(tmp_path, with_habits(shipped, pill()), MORNING, noon)


def test_what_is_answered_while_a_follow_up_is_written_is_not_asked_for_again(
    shipped: Household, tmp_path: Path
) -> None:
    again = FollowUp(after=timedelta(minutes=8), to=("phone",))

    async def noon(home: Home) -> None:
        def answered_meanwhile(person: Person, about: Nudge, asks: tuple[Ask, ...]) -> Composition:
            words = compose_again(person, about, asks)
            for ask in asks:
                if ask.habit == "drops":
                    home.journal.answer_occurrence(ask.occurrence_id, Verb.DONE, home.clock.now(), "page")
            return words

        home.service._turn._compose_again = answered_meanwhile
        await home.until(12, 9)
        (message,) = told_on_the_phone(home)
        assert "pill" in message.text
        assert "drops" not in f"{message.title} {message.text}".lower()
        assert [(row.habit, row.state, len(row.follow_ups)) for row in home.history()] == [
            ("drops", OccurrenceState.DONE, 0),
            ("pill", OccurrenceState.SENT, 1),
        ]

    live(tmp_path, with_habits(shipped, pill(again=again), pill("drops", again=again)), MORNING, noon, also=("phone",))


def told_on_the_phone(home: Home) -> list[Message]:
    return [message for _, message in home.others["phone"].arrived]


def test_a_snooze_taken_back_after_it_ran_out_leaves_room_for_another(shipped: Household, tmp_path: Path) -> None:
    """The undo lowers the count; the message after it must not take the name of the one before."""

    async def noon(home: Home) -> None:
        await home.until(12, 1)
        home.service.heard(home.nudges()[-1].id, "snooze", "desktop")
        await home.until(12, 9)
        assert home.journal.undo(home.household.people[0].id, "pill", home.clock.now()) is not None
        home.service.look_soon()
        home.service.heard(home.nudges()[-1].id, "snooze", "desktop")
        await home.until(12, 30)
        assert asked_at(home) == ["12:00", "12:08", "12:16"]

    live(tmp_path, with_habits(shipped, pill()), MORNING, noon)
