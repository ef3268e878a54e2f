"""What an answer, an undo or the end of its time makes of an occurrence: an occurrence in, an occurrence out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reminders.catalogue.phrases import phrase, say
from reminders.domain.answer import SNOOZES_AT_MOST, AnswerOutcome, Verb
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.habit import Habit
from reminders.domain.nudge import Nudge
from reminders.domain.occurrence import MISSED_REASONS, Occurrence, OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.domain.schedule import Every

SNOOZE_UNLESS_SAID = timedelta(minutes=15)
ROOM_AFTER_SNOOZE = timedelta(minutes=1)
# How long a Done with nothing open is about an ask at a fixed time that is over; at an interval, one interval.
LAPSE_STAYS = timedelta(minutes=90)
SKIP_STAYS = timedelta(days=1)

_ENDED_BY = {Verb.DONE: OccurrenceState.DONE, Verb.SKIP: OccurrenceState.SKIPPED}


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerEffect:
    """What became of an answer; ``occurrence`` is as it stands afterwards, unchanged when the answer did nothing."""

    outcome: AnswerOutcome
    occurrence: Occurrence
    detail: str = ""

    @property
    def standing(self) -> Verb | None:
        """The verb in force afterwards; None = none."""
        return standing_verb(self.occurrence)

    @property
    def until(self) -> datetime | None:
        """When a snooze in force ends; None without one."""
        return self.occurrence.due_at if self.standing is Verb.SNOOZE else None

    @property
    def is_recorded(self) -> bool:
        """True when the answer changed something and belongs on record."""
        return self.outcome in (AnswerOutcome.COUNTED, AnswerOutcome.LATE)


def is_snoozed(occurrence: Occurrence) -> bool:
    """Tell whether it was put to the person and waits to be put again."""
    return occurrence.state is OccurrenceState.PLANNED and occurrence.waiting and occurrence.sent_at is not None


def is_on_its_way(occurrence: Occurrence) -> bool:
    """Tell whether a nudge for it was decided and no channel has taken it yet."""
    return occurrence.state is OccurrenceState.PLANNED and occurrence.nudge_id is not None and not occurrence.waiting


def is_answerable(occurrence: Occurrence) -> bool:
    """Tell whether a verdict would count: it was put to the person and has not ended.

    After a snooze that has run out it may be on its way once more; what was sent before can be answered all the same.
    """
    return occurrence.sent_at is not None and not occurrence.state.is_terminal


def standing_verb(occurrence: Occurrence) -> Verb | None:
    """Return the verb in force for an occurrence; None = none."""
    if occurrence.state is OccurrenceState.DONE or occurrence.answered_late:
        return Verb.DONE
    if occurrence.state is OccurrenceState.SKIPPED:
        return Verb.SKIP
    return Verb.SNOOZE if is_snoozed(occurrence) else None


def answer(
    occurrence: Occurrence, verb: Verb, now: datetime, *, snooze_for: timedelta, replace_snooze: bool = False
) -> AnswerEffect:
    """Apply one answer; the first terminal verdict wins, and a Done after the end is late.

    ``replace_snooze`` lets a new snooze take the place of one still running, which otherwise stands. Expiry is the
    caller's to apply first, with ``ended``. Raises ValueError for a snooze that is not positive.
    """
    if is_answerable(occurrence):
        if verb is Verb.SNOOZE:
            return _snooze(occurrence, now, snooze_for, replace_snooze=replace_snooze)
        changed = replace(occurrence, state=_ENDED_BY[verb], waiting=False, answered_at=now)
        return AnswerEffect(outcome=AnswerOutcome.COUNTED, occurrence=changed)
    if not occurrence.state.is_terminal:
        detail = say("it has not been sent yet")
        return AnswerEffect(outcome=AnswerOutcome.NOT_SENT, occurrence=occurrence, detail=detail)
    return _after_the_end(occurrence, verb, now)


def _after_the_end(occurrence: Occurrence, verb: Verb, now: datetime) -> AnswerEffect:
    standing = standing_verb(occurrence)
    if standing is not None:
        return AnswerEffect(outcome=AnswerOutcome.ALREADY, occurrence=occurrence, detail=say(_ANSWERED[standing]))
    if verb is Verb.DONE:
        changed = replace(occurrence, answered_late=True, answered_at=now)
        return AnswerEffect(outcome=AnswerOutcome.LATE, occurrence=changed, detail=say(_ENDINGS[occurrence.state]))
    return AnswerEffect(outcome=AnswerOutcome.REFUSED, occurrence=occurrence, detail=say("it has ended already"))


def shortest_snooze(person: Person | None, nudge: Nudge) -> timedelta:
    """Return how long a nudge is snoozed that nobody gave a length for: the shortest of the habits it asks for.

    A habit that the person has no more, and ``person`` None, count as ``SNOOZE_UNLESS_SAID``.
    """
    habits = [None if person is None else person.habit(ask.habit) for ask in nudge.asks]
    snoozes = [SNOOZE_UNLESS_SAID if habit is None else habit.snooze for habit in habits]
    return min(snoozes, default=SNOOZE_UNLESS_SAID)


def interval_of(habit: Habit) -> timedelta | None:
    """Return the interval a habit is asked at; None = it has fixed times."""
    return habit.schedule.interval if isinstance(habit.schedule, Every) else None


def is_meant(last: Occurrence, now: datetime, interval: timedelta | None) -> bool:
    """Tell whether a Done with nothing open is about the last ask: it just lapsed unanswered, or was skipped.

    ``interval`` None = the habit has fixed times.
    """
    if last.state is OccurrenceState.LAPSED and not last.answered_late:
        return now < last.expires_at + (interval or LAPSE_STAYS)
    return last.state is OccurrenceState.SKIPPED and now < last.first_due_at + (interval or SKIP_STAYS)


_ANSWERED = {
    Verb.DONE: phrase("already answered: done"),
    Verb.SKIP: phrase("already answered: skip"),
    Verb.SNOOZE: phrase("already answered: snooze"),
}
_ENDINGS = {
    OccurrenceState.LAPSED: phrase("recorded as late: it had lapsed"),
    OccurrenceState.MISSED: phrase("recorded as late: it had been missed"),
    OccurrenceState.SUPPRESSED: phrase("recorded as late: it had been held back"),
}


def _snooze(occurrence: Occurrence, now: datetime, snooze_for: timedelta, *, replace_snooze: bool) -> AnswerEffect:
    if snooze_for <= timedelta(0):
        raise ValueError(f"a snooze of {snooze_for} is not a time to come")
    if occurrence.waiting and not replace_snooze:
        return AnswerEffect(outcome=AnswerOutcome.ALREADY, occurrence=occurrence, detail=say("already snoozed"))
    if occurrence.snoozes >= SNOOZES_AT_MOST:
        detail = say("snoozed {count} times already", count=SNOOZES_AT_MOST)
        return AnswerEffect(outcome=AnswerOutcome.REFUSED, occurrence=occurrence, detail=detail)
    until = min(now + snooze_for, occurrence.expires_at - ROOM_AFTER_SNOOZE)
    if until <= now:
        detail = say("there is no room for a snooze before it ends")
        return AnswerEffect(outcome=AnswerOutcome.REFUSED, occurrence=occurrence, detail=detail)
    changed = replace(
        occurrence,
        state=OccurrenceState.PLANNED,
        waiting=True,
        due_at=until,
        snoozes=occurrence.snoozes + 1,
        reason=None,
        detail=None,
    )
    return AnswerEffect(outcome=AnswerOutcome.COUNTED, occurrence=changed)


def withdrawn(occurrence: Occurrence, verb: Verb, *, was_waiting: bool, due_before: datetime) -> Occurrence:
    """Take an answer back: the occurrence is what it was, ``waiting`` and due as told, before that answer.

    A snooze that has run out since (sent again, ended) only loses its place in the count of snoozes. Expiry is the
    caller's to apply afterwards, with ``ended``.
    """
    if verb is Verb.SNOOZE:
        fewer = replace(occurrence, snoozes=occurrence.snoozes - 1)
        return _put_back(fewer, was_waiting=was_waiting, due_before=due_before) if is_snoozed(occurrence) else fewer
    unanswered = replace(occurrence, answered_at=None, answered_late=False)
    if occurrence.answered_late:
        return unanswered
    return _put_back(unanswered, was_waiting=was_waiting, due_before=due_before)


def _put_back(occurrence: Occurrence, *, was_waiting: bool, due_before: datetime) -> Occurrence:
    state = OccurrenceState.PLANNED if was_waiting else OccurrenceState.SENT
    return replace(occurrence, state=state, waiting=was_waiting, due_at=due_before)


def ended(occurrence: Occurrence, now: datetime, deliveries: Sequence[Delivery]) -> Occurrence:
    """Return the occurrence as its expiry leaves it; itself while it is not expired, or has ended.

    ``deliveries`` are those of its nudge; while the first attempt is under way, its outcome decides. Sent once and
    unanswered = lapsed. Never sent = missed, unless a deferral of ours outlasted it.
    """
    if occurrence.state.is_terminal or now < occurrence.expires_at:
        return occurrence
    if is_answerable(occurrence):
        return replace(occurrence, state=OccurrenceState.LAPSED, waiting=False)
    if not is_on_its_way(occurrence):
        return _ended_waiting(occurrence)
    if is_in_flight(deliveries):
        return occurrence
    return missed(occurrence, why_missed(deliveries))


def is_in_flight(deliveries: Sequence[Delivery]) -> bool:
    """Tell whether an attempt is under way."""
    return any(delivery.state is DeliveryState.SENDING for delivery in deliveries)


def why_missed(deliveries: Sequence[Delivery]) -> Reason:
    """Return why a nudge that no channel took was missed, from its deliveries alone.

    No channel = there was none, or one refused for good. Offline = every failure was a passing one. Down = there were
    channels and none was ever called.
    """
    if not deliveries or any(delivery.state is DeliveryState.REJECTED for delivery in deliveries):
        return Reason.NO_CHANNEL
    if all(delivery.attempt == 0 for delivery in deliveries):
        return Reason.EXPIRED_DOWN
    return Reason.EXPIRED_OFFLINE


def _ended_waiting(occurrence: Occurrence) -> Occurrence:
    held_back = occurrence.reason is not None and occurrence.reason not in MISSED_REASONS
    if held_back and occurrence.due_at >= occurrence.expires_at:
        return replace(occurrence, state=OccurrenceState.SUPPRESSED, waiting=False)
    return missed(occurrence, Reason.EXPIRED_DOWN)


def given_up(occurrence: Occurrence, reason: Reason) -> Occurrence:
    """Return what becomes of an occurrence on its way that nobody takes, for that reason.

    Missed; one that was sent before is as sent as it was then, and waits for its answer or its end.
    """
    if occurrence.sent_at is not None:
        return replace(occurrence, state=OccurrenceState.SENT)
    return missed(occurrence, reason)


def missed(occurrence: Occurrence, reason: Reason) -> Occurrence:
    """Return the occurrence as missed for that reason."""
    return replace(occurrence, state=OccurrenceState.MISSED, reason=reason, waiting=False)


def taken(occurrence: Occurrence, now: datetime) -> Occurrence:
    """Return the occurrence as sent: a channel took its nudge, or may have; the first time stays."""
    return replace(occurrence, state=OccurrenceState.SENT, sent_at=occurrence.sent_at or now)
