"""After an absence: what is still worth saying, in at most two nudges, and an honest end for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reminders.domain.decision import Decision, Defer, Send, Suppress, Verdict
from reminders.domain.habit import CatchUp, Habit
from reminders.domain.occurrence import Reason
from reminders.planning.candidate import ASKS_AT_MOST
from reminders.planning.day import Day
from reminders.planning.wall_time import as_instant, as_seconds

LATE_AFTER = timedelta(seconds=60)
SKIP_GRACE = timedelta(minutes=5)
CALM_WINDOW = timedelta(minutes=5)
NUDGES_AT_MOST = 2


def catch_up(
    late: Sequence[Decision], today: Day, now: datetime, nudges_left: int, nudges_on_time: int
) -> dict[str, Decision]:
    """Decide about Sends whose moment passed while nobody could act; occurrence id -> its decision.

    Per habit the newest unexpired slot may go out now, by the habit's catch-up rule and if nothing forbids this moment.
    At most ``nudges_left`` nudges of two asks leave, within the day's limit; ``nudges_on_time`` leave besides. The most
    specific go first. An older slot is superseded, an expired one missed(expired_down); in training, it waits.
    """
    newest = {decision.habit: decision for decision in sorted(late, key=lambda decision: decision.due_at)}
    verdicts = {d.occurrence_id: _verdict(d, newest[d.habit], today, now) for d in late}
    worth_it = [decision for decision in newest.values() if isinstance(verdicts[decision.occurrence_id], Send)]
    worth_it.sort(key=lambda decision: today.ranks[decision.habit])
    room = min(nudges_left, today.person.limits.per_day - today.record.asked_today - nudges_on_time)
    for index, decision in enumerate(worth_it):
        verdict = verdicts[decision.occurrence_id]
        if index // ASKS_AT_MOST >= room:
            verdicts[decision.occurrence_id] = Suppress(Reason.EXPIRED_DOWN)
        elif isinstance(verdict, Send):
            leader = worth_it[index // ASKS_AT_MOST * ASKS_AT_MOST]
            verdicts[decision.occurrence_id] = replace(verdict, nudge_id=leader.occurrence_id)
    return {d.occurrence_id: replace(d, verdict=verdicts[d.occurrence_id]) for d in late}


def _verdict(decision: Decision, newest: Decision, today: Day, now: datetime) -> Verdict:
    habit = today.person.habit(decision.habit)
    if habit is None or decision.expires_at <= now or _is_never_made_up(decision, habit, now):
        return Suppress(Reason.EXPIRED_DOWN)
    if decision is not newest:
        return Suppress(Reason.SUPERSEDED)
    at = as_seconds(now)
    ban = today.ban_on(habit, decision.slot_key, as_seconds(decision.due_at), at)
    if ban is not None:
        return Suppress(*ban)
    free = as_instant(today.around.free_from(habit, at))
    if free > now:
        return Defer(free, Reason.BUSY) if free < decision.expires_at else Suppress(Reason.BUSY)
    held = today.attendance.forbids(habit)
    if held is not None:
        return Defer(decision.expires_at, held)
    return Send(now, decision.occurrence_id, Reason.EXPIRED_DOWN, today.amount_ml(habit, at))


def _is_never_made_up(decision: Decision, habit: Habit, now: datetime) -> bool:
    return habit.catch_up is CatchUp.SKIP and now - decision.due_at > SKIP_GRACE
