"""A watch over calendars with a clock in our hands; what the child does is done here, by the same code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reminders.daemon.calendar_watch import DEADLINE_SECONDS, MEMORY_LIMIT_BYTES, MODULE, CalendarWatch
from reminders.domain.calendar import CalendarSpec
from reminders.domain.errors import ChildFailed
from reminders.domain.household import Household
from reminders.domain.person import Person
from reminders.ports import ChildRunner
from reminders.sensors import calendar_child
from reminders.sensors.calendar_copy import CalendarCopy
from reminders.sensors.calendar_shelf import CalendarShelf
from tests.planning.people import BERLIN, alex
from tests.sensors.ics import NOW


def on_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test on an event loop of its own."""

    @wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(test(*arguments, **named))

    return run


@dataclass
class StillClock:
    """Stands still until it is moved."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def boottime(self) -> float:
        return self.moment.timestamp()


@dataclass
class Watching:
    """``fails`` makes the next readings end as a child that broke down; ``asked`` are the requests so far."""

    data_dir: Path
    clock: StillClock = field(default_factory=StillClock)
    zone: ZoneInfo = BERLIN
    asked: list[dict[str, Any]] = field(default_factory=list)
    changes: int = 0
    fails: str | None = None
    reply: object = None
    total_seconds: float = 5.0
    url_of: Callable[[CalendarSpec], str | None] = lambda spec: spec.url
    runner: ChildRunner | None = None
    person: Person = field(default_factory=alex)

    def __post_init__(self) -> None:
        self.shelf = CalendarShelf(self.data_dir)
        self.watch = CalendarWatch(
            self.shelf,
            self.clock,
            self.runner or self._run,
            url_of=self._filled_in,
            zone_of=lambda person: self.zone,
            changed=self._changed,
        )

    def _filled_in(self, spec: CalendarSpec) -> str | None:
        return self.url_of(spec)

    def _changed(self) -> None:
        self.changes += 1

    async def _run(self, module: str, request: Any, *, deadline_seconds: float, memory_limit_bytes: int) -> object:
        assert (module, deadline_seconds, memory_limit_bytes) == (MODULE, DEADLINE_SECONDS, MEMORY_LIMIT_BYTES)
        self.asked.append(json.loads(json.dumps(request)))
        await asyncio.sleep(0)
        if self.fails is not None:
            raise ChildFailed("it broke", kind=self.fails)
        if self.reply is not None:
            return self.reply
        return json.loads(json.dumps(calendar_child.answer(request, self.total_seconds)))

    def watches(self, *specs: CalendarSpec) -> None:
        """Serve a person with these calendars from now on."""
        self.person = replace(self.person, calendars=specs)
        self.watch.exchange(Household(people=(self.person,), channels=()))

    async def looks(self, after: timedelta = timedelta(0)) -> int:
        """Let time pass and a heartbeat come; return how many calendars were read for it."""
        self.clock.moment += after
        before = len(self.asked)
        self.watch.look()
        if self.watch._task is not None:
            await self.watch._task
        return len(self.asked) - before

    def copy(self, spec: CalendarSpec) -> CalendarCopy:
        """Return the copy as it lies on the disk."""
        return CalendarShelf(self.data_dir).copy_of(self.person.id, spec)
