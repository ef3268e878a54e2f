"""The daemon's life: start, wake, hear, drain. One process, one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from reminders.background.notify import Notifier
from reminders.catalogue.phrases import phrase
from reminders.daemon.alarm import Alarm
from reminders.daemon.annex import Annex
from reminders.daemon.calendar_watch import CalendarWatch
from reminders.daemon.clock_watch import ClockWatch
from reminders.daemon.desk import Desk
from reminders.daemon.heartbeat import BEAT, ClockEvent
from reminders.daemon.listening import Listening
from reminders.daemon.loss_notice import loss_notice
from reminders.daemon.mishap import described, spared
from reminders.daemon.reloading import Reloading
from reminders.daemon.run_log import RunLog
from reminders.daemon.screen import Screen
from reminders.daemon.speech import Speech
from reminders.daemon.supply import Supplier, Supply
from reminders.daemon.turn import Turn
from reminders.daemon.upkeep import Upkeep
from reminders.delivery.dispatcher import Dispatcher
from reminders.domain.answer import AnswerReceipt, Verb
from reminders.domain.context import Presence
from reminders.domain.errors import JournalUnavailable
from reminders.domain.nudge import Nudge
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.answering import shortest_snooze
from reminders.ports import Clock

UPKEEP_AT = time(3, 30)
BEATS_BETWEEN_BUILDS = 4
_CLOCK_NOT_SET = phrase("the clock is not set: it says {date}")
_UNFORESEEN = phrase("an error that nobody foresaw: {error}")
logger = logging.getLogger("reminders.daemon")


class Service:
    """Holds the pieces together while the daemon runs. Channels report presses to ``heard``.

    ``degraded`` is why it cannot do its work; None = it can. ``annex`` is opened and shut with it, ``calendars`` and
    the ``desk`` are watched while it runs; None = without.
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
        millilitres: Callable[[str], int | None],
        beat: timedelta = BEAT,
        notifier: Notifier | None = None,
        alive: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Take the pieces that exist before the channels do; ``report`` tells other commands how the daemon does.

        ``millilitres`` reads an amount that comes with an answer, None for what is none.
        ``notifier`` speaks to the supervisor that started this process; None = the one its environment names.
        ``alive`` is told the seconds of the monotonic clock at every heartbeat.
        """
        self._notifier = notifier or Notifier()
        self._clock, self._journal, self._turn = clock, journal, turn
        self._alive, self._run_log = alive, RunLog(journal)
        self.last_beat_at = clock.now()
        self._machine_zone = machine_zone
        self._alarm = Alarm(clock, beat)
        self._watch = ClockWatch(clock, journal, tz_year, beat)
        self._stop = asyncio.Event()
        self._stops_asked = 0
        self._dispatcher: Dispatcher | None = None
        self._report = report
        self._screen = Screen(journal, clock, Speech(lambda: turn.household).of)
        self._listening = Listening(
            journal,
            clock,
            is_clock_set=self._watch.is_set,
            answered=self._take_receipts,
            told=lambda unheard: self._report({"unheard": dict(unheard)}),
            millilitres=millilitres,
            snooze_of=self._snooze_of,
        )
        self._reloading = Reloading(supplier, self._take_supply, self._keep_supply)
        self._beats = 0
        self._data_version = -1
        self.degraded: str | None = None
        self.annex: Annex | None = None
        self.calendars: CalendarWatch | None = None
        self.desk: Desk | None = None
        self._unheard: list[tuple[str, Verb, datetime, str]] = []  # nudge, verb, when and through which door
        self._zone: ZoneInfo | None = None
        self._look: asyncio.Handle | None = None
        self._rest: asyncio.Handle | None = None

    async def run(self, supply: Supply, dispatcher: Dispatcher, armed: Callable[[], None]) -> None:
        """Run until asked to stop, then drain. ``armed`` is called once everything listens.

        1. listen for signals; 2. arm the alarm, take a turn; 3. send, what the last run left included; 4. say so.
        """
        self._dispatcher = dispatcher
        self._reloading.begin(supply)
        self._listen()
        self._zone = self._machine_zone()
        self._alive(self._clock.monotonic())
        self._alarm.start(self._on_alarm, self._on_heartbeat)
        upkeep = Upkeep(self._journal, self._clock, self._watch.is_set, self._note_plainly)
        self._alarm.add_daily("upkeep", upkeep.run, UPKEEP_AT, self._zone)
        if self._journal.recovery is not None:
            dispatcher.hold()
        self._take_turn()
        dispatcher.start()
        with contextlib.suppress(JournalUnavailable):  # the turn has told
            self._screen.exchange(supply.channels, supply.discreet)
        armed()
        self._watch_calendars(supply)
        self._watch_desk(supply)
        self._listening.exchange(supply.answer_topics)
        if self.annex is not None:
            self.annex.open()
        self._notifier.ready("serving" if self.degraded is None else f"degraded: {self.degraded}")
        await self._stop.wait()
        self._notifier.stopping()
        self._alarm.stop()
        shutting = asyncio.create_task(self._shut_annex())
        await self._reloading.stop()
        await self._listening.stop()
        if self.calendars is not None:
            await self.calendars.stop()
        if self.desk is not None:
            await self.desk.close()
        await dispatcher.drain()
        await shutting
        self._give_up_unheard()
        self._note_end()
        logger.info("service.stopped")

    async def _shut_annex(self) -> None:
        if self.annex is not None:
            await self.annex.close()

    def heard(self, nudge_id: str, verb: str, via: str) -> None:
        """Take an answer from a channel; called on the event loop. One that the journal cannot take now is kept."""
        self._unheard.append((nudge_id, Verb(verb), self._clock.now(), via))
        try:
            self._take_in()
        except JournalUnavailable as error:
            logger.error("answer.kept", extra={"fields": {"nudge": nudge_id, "verb": verb, "error": str(error)}})  # noqa: TRY400
        self._take_turn()

    @property
    def presence(self) -> Presence | None:
        """What the desktop told last; None = nobody looks, or it has told nothing yet."""
        return None if self.desk is None else self.desk.presence

    def _take_receipts(self, receipts: tuple[AnswerReceipt, ...], via: str) -> None:
        """Take note of an answer that is on record already."""
        for receipt in receipts:
            _log_receipt(receipt, via)
        self.look_soon()

    def _take_in(self) -> None:
        """Record the answers heard, each with the moment it was given. Raises JournalUnavailable."""
        while self._unheard:
            nudge_id, verb, at, via = self._unheard[0]
            receipts = self._journal.answer_nudge(nudge_id, verb, at, via, snooze_for=self._snooze_for(nudge_id))
            del self._unheard[0]
            for receipt in receipts:
                _log_receipt(receipt, via)

    def _snooze_for(self, nudge_id: str) -> timedelta | None:
        try:
            return self._snooze_of(self._journal.nudge(nudge_id))
        except KeyError:
            return None

    def _snooze_of(self, nudge: Nudge) -> timedelta:
        return shortest_snooze(self._turn.household.person(nudge.person), nudge)

    def _note_end(self) -> None:
        now = self._clock.now()
        if self._watch.is_set(now):
            with contextlib.suppress(JournalUnavailable):  # the next start will say that this run had no proper end
                self._run_log.end(now)

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
        self._watch_calendars(supply)
        self._watch_desk(supply)
        self._listening.exchange(supply.answer_topics)
        if self.annex is not None:
            self.annex.exchange(supply)
        with contextlib.suppress(JournalUnavailable):
            self._screen.exchange(supply.channels, supply.discreet)

    def _watch_calendars(self, supply: Supply) -> None:
        if self.calendars is not None:
            self.calendars.exchange(supply.household)
        self._look_at_calendars()

    def _watch_desk(self, supply: Supply) -> None:
        if self.desk is not None:
            self.desk.exchange(supply.household)

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
        self._notifier.beat()
        self._alive(self._clock.monotonic())
        self.last_beat_at = self._clock.now()
        events = self._look_at_clocks()
        if events:
            spared("listen anew", self._listening.begin_again, None)
            if self.calendars is not None:
                spared("read calendars anew", self.calendars.hurry, None)
        zone = spared("look for the zone", self._machine_zone, self._zone)
        if zone is not None and zone is not self._zone:
            self._note_zone(zone)
        spared("look for the file", self._reloading.look, None)
        spared("look at the calendars", self._look_at_calendars, None)
        if self.desk is not None and self._watch.is_set(self._clock.now()):
            spared("look at the desk", self.desk.beat, None)
        self._beats += 1
        if self._beats % BEATS_BETWEEN_BUILDS == 0:
            spared("build channels", self._reloading.build_again, None)
        due = self._alarm.instant is None or self._alarm.instant <= self._clock.now()
        is_hindered = self.degraded not in (None, self._turn.trouble)  # a person's own trouble has its own alarm
        if events or due or is_hindered or self._journal_was_changed():
            self._take_turn()
        elif self._dispatcher is not None:
            self._dispatcher.poke()

    def _look_at_calendars(self) -> None:
        if self.calendars is not None and self._watch.is_set(self._clock.now()):
            self.calendars.look()

    def _look_at_clocks(self) -> tuple[ClockEvent, ...]:
        nothing: tuple[ClockEvent, ...] = ()
        events = spared("look at the clocks", self._watch.look, nothing)
        if events and self.desk is not None:
            spared("tell the desk", partial(self.desk.heard, events), None)
        return events

    def _journal_was_changed(self) -> bool:
        try:
            return self._journal.data_version() != self._data_version
        except JournalUnavailable:
            return True

    def _go_on(self) -> None:
        self._rest = None
        self._take_turn(goes_on=True)

    def _take_turn(self, *, goes_on: bool = False) -> None:
        """Take a turn and set the alarm; after an error, whichever it is, the next heartbeat tries again.

        Of many people it serves a few, and goes on once the loop has seen to everything else.
        """
        if self._dispatcher is None or self._stop.is_set():
            return
        self._look_at_clocks()  # a turn between two beats must not mistake a step for time
        now = self._clock.now()
        if not self._watch.is_set(now):
            self._dispatcher.hold()
            self._alarm.set(None)
            self._tell(_CLOCK_NOT_SET.format(date=f"{now:%Y-%m-%d}"))
            return
        try:
            self._begin_after_loss(now)
            self._run_log.begin(now)
            self._dispatcher.release()
            self._take_in()
            self._watch.settle(now)
            next_at = self._turn.take(now, goes_on=goes_on)
            self._alarm.set(next_at if self._turn.is_over else None)
            if not self._turn.is_over and self._rest is None:
                self._rest = asyncio.get_running_loop().call_soon(self._go_on)
            self._data_version = self._journal.data_version()
            self._screen.withdraw_ended()
            self._tell(self._dispatcher.trouble or self._turn.trouble)
        except JournalUnavailable as error:
            logger.error("journal.unavailable", extra={"fields": {"error": str(error)}})  # noqa: TRY400
            self._alarm.set(None)
            self._tell(str(error))
        except Exception as error:  # noqa: BLE001  a heart that beats must find an alarm to set
            logger.error("turn.failed", extra={"fields": {"error": described(error)}})  # noqa: TRY400
            self._alarm.set(None)
            self._tell(_UNFORESEEN.format(error=described(error)))
        self._dispatcher.poke()

    def _tell(self, degraded: str | None) -> None:
        """Let ``status`` know when the daemon cannot do its work, and why; None = it can."""
        if degraded != self.degraded:
            self._notifier.degraded(degraded)
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


def _log_receipt(receipt: AnswerReceipt, via: str) -> None:
    fields = {"person": receipt.person, "habit": receipt.habit, "outcome": receipt.outcome, "via": via}
    logger.info("answer.heard", extra={"fields": fields})
