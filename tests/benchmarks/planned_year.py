"""CPU for planning one person-year of the default day; prints milliseconds and nudges. Run with config and data."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from reminders import composition
from reminders.domain.decision import Send
from reminders.planning.agenda import agenda

FIRST = date(2026, 1, 1)


def main(config: str, data: str, days: int) -> None:
    (person,) = composition.load(config, Path(data)).household.people
    zone = ZoneInfo("Europe/Berlin")
    begin = time.process_time()
    nudges = set()
    for index in range(days):
        for decision in agenda(person, zone, FIRST + timedelta(days=index)):
            if isinstance(decision.verdict, Send):
                nudges.add(decision.verdict.nudge_id)
    taken = time.process_time() - begin
    print(json.dumps({"cpu_ms": taken * 1000, "nudges": len(nudges)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
