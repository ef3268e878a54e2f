"""Holds for whatever looks at a desk, the one of the scenarios included: it answers at once, and unknown is None."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from reminders.clock import SystemClock
from reminders.domain.context import Presence
from reminders.ports import PresenceSensor
from reminders.sensors.presence import FACETS, DesktopPresence
from reminders.sensors.sighting import Sighting
from tests.scenarios.virtual_home import Chair
from tests.sensors.test_presence import Told

MakesSensor = Callable[[], PresenceSensor]


def real(*tells: Sighting | Exception) -> MakesSensor:
    return lambda: DesktopPresence([Told(str(one), tell) for one, tell in enumerate(tells)], SystemClock())


SENSORS = {
    "somebody is there": (real(Sighting(idle=timedelta(0), locked=False, do_not_disturb=False)), Chair),
    "only the lock is known": (real(Sighting(locked=True)), lambda: Chair(knows=frozenset({"locked"}), locked=True)),
    "nothing is known": (real(OSError(), EOFError()), lambda: Chair(hangs=True)),
}


@pytest.fixture(params=[(name, index) for name in SENSORS for index in (0, 1)], ids=lambda one: f"{one[0]}, {one[1]}")
def looked(request: pytest.FixtureRequest) -> tuple[Presence, dict[str, str]]:
    """Look twice with each sensor; it is closed in the end."""
    name, index = request.param
    makes: MakesSensor = SENSORS[name][index]  # type: ignore[assignment]

    async def look() -> tuple[Presence, dict[str, str]]:
        sensor = makes()
        await sensor.look()
        found, told_by = await sensor.look(), dict(sensor.told_by)
        await sensor.close()
        return found, told_by

    return asyncio.run(look())


def test_what_is_told_has_a_source_and_what_has_none_is_unknown(looked: tuple[Presence, dict[str, str]]) -> None:
    presence, told_by = looked
    assert set(told_by) <= set(FACETS)
    assert {facet for facet in FACETS if getattr(presence, facet) is not None} == set(told_by)


def test_it_is_of_this_moment_in_utc(looked: tuple[Presence, dict[str, str]]) -> None:
    presence, _ = looked
    assert timedelta(0) <= SystemClock().now() - presence.at < timedelta(seconds=20)
    assert presence.at.utcoffset() == timedelta(0)
    assert presence.idle is None or presence.idle >= timedelta(0)
