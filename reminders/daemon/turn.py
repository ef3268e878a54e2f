"""One turn: gather what the journal knows, decide what is due, record it in one transaction a person.

Sending is not its business: the deliveries it queues are taken up by the dispatcher.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from reminders.daemon.mishap import PeopleInTrouble, described
from reminders.daemon.round import Round
from reminders.daemon.speech import words_for
from reminders.daemon.week_digests import WeekDigests
from reminders.domain.calendar import CalendarEvent
from reminders.domain.context import Context
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.errors import JournalFault, JournalUnavailable
from reminders.domain.facts import Facts
from reminders.domain.household import Household
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import Occurrence, Reason
from reminders.domain.person import Person
from reminders.domain.service_words import ServiceWords
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.due import due_now
from reminders.planning.followup import FollowUpDue, as_recorded
from reminders.planning.moved_training import ids_around
from reminders.planning.nudge_text import Composition

LOOK_BACK = timedelta(days=2)
LOOK_AHEAD = timedelta(days=2)
logger = logging.getLogger("reminders.daemon")

Recent = Mapping[str, tuple[str, ...]]
ZoneOf = Callable[[Person], ZoneInfo]
EventsOf = Callable[[Person, datetime, datetime], tuple[CalendarEvent, ...]]
ContextOf = Callable[[Person], Context | None]
ComposeAgain = Callable[[Person, Nudge, tuple[Ask, ...]], Composition]


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
    """Takes turns for a household; ``take`` is called whenever something may be due.

    ``events_of`` returns the events of a person's calendars around a stretch of time, ``context_of`` what is known of
    a person right now.
    """

    def __init__(
        self,
        household: Household,
        journal: SqliteJournal,
        zone_of: ZoneOf,
        compose: Composer,
        compose_again: ComposeAgain = as_recorded,
    ) -> None:
        """Keep the pieces; nothing happens before ``take``. ``compose_again`` words some asks of a nudge on record."""
        self.household = household
        self._journal, self._zone_of = journal, zone_of
        self._compose, self._compose_again = compose, compose_again
        self._full_since: datetime | None = None
        self._digests = WeekDigests(journal)
        self._in_trouble = PeopleInTrouble()
        self.events_of: EventsOf = _no_events
        self.context_of: ContextOf = _no_context
        self._round = Round()

    @property
    def trouble(self) -> str | None:
        """For whom planning fails, and how; None = for nobody."""
        return self._in_trouble.words()

    @property
    def is_over(self) -> bool:
        """False = there are people it has not come to yet."""
        return self._round.is_over

    def take(self, now: datetime, *, goes_on: bool = False) -> datetime:
        """Record what is due at ``now``, for a few people, and return when to look again. Raises JournalUnavailable.

        While it ``is_over`` no more than in part, it is to be called again soon, to go on where it stopped.
        """
        try:
            next_at = self._take(now, goes_on=goes_on)
        except JournalUnavailable as error:
            if error.cause is JournalFault.DISK_FULL:
                self._full_since = self._full_since or now
            raise
        self._full_since = None
        return next_at

    def _take(self, now: datetime, *, goes_on: bool) -> datetime:
        people = self.household.people
        if not goes_on:
            for occurrence in self._journal.close_expired(now):
                _log_end(occurrence)
            self._in_trouble.begin(self.household)
            self._round.call(people)
        for person in self._round.next(people):
            self._round.note(person, self._in_trouble.serve(person.id, now, partial(self._serve, person, now)))
        if not self._round.is_over:
            return now
        deadline = self._journal.next_deadline()
        looks = (*self._round.looks, *([deadline] if deadline is not None else []))
        return max(min(looks), now + timedelta(seconds=1))

    def _serve(self, person: Person, now: datetime) -> datetime:
        zone = self._zone_of(person)
        facts = self._in_context(person, self._gather(person, now))
        due = due_now(person, zone, facts, now)
        flare = any(pause.flare and pause.starts_at <= now < pause.ends_at for pause in facts.pauses)
        moment = _Moment(person=person, zone=zone, now=now, flare=flare)
        nudges = self._nudges(moment, due.decisions, due.missed)
        decisions = tuple(self._explained(decision) for decision in due.decisions)
        repeats = (self._follow_up(moment, one) for one in due.follow_ups)
        again = tuple(nudge for nudge in repeats if nudge.send_to or nudge.fallback)
        recorded = self._journal.record(
            TurnRecord(
                person=person.id,
                decided_at=now,
                planned_until=now,
                decisions=decisions,
                nudges=nudges,
                follow_ups=again,
            )
        )
        put_again = [nudge for nudge in again if all(ask.occurrence_id in recorded for ask in nudge.asks)]
        for nudge in put_again:
            _log_follow_up(nudge)
        for decision in decisions:
            _log_decision(decision)
        digest_at = self._digests.look(person, zone, facts, now, is_asking=bool(nudges))
        if len(put_again) < len(again):
            return now  # one was answered just now: what is left of its nudge gets words of its own
        return due.next_at if digest_at is None else min(due.next_at, digest_at)

    def _explained(self, decision: Decision) -> Decision:
        """Return the decision with the true reason of a miss: what ended while the disk was full was not asleep."""
        verdict, full_since = decision.verdict, self._full_since
        is_miss = isinstance(verdict, Suppress) and verdict.reason is Reason.EXPIRED_DOWN
        if is_miss and full_since is not None and decision.expires_at > full_since:
            return replace(decision, verdict=Suppress(Reason.DISK_FULL))
        return decision

    def _gather(self, person: Person, now: datetime) -> Facts:
        facts = self._facts(person, now - LOOK_BACK, now + LOOK_AHEAD)
        if facts.planned_until is not None and facts.planned_until < now - LOOK_BACK / 2:
            return self._facts(person, facts.planned_until - LOOK_BACK, now + LOOK_AHEAD)
        return facts

    def _in_context(self, person: Person, facts: Facts) -> Facts:
        context = self.context_of(person)
        return facts if context is None else replace(facts, context=context)

    def _facts(self, person: Person, since: datetime, until: datetime) -> Facts:
        events = self.events_of(person, since, until)
        if not events:
            return self._journal.facts(person.id, since, until)
        facts = self._journal.facts(person.id, since, until, ids_around(person, events, since, until))
        return replace(facts, calendar=events)

    def _nudges(self, moment: _Moment, decisions: Sequence[Decision], missed: int) -> tuple[Nudge, ...]:
        together: dict[str, list[Decision]] = {}
        for decision in decisions:
            if isinstance(decision.verdict, Send):
                together.setdefault(decision.verdict.nudge_id, []).append(decision)
        nudges = [self._nudge(moment, name, tuple(sends)) for name, sends in together.items()]
        if nudges and missed:
            nudges[-1] = replace(nudges[-1], text=f"{nudges[-1].text}\n{words_for(moment.person).missed(missed)}")
        return tuple(nudges)

    def _nudge(self, moment: _Moment, nudge_id: str, sends: tuple[Decision, ...]) -> Nudge:
        habits = [habit for send in sends if (habit := moment.person.habit(send.habit)) is not None]
        words = self._words(moment, sends)
        return Nudge(
            id=nudge_id,
            person=moment.person.id,
            kind=NudgeKind.ASK,
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

    def _follow_up(self, moment: _Moment, due: FollowUpDue) -> Nudge:
        """Put what was left open of an earlier nudge together again, as it was said then."""
        person, about = moment.person, self._journal.nudge(due.about)
        still_open = {occurrence.id for occurrence in due.occurrences}
        asks = tuple(ask for ask in about.asks if ask.occurrence_id in still_open)
        habits = [habit for one in due.occurrences if (habit := person.habit(one.habit)) is not None]
        words = self._words_again(person, about, asks)
        wanted = [again.to or about.send_to for habit in habits if (again := habit.follow_up) is not None]
        return Nudge(
            id=due.nudge_id,
            person=person.id,
            kind=NudgeKind.FOLLOW_UP,
            asks=words.asks,
            title=words.title,
            text=words.text,
            discreet_text=words.discreet_text,
            created_at=moment.now,
            expires_at=min(occurrence.expires_at for occurrence in due.occurrences),
            send_to=_each_once(name for names in wanted for name in names),
            fallback=_each_once(name for habit in habits for name in habit.fallback),
            resend_unknown=all(habit.resend_unknown for habit in habits),
        )

    def _words_again(self, person: Person, about: Nudge, asks: tuple[Ask, ...]) -> Composition:
        try:
            return self._compose_again(person, about, asks)
        except Exception as error:  # noqa: BLE001  as above: it is said as it is on record
            fields = {"person": person.id, "nudge": about.id, "error": described(error)}
            logger.error("nudge.composed_plainly", extra={"fields": fields})  # noqa: TRY400
            return as_recorded(person, about, asks)

    def _words(self, moment: _Moment, sends: tuple[Decision, ...]) -> Composition:
        person = moment.person
        recent = {send.habit: self._journal.recent_variants(person.id, send.habit, 100) for send in sends}
        try:
            return self._compose(person, sends, recent, moment.zone, flare=moment.flare)
        except Exception as error:  # a slip in one text must not stop the clock: the plain name is sent instead
            fields = {"person": person.id, "habits": [send.habit for send in sends], "error": type(error).__name__}
            logger.exception("nudge.composed_plainly", extra={"fields": fields})
            return _plain(sends, words_for(person))


def _no_context(_person: Person) -> Context | None:
    """Return what a daemon knows that looks at no desktop."""
    return None


def _no_events(_person: Person, _since: datetime, _until: datetime) -> tuple[CalendarEvent, ...]:
    """Return what a daemon knows that reads no calendars."""
    return ()


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _plain(sends: tuple[Decision, ...], words: ServiceWords) -> Composition:
    names = [send.habit.replace("_", " ") for send in sends]
    asks = tuple(
        Ask(occurrence_id=send.occurrence_id, habit=send.habit, text=name)
        for send, name in zip(sends, names, strict=True)
    )
    title = " + ".join(names).capitalize()
    return Composition(title=title, text="\n".join(names), discreet_text=words.due, asks=asks)


def _log_decision(decision: Decision) -> None:
    verdict = decision.verdict
    fields = {"person": decision.person, "habit": decision.habit, "slot": decision.slot_key}
    if isinstance(verdict, Send):
        logger.info("nudge.decided", extra={"fields": {**fields, "nudge": verdict.nudge_id}})
    else:
        kind = type(verdict).__name__.lower()
        logger.debug("occurrence.decided", extra={"fields": {**fields, "decision": kind, "reason": verdict.reason}})


def _log_follow_up(nudge: Nudge) -> None:
    fields = {"person": nudge.person, "nudge": nudge.id, "habits": [ask.habit for ask in nudge.asks]}
    logger.info("nudge.followed_up", extra={"fields": fields})


def _log_end(occurrence: Occurrence) -> None:
    fields = {"person": occurrence.person, "habit": occurrence.habit, "slot": occurrence.slot_key}
    logger.info(
        "occurrence.ended", extra={"fields": {**fields, "state": occurrence.state, "reason": occurrence.reason}}
    )
