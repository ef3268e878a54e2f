"""How late our alarm goes off, and how late ``asyncio.sleep`` returns, turn by turn. Run with the number of each."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from statistics import median

from reminders.clock import SystemClock
from reminders.daemon.alarm import Alarm

AHEAD = timedelta(milliseconds=20)
# The loop waits in whole milliseconds: instants at every phase of one, as in life, so that the rounding is shared.
PHASE = timedelta(microseconds=370)


async def main(count: int) -> None:
    clock = SystemClock()
    alarm, rang = Alarm(clock), asyncio.Event()
    alarm.start(rang.set, lambda: None)
    ours, theirs = [], []
    for index in range(count):
        ahead = AHEAD + index * PHASE % timedelta(milliseconds=1)
        instant = clock.now() + ahead
        alarm.set(instant)
        await rang.wait()
        ours.append((clock.now() - instant).total_seconds())
        rang.clear()
        instant = clock.now() + ahead
        await asyncio.sleep((instant - clock.now()).total_seconds())
        theirs.append((clock.now() - instant).total_seconds())
    alarm.stop()
    print(json.dumps({"ours_ms": median(ours) * 1000, "theirs_ms": median(theirs) * 1000}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
