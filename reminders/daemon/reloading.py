"""Read the configuration again: on a signal, by command, when the file changes.

A bad file never replaces a good one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from reminders.daemon.supply import Supplier, Supply
from reminders.domain.errors import ChildFailed, ConfigurationRefused, Problem, Severity

logger = logging.getLogger("reminders.daemon")


class Reloading:
    """One reading at a time; however often it is asked for meanwhile, one more follows.

    ``taken`` hears of a new supply, ``refused`` in words why there is none.
    """

    def __init__(self, supplier: Supplier, taken: Callable[[Supply], None], refused: Callable[[str], None]) -> None:
        """Keep the pieces; the file as it is now counts as read."""
        self._supplier, self._taken, self._refused = supplier, taken, refused
        self._read_stamp = self._last_stamp = supplier.stamp()
        self._task: asyncio.Task[None] | None = None
        self._is_asked_again = False
        self._running: Supply | None = None

    def begin(self, running: Supply) -> None:
        """Take note of what is in use."""
        self._running = running

    def ask(self) -> None:
        """Read the file soon."""
        if self._task is not None and not self._task.done():
            self._is_asked_again = True
            return
        self._task = asyncio.get_running_loop().create_task(self._read_until_quiet())

    def look(self) -> None:
        """Read the file when it changed and has lain still since the last look, so that no half of it is read."""
        stamp = self._supplier.stamp()
        settled, self._last_stamp = stamp == self._last_stamp, stamp
        if settled and stamp != self._read_stamp:
            self.ask()

    def build_again(self) -> None:
        """Try the channels once more that could not be built."""
        if self._running is not None and self._running.failures and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._build(self._running))

    async def stop(self) -> None:
        """End what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _build(self, running: Supply) -> None:
        supply = await self._supplier.build(running.household, running)
        if len(supply.failures) < len(running.failures):
            logger.info("channels.built", extra={"fields": {"channels": list(supply.channels)}})
            self._running = supply
            self._taken(supply)

    async def _read_until_quiet(self) -> None:
        while True:
            self._is_asked_again = False
            await self._read()
            if not self._is_asked_again:
                return

    async def _read(self) -> None:
        if self._running is None:
            return
        self._read_stamp = self._supplier.stamp()
        try:
            supply = await self._supplier.read(self._running)
        except ConfigurationRefused as error:
            for problem in error.problems:
                where = _place(problem)
                fields = {"where": where, "key": problem.key, "error": problem.message, "hint": problem.hint}
                logger.error("configuration.refused", extra={"fields": fields})  # noqa: TRY400
            first = next(p for p in error.problems if p.severity is Severity.ERROR)
            about = f"{first.key}: " if first.key else ""
            self._refused(f"{_place(first)}  {about}{first.message}")
        except ChildFailed as error:
            logger.error("configuration.unread", extra={"fields": {"error": str(error)}})  # noqa: TRY400
            self._refused(str(error))
        else:
            self._running = supply
            self._taken(supply)


def _place(problem: Problem) -> str:
    """Return file, line and column, as far as they are known."""
    return ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part is not None)
