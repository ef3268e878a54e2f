"""Faults of the time zone, on a whole daemon: the machine travels, the zone's rules change, there is no zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from reminders.domain.household import Household
from tests.end_to_end.home import somebodys_home
from tests.scenarios.virtual_home import BERLIN, Home, live

TUESDAY = datetime(2025, 3, 4, 6, 0, tzinfo=BERLIN)
NEW_YORK = ZoneInfo("America/New_York")
# Hides the package of zone data, as if it were not installed; PYTHONTZPATH hides what the system has.
NO_ZONE_DATA = "import sys\nsys.modules['tzdata'] = None\n"


def from_the_machine(household: Household) -> Household:
    """Let the person follow the machine's zone."""
    return replace(household, people=(replace(household.people[0], zone=None),))


def answer_everything(home: Home) -> None:
    """Answer at once whatever comes, so that no habit slows down for want of an answer."""
    home.phone.heard = lambda _: home.service.heard(home.nudges()[-1].id, "done", "desktop")


def test_fault_09_the_machine_travels_at_noon_and_nothing_is_sent_twice(shipped: Household, tmp_path: Path) -> None:
    async def day(home: Home) -> None:
        answer_everything(home)
        await home.until(12, 30)
        before = [message.nudge_id for _, message in home.phone.arrived]
        home.machine_zone = NEW_YORK
        await home.until(23, 0, zone=NEW_YORK)
        after = [message.nudge_id for _, message in home.phone.arrived[len(before) :]]
        assert len(set(before) | set(after)) == len(before) + len(after)
        (event,) = home.events("zone.changed")
        assert (event.data["before"], event.data["after"]) == ("Europe/Berlin", "America/New_York")
        hours = [at.astimezone(NEW_YORK).hour for at in home.phone.times[len(before) :]]
        # The names of the morning's slots were used up in Berlin; New York's afternoon is a day like any other.
        assert hours == [13, 14, 15, 16, 17, 18, 19]
        meals = [row.slot_key for row in home.history("calcium_meal")]
        assert meals == ["2025-03-04T07:45"]

    live(tmp_path, from_the_machine(shipped), TUESDAY, day)


def test_fault_09_a_person_with_a_home_zone_is_not_touched_by_the_machines(shipped: Household, tmp_path: Path) -> None:
    days: list[list[str]] = []

    for moves in (False, True):

        async def day(home: Home, *, moves: bool = moves) -> None:
            answer_everything(home)
            await home.until(12, 30)
            home.machine_zone = NEW_YORK if moves else BERLIN
            await home.until(22, 30)
            days.append(home.arrivals())

        folder = tmp_path / str(moves)
        folder.mkdir(mode=0o700)
        live(folder, shipped, TUESDAY, day)
    assert days[0] == days[1]
    assert len(days[0]) == 12


def test_fault_11_new_zone_data_after_a_restart_moves_the_future_and_not_the_past(
    shipped: Household, tmp_path: Path
) -> None:
    """Suppose that Germany moves to the time of Finland, and the daemon learns of it when it is started again."""
    with files("tzdata.zoneinfo.Europe").joinpath("Helsinki").open("rb") as data:
        changed = ZoneInfo.from_file(data, key="Europe/Berlin")
    past: list[str] = []

    async def morning(home: Home) -> None:
        answer_everything(home)
        await home.until(11, 30)
        past.extend(home.arrivals())

    async def afternoon(home: Home) -> None:
        answer_everything(home)
        await home.until(13, 30)
        came = [f"{at.astimezone(changed):%H:%M} {message.title}" for at, message in home.phone.arrived]
        assert came == ["12:15 Potassium idea", "13:00 Water + short break", "14:00 Short break"]
        keys = [row.slot_key for row in home.history()]
        assert len(keys) == len({(row.habit, row.slot_key) for row in home.history()})
        (meal,) = home.history("potassium_meal")
        assert meal.slot_key == "2025-03-04T12:15"
        assert meal.due_at == datetime(2025, 3, 4, 12, 15, tzinfo=changed)
        (breakfast,) = home.history("calcium_meal")
        assert breakfast.due_at == datetime(2025, 3, 4, 7, 45, tzinfo=BERLIN)

    live(tmp_path, shipped, TUESDAY, morning)
    again = TUESDAY + timedelta(hours=5, minutes=35)
    again = again.replace(hour=11, minute=10)  # 12:10 by the new data
    live(tmp_path, shipped, again, afternoon, homes={"Europe/Berlin": changed})
    assert past == ["07:45 Calcium idea", "09:00 Water", "10:00 Short break", "11:00 Water + short break"]


def test_fault_12_an_unknown_zone_is_refused_with_the_mend(tmp_path: Path) -> None:
    with somebodys_home(tmp_path) as home:
        home.config.write_text("timezone: Europe/Berlim\nchannels: {here: console://}\nhabits: {hydration: }\n")
        result = home.call("run")
        assert result.returncode == 3
        assert 'did you mean "Europe/Berlin"?' in result.stdout + result.stderr


def test_fault_12_without_any_zone_data_the_daemon_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "sitecustomize.py").write_text(NO_ZONE_DATA)
    more = {"PYTHONTZPATH": "", "PYTHONPATH": str(tmp_path / "hidden"), "TZ": "Europe/Berlin"}
    with somebodys_home(tmp_path / "home", more) as home:
        home.config.write_text("timezone: Europe/Berlin\nchannels: {here: console://}\nhabits: {hydration: }\n")
        result = home.call("run")
        assert result.returncode == 3, result.stderr
        assert "install the tzdata package" in result.stdout + result.stderr


def test_fault_12_with_no_zone_set_the_machines_is_named_with_a_hint_when_that_is_utc(tmp_path: Path) -> None:
    with somebodys_home(tmp_path, {"TZ": "UTC"}) as home:
        home.config.write_text("channels: {here: console://}\nhabits: {hydration: }\n")
        daemon = home.start().armed()
        (started,) = daemon.log("service.started")
        assert started["zone"] == "UTC (this machine's)"
        (assumed,) = daemon.log("zone.assumed")
        assert "timezone: Europe/Berlin" in assumed["hint"]
        assert daemon.stop() == 0
