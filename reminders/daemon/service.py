"""The daemon's life: start, wake, hear, drain. One process, one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.daemon.alarm import Alarm
from reminders.daemon.clock_watch import ClockWatch
from reminders.daemon.heartbeat import BEAT
from reminders.daemon.loss_notice import loss_notice
from reminders.daemon.reloading import Reloading
from reminders.daemon.screen import Screen
from reminders.daemon.supply import Supplier, Supply
from reminders.daemon.turn import Turn
from reminders.delivery.dispatcher import Dispatcher
from reminders.domain.answer import AnswerReceipt, Verb
from reminders.domain.errors import JournalUnavailable
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import Clock

UPKEEP_AT = time(3, 30)
BEATS_BETWEEN_BUILDS = 4
logger = logging.getLogger("reminders.daemon")


class Service:
    """Holds the pieces together while the daemon runs. Channels report presses to ``heard``.

    ``degraded`` is why it cannot do its work; None = it can.
    """

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
        beat: timedelta = BEAT,
    ) -> None:
        """Take the pieces that exist before the channels do; ``report`` tells other commands how the daemon does."""
        self._clock, self._journal, self._turn = clock, journal, turn
        self._machine_zone = machine_zone
        self._alarm = Alarm(clock, beat)
        self._watch = ClockWatch(clock, journal, tz_year, beat)
        self._stop = asyncio.Event()
        self._stops_asked = 0
        self._dispatcher: Dispatcher | None = None
        self._report = report
        self._screen = Screen(journal, clock)
        self._reloading = Reloading(supplier, self._take_supply, self._keep_supply)
        self._beats = 0
        self._data_version = -1
        self.degraded: str | None = None
        self._unheard: list[tuple[str, Verb, datetime, str]] = []  # nudge, verb, when and through which door
        self._zone: ZoneInfo | None = None
        self._look: asyncio.Handle | None = None

    async def run(self, supply: Supply, dispatcher: Dispatcher, armed: Callable[[], None]) -> None:
        """Run until asked to stop, then drain. ``armed`` is called once everything listens.

        1. listen for signals; 2. arm the alarm, take a turn; 3. send, what the last run left included; 4. say so.
        """
        self._dispatcher = dispatcher
        self._reloading.begin(supply)
        self._listen()
        self._zone = self._machine_zone()
        self._alarm.start(self._on_alarm, self._on_heartbeat)
        self._alarm.add_daily("upkeep", self._tidy, UPKEEP_AT, self._zone)
        if self._journal.recovery is not None:
            dispatcher.hold()
        self._take_turn()
        dispatcher.start()
        with contextlib.suppress(JournalUnavailable):  # the turn has told
            self._screen.exchange(supply.channels, supply.discreet)
        armed()
        await self._stop.wait()
        self._alarm.stop()
        await self._reloading.stop()
        await dispatcher.drain()
        self._give_up_unheard()
        logger.info("service.stopped")

    def heard(self, nudge_id: str, verb: str, via: str) -> None:
        """Take an answer from a channel; called on the event loop. One that the journal cannot take now is kept."""
        self._unheard.append((nudge_id, Verb(verb), self._clock.now(), via))
        try:
            self._take_in()
        except JournalUnavailable as error:
            logger.error("answer.kept", extra={"fields": {"nudge": nudge_id, "verb": verb, "error": str(error)}})  # noqa: TRY400
        self._take_turn()

    def _take_in(self) -> None:
        """Record the answers heard, each with the moment it was given. Raises JournalUnavailable."""
        while self._unheard:
            nudge_id, verb, at, via = self._unheard[0]
            receipts = self._journal.answer_nudge(nudge_id, verb, at, via)
            del self._unheard[0]
            for receipt in receipts:
                _log_receipt(receipt, via)

    def _give_up_unheard(self) -> None:
        with contextlib.suppress(JournalUnavailable):
            self._take_in()
        for nudge_id, verb, _, via in self._unheard:
            logger.error("answer.lost", extra={"fields": {"nudge": nudge_id, "verb": verb, "via": via}})

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

    def _begin_after_loss(self, now: datetime) -> None:
        """After a damaged journal, treat what was due before now as dealt with, and tell everybody once.

        Raises JournalUnavailable; nothing is sent before it has succeeded.
        """
        recovery = self._journal.recovery
        if recovery is None:
            return
        household = self._turn.household
        is_restored = recovery.restored_from is not None
        notices = [loss_notice(person, is_restored, household, now) for person in household.people]
        self._journal.settle_recovery([person.id for person in household.people], notices, now)
        restored_from = str(recovery.restored_from) if is_restored else None
        fields = {"put_aside": str(recovery.quarantined), "error": recovery.reason, "restored_from": restored_from}
        logger.error("journal.recovered", extra={"fields": fields})

    # -- waking -----------------------------------------------------------------------------------------------------

    def _on_alarm(self) -> None:
        self._take_turn()

    def _on_heartbeat(self) -> None:
        events = self._watch.look()
        zone = self._machine_zone()
        if zone is not self._zone:
            self._note_zone(zone)
        self._reloading.look()
        self._beats += 1
        if self._beats % BEATS_BETWEEN_BUILDS == 0:
            self._reloading.build_again()
        due = self._alarm.instant is None or self._alarm.instant <= self._clock.now()
        if events or due or self.degraded is not None or self._journal_was_changed():
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
        if not self._watch.is_set(now):
            self._dispatcher.hold()
            self._alarm.set(None)
            self._tell(f"the clock is not set: it says {now:%Y-%m-%d}")
            return
        try:
            self._begin_after_loss(now)
            self._dispatcher.release()
            self._take_in()
            self._watch.settle(now)
            self._alarm.set(self._turn.take(now))
            self._data_version = self._journal.data_version()
            self._screen.withdraw_ended()
            self._tell(self._dispatcher.trouble)
        except JournalUnavailable as error:
            logger.error("journal.unavailable", extra={"fields": {"error": str(error)}})  # noqa: TRY400
            self._alarm.set(None)
            self._tell(str(error))
        self._dispatcher.poke()

    def _tell(self, degraded: str | None) -> None:
        """Let ``status`` know when the daemon cannot do its work, and why; None = it can."""
        self.degraded = degraded
        self._report({"degraded": degraded})

    def _note_plainly(self, kind: str, fields: Mapping[str, object], level: int = logging.WARNING) -> None:
        """Log what happened to the service itself and put it on record."""
        logger.log(level, kind, extra={"fields": dict(fields)})
        with contextlib.suppress(JournalUnavailable):
            self._journal.note(kind, self._clock.now(), fields)

    def _note_zone(self, zone: ZoneInfo) -> None:
        before, self._zone = self._zone, zone
        self._note_plainly("zone.changed", {"before": str(before), "after": str(zone)})
        self._take_turn()

    def _tidy(self) -> None:
        """Do what is done once a day, while the people sleep."""
        # A quiet process makes too little garbage for Python to look for it soon: a megabyte would gather in a year.
        gc.collect()
        self._back_up()

    def _back_up(self) -> None:
        now = self._clock.now()
        if not self._watch.is_set(now):
            return  # a name from another century would pass for the newest for ever
        try:
            self._journal.backup(now)
        except (JournalUnavailable, OSError) as error:
            self._note_plainly("backup.failed", {"error": str(error)}, logging.ERROR)


def _log_receipt(receipt: AnswerReceipt, via: str) -> None:
    fields = {"person": receipt.person, "habit": receipt.habit, "outcome": receipt.outcome, "via": via}
    logger.info("answer.heard", extra={"fields": fields})
