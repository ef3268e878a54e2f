"""The alarm and the page in one process, as in the daemon: for each number read, so many fires, and how late."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from statistics import median

from reminders import composition
from reminders.answers.links import hash_of, new_token
from reminders.clock import SystemClock
from reminders.daemon.alarm import Alarm
from reminders.domain.web import WebSpec
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.web.door import Door
from reminders.web.house import ServiceState
from tests.benchmarks.place import free_port
from tests.scenarios.virtual_home import shipped_household
from tests.web.filled_journal import Life, put
from tests.web.real_house import RealHouse

AHEAD = timedelta(milliseconds=20)
DAYS = 30


async def main(house: RealHouse, token: str) -> None:
    clock = SystemClock()
    door = Door(house, WebSpec(port=free_port()), None, sys.exit)
    door.open()
    alarm, rang = Alarm(clock), asyncio.Event()
    alarm.start(rang.set, lambda: None)
    print(json.dumps({"ready": True, "port": door.port, "token": token}), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        late = []
        for _ in range(int(line)):
            instant = clock.now() + AHEAD
            alarm.set(instant)
            await rang.wait()
            late.append((clock.now() - instant).total_seconds() * 1000)
            rang.clear()
        print(json.dumps({"p50_ms": median(late), "worst_ms": max(late)}), flush=True)
    alarm.stop()
    await door.close()


def filled(house: RealHouse) -> str:
    """Fill the journal with a month and a nudge that waits; return a token that stands for it."""
    journal, person, now = SqliteJournal.open(house.path), house.lived_in.people[0], house.now()
    zone = house.zone_of(person)
    Life(journal, person, zone).live(now - timedelta(minutes=12), DAYS)
    nudge_id = put(journal, person, zone, ("hydration", "movement"), now - timedelta(minutes=4))
    token = new_token()
    journal.add_link(hash_of(token) or "", nudge_id, now + timedelta(hours=12))
    journal.close()
    return token


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = composition.now()
    served = RealHouse(place, shipped_household(place), ServiceState(version="0", started_at=now, last_beat_at=now))
    asyncio.run(main(served, filled(served)))
