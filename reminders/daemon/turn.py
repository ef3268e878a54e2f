"""One turn: gather what the journal knows, decide what is due, record it in one transaction a person.

Sending is not its business: the deliveries it queues are taken up by the dispatcher.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.errors import JournalFault, JournalUnavailable
from reminders.domain.facts import Facts
from reminders.domain.household import Household
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import Occurrence, Reason
from reminders.domain.person import Person
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.due import due_now
from reminders.planning.nudge_text import Composition

LOOK_BACK = timedelta(days=2)
LOOK_AHEAD = timedelta(days=2)
logger = logging.getLogger("reminders.daemon")

Recent = Mapping[str, tuple[str, ...]]
ZoneOf = Callable[[Person], ZoneInfo]


class Composer(Protocol):
    """Put the asks of one nudge into words; ``recent`` are the variants used last, newest first, per habit."""

    def __call__(
        self, person: Person, sends: tuple[Decision, ...], recent: Recent, zone: ZoneInfo, *, flare: bool
    ) -> Composition:
        """Return the words; ``flare`` = a bad day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moment:
    """Whom a nudge is for, where and when; ``flare`` = a bad day."""

    person: Person
    zone: ZoneInfo
    now: datetime
    flare: bool


class Turn:
    """Takes turns for a household; ``take`` is called whenever something may be due."""

    def __init__(self, household: Household, journal: SqliteJournal, zone_of: ZoneOf, compose: Composer) -> None:
        """Keep the pieces; nothing happens before ``take``."""
        self.household = household
        self._journal, self._zone_of, self._compose = journal, zone_of, compose
        self._full_since: datetime | None = None

    def take(self, now: datetime) -> datetime:
        """Record everything due at ``now`` and return when to look again. Raises JournalUnavailable."""
        try:
            next_at = self._take(now)
        except JournalUnavailable as error:
            if error.cause is JournalFault.DISK_FULL:
                self._full_since = self._full_since or now
            raise
        self._full_since = None
        return next_at

    def _take(self, now: datetime) -> datetime:
        for occurrence in self._journal.close_expired(now):
            _log_end(occurrence)
        looks = [self._serve(person, now) for person in self.household.people]
        deadline = self._journal.next_deadline()
        looks += [deadline] if deadline is not None else []
        return max(min(looks), now + timedelta(seconds=1))

    def _serve(self, person: Person, now: datetime) -> datetime:
        zone = self._zone_of(person)
        facts = self._gather(person, now)
        due = due_now(person, zone, facts, now)
        flare = any(pause.flare and pause.starts_at <= now < pause.ends_at for pause in facts.pauses)
        moment = _Moment(person=person, zone=zone, now=now, flare=flare)
        nudges = self._nudges(moment, due.decisions, due.missed)
        decisions = tuple(self._explained(decision) for decision in due.decisions)
        record = TurnRecord(person=person.id, decided_at=now, decisions=decisions, nudges=nudges, planned_until=now)
        self._journal.record(record)
        for decision in decisions:
            _log_decision(decision)
        return due.next_at

    def _explained(self, decision: Decision) -> Decision:
        """Return the decision with the true reason of a miss: what ended while the disk was full was not asleep."""
        verdict, full_since = decision.verdict, self._full_since
        is_miss = isinstance(verdict, Suppress) and verdict.reason is Reason.EXPIRED_DOWN
        if is_miss and full_since is not None and decision.expires_at > full_since:
            return replace(decision, verdict=Suppress(Reason.DISK_FULL))
        return decision

    def _gather(self, person: Person, now: datetime) -> Facts:
        facts = self._journal.facts(person.id, now - LOOK_BACK, now + LOOK_AHEAD)
        if facts.planned_until is not None and facts.planned_until < now - LOOK_BACK / 2:
            return self._journal.facts(person.id, facts.planned_until - LOOK_BACK, now + LOOK_AHEAD)
        return facts

    def _nudges(self, moment: _Moment, decisions: Sequence[Decision], missed: int) -> tuple[Nudge, ...]:
        together: dict[str, list[Decision]] = {}
        for decision in decisions:
            if isinstance(decision.verdict, Send):
                together.setdefault(decision.verdict.nudge_id, []).append(decision)
        nudges = [self._nudge(moment, name, tuple(sends)) for name, sends in together.items()]
        if nudges and missed:
            nudges[-1] = replace(nudges[-1], text=f"{nudges[-1].text}\n{_digest(missed)}")
        return tuple(nudges)

    def _nudge(self, moment: _Moment, nudge_id: str, sends: tuple[Decision, ...]) -> Nudge:
        habits = [habit for send in sends if (habit := moment.person.habit(send.habit)) is not None]
        words = self._words(moment, sends)
        return Nudge(
            id=nudge_id,
            person=moment.person.id,
            kind=NudgeKind.RESEND if "#" in nudge_id else NudgeKind.ASK,
            asks=words.asks,
            title=words.title,
            text=words.text,
            discreet_text=words.discreet_text,
            created_at=moment.now,
            expires_at=min(send.expires_at for send in sends),
            send_to=_each_once(name for habit in habits for name in habit.send_to),
            fallback=_each_once(name for habit in habits for name in habit.fallback),
            resend_unknown=all(habit.resend_unknown for habit in habits),
        )

    def _words(self, moment: _Moment, sends: tuple[Decision, ...]) -> Composition:
        person = moment.person
        recent = {send.habit: self._journal.recent_variants(person.id, send.habit, 100) for send in sends}
        try:
            return self._compose(person, sends, recent, moment.zone, flare=moment.flare)
        except Exception as error:  # a slip in one text must not stop the clock: the plain name is sent instead
            fields = {"person": person.id, "habits": [send.habit for send in sends], "error": type(error).__name__}
            logger.exception("nudge.composed_plainly", extra={"fields": fields})
            return _plain(sends)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _digest(missed: int) -> str:
    return (
        f"({missed} earlier {'nudge was' if missed == 1 else 'nudges were'} missed while this service was not awake.)"
    )


def _plain(sends: tuple[Decision, ...]) -> Composition:
    names = [send.habit.replace("_", " ") for send in sends]
    asks = tuple(
        Ask(occurrence_id=send.occurrence_id, habit=send.habit, text=name)
        for send, name in zip(sends, names, strict=True)
    )
    title = " + ".join(names).capitalize()
    return Composition(title=title, text="\n".join(names), discreet_text="It is time.", asks=asks)


def _log_decision(decision: Decision) -> None:
    verdict = decision.verdict
    fields = {"person": decision.person, "habit": decision.habit, "slot": decision.slot_key}
    if isinstance(verdict, Send):
        logger.info("nudge.decided", extra={"fields": {**fields, "nudge": verdict.nudge_id}})
    else:
        kind = type(verdict).__name__.lower()
        logger.debug("occurrence.decided", extra={"fields": {**fields, "decision": kind, "reason": verdict.reason}})


def _log_end(occurrence: Occurrence) -> None:
    fields = {"person": occurrence.person, "habit": occurrence.habit, "slot": occurrence.slot_key}
    logger.info(
        "occurrence.ended", extra={"fields": {**fields, "state": occurrence.state, "reason": occurrence.reason}}
    )
