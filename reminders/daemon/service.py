"""The daemon's life: start, wake, hear, drain. One process, one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable
from datetime import time
from zoneinfo import ZoneInfo

from reminders.daemon.alarm import Alarm
from reminders.daemon.heartbeat import ClockEvent, Reading, clock_is_set, compare, read_clocks
from reminders.daemon.turn import Turn
from reminders.delivery.dispatcher import Dispatcher
from reminders.domain.answer import AnswerReceipt, Verb
from reminders.domain.errors import JournalUnavailable
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import Channel, Clock

BACKUP_AT = time(3, 30)
RETRY_SECONDS = 15
logger = logging.getLogger("reminders.daemon")


class Service:
    """Holds the pieces together while the daemon runs. Channels report presses to ``heard``."""

    def __init__(
        self, *, clock: Clock, journal: SqliteJournal, turn: Turn, machine_zone: Callable[[], ZoneInfo], tz_year: int
    ) -> None:
        """Take the pieces that exist before the channels do."""
        self._clock, self._journal, self._turn = clock, journal, turn
        self._machine_zone, self._tz_year = machine_zone, tz_year
        self._alarm = Alarm(clock)
        self._stop = asyncio.Event()
        self._stops_asked = 0
        self._dispatcher: Dispatcher | None = None
        self._channels: dict[str, Channel] = {}
        self._shown: set[tuple[str, str]] = set()
        self._reading: Reading | None = None
        self._data_version = -1
        self._zone: ZoneInfo | None = None
        self._look: asyncio.Handle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, channels: dict[str, Channel], dispatcher: Dispatcher, armed: Callable[[], None]) -> None:
        """Run until asked to stop, then drain. ``armed`` is called once everything listens.

        1. listen for signals; 2. arm the alarm, take a turn; 3. send, what the last run left included; 4. say so.
        """
        self._channels, self._dispatcher = channels, dispatcher
        self._listen()
        self._zone, self._reading = self._machine_zone(), read_clocks(self._clock)
        self._shown = self._open_messages()
        self._alarm.start(self._on_alarm, self._on_heartbeat)
        self._alarm.add_daily("backup", self._back_up, BACKUP_AT, self._zone)
        self._take_turn()
        dispatcher.start()
        armed()
        await self._stop.wait()
        self._alarm.stop()
        await dispatcher.drain()
        logger.info("service.stopped")

    def heard(self, nudge_id: str, verb: str, via: str) -> None:
        """Take an answer from a channel; called on the event loop."""
        try:
            receipts = self._journal.answer_nudge(nudge_id, Verb(verb), self._clock.now(), via)
        except JournalUnavailable as error:
            logger.error("answer.lost", extra={"fields": {"nudge": nudge_id, "verb": verb, "error": str(error)}})  # noqa: TRY400
            return
        for receipt in receipts:
            _log_receipt(receipt, via)
        self._take_turn()

    def stop(self) -> None:
        """Begin to stop; asked twice, what is in flight is cut off."""
        self._stops_asked += 1
        self._stop.set()
        if self._stops_asked > 1 and self._dispatcher is not None:
            self._dispatcher.abort()

    def look_soon(self) -> None:
        """Take a turn when the loop is free; called by the dispatcher when a delivery changed an occurrence."""
        if self._look is None:
            self._look = asyncio.get_running_loop().call_soon(self._look_now)

    def _look_now(self) -> None:
        self._look = None
        self._take_turn()

    def _listen(self) -> None:
        if sys.platform == "win32":
            return  # Ctrl-C arrives as KeyboardInterrupt, and answers are noticed at the heartbeat
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop)
        loop.add_signal_handler(signal.SIGINT, self.stop)
        loop.add_signal_handler(signal.SIGUSR1, self._take_turn)

    # -- waking -----------------------------------------------------------------------------------------------------

    def _on_alarm(self) -> None:
        self._take_turn()

    def _on_heartbeat(self) -> None:
        reading = read_clocks(self._clock)
        events = compare(self._reading, reading) if self._reading else ()
        self._reading = reading
        for event in events:
            self._note(event)
        zone = self._machine_zone()
        if zone is not self._zone:
            self._note_zone(zone)
        due = self._alarm.instant is None or self._alarm.instant <= reading.wall
        if events or due or self._journal_was_changed():
            self._take_turn()
        elif self._dispatcher is not None:
            self._dispatcher.poke()

    def _journal_was_changed(self) -> bool:
        try:
            return self._journal.data_version() != self._data_version
        except JournalUnavailable:
            return True

    def _take_turn(self) -> None:
        """Take a turn and set the alarm; a journal that cannot be written is tried again at the next heartbeat."""
        if self._dispatcher is None or self._stop.is_set():
            return
        now = self._clock.now()
        if not clock_is_set(now, self._tz_year):
            self._dispatcher.hold()
            logger.warning("clock.not_set", extra={"fields": {"now": now.isoformat()}})
            self._alarm.set(None)
            return
        self._dispatcher.release()
        try:
            self._alarm.set(self._turn.take(now))
            self._data_version = self._journal.data_version()
            self._withdraw_ended()
        except JournalUnavailable as error:
            logger.error("journal.unavailable", extra={"fields": {"error": str(error)}})  # noqa: TRY400
            self._alarm.set(None)
        self._dispatcher.poke()

    def _note(self, event: ClockEvent) -> None:
        kind = f"clock.{type(event).__name__.lower()}"
        fields = {name: getattr(event, name) for name in event.__dataclass_fields__}
        logger.warning(kind, extra={"fields": fields})
        with contextlib.suppress(JournalUnavailable):
            self._journal.note(kind, self._clock.now(), fields)

    def _note_zone(self, zone: ZoneInfo) -> None:
        fields = {"before": str(self._zone), "after": str(zone)}
        self._zone = zone
        logger.warning("zone.changed", extra={"fields": fields})
        with contextlib.suppress(JournalUnavailable):
            self._journal.note("zone.changed", self._clock.now(), fields)
        self._take_turn()

    def _back_up(self) -> None:
        self._journal.backup(self._clock.now())

    # -- messages that are no longer wanted ----------------------------------------------------------------------------

    def _open_messages(self) -> set[tuple[str, str]]:
        return {(name, external) for name in self._channels for external in self._journal.external_ids(name)}

    def _withdraw_ended(self) -> None:
        """Take messages off the screen whose occurrences were answered elsewhere or have lapsed."""
        shown = self._open_messages()
        for name, external in self._shown - shown:
            if name in self._channels:
                task = asyncio.get_running_loop().create_task(self._withdraw(name, external))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        self._shown = shown

    async def _withdraw(self, name: str, external: str) -> None:
        try:
            async with asyncio.timeout(RETRY_SECONDS):
                await self._channels[name].withdraw(external)
        except (OSError, TimeoutError) as error:
            logger.debug("message.kept", extra={"fields": {"channel": name, "error": type(error).__name__}})


def _log_receipt(receipt: AnswerReceipt, via: str) -> None:
    fields = {"person": receipt.person, "habit": receipt.habit, "outcome": receipt.outcome, "via": via}
    logger.info("answer.heard", extra={"fields": fields})
