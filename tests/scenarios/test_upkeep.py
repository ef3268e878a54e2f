"""A night's upkeep: a copy, then what is older than 400 days goes; what the daemon does meanwhile is not disturbed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from reminders.domain.decision import Decision, Suppress
from reminders.domain.household import Household
from reminders.domain.occurrence import Reason
from reminders.domain.turn_record import TurnRecord
from reminders.journal.forgetful_journal import KEPT_FOR
from reminders.journal.sqlite_journal import SqliteJournal
from tests.scenarios.virtual_home import BERLIN, Home, live

NIGHT = datetime(2025, 3, 4, 3, 0, tzinfo=BERLIN)
DAY = timedelta(days=1)


def record_old(folder: Path, *ages: timedelta) -> None:
    """Put slots of those ages on record, as turns of their time did."""
    journal = SqliteJournal.open(folder / "journal.db")
    for age in ages:
        at = NIGHT - age
        decision = Decision("me", "eyes", f"{at:%Y-%m-%dT%H:%M}", at, at + DAY / 24, Suppress(Reason.GAP))
        journal.record(TurnRecord(person="me", decided_at=at, planned_until=at, decisions=(decision,)))
    journal.close()


def ages(home: Home) -> list[int]:
    return [(NIGHT - row.due_at).days for row in home.history("eyes")]


def test_what_is_too_old_is_in_the_copy_and_gone_from_the_record(shipped: Household, tmp_path: Path) -> None:
    record_old(tmp_path, KEPT_FOR + 3 * DAY, KEPT_FOR + DAY, KEPT_FOR - DAY, DAY)

    async def night(home: Home) -> None:
        await home.until(3, 40)
        assert ages(home) == [399, 1]
        (event,) = home.events("journal.trimmed")
        assert event.data["states"] == {"suppressed": 2}
        await home.until(7, 46)
        assert [line[:5] for line in home.arrivals()] == ["07:45"]

    live(tmp_path, shipped, NIGHT, night)
    (copy,) = (tmp_path / "backups").iterdir()
    kept = SqliteJournal.open(copy, read_only=True)
    assert len(kept.history("me", NIGHT - 500 * DAY, NIGHT, "eyes")) == 4
    kept.close()


def test_a_clock_wrong_by_years_costs_a_week_a_night(shipped: Household, tmp_path: Path) -> None:
    record_old(tmp_path, *(number * DAY for number in range(60, 0, -1)))

    async def nights(home: Home) -> None:
        for days in (900, 300, 300):
            home.clock.step(timedelta(days=days))
            await home.passes(hours=2)
        assert len(ages(home)) == 60 - 7

    live(tmp_path, shipped, NIGHT, nights)


def test_without_a_copy_nothing_is_forgotten(shipped: Household, tmp_path: Path) -> None:
    record_old(tmp_path, KEPT_FOR + DAY, DAY)
    (tmp_path / "backups").write_text("in the way")

    async def night(home: Home) -> None:
        await home.until(3, 40)
        assert ages(home) == [401, 1]
        assert len(home.events("backup.failed")) == 1

    live(tmp_path, shipped, NIGHT, night)


def test_a_run_is_on_record_from_its_start_to_its_stop(shipped: Household, tmp_path: Path) -> None:
    async def minute(home: Home) -> None:
        await home.passes(minutes=1)

    live(tmp_path, shipped, NIGHT, minute)
    live(tmp_path, shipped, NIGHT + DAY, minute)
    journal = SqliteJournal.open(tmp_path / "journal.db", read_only=True)
    runs = [event for event in journal.last_events(99) if event.kind.startswith("service.")]
    assert [event.kind for event in runs] == ["service.stopped", "service.started"] * 2
    assert [event.data["was_clean"] for event in runs[1::2]] == [True, True]
    journal.close()
