"""Spoken to in German, a person meets no English: nudges, buttons, repeats, what was missed, the week summed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminders.catalogue.content import load_content
from reminders.domain.delivery import Message
from reminders.domain.habit import FollowUp
from reminders.domain.household import Household
from reminders.domain.person import Limits
from tests.scenarios.virtual_home import BERLIN, Home, live

MONDAY_MORNING = datetime(2025, 3, 3, 6, 0, tzinfo=BERLIN)
TITLES = {texts.title for texts in load_content("de").texts.habits.values()}
ENGLISH_TEXTS = load_content("en").texts


@pytest.fixture
def german(shipped: Household) -> Household:
    """Speak German to the person of the shipped file, and ask once more for what was left open."""
    (alex,) = shipped.people
    habits = tuple(replace(one, follow_up=FollowUp(after=timedelta(minutes=10))) for one in alex.habits)
    limits = Limits(per_day=40)
    return replace(shipped, people=(replace(alex, language="de", habits=habits, limits=limits),))


def in_german(message: Message) -> bool:
    """Tell whether title and buttons are the German ones."""
    title = message.title.removesuffix(" (noch offen)")
    labels = [message.label(verb) for verb in message.buttons]
    one, more = ["Erledigt", "Später", "Überspringen"], ["Alles erledigt", "Alles später", "Alles überspringen"]
    return set(title.split(" + ")) <= TITLES and labels == (more if message.asks > 1 else one)


def test_every_nudge_of_a_day_and_its_repeats_are_in_german(german: Household, tmp_path: Path) -> None:
    async def day(home: Home) -> None:
        await home.until(22, 30)
        messages = [message for _, message in home.phone.arrived]
        assert len(messages) >= 15
        assert [message.title for message in messages if not in_german(message)] == []
        assert sum(message.title.endswith(" (noch offen)") for message in messages) >= 8
        assert not any(ENGLISH_TEXTS.stop_rule in message.text for message in messages)
        assert any(load_content("de").texts.stop_rule in message.text for message in messages)

    live(tmp_path, german, MONDAY_MORNING, day)


def test_what_was_missed_and_the_week_are_told_in_german(german: Household, tmp_path: Path) -> None:
    async def week(home: Home) -> None:
        await home.passes(hours=8)
        home.clock.suspend(timedelta(days=2))
        await home.passes(minutes=5)
        assert (
            home.nudges()[-1]
            .text.splitlines()[-1]
            .endswith("frühere Erinnerungen sind entfallen, weil dieser Dienst nicht wach war.)")
        )
        await home.passes(days=4, hours=12)
        (digest,) = [message for _, message in home.phone.arrived if message.title == "Deine Woche"]
        assert digest.text.splitlines()[0].startswith("Wasser: 0 von ")
        assert digest.buttons == ()

    live(tmp_path, german, MONDAY_MORNING, week)


def test_in_one_household_everybody_is_spoken_to_in_their_own_language(german: Household, tmp_path: Path) -> None:
    (alex,) = german.people
    both = replace(german, people=(alex, replace(alex, id="sam", language="en")))

    async def morning(home: Home) -> None:
        await home.until(10, 30)
        spoken = {(message.person, message.label(message.buttons[0])) for _, message in home.phone.arrived}
        assert {("sam", "Done"), (None, "Erledigt")} <= spoken
        assert {("sam", "Erledigt"), (None, "Done")} & spoken == set()

    live(tmp_path, both, MONDAY_MORNING, morning)
