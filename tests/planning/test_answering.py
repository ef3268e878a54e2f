"""Holds: for how long a nudge is snoozed that nobody gave a length for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.planning.answering import SNOOZE_UNLESS_SAID, shortest_snooze
from tests.planning.people import at, minutes, person

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def asking(*habits: str) -> Nudge:
    return Nudge(
        id="n1",
        person="me",
        kind=NudgeKind.ASK,
        asks=tuple(Ask(occurrence_id=f"me/{habit}/1", habit=habit, text="now") for habit in habits),
        title="",
        text="",
        discreet_text="",
        created_at=NOW,
        expires_at=NOW + minutes(60),
        send_to=("desktop",),
    )


@pytest.mark.parametrize(
    ("habits", "wanted"),
    [
        (("pill",), minutes(5)),
        (("pill", "eyes"), minutes(5)),
        (("eyes", "pill"), minutes(5)),
        (("eyes",), minutes(40)),
        (("eyes", "gone"), SNOOZE_UNLESS_SAID),
        ((), SNOOZE_UNLESS_SAID),
    ],
)
def test_a_nudge_is_snoozed_for_the_shortest_snooze_of_its_habits(habits: tuple[str, ...], wanted: timedelta) -> None:
    who = person(at("pill", "09:00", snooze=minutes(5)), at("eyes", "09:00", snooze=minutes(40)))
    assert shortest_snooze(who, asking(*habits)) == wanted


def test_who_is_not_there_any_more_has_a_snooze_all_the_same() -> None:
    assert shortest_snooze(None, asking("pill")) == SNOOZE_UNLESS_SAID
