"""A Tuesday for Alex: the default day of the shipped file, from the first idea to the last glass."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime

import pytest

from reminders.domain.decision import Decision, Send
from reminders.domain.person import Person
from reminders.planning.agenda import agenda
from tests.planning.people import BERLIN, TUESDAY, alex, nudges, wall

TUESDAY_OF_ALEX = """\
07:45  calcium_meal
09:00  hydration 250 ml
10:00  movement
11:00  hydration 200 ml + movement
12:15  potassium_meal + movement (due 12:00)
13:00  hydration 250 ml + movement (due 13:15)
14:00  movement
15:00  hydration 250 ml + movement
16:00  movement
17:00  hydration 250 ml + movement
18:20  warm_up
19:30  cool_down + hydration 250 ml (due 19:00)
not sent: 21:00 hydration (outside_hours: none in the last 120 min before sleep)
12 nudges
"""

TUESDAY_WITHOUT_POTASSIUM = """\
07:45  calcium_meal
09:00  hydration 250 ml
10:00  movement
11:00  hydration 200 ml + movement
12:00  movement
13:00  hydration 250 ml + movement
14:00  movement
15:00  hydration 250 ml + movement
16:00  movement
17:00  hydration 250 ml + movement
18:20  warm_up
19:30  cool_down + hydration 250 ml (due 19:00)
not sent: 12:15 potassium_meal (unsafe: two questions are not answered yet)
not sent: 21:00 hydration (outside_hours: none in the last 120 min before sleep)
12 nudges
"""


def transcript(decisions: list[Decision]) -> str:
    lines = []
    for name, at in sorted(nudges(decisions).items(), key=lambda pair: pair[1]):
        asks = [d for d in decisions if isinstance(d.verdict, Send) and d.verdict.nudge_id == name]
        asks.sort(key=lambda decision: decision.occurrence_id != name)
        lines.append(f"{wall(at)}  {' + '.join(ask(decision, at) for decision in asks)}")
    for decision in decisions:
        if not isinstance(decision.verdict, Send):
            why = decision.verdict
            detail = getattr(why, "detail", None)
            lines.append(f"not sent: {wall(decision.due_at)} {decision.habit} ({why.reason}: {detail})")
    return "\n".join([*lines, f"{len(nudges(decisions))} nudges", ""])


def ask(decision: Decision, at: datetime) -> str:
    assert isinstance(decision.verdict, Send)
    amount = "" if decision.verdict.amount_ml is None else f" {decision.verdict.amount_ml} ml"
    moved = "" if decision.due_at == at else f" (due {wall(decision.due_at)})"
    return f"{decision.habit}{amount}{moved}"


def without_potassium() -> Person:
    who = alex()
    why = "two questions are not answered yet"
    return replace(who, habits=tuple(replace(h, unsafe=why) if "potassium" in h.id else h for h in who.habits))


def test_the_default_tuesday(capsys: pytest.CaptureFixture[str]) -> None:
    told = transcript(agenda(alex(), BERLIN, TUESDAY))
    with capsys.disabled():
        sys.stdout.write(f"\nA Tuesday for Alex\n{told}")
    assert told == TUESDAY_OF_ALEX


def test_the_default_tuesday_holds_all_six_habits_in_about_eleven_nudges_within_awake() -> None:
    decisions = agenda(alex(), BERLIN, TUESDAY)
    sent = {decision.habit for decision in decisions if isinstance(decision.verdict, Send)}
    assert sent == {"hydration", "movement", "warm_up", "cool_down", "calcium_meal", "potassium_meal"}
    assert 10 <= len(nudges(decisions)) <= 12
    assert all("07:00" <= wall(at) < "22:30" for at in nudges(decisions).values())


def test_the_default_tuesday_until_potassium_is_known_to_be_safe() -> None:
    assert transcript(agenda(without_potassium(), BERLIN, TUESDAY)) == TUESDAY_WITHOUT_POTASSIUM
