"""The only place where concrete classes meet: commands come in here, the house is put together here.

Heavy imports sit inside the functions that need them: ``status`` and ``done`` must stay quick.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reminders.clock import SystemClock, load_zone, machine_zone
from reminders.domain.decision import Decision, Defer, Send
from reminders.domain.delivery import Message, SendResult
from reminders.domain.errors import ConfigurationRefused, Problem, Severity
from reminders.domain.facts import Facts
from reminders.domain.household import Household
from reminders.domain.person import Person

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.catalogue.texts import FlareTexts
    from reminders.daemon.lock import RunningDaemon
    from reminders.journal.sqlite_journal import SqliteJournal
    from reminders.planning.wording import Composition

JOURNAL_NAME = "journal.db"
SETTINGS_MODULE = "reminders.settings"
SETTINGS_DEADLINE_SECONDS = 20.0
SETTINGS_MEMORY_BYTES = 512 * 1024 * 1024
TEST_DEADLINE_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A configuration that can be used; ``path`` None = the built-in starter."""

    household: Household
    warnings: tuple[Problem, ...]
    path: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """Everything wrong with a configuration, errors and warnings, by line; ``path`` None = the built-in starter."""

    problems: tuple[Problem, ...]
    path: str | None
    household: Household | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRow:
    """One decision of the plan, put into words; instants in UTC, None where nothing would be sent."""

    due_at: datetime
    send_at: datetime | None
    person: str
    habit: str
    slot_key: str
    decision: str
    reason: str | None
    detail: str | None
    nudge: str | None
    title: str | None
    text: str | None
    send_to: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TestSend:
    """How a test message to one channel went."""

    channel: str
    result: SendResult


def now() -> datetime:
    """Return the wall clock, aware, in UTC."""
    return SystemClock().now()


def data_directory(option: str | None) -> Path:
    """Return where the daemon keeps its files: ``--data-dir``, the environment, else the user's state directory."""
    from reminders.settings.locate import data_directory as locate

    return locate(option, os.environ)


def running(data_dir: Path) -> RunningDaemon | None:
    """Return the daemon that serves the data directory, or None."""
    from reminders.daemon.lock import running_daemon

    return running_daemon(data_dir)


def poke(data_dir: Path) -> bool:
    """Tell the daemon that the journal changed; False when none is running."""
    from reminders.daemon.lock import poke as poke_daemon

    return poke_daemon(data_dir)


def zone_of(person: Person) -> ZoneInfo:
    """Return the person's home zone, or the machine's as it is now."""
    return load_zone(person.zone or machine_zone().name)


def open_journal(data_dir: Path, *, read_only: bool = False) -> SqliteJournal | None:
    """Open the journal; None when it is to be read only and there is none yet. Raises JournalUnavailable."""
    from reminders.journal.sqlite_journal import SqliteJournal

    path = data_dir / JOURNAL_NAME
    if read_only and not path.exists():
        return None
    return SqliteJournal.open(path, read_only=read_only)


# -- configuration --------------------------------------------------------------------------------------------------


def configuration_path(option: str | None, data_dir: Path) -> str | None:
    """Return the file that counts: the option, the running daemon's, the first place that has one; None = starter."""
    from reminders.settings.locate import config_path

    if option is None and (daemon := running(data_dir)) is not None and daemon.pid is not None:
        return daemon.config
    return config_path(option, os.environ)


def check(option: str | None, data_dir: Path) -> Checked:
    """Read the configuration afresh, in a child, and return everything that is wrong with it."""
    path = configuration_path(option, data_dir)
    household, problems = _read(path)
    return Checked(problems=problems, path=path, household=household)


def load(option: str | None, data_dir: Path, *, keep: bool = True) -> Loaded:
    """Return the configuration; an unchanged file is not read a second time. Raises ConfigurationRefused.

    ``keep`` False = nothing is written, for commands that only read.
    """
    return load_file(configuration_path(option, data_dir), data_dir, keep=keep)


def load_file(path: str | None, data_dir: Path, *, keep: bool = True) -> Loaded:
    """Return the configuration of one file (None = starter); ``keep`` as in ``load``. Raises ConfigurationRefused."""
    from reminders.settings import compiled
    from reminders.settings.locate import create_data_directory

    fingerprint = compiled.fingerprint(path, os.environ)
    known = compiled.load(data_dir, fingerprint) if fingerprint else None
    if known is not None:
        return Loaded(household=known.household, warnings=known.warnings, path=path)
    household, problems = _read(path)
    if household is None:
        raise ConfigurationRefused(problems)
    warnings = tuple(problem for problem in problems if problem.severity is Severity.WARNING)
    if fingerprint and keep:
        # A cache that cannot be written costs the next start a moment, nothing else.
        with contextlib.suppress(OSError):
            create_data_directory(data_dir)
            fresh = compiled.Compiled(fingerprint=fingerprint, household=household, warnings=warnings)
            compiled.save(fresh, data_dir)
    return Loaded(household=household, warnings=warnings, path=path)


def _read(path: str | None) -> tuple[Household | None, tuple[Problem, ...]]:
    from reminders.daemon.child import run_child_now
    from reminders.settings.compiled import household_from_json
    from reminders.settings.problems import problems_from_json

    reply = run_child_now(
        SETTINGS_MODULE,
        {"path": path},
        deadline_seconds=SETTINGS_DEADLINE_SECONDS,
        memory_limit_bytes=SETTINGS_MEMORY_BYTES,
    )
    answer = cast("dict[str, Any]", reply)
    household = answer["household"]
    problems = problems_from_json(answer["problems"])
    return None if household is None else household_from_json(household), problems


# -- looking ahead --------------------------------------------------------------------------------------------------


def facts_for(journal: SqliteJournal | None, person: Person, since: datetime, until: datetime) -> Facts:
    """Return what the journal knows; nothing when there is none."""
    return Facts() if journal is None else journal.facts(person.id, since - timedelta(days=2), until)


def plan_rows(
    loaded: Loaded, data_dir: Path, *, start: datetime, days: int, person: str | None = None
) -> list[PlanRow]:
    """Return what would be sent, what would not, and why; see ``planning.forecast``. Writes nothing."""
    journal = open_journal(data_dir, read_only=True)
    try:
        people = [p for p in loaded.household.people if person in (None, p.id)]
        rows = [row for who in people for row in _rows_of(who, journal, start, days)]
    finally:
        if journal is not None:
            journal.close()
    return sorted(rows, key=lambda row: (row.send_at or row.due_at, row.due_at))


def _rows_of(person: Person, journal: SqliteJournal | None, start: datetime, days: int) -> list[PlanRow]:
    from reminders.planning.forecast import forecast

    zone, moment = zone_of(person), now()
    facts = facts_for(journal, person, min(start, moment), max(start, moment) + timedelta(days=days + 1))
    # What was to be sent earlier today and is not on record went unanswered; of days gone by nothing is known.
    assumed_from = moment if start >= moment - timedelta(days=1) else None
    decisions = list(forecast(person, zone, start, days, facts, assumed_from))
    recent = {h.id: journal.recent_variants(person.id, h.id, 100) if journal else () for h in person.habits}
    words = _words_of(person, decisions, recent, zone)
    return [_row(person, decision, words) for decision in decisions]


def _words_of(
    person: Person, decisions: Sequence[Decision], recent: dict[str, tuple[str, ...]], zone: ZoneInfo
) -> dict[str, Composition]:
    """Put each nudge of the plan into words, remembering what was said before it."""
    from reminders.catalogue.content import load_content
    from reminders.planning.wording import compose

    content = load_content()
    together: dict[str, list[Decision]] = {}
    for decision in decisions:
        if isinstance(decision.verdict, Send):
            together.setdefault(decision.verdict.nudge_id, []).append(decision)
    words = {}
    for name, sends in sorted(together.items(), key=lambda item: cast("Send", item[1][0].verdict).at):
        words[name] = compose(person, tuple(sends), content, recent, zone)
        for ask in words[name].asks:
            recent[ask.habit] = (ask.variant, *recent.get(ask.habit, ()))
    return words


def _row(person: Person, decision: Decision, words: dict[str, Composition]) -> PlanRow:
    verdict = decision.verdict
    habit = person.habit(decision.habit)
    base = PlanRow(
        due_at=decision.due_at,
        send_at=None,
        person=person.id,
        habit=decision.habit,
        slot_key=decision.slot_key,
        decision=type(verdict).__name__.lower(),
        reason=verdict.reason.value if verdict.reason else None,
        detail=None,
        nudge=None,
        title=None,
        text=None,
        send_to=(),
    )
    if isinstance(verdict, Send):
        said = words[verdict.nudge_id]
        send_to = habit.send_to if habit else ()
        return replace(
            base, send_at=verdict.at, nudge=verdict.nudge_id, title=said.title, text=said.text, send_to=send_to
        )
    return base if isinstance(verdict, Defer) else replace(base, detail=verdict.detail)


def _next_send(person: Person, journal: SqliteJournal | None, moment: datetime) -> Decision | None:
    from reminders.planning.forecast import next_send

    facts = facts_for(journal, person, moment, moment + timedelta(days=2))
    return next_send(person, zone_of(person), facts, moment)


def next_sends(loaded: Loaded, journal: SqliteJournal | None) -> list[tuple[Person, Decision | None]]:
    """Return each person's next Send; None for one with nothing in sight."""
    moment = now()
    return [(person, _next_send(person, journal, moment)) for person in loaded.household.people]


def flare_texts() -> FlareTexts:
    """Return the fixed words for a bad day."""
    from reminders.catalogue.content import load_content

    return load_content().flare


def pauses_in_flare() -> frozenset[str]:
    """Return the built-in habits that rest on a bad day."""
    from reminders.catalogue.content import load_content

    return frozenset(habit.id for habit in load_content().habits.values() if habit.pauses_in_flare)


# -- sending --------------------------------------------------------------------------------------------------------


def send_test(loaded: Loaded, names: Sequence[str]) -> list[TestSend]:
    """Send a test message to each named channel and return how it went."""
    import asyncio

    return asyncio.run(_send_test(loaded, names))


async def _send_test(loaded: Loaded, names: Sequence[str]) -> list[TestSend]:
    from reminders.channels.build import build_channels
    from reminders.daemon.child import run_child
    from reminders.domain.delivery import SendOutcome

    specs = [spec for spec in loaded.household.channels if spec.name in names]
    built = await build_channels(
        specs, listener=lambda *_: None, run_child=run_child, out=sys.stdout, clock=SystemClock()
    )
    message = Message(
        nudge_id=f"test/{now():%Y-%m-%dT%H:%M:%S}",
        title="Reminders: a test",
        text="This channel works. Nudges will arrive here.",
        expires_at=now() + timedelta(minutes=10),
    )
    sends = []
    for spec in specs:
        failure = dict(built.failures).get(spec.name)
        if failure is not None:
            result = SendResult(outcome=SendOutcome.REJECTED, detail=failure)
        else:
            result = await built.channels[spec.name].send(message, TEST_DEADLINE_SECONDS)
        sends.append(TestSend(channel=spec.name, result=result))
    for channel in built.channels.values():
        await channel.close()
    return sends


# -- the daemon -----------------------------------------------------------------------------------------------------


def serve(loaded: Loaded, data_dir: Path) -> int:
    """Run the daemon until it is asked to stop; return the exit code. Raises StartRefused, JournalUnavailable."""
    import asyncio

    from reminders.daemon.lock import acquire

    lock = acquire(data_dir, config=loaded.path, started_at=now())
    try:
        asyncio.run(_serve(loaded, data_dir))
    finally:
        lock.release()
    return 0


async def _serve(loaded: Loaded, data_dir: Path) -> None:
    from reminders.channels.build import build_channels
    from reminders.clock import tz_data_year
    from reminders.daemon.child import run_child
    from reminders.daemon.service import Service
    from reminders.daemon.start_line import log_start
    from reminders.daemon.turn import Turn
    from reminders.delivery.dispatcher import Dispatcher
    from reminders.journal.sqlite_journal import SqliteJournal

    clock = SystemClock()
    household = loaded.household
    journal = SqliteJournal.open(data_dir / JOURNAL_NAME, check=True)
    try:
        turn = Turn(household, journal, zone_of, _compose)
        service = Service(
            clock=clock, journal=journal, turn=turn, machine_zone=_machine_zone_now, tz_year=tz_data_year()
        )
        built = await build_channels(
            household.channels, listener=service.heard, run_child=run_child, out=sys.stdout, clock=clock
        )
        discreet = frozenset(spec.name for spec in household.channels if spec.discreet)
        dispatcher = Dispatcher(built.channels, journal, clock, service.look_soon, discreet=discreet)

        def armed() -> None:
            moment = clock.now()
            coming = [(person, _next_send(person, journal, moment)) for person in household.people]
            log_start(household, built.failures, machine_zone(), coming, moment)

        await service.run(dict(built.channels), dispatcher, armed)
    finally:
        journal.close()


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
    """Put a nudge into words; the catalogue is let go of again, it is needed a few minutes a day."""
    from reminders.catalogue.content import load_content
    from reminders.planning.wording import compose

    try:
        return compose(person, sends, load_content(), recent, zone, flare=flare)
    finally:
        load_content.cache_clear()
