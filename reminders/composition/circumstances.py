"""What held at a moment for a person: sleep, quiet, a pause, an event, a machine or a daemon that was not awake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import phrase, say
from reminders.domain.facts import Facts
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.read_models import EventRow, Explanation
    from reminders.journal.sqlite_journal import SqliteJournal

NOTED_WITHIN = timedelta(days=60)  # how long after a moment the machine may have slept on before it was noted
STEP_AROUND = timedelta(hours=1)
BREAK_AROUND = timedelta(hours=1)
STARTED, STOPPED = "service.started", "service.stopped"
NO_PROPER_END = phrase("it had not been stopped in good order")


class Kind(StrEnum):
    """What can hold at a moment."""

    ASLEEP = "asleep"  # outside the person's waking hours
    QUIET = "quiet"
    PAUSED = "paused"
    TRAINING = "training"
    BREAK = "break"  # a real one, then or in the hour before: intervals may count from it
    BUSY = "busy"  # an event of a calendar
    MACHINE_ASLEEP = "machine_asleep"
    STALLED = "stalled"  # the machine was awake, the daemon was not let run
    CLOCK_SET = "clock_set"  # the wall clock was set near the moment
    DOWN = "down"  # the daemon was not running
    NEVER_PLANNED = "never_planned"
    BEFORE_RECORD = "before_record"


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstance:
    """One thing that held; ``since`` and ``until`` in UTC, None = not known or still so. ``detail`` may be empty."""

    kind: Kind
    since: datetime | None = None
    until: datetime | None = None
    detail: str = ""


def circumstances_of(
    person: Person,
    zone: ZoneInfo,
    at: datetime,
    asked_at: datetime,
    facts: Facts,
    journal: SqliteJournal | None,
    explanations: Sequence[Explanation],
    *,
    is_running: bool,
) -> tuple[Circumstance, ...]:
    """Return what held at ``at``; ``asked_at`` is the present, ``is_running`` whether a daemon runs then."""
    found = [*_of_the_person(person, zone, at, facts)]
    if at <= asked_at:
        found += _of_the_daemon(at, facts, journal, explanations, is_running=is_running)
        if journal is not None:
            found += _of_the_machine(journal, at)
    return tuple(found)


def _of_the_person(person: Person, zone: ZoneInfo, at: datetime, facts: Facts) -> Iterator[Circumstance]:
    from reminders.planning.guards import Surroundings
    from reminders.planning.wall_time import as_instant, as_seconds, local_date

    seconds = as_seconds(at)
    around = Surroundings(person, zone, local_date(zone, seconds), facts.pauses, facts.calendar)
    if not any(span.holds(seconds) for span in around.awake):
        yield Circumstance(kind=Kind.ASLEEP, detail=str(person.awake))
    for kind, spans in ((Kind.QUIET, around.quiet), (Kind.TRAINING, around.training), (Kind.BUSY, around.busy)):
        for span in spans:
            if span.holds(seconds):
                yield Circumstance(kind=kind, since=as_instant(span.opens), until=as_instant(span.closes))
    for taken in facts.breaks:
        if taken.started <= at < taken.ended + BREAK_AROUND:
            yield Circumstance(kind=Kind.BREAK, since=taken.started, until=taken.ended)
    for pause in facts.pauses:
        if pause.starts_at <= at < pause.ends_at:
            what = pause.habit or say("everything")
            detail = f"{what}: {pause.reason}" if pause.reason else what
            yield Circumstance(kind=Kind.PAUSED, since=pause.starts_at, until=pause.ends_at, detail=detail)


def _of_the_daemon(
    at: datetime,
    facts: Facts,
    journal: SqliteJournal | None,
    explanations: Sequence[Explanation],
    *,
    is_running: bool,
) -> Iterator[Circumstance]:
    began_at = None if journal is None else journal.began_at()
    before, after = (None, None) if journal is None else journal.run_around(at)
    if facts.planned_until is None:
        yield Circumstance(kind=Kind.NEVER_PLANNED)
    elif began_at is not None and at < began_at:
        yield Circumstance(kind=Kind.BEFORE_RECORD, until=began_at)
    elif before is not None:
        yield from _recorded_down(at, facts.planned_until, before, after, is_running=is_running)
    elif at > facts.planned_until and not is_running:
        yield Circumstance(kind=Kind.DOWN, since=facts.planned_until)
    else:
        downs = [down for one in explanations if (down := _down(one, at)) is not None]
        yield from downs[:1]


def _recorded_down(
    at: datetime, planned_until: datetime, before: EventRow, after: EventRow | None, *, is_running: bool
) -> Iterator[Circumstance]:
    """Yield the absence that the starts and stops on record around ``at`` tell of.

    A run without a stop ended at some time after its newest turn.
    """
    until = None if after is None else after.at
    if before.kind == STOPPED:
        yield Circumstance(kind=Kind.DOWN, since=before.at, until=until)
    elif after is None:
        if not is_running and at > planned_until:
            yield Circumstance(kind=Kind.DOWN, since=planned_until, detail=say(NO_PROPER_END))
    elif after.kind == STARTED:
        last_seen_at = after.data.get("last_seen_at")
        since = before.at if last_seen_at is None else max(before.at, datetime.fromisoformat(last_seen_at))
        if at > since:
            yield Circumstance(kind=Kind.DOWN, since=since, until=until, detail=say(NO_PROPER_END))


def _down(explanation: Explanation, at: datetime) -> Circumstance | None:
    """Return the absence of the daemon that an occurrence shows: due then, and only settled later."""
    occurrence = explanation.occurrence
    if (occurrence.state, occurrence.reason) != (OccurrenceState.MISSED, Reason.EXPIRED_DOWN):
        return None
    ended = [event.at for event in explanation.events if event.kind == "occurrence.missed"]
    if not ended or occurrence.nudge_id is not None or not occurrence.first_due_at <= at < ended[-1]:
        return None
    return Circumstance(kind=Kind.DOWN, since=occurrence.first_due_at, until=ended[-1])


def _of_the_machine(journal: SqliteJournal, at: datetime) -> Iterator[Circumstance]:
    for event in journal.service_events(at - STEP_AROUND, at + NOTED_WITHIN):
        match event.kind:
            case "clock.suspended":
                yield from _stretch(Kind.MACHINE_ASLEEP, event, "seconds", at)
            case "clock.stalled":
                yield from _stretch(Kind.STALLED, event, "late_seconds", at)
            case "clock.stepped" if abs(event.at - at) <= STEP_AROUND:
                seconds = float(event.data["seconds"])
                yield Circumstance(kind=Kind.CLOCK_SET, since=event.at, detail=f"{seconds:+.0f} s")
            case _:
                pass


def _stretch(kind: Kind, event: EventRow, key: str, at: datetime) -> Iterator[Circumstance]:
    since = event.at - timedelta(seconds=float(event.data[key]))
    if since <= at < event.at:
        yield Circumstance(kind=kind, since=since, until=event.at)
