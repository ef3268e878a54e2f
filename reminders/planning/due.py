"""What has to be decided at this moment, and when to look again. Pure: gather comes before it, apply after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Defer, Send, Suppress
from reminders.domain.facts import Facts
from reminders.domain.occurrence import Occurrence, Reason
from reminders.domain.person import Person
from reminders.planning.agenda import Agenda
from reminders.planning.catch_up import CALM_WINDOW, LATE_AFTER, NUDGES_AT_MOST, catch_up
from reminders.planning.day import Day
from reminders.planning.followup import FollowUpDue, follow_ups
from reminders.planning.moved_training import moved_on
from reminders.planning.record import break_around, is_deferred
from reminders.planning.set_forward import without_skipped
from reminders.planning.snooze import about, put_again
from reminders.planning.stillness import break_words
from reminders.planning.wall_time import as_instant, as_seconds, local_date, resolve

_ONE_DAY = timedelta(days=1)
# After a longer absence the older slots are not reconstructed: nobody was served by this service then.
LONGEST_ABSENCE = timedelta(days=400)


@dataclass(frozen=True, kw_only=True, slots=True)
class DueNow:
    """``decisions`` to record at once; ``next_at`` when the next one falls due; ``missed`` how many we failed.

    ``follow_ups`` are to be put again, as no answer came.
    """

    decisions: tuple[Decision, ...]
    next_at: datetime
    missed: int
    follow_ups: tuple[FollowUpDue, ...] = ()


def days_between(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[date]:
    """Yield the local dates from one instant's to the other's."""
    day, end = local_date(zone, as_seconds(first)), local_date(zone, as_seconds(last))
    while day <= end:
        yield day
        day += _ONE_DAY


def decided_until(facts: Facts, now: datetime) -> int:
    """Return the instant up to which every slot is decided, in seconds; just before now when nothing ever was."""
    if facts.planned_until is None:
        return as_seconds(now) - 1
    # Later than now: the clock was just set back, and what falls due in that stretch is told by its name.
    return as_seconds(min(max(facts.planned_until, now - LONGEST_ABSENCE), now))


def due_now(person: Person, zone: ZoneInfo, facts: Facts, now: datetime) -> DueNow:
    """Decide about every slot that fell due since ``facts.planned_until`` and is not on record.

    1. A Send whose moment has come goes out; what is settled later is recorded as deferred until then.
    2. A Send whose moment passed more than a minute ago is caught up with, never in a burst.
    3. A suppressed slot is recorded at its due time, or when the nudge it gave way to leaves.
    4. A deferred occurrence that today's agenda no longer holds is closed; so is one whose break was taken meanwhile.
       One whose training was moved to another day waits for that.
    5. A snoozed one is put again when its time has come.
    6. An unanswered one is followed up, after all others have taken their share of a calm return.
    7. What fell due in a time that a corrected clock jumped over is missed, and nothing of it is caught up with.
    """
    gathered = _Gathered(person, zone, facts, now)
    ahead: list[Decision] = []
    ours: list[Decision] = []
    for decision in gathered.decisions():
        is_ahead = _moment(decision) > now and decision.occurrence_id not in gathered.deferred
        (ahead if is_ahead else ours).append(decision)
    lived = without_skipped(ours, facts.set_forward, now)
    ours = lived.decisions
    snoozed = put_again(gathered.day, facts, now, NUDGES_AT_MOST - gathered.nudges_just_left())
    settled = _settle_late(gathered, ours, ahead, sum(isinstance(d.verdict, Send) for d in snoozed.decisions))
    gone = _orphans(gathered, {decision.occurrence_id for decision in (*ours, *lived.put_off, *ahead)})
    waits = [decision.verdict.until for decision in settled if isinstance(decision.verdict, Defer)]
    fresh = [d for d in settled if not (isinstance(d.verdict, Defer) and gathered.is_on_record(d, d.verdict))]
    midnight = as_instant(resolve(zone, local_date(zone, as_seconds(now)) + _ONE_DAY, 0))
    decisions = (*fresh, *gone, *snoozed.decisions)
    left = NUDGES_AT_MOST - gathered.nudges_just_left() - len(_nudges(decisions) | _soon(ahead, now))
    again = follow_ups(gathered.day, person, facts, now, left)
    moments = [*(_moment(decision) for decision in ahead), *waits, *snoozed.waits_until, *again.waits_until]
    next_at = now if lived.put_off else min([midnight, *moments])
    absences = (d.verdict for d in fresh if d.occurrence_id not in lived.skipped)
    missed = sum(isinstance(verdict, Suppress) and verdict.reason is Reason.EXPIRED_DOWN for verdict in absences)
    return DueNow(decisions=decisions, next_at=next_at, missed=missed, follow_ups=again.due)


class _Gathered:
    """What one look at the clock works with."""

    def __init__(self, person: Person, zone: ZoneInfo, facts: Facts, now: datetime) -> None:
        """Sort out what waits."""
        self.person, self.zone, self.facts, self.now = person, zone, facts, now
        self.since = decided_until(facts, now)
        self.deferred = {occurrence.id: occurrence for occurrence in facts.occurrences if is_deferred(occurrence)}

    def decisions(self) -> Iterator[Decision]:
        """Yield every open decision of the dates up to this one; nothing of tomorrow leaves today."""
        first = min([as_instant(self.since), *(occurrence.first_due_at for occurrence in self.deferred.values())])
        planning = Agenda(self.person, self.zone, self.facts, as_seconds(self.now), self.since)
        for day in days_between(self.zone, first, self.now + CALM_WINDOW):
            yield from planning.decisions(day)

    def day(self) -> Day:
        """Return the local date of this moment."""
        now = as_seconds(self.now)
        return Day(self.person, self.zone, local_date(self.zone, now), self.facts, now, self.since)

    def meant_for(self, decision: Decision) -> datetime:
        """Return when it was to be sent: for one that waits, when that was last put down."""
        waiting = self.deferred.get(decision.occurrence_id)
        return _settled_at(decision) if waiting is None else waiting.due_at

    def is_on_record(self, decision: Decision, verdict: Defer) -> bool:
        """Tell whether the occurrence waits for that very moment already."""
        waiting = self.deferred.get(decision.occurrence_id)
        wanted = (verdict.until, decision.expires_at, verdict.reason)
        return waiting is not None and (waiting.due_at, waiting.expires_at, waiting.reason) == wanted

    def nudges_just_left(self) -> int:
        """Return how many nudges left in the last minutes, repeats of snoozed and unanswered ones included."""
        begin = self.now - CALM_WINDOW
        repeated = (one for one in self.facts.occurrences if one.snoozes or one.follow_ups)
        repeats = {one.nudge_id for one in repeated if one.nudged_at and one.nudged_at > begin}
        return len(repeats) + sum(begin < at <= self.now for at in self.facts.asked_at)


def _settled_at(decision: Decision) -> datetime:
    """Return when the decision is carried out: the sending, or the end of waiting for it."""
    verdict = decision.verdict
    if isinstance(verdict, Suppress):
        return verdict.at or decision.due_at
    return verdict.at if isinstance(verdict, Send) else verdict.until


def _moment(decision: Decision) -> datetime:
    """Return when the occurrence first needs a word in the journal: at its slot, or earlier when it travels early."""
    return min(decision.due_at, _settled_at(decision))


def _defer(decision: Decision, now: datetime) -> Decision:
    until = _settled_at(decision)
    return decision if until <= now else replace(decision, verdict=Defer(until, decision.verdict.reason or Reason.GAP))


def _settle_late(gathered: _Gathered, ours: list[Decision], ahead: list[Decision], resends: int) -> list[Decision]:
    now = gathered.now
    ours = [_defer(decision, now) for decision in ours]
    sends = [decision for decision in ours if isinstance(decision.verdict, Send)]
    late = [decision for decision in sends if gathered.meant_for(decision) < now - LATE_AFTER]
    if not late:
        return ours
    late_ids = {decision.occurrence_id for decision in late}
    on_time = _nudges(decision for decision in sends if decision.occurrence_id not in late_ids)
    left = NUDGES_AT_MOST - len(on_time) - len(_soon(ahead, now)) - resends - gathered.nudges_just_left()
    if len(on_time) > NUDGES_AT_MOST:  # a burst at the very moment of waking up
        late, on_time, left = sends, set(), NUDGES_AT_MOST - resends
    caught = catch_up(late, gathered.day(), now, left, len(on_time))
    return [caught.get(decision.occurrence_id, decision) for decision in ours]


def _soon(ahead: Iterable[Decision], now: datetime) -> set[str]:
    return _nudges(decision for decision in ahead if _settled_at(decision) <= now + CALM_WINDOW)


def _nudges(decisions: Iterable[Decision]) -> set[str]:
    return {decision.verdict.nudge_id for decision in decisions if isinstance(decision.verdict, Send)}


def _orphans(gathered: _Gathered, planned: set[str]) -> Iterator[Decision]:
    for name, occurrence in gathered.deferred.items():
        if name not in planned and occurrence.first_due_at <= gathered.now:
            moved = moved_on(gathered.person, gathered.facts.calendar, occurrence, gathered.now)
            if moved is None:
                yield about(occurrence, _closed(gathered, occurrence))
            elif not gathered.is_on_record(*moved):
                yield moved[0]


def _closed(gathered: _Gathered, occurrence: Occurrence) -> Suppress:
    habit = gathered.person.habit(occurrence.habit)
    if habit is not None and habit.break_length is not None:
        taken = break_around(gathered.facts.breaks, habit, as_seconds(occurrence.first_due_at))
        if taken is not None:
            return Suppress(Reason.AWAY, break_words(taken, gathered.zone))
    return Suppress(_why_closed(gathered, occurrence))


def _why_closed(gathered: _Gathered, occurrence: Occurrence) -> Reason:
    if gathered.person.habit(occurrence.habit) is None:
        return Reason.OFF
    answers = (answer for answer in gathered.facts.answers if answer.habit == occurrence.habit)
    done = any(answer.verb is Verb.DONE and answer.at >= occurrence.first_due_at for answer in answers)
    return Reason.ALREADY_DONE if done else Reason.SUPERSEDED
