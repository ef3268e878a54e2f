"""What was drunk today, for the commands that tell it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reminders.domain.person import Person
from reminders.planning.water_words import HYDRATION, PLENTY, drunk_words

if TYPE_CHECKING:
    from reminders.journal.sqlite_journal import SqliteJournal

__all__ = ["HYDRATION", "PLENTY", "drunk_today_ml", "drunk_words", "is_plenty"]

_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)  # what is said at this very moment counts as well


def drunk_today_ml(journal: SqliteJournal, person: Person, zone: ZoneInfo, now: datetime) -> int:
    """Return what the person logged since their day began, in millilitres."""
    from reminders.planning.waking_day import day_of, start_of

    return journal.water_ml(person.id, start_of(person, zone, day_of(person, zone, now)), now + _INSTANT)


def is_plenty(journal: SqliteJournal, person: Person, zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether more went down than anybody should be encouraged in: a litre an hour, or a very high day."""
    from reminders.planning import water_words

    in_an_hour_ml = journal.water_ml(person.id, now - _HOUR, now + _INSTANT)
    return water_words.is_plenty(person, in_an_hour_ml, drunk_today_ml(journal, person, zone, now))
