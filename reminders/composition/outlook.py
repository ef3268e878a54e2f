"""What comes next, decided by the code that will decide it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reminders.composition.configuration import Loaded
from reminders.composition.surroundings import facts_for, now, zone_of
from reminders.domain.decision import Decision
from reminders.domain.person import Person

if TYPE_CHECKING:
    from reminders.journal.sqlite_journal import SqliteJournal


def next_send_of(person: Person, journal: SqliteJournal | None, moment: datetime) -> Decision | None:
    """Return the person's next Send from ``moment`` on; None for nothing in sight."""
    from reminders.planning.forecast import next_send

    facts = facts_for(journal, person, moment, moment + timedelta(days=2))
    return next_send(person, zone_of(person), facts, moment)


def next_sends(loaded: Loaded, journal: SqliteJournal | None) -> list[tuple[Person, Decision | None]]:
    """Return each person's next Send; None for one with nothing in sight."""
    moment = now()
    return [(person, next_send_of(person, journal, moment)) for person in loaded.household.people]
