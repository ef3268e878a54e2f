"""Rules of what is done on the page: an end in a repeated hour, and that what is said of it is true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from reminders.domain.errors import JournalFault, JournalUnavailable
from reminders.journal.sqlite_journal import SqliteJournal
from tests.web.pages.conftest import NOON, Visitor
from tests.web.real_house import RealHouse


@pytest.mark.parametrize("now", [datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)])
def test_in_the_hour_the_clocks_repeat_a_pause_ends_when_they_show_the_time_again(
    journal: SqliteJournal, visitor: Visitor, clock: time_machine.Coordinates, now: datetime
) -> None:
    clock.move_to(now)
    visitor.send("/today/pause", length="until", until="02:30")
    assert [one.ends_at for one in journal.pauses("me", now)] == [datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]


class Seized(SqliteJournal):
    """A journal that another process takes hold of as soon as water was logged."""

    def water_ml(self, *_: object) -> int:
        raise JournalUnavailable("another process holds it", JournalFault.LOCKED)


class SeizedHouse(RealHouse):
    """A house where what was just written cannot be read again."""

    def open_journal(self, *, read_only: bool = True) -> SqliteJournal:
        return (SqliteJournal if read_only else Seized).open(self.path, read_only=read_only)


def test_what_could_not_be_told_to_its_end_was_not_done(
    house: RealHouse, journal: SqliteJournal, visit: Callable[[RealHouse], Visitor]
) -> None:
    seized = SeizedHouse(house.folder, house.lived_in, house.state)
    said = visit(seized).send("/today/water", amount_ml="250")
    assert "Nothing was changed: another process holds it. Try again." in said
    assert journal.water_ml("me", NOON - timedelta(hours=1), NOON + timedelta(hours=1)) == 0
    assert journal.counts().answers == 0
