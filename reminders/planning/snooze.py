"""Snoozed occurrences: which are put again now, and which wait on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from reminders.domain.decision import Decision, Defer, Send, Suppress, Verdict
from reminders.domain.facts import Facts
from reminders.domain.occurrence import Occurrence, Reason
from reminders.planning.catch_up import CALM_WINDOW, LATE_AFTER
from reminders.planning.day import Day
from reminders.planning.guards import pause_end
from reminders.planning.record import is_deferred
from reminders.planning.wall_time import as_instant, as_seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Snoozed:
    """``decisions`` to record at once; ``waits_until`` when the others are to be looked at."""

    decisions: tuple[Decision, ...]
    waits_until: tuple[datetime, ...]


def put_again(today: Callable[[], Day], facts: Facts, now: datetime, nudges_left: int) -> Snoozed:
    """Decide about the snoozed occurrences whose time has come; one that a pause covers waits for its end.

    At most ``nudges_left`` of those that are late go out together; the others follow minutes later. One whose moment
    has come to lie in sleep or a quiet time, as after a flight, is left to lapse.
    """
    due: list[tuple[datetime, Occurrence]] = []
    later: list[tuple[datetime, Occurrence]] = []
    for occurrence in sorted(facts.occurrences, key=lambda occurrence: occurrence.due_at):
        if occurrence.waiting and not is_deferred(occurrence) and occurrence.expires_at > now:
            at = _moment(occurrence, facts, now)
            (later if at > now and occurrence.due_at > now else due).append((at, occurrence))
    verdicts = _verdicts(today(), due, now, nudges_left) if due else []
    decisions = tuple(about(occurrence, verdict) for (_, occurrence), verdict in zip(due, verdicts, strict=True))
    waits = [verdict.until for verdict in verdicts if isinstance(verdict, Defer)]
    waits += [min(at, occurrence.expires_at) for at, occurrence in later]
    return Snoozed(decisions=decisions, waits_until=tuple(waits))


def _moment(occurrence: Occurrence, facts: Facts, now: datetime) -> datetime:
    """Return when it may be put again; a pause that ended early no longer holds it."""
    wanted = min(occurrence.due_at, now) if occurrence.reason is Reason.PAUSED else occurrence.due_at
    return as_instant(pause_end(facts.pauses, occurrence.habit, as_seconds(max(wanted, now))))


def _verdicts(today: Day, due: Sequence[tuple[datetime, Occurrence]], now: datetime, nudges_left: int) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for at, occurrence in due:
        is_late = occurrence.due_at < now - LATE_AFTER
        habit = today.person.habit(occurrence.habit)
        if habit is None or habit.unsafe is not None:
            verdicts.append(Suppress(Reason.OFF if habit is None else Reason.UNSAFE))
        elif at > now:
            verdicts.append(Defer(min(at, occurrence.expires_at), Reason.PAUSED))
        elif (ban := today.around.forbids(habit, as_seconds(now))) is not None:
            verdicts.append(Defer(occurrence.expires_at, ban[0]))
        elif is_late and sum(isinstance(verdict, Send) for verdict in verdicts) >= nudges_left:
            verdicts.append(Defer(min(now + CALM_WINDOW, occurrence.expires_at), Reason.GAP))
        else:
            nudge = f"{occurrence.id}#{occurrence.snoozes}"
            verdicts.append(Send(now, nudge, None, occurrence.amount_ml))
    return verdicts


def about(occurrence: Occurrence, verdict: Verdict) -> Decision:
    """Return a decision about an occurrence on record."""
    o = occurrence
    return Decision(o.person, o.habit, o.slot_key, o.first_due_at, o.expires_at, verdict)
