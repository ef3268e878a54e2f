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

# What ends before the time it was put down for.
_HELD_UP = (Reason.PAUSED, Reason.AWAY, Reason.BUSY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snoozed:
    """``decisions`` to record at once; ``waits_until`` when the others are to be looked at."""

    decisions: tuple[Decision, ...]
    waits_until: tuple[datetime, ...]


def put_again(today: Callable[[], Day], facts: Facts, now: datetime, nudges_left: int) -> Snoozed:
    """Decide about the snoozed occurrences whose time has come; one that a pause covers waits for its end.

    So does one that nobody would see, for somebody to be there.

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
    told = zip((occurrence for _, occurrence in due), verdicts, strict=True)
    decisions = tuple(about(occurrence, verdict) for occurrence, verdict in told if not _waits_so(occurrence, verdict))
    waits = [verdict.until for verdict in verdicts if isinstance(verdict, Defer)]
    waits += [min(at, occurrence.expires_at) for at, occurrence in later]
    return Snoozed(decisions=decisions, waits_until=tuple(waits))


def _moment(occurrence: Occurrence, facts: Facts, now: datetime) -> datetime:
    """Return when it may be put again; a pause that ended early no longer holds it, nor who has come back."""
    wanted = min(occurrence.due_at, now) if occurrence.reason in _HELD_UP else occurrence.due_at
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
        elif (free := as_instant(today.around.free_from(habit, as_seconds(now)))) > now:
            verdicts.append(Defer(min(free, occurrence.expires_at), Reason.BUSY))
        elif (held := today.attendance.forbids(habit)) is not None:
            verdicts.append(Defer(occurrence.expires_at, held))
        elif is_late and sum(isinstance(verdict, Send) for verdict in verdicts) >= nudges_left:
            verdicts.append(Defer(min(now + CALM_WINDOW, occurrence.expires_at), Reason.GAP))
        else:
            nudge = _name_of_next(occurrence)
            verdicts.append(Send(now, nudge, None, occurrence.amount_ml))
    return verdicts


def _waits_so(occurrence: Occurrence, verdict: Verdict) -> bool:
    """Tell whether the occurrence waits for that very moment already."""
    return isinstance(verdict, Defer) and (occurrence.due_at, occurrence.reason) == (verdict.until, verdict.reason)


def _name_of_next(occurrence: Occurrence) -> str:
    """Name its next message: by the count of snoozes, which an undo lowers, so never as one that was sent before."""
    own, last = occurrence.id, occurrence.nudge_id or ""
    if last.startswith(f"{own}~"):  # a follow-up, whose name is nobody else's
        return f"{last}#{occurrence.snoozes}"
    number = last.removeprefix(f"{own}#")
    is_repeat = number != last and number.isdecimal()
    return f"{own}#{max(occurrence.snoozes, int(number) + 1 if is_repeat else 0)}"


def about(occurrence: Occurrence, verdict: Verdict) -> Decision:
    """Return a decision about an occurrence on record."""
    o = occurrence
    return Decision(o.person, o.habit, o.slot_key, o.first_due_at, o.expires_at, verdict)
