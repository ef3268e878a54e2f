"""Rules of the start line: why a habit is off is a record of its own, in English whatever its person speaks."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from reminders.clock import ZoneName
from reminders.daemon.start_line import log_start
from reminders.domain.household import Household
from tests.planning.people import alex, meal, moment

WHY = "potassium ideas stay off until both health questions are answered"


@pytest.mark.parametrize("language", ["en", "de"])
def test_why_a_habit_is_off_is_in_the_log_in_english(caplog: pytest.LogCaptureFixture, language: str) -> None:
    who = alex(habits=(replace(meal("potassium_meal", "12:15"), unsafe=WHY), meal("calcium_meal", "07:45")))
    household = Household(people=(replace(who, language=language),), channels=())
    with caplog.at_level(logging.WARNING, "reminders.daemon"):
        log_start(household, (), ZoneName(name="Europe/Berlin"), (), moment("09:00"))
    found = [vars(record)["fields"] for record in caplog.records if record.message == "habit.suppressed"]
    assert found == [{"person": who.id, "habit": "potassium_meal", "hint": WHY}]
