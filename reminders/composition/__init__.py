"""The only place where concrete classes meet: commands come in here, the house is put together here.

Heavy imports sit inside the functions that need them: ``status`` and ``done`` must stay quick.

surroundings     the time, the zone, the data directory, the journal, the running daemon
configuration    a file to a household, through a child process or the cache
outlook          the plan and the next nudge, in words
trial            a test message to each channel
premises         the daemon, put together
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.composition.configuration import Checked, Loaded, check, configuration_path, load, load_file
from reminders.composition.outlook import PlanRow, next_sends, plan_rows
from reminders.composition.premises import serve
from reminders.composition.surroundings import (
    data_directory,
    facts_for,
    now,
    open_journal,
    poke,
    reload_daemon,
    running,
    zone_of,
)
from reminders.composition.trial import TestSend, send_test

if TYPE_CHECKING:
    from reminders.catalogue.texts import FlareTexts

__all__ = [
    "Checked",
    "Loaded",
    "PlanRow",
    "TestSend",
    "check",
    "configuration_path",
    "data_directory",
    "facts_for",
    "flare_texts",
    "load",
    "load_file",
    "next_sends",
    "now",
    "open_journal",
    "pauses_in_flare",
    "plan_rows",
    "poke",
    "reload_daemon",
    "running",
    "send_test",
    "serve",
    "zone_of",
]


def flare_texts() -> FlareTexts:
    """Return the fixed words for a bad day."""
    from reminders.catalogue.content import load_content

    return load_content().flare


def pauses_in_flare() -> frozenset[str]:
    """Return the built-in habits that rest on a bad day."""
    from reminders.catalogue.content import load_content

    return frozenset(habit.id for habit in load_content().habits.values() if habit.pauses_in_flare)
