"""Holds: a day goes by two calendars: nudges wait for meetings to end, and training is where the calendar has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from reminders.daemon.calendar_watch import CalendarWatch
from reminders.domain.calendar import CalendarSpec
from reminders.domain.household import Household
from reminders.sensors.calendar_shelf import CalendarShelf
from tests.daemon.calendars import Watching
from tests.scenarios.virtual_home import BERLIN, Home, live
from tests.sensors.ics import calendar

TUESDAY = datetime(2025, 3, 25, 7, 0, tzinfo=BERLIN)
PLANNING = "UID:planning\nSUMMARY:Planning\nDTSTART;TZID=Europe/Berlin:20250325T103000\nDURATION:PT1H45M"
LUNCH = "UID:lunch\nSUMMARY:Lunch\nDTSTART;TZID=Europe/Berlin:20250325T120000\nDURATION:PT1H\nTRANSP:TRANSPARENT"
REVIEW = "UID:review\nSUMMARY:Review\nDTSTART;TZID=Europe/Berlin:20250325T153000\nDURATION:PT1H"
FAIR = "UID:fair\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20250325"
GYM = "UID:gym\nSUMMARY:Gym with Sam\nDTSTART;TZID=Europe/Berlin:202503{day}T{start}00\nDURATION:PT1H"

TUESDAY_LIVED = """\
07:45 calcium_meal
09:00 hydration
10:00 movement
11:00 hydration -> 12:15 (busy)
11:00 movement: suppressed(busy)
12:00 movement: suppressed(gap)
12:15 potassium_meal
13:00 hydration: suppressed(superseded)
13:00 movement
14:00 movement
15:00 hydration
15:00 movement
16:00 movement -> 16:30 (busy)
17:00 hydration -> 16:30 (gap)
18:50 warm_up
19:00 hydration -> 19:20 (gap)
21:00 hydration: suppressed(outside_hours)
"""


def at_home_with_calendars(home: Home, folder: Path, household: Household) -> None:
    """Let the daemon follow the household's calendars; their files are read by the code of the child."""
    shelf = CalendarShelf(folder)
    home.service._turn.events_of = shelf.events
    home.service.calendars = CalendarWatch(
        shelf,
        home.clock,
        Watching(folder)._run,
        url_of=lambda spec: spec.url,
        zone_of=home.zone_of,
        changed=home.service.look_soon,
    )
    home.service.calendars.exchange(household)


def told(home: Home) -> list[str]:
    """Return ``HH:MM habit`` for what was due, and what became of it."""
    rows = sorted(home.history(), key=lambda row: (row.due_at, row.habit))
    lines = []
    for row in rows:
        due = f"{row.due_at.astimezone(BERLIN):%H:%M} {row.habit}"
        if row.sent_at is not None:
            sent = f"{row.sent_at.astimezone(BERLIN):%H:%M}"
            lines.append(due if due.startswith(sent) else f"{due} -> {sent} ({row.reason})")
        else:
            lines.append(f"{due}: {row.state}({row.reason})")
    return lines


def test_a_tuesday_with_meetings_and_a_training_that_is_moved(shipped: Household, tmp_path: Path) -> None:
    work, gym = tmp_path / "work.ics", tmp_path / "gym.ics"
    work.write_bytes(calendar(PLANNING, LUNCH, REVIEW, FAIR))
    gym.write_bytes(calendar(GYM.format(day=25, start="1830")))
    (alex,) = shipped.people
    specs = (
        CalendarSpec(name="work", file=str(work)),
        CalendarSpec(name="gym", file=str(gym), busy=False, training=("gym",)),
    )
    household = replace(shipped, people=(replace(alex, training=(), calendars=specs),))
    data_dir = tmp_path / "data"
    data_dir.mkdir()

    async def tuesday(home: Home) -> None:
        home.phone.heard = lambda message: home.service.heard(message.nudge_id, "done", "desktop")
        at_home_with_calendars(home, data_dir, household)
        await home.until(18, 0)
        gym.write_bytes(calendar(GYM.format(day=25, start="1900")))
        await home.until(18, 55)  # the warm-up is done, and the training is called off until the next evening
        gym.write_bytes(calendar(GYM.format(day=26, start="1900")))
        await home.until(23, 0)
        assert told(home) == TUESDAY_LIVED.splitlines()
        await home.until(21, 0)
        wednesday = [
            line for line in told(home)[len(TUESDAY_LIVED.splitlines()) :] if "warm_up" in line or "cool_down" in line
        ]
        assert wednesday == ["20:00 cool_down"]  # what was asked before it is not asked again

    live(data_dir, household, TUESDAY, tuesday)
