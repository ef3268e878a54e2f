"""The only place where concrete classes meet: commands come in here, the house is put together here.

Heavy imports sit inside the functions that need them: ``status`` and ``done`` must stay quick.

surroundings     the time, the zone, the data directory, the journal, the running daemon
configuration    a file to a household, through a child process or the cache
outlook          what comes next
premises         the daemon, put together

Imported by the verbs that need them: ``plan`` (the plan in words), ``trial`` (a test message to each channel),
``inquiry`` (what is behind a moment), ``renewal`` (a reload), ``erasure`` (forgetting on request) and ``checkup`` (how
everything is).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.composition.configuration import Checked, Loaded, check, configuration_path, load, load_file
from reminders.composition.outlook import next_sends
from reminders.composition.premises import serve
from reminders.composition.surroundings import (
    add_kept_variables,
    data_directory,
    facts_for,
    now,
    open_journal,
    poke,
    reload_daemon,
    running,
    zone_of,
    zone_of_machine,
)

if TYPE_CHECKING:
    from reminders.catalogue.texts import FlareTexts

__all__ = [
    "Checked",
    "Loaded",
    "add_kept_variables",
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
    "poke",
    "reload_daemon",
    "running",
    "serve",
    "zone_of",
    "zone_of_machine",
]


def flare_texts(language: str) -> FlareTexts:
    """Return the fixed words for a bad day in a person's language."""
    from reminders.catalogue.content import load_content

    return load_content(language).flare


def pauses_in_flare() -> frozenset[str]:
    """Return the built-in habits that rest on a bad day."""
    from reminders.catalogue.content import load_content

    return frozenset(habit.id for habit in load_content().habits.values() if habit.pauses_in_flare)
