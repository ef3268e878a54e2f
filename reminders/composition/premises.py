"""The daemon, put together: its channels, and how they are exchanged when the configuration changes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import ENGLISH, language_spoken, speak
from reminders.clock import SystemClock, load_zone, machine_zone
from reminders.composition.answer_topics import answer_topics, millilitres
from reminders.composition.configuration import Loaded, read_afresh
from reminders.composition.kept_variables import KeptVariables, stamp_of
from reminders.composition.outlook import next_send_of
from reminders.composition.surroundings import JOURNAL_NAME, now, zone_of
from reminders.domain.channel import ChannelSpec
from reminders.domain.decision import Decision
from reminders.domain.household import Household
from reminders.domain.person import Person

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.daemon.supply import Supply
    from reminders.domain.nudge import Ask, Nudge
    from reminders.domain.service_words import ServiceWords
    from reminders.planning.nudge_text import Composition
    from reminders.ports import AnswerListener, Channel

MARKS_NAME = "sending"  # the folder for what is on its way, in the data directory


def serve(loaded: Loaded, data_dir: Path) -> int:
    """Run the daemon until it is asked to stop; return the exit code. Raises StartRefused, JournalUnavailable.

    A start is refused in the language spoken. The daemon speaks English, for programs read its log and its record.
    """
    import asyncio

    from reminders.daemon.lock import acquire
    from reminders.daemon.process import forbid_core_dumps

    forbid_core_dumps()
    lock = acquire(data_dir, config=loaded.household.source, started_at=now())
    try:
        asyncio.run(_serve(loaded, data_dir, lock.report, lock.pulse.beat))
    finally:
        lock.release()
    return 0


async def _serve(
    loaded: Loaded,
    data_dir: Path,
    report: Callable[[Mapping[str, object]], None],
    alive: Callable[[float], None],
) -> None:
    from reminders.answers.links import LinkMint
    from reminders.clock import tz_data_year
    from reminders.composition.calendars import calendar_watch
    from reminders.composition.desk import desk_of
    from reminders.composition.page import Bulletin, DaemonHouse, Page
    from reminders.daemon.mishap import spared
    from reminders.daemon.service import Service
    from reminders.daemon.speech import Speech
    from reminders.daemon.start_line import log_start
    from reminders.daemon.turn import Turn
    from reminders.delivery.dispatcher import Dispatcher
    from reminders.journal import soundness
    from reminders.journal.sqlite_journal import SqliteJournal
    from reminders.sensors.calendar_shelf import CalendarShelf

    clock = SystemClock()
    journal = SqliteJournal.open(data_dir / JOURNAL_NAME, check=True, now=clock.now())
    is_in_order = False
    refused_in = language_spoken()
    speak(ENGLISH)
    try:
        turn = Turn(loaded.household, journal, zone_of, _compose, _compose_again)
        supplier = Supplier(loaded.path, data_dir)
        bulletin = Bulletin(report)
        service = Service(
            clock=clock,
            journal=journal,
            turn=turn,
            supplier=supplier,
            machine_zone=_machine_zone_now,
            tz_year=tz_data_year(),
            report=bulletin.report,
            millilitres=millilitres,
            alive=alive,
        )
        shelf = CalendarShelf(data_dir)
        turn.events_of = shelf.events
        service.calendars = calendar_watch(shelf, service.look_soon)
        service.desk = desk_of(journal, bulletin.report, service.look_soon)
        turn.context_of = service.desk.context_of
        supplier.listener = service.heard
        house = DaemonHouse(data_dir=data_dir, config=supplier.path, turn=turn, service=service, bulletin=bulletin)
        page = service.annex = Page(house, bulletin.report)
        page.prepare(loaded.household.web, refused_in=refused_in)
        supply = await supplier.build(loaded.household, None)
        mint = LinkMint(journal.add_link, lambda: page.served)
        dispatcher = Dispatcher(
            supply.channels,
            journal,
            clock,
            service.look_soon,
            discreet=supply.discreet,
            link_for=mint.link_for,
            words_of=Speech(lambda: turn.household).of,
        )
        house.begin(dispatcher, supply)

        def armed() -> None:
            moment = clock.now()
            looks = [(person, partial(next_send_of, person, journal, moment)) for person in loaded.household.people]
            coming = [(person, spared("look ahead", look, None)) for person, look in looks]
            log_start(loaded.household, supply.failures, machine_zone(), coming, moment, page=page.described)
            gc.enable()  # off since the command began, see ``reminders.__main__``

        await service.run(supply, dispatcher, armed)
        is_in_order = service.degraded is None
    finally:
        journal.close()
        if is_in_order:
            soundness.end(journal.path)


class Supplier:
    """Reads the configuration again and builds its channels; what did not change is kept as it is."""

    def __init__(self, path: str | None, data_dir: Path) -> None:
        """``path`` None = the built-in starter, until a file turns up where one is looked for."""
        from reminders.channels.begun_mark import BegunMarks

        self._path, self._data_dir = path, data_dir
        self._has_public_page = False
        self._people: tuple[Person, ...] = ()
        self._variables = KeptVariables()
        self._marks = BegunMarks(data_dir / MARKS_NAME)
        self._marks.clear()
        self.listener: AnswerListener = _nobody_listens

    def path(self) -> str | None:
        """Return the file to read; None = the starter."""
        from reminders.settings.locate import config_path

        return self._path or config_path(None, os.environ)

    def stamp(self) -> tuple[object, ...]:
        """Return what changes when the file does, or the one of variables, without reading them."""
        path = self.path()
        return (path, stamp_of(path) if path else (), self._variables.stamp())

    async def read(self, running: Supply) -> Supply:
        """Read the files and build what changed. Raises ConfigurationRefused, ChildFailed."""
        self._variables.renew()
        path = self.path()
        loaded = await read_afresh(path, self._data_dir)
        return await self.build(loaded.household, running)

    async def build(self, household: Household, running: Supply | None) -> Supply:
        """Build the household's channels; those of ``running`` whose entry in the file is the same are kept."""
        from reminders.channels.build import build_channels
        from reminders.daemon.child import run_child
        from reminders.daemon.supply import Supply

        self._has_public_page = household.web is not None and household.web.elsewhere is not None
        self._people = household.people
        kept = {} if running is None else _unchanged(running, household)
        specs = [spec for spec in household.channels if spec.name not in kept]
        built = await build_channels(
            specs,
            listener=self.listener,
            run_child=run_child,
            out=sys.stdout,
            clock=SystemClock(),
            marks=self._marks,
            has_public_page=lambda: self._has_public_page,
            words_at=self._words_at,
        )
        # While another channel works, the console does not stand in for one that cannot be built.
        fresh = {} if built.console_stands_in and kept else dict(built.channels)
        channels: dict[str, Channel] = {**kept, **fresh}
        return Supply(
            household=household,
            channels=channels,
            discreet=frozenset(spec.name for spec in household.channels if spec.discreet),
            failures=built.failures,
            answer_topics=answer_topics(household, {name for name, _ in built.failures}),
        )

    def _words_at(self, channel: str) -> ServiceWords:
        """Return the words of the first one who is written to on a channel."""
        from reminders.daemon.speech import words_for

        written_to = (one for one in self._people if any(channel in habit.send_to for habit in one.habits))
        return words_for(next(written_to, None))


def _unchanged(running: Supply, household: Household) -> dict[str, Channel]:
    before: dict[str, ChannelSpec] = {spec.name: spec for spec in running.household.channels}
    failed = {name for name, _ in running.failures}
    return {
        spec.name: running.channels[spec.name]
        for spec in household.channels
        if before.get(spec.name) == spec and spec.name in running.channels and spec.name not in failed
    }


def _nobody_listens(nudge_id: str, verb: str, via: str) -> None:
    """Take a press before the service is there; none can come."""


def _machine_zone_now() -> ZoneInfo:
    return load_zone(machine_zone().name)


def _compose(
    person: Person,
    sends: tuple[Decision, ...],
    recent: Mapping[str, tuple[str, ...]],
    zone: ZoneInfo,
    *,
    flare: bool,
) -> Composition:
    """Put a nudge into the person's words."""
    from reminders.daemon.speech import content_for
    from reminders.planning.wording import compose

    return compose(person, sends, content_for(person), recent, zone, flare=flare)


def _compose_again(person: Person, _about: Nudge, asks: tuple[Ask, ...]) -> Composition:
    """Put asks on record into words once more."""
    from reminders.daemon.speech import content_for
    from reminders.planning.wording import compose_again

    return compose_again(asks, content_for(person))
