"""An error nobody foresaw in one person's plan: everybody else is served, it is told, and it is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminders.domain.habit import Habit
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.domain.schedule import At, Cron
from tests.scenarios.virtual_home import BERLIN, Home, live

TUESDAY = datetime(2025, 3, 4, 6, 0, tzinfo=BERLIN)
IMPOSSIBLE = Cron(expression="61 25 * * *")  # refused in a file; here it is what nobody foresaw


def pill(schedule: At | Cron) -> Habit:
    return Habit(id="pill", schedule=schedule, built_in=False, say="Take your pill.", send_to=("desktop",))


def two_people(shipped: Household, schedule: At | Cron, zone: str = "Europe/Berlin") -> Household:
    """Sam comes first, with that schedule and zone; Alex takes a pill at eight and at noon."""
    plain = replace(shipped.people[0], training=())
    sam = replace(plain, id="sam", name="Sam", zone=zone, habits=(pill(schedule),))
    alex = replace(plain, id="alex", name="Alex", habits=(pill(At(times=(time(8), time(12)))),))
    return replace(shipped, people=(sam, alex))


@pytest.mark.parametrize(
    ("schedule", "zone", "error"),
    [
        (IMPOSSIBLE, "Europe/Berlin", "CronSimError at recurrence.py:"),
        (At(times=(time(8),)), "Mars/Olympus", "ZoneInfoNotFoundError at turn.py:"),
    ],
)
def test_one_persons_plan_that_fails_keeps_nothing_from_anybody_else(
    shipped: Household, tmp_path: Path, schedule: At | Cron, zone: str, error: str
) -> None:
    async def day(home: Home) -> None:
        await home.until(12, 1)
        assert home.arrivals() == ["08:00 Pill", "12:00 Pill"]
        told = str(home.service.degraded)
        assert told.startswith(f"planning for sam fails: {error}")
        assert home.reports[-1]["degraded"] == told

    live(tmp_path, two_people(shipped, schedule, zone), TUESDAY, day)


def test_it_is_tried_again_and_goes_on_by_itself(shipped: Household, tmp_path: Path) -> None:
    """Here the zone cannot be told for a while, as when its data is exchanged under a running daemon."""

    async def day(home: Home) -> None:
        looks = []

        def zone_of(person: Person) -> ZoneInfo:
            if person.id == "sam" and home.clock.now() < TUESDAY + timedelta(hours=1):
                looks.append(home.clock.now())
                raise RuntimeError("https://secret.example/token")
            return BERLIN

        home.service._turn._zone_of = zone_of
        home.service.look_soon()
        await home.until(7, 30)
        assert 12 <= len(looks) <= 20
        assert looks[-1] - looks[-2] >= timedelta(minutes=5)
        assert home.service.degraded is None
        assert "secret" not in str(home.reports)
        await home.until(8, 1)
        assert home.arrivals() == ["08:00 Pill", "08:00 Pill"]

    live(tmp_path, two_people(shipped, At(times=(time(8),))), TUESDAY, day)


def test_an_error_outside_every_plan_leaves_the_alarm_clock_going(shipped: Household, tmp_path: Path) -> None:
    """The machine's zone cannot be told, nor the file be looked at, for an hour."""

    async def day(home: Home) -> None:
        def fails() -> ZoneInfo:
            raise OSError("no more files")

        told, home.service._machine_zone = home.service._machine_zone, fails
        await home.until(8, 1)
        assert home.arrivals() == ["08:00 Pill", "08:00 Pill"]
        home.service._machine_zone = told

    live(tmp_path, two_people(shipped, At(times=(time(8),))), TUESDAY, day)


def test_a_turn_that_fails_for_everybody_is_told_and_tried_at_every_beat(shipped: Household, tmp_path: Path) -> None:
    """A row that no release of ours would write stands in the way, until somebody mends it."""

    async def day(home: Home) -> None:
        await home.until(8, 1)
        connection = home.journal._connection
        (before,) = {row["expires_at"] for row in connection.execute("SELECT expires_at FROM occurrences")}
        connection.execute("UPDATE occurrences SET reason = 'nonsense', expires_at = '2025-03-04T07:00:00+00:00'")
        home.service.look_soon()
        await home.passes(seconds=1)
        assert str(home.service.degraded).startswith("an error that nobody foresaw: ValueError at occurrence_log.py:")
        connection.execute("UPDATE occurrences SET reason = NULL, expires_at = ?", (before,))
        await home.passes(seconds=16)
        assert home.service.degraded is None
        await home.until(12, 1)
        assert home.arrivals()[2:] == ["12:00 Pill", "12:00 Pill"]

    live(tmp_path, two_people(shipped, At(times=(time(8), time(12)))), TUESDAY, day)
