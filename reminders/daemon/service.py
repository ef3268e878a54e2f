"""The daemon's life: start, wake, hear, drain. One process, one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import time
from zoneinfo import ZoneInfo

from reminders.daemon.alarm import Alarm
from reminders.daemon.heartbeat import ClockEvent, Reading, clock_is_set, compare, read_clocks
from reminders.daemon.loss_notice import loss_notice
from reminders.daemon.reloading import Reloading
from reminders.daemon.screen import Screen
from reminders.daemon.supply import Supplier, Supply
from reminders.daemon.turn import Turn
from reminders.delivery.dispatcher import Dispatcher
from reminders.domain.answer import AnswerReceipt, Verb
from reminders.domain.errors import JournalUnavailable
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import Clock

BACKUP_AT = time(3, 30)
BEATS_BETWEEN_BUILDS = 4
logger = logging.getLogger("reminders.daemon")


class Service:
    """Holds the pieces together while the daemon runs. Channels report presses to ``heard``."""

    def __init__(
        self,
        *,
        clock: Clock,
        journal: SqliteJournal,
        turn: Turn,
        supplier: Supplier,
        machine_zone: Callable[[], ZoneInfo],
        tz_year: int,
        report: Callable[[Mapping[str, object]], None],
    ) -> None:
        """Take the pieces that exist before the channels do; ``report`` tells other commands how the daemon does."""
        self._clock, self._journal, self._turn = clock, journal, turn
        self._machine_zone, self._tz_year = machine_zone, tz_year
        self._alarm = Alarm(clock)
        self._stop = asyncio.Event()
        self._stops_asked = 0
        self._dispatcher: Dispatcher | None = None
        self._report = report
        self._screen = Screen(journal, clock)
        self._reloading = Reloading(supplier, self._take_supply, self._keep_supply)
        self._beats = 0
        self._reading: Reading | None = None
        self._data_version = -1
        self._degraded: str | None = None
        self._zone: ZoneInfo | None = None
        self._look: asyncio.Handle | None = None

    async def run(self, supply: Supply, dispatcher: Dispatcher, armed: Callable[[], None]) -> None:
        """Run until asked to stop, then drain. ``armed`` is called once everything listens.

        1. listen for signals; 2. arm the alarm, take a turn; 3. send, what the last run left included; 4. say so.
        """
        self._dispatcher = dispatcher
        self._reloading.begin(supply)
        self._listen()
        self._zone, self._reading = self._machine_zone(), read_clocks(self._clock)
        self._alarm.start(self._on_alarm, self._on_heartbeat)
        self._alarm.add_daily("backup", self._back_up, BACKUP_AT, self._zone)
        self._begin_after_loss(supply)
        self._take_turn()
        dispatcher.start()
        self._screen.exchange(supply.channels, supply.discreet)
        armed()
        await self._stop.wait()
        self._alarm.stop()
        await self._reloading.stop()
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
        loop.add_signal_handler(signal.SIGHUP, self._reloading.ask)

    # -- configuration ----------------------------------------------------------------------------------------------

    def _take_supply(self, supply: Supply) -> None:
        """Work with a new household and its channels; what is in flight ends on the old ones."""
        self._turn.household = supply.household
        if self._dispatcher is not None:
            self._dispatcher.exchange_channels(supply.channels, supply.discreet)
        self._note_plainly(
            "configuration.reloaded", {"config": supply.household.source or "built-in starter"}, logging.INFO
        )
        self._report({"config": supply.household.source, "loaded_at": self._clock.now().isoformat(), "refused": None})
        for name, reason in supply.failures:
            logger.warning("channel.unbuildable", extra={"fields": {"channel": name, "error": reason}})
        self._take_turn()
        with contextlib.suppress(JournalUnavailable):
            self._screen.exchange(supply.channels, supply.discreet)

    def _keep_supply(self, problem: str) -> None:
        """Go on with the old household."""
        self._note_plainly(
            "configuration.refused", {"problem": problem, "kept": "the one that was running"}, logging.INFO
        )
        self._report({"loaded_at": self._clock.now().isoformat(), "refused": problem})

    def _begin_after_loss(self, supply: Supply) -> None:
        """After a damaged journal, treat what was due before now as dealt with, and tell everybody once."""
        recovery = self._journal.recovery
        if recovery is None:
            return
        now = self._clock.now()
        logger.error("journal.recovered", extra={"fields": {"put_aside": str(recovery.quarantined)}})
        for person in supply.household.people:
            self._journal.record(TurnRecord(person=person.id, decided_at=now, planned_until=now))
            self._journal.record_notice(loss_notice(person, recovery.restored_from is not None, supply.household, now))

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
        self._reloading.look()
        self._beats += 1
        if self._beats % BEATS_BETWEEN_BUILDS == 0:
            self._reloading.build_again()
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
            self._tell(f"the clock is not set: it says {now:%Y-%m-%d}")
            return
        self._dispatcher.release()
        try:
            self._alarm.set(self._turn.take(now))
            self._data_version = self._journal.data_version()
            self._screen.withdraw_ended()
            self._tell(None)
        except JournalUnavailable as error:
            logger.error("journal.unavailable", extra={"fields": {"error": str(error)}})  # noqa: TRY400
            self._alarm.set(None)
            self._tell(f"the journal: {error}")
        self._dispatcher.poke()

    def _tell(self, degraded: str | None) -> None:
        """Let ``status`` know when the daemon cannot do its work, and why; None = it can."""
        if degraded != self._degraded:
            self._degraded = degraded
            self._report({"degraded": degraded})

    def _note(self, event: ClockEvent) -> None:
        self._note_plainly(
            f"clock.{type(event).__name__.lower()}",
            {name: getattr(event, name) for name in event.__dataclass_fields__},
        )

    def _note_plainly(self, kind: str, fields: Mapping[str, object], level: int = logging.WARNING) -> None:
        """Log what happened to the service itself and put it on record."""
        logger.log(level, kind, extra={"fields": dict(fields)})
        with contextlib.suppress(JournalUnavailable):
            self._journal.note(kind, self._clock.now(), fields)

    def _note_zone(self, zone: ZoneInfo) -> None:
        before, self._zone = self._zone, zone
        self._note_plainly("zone.changed", {"before": str(before), "after": str(zone)})
        self._take_turn()

    def _back_up(self) -> None:
        self._journal.backup(self._clock.now())


def _log_receipt(receipt: AnswerReceipt, via: str) -> None:
    fields = {"person": receipt.person, "habit": receipt.habit, "outcome": receipt.outcome, "via": via}
    logger.info("answer.heard", extra={"fields": fields})
