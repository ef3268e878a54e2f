"""The one thing that a person's numbers suggest changing, chosen by rules; often nothing.

What failed comes first, for it spoils every other number; then what was held back; then what was left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.domain.schedule import AfterTraining, BeforeTraining
from reminders.planning.adherence import HourTally, Summary, Tally

# Judgement, not evidence: enough cases to be more than chance, and a share that a person would notice.
_CASES = 3
_SHARE_FAILED = 0.2
_SHARE_ASLEEP = 1 / 3
_SHARE_LEFT_OPEN_IN_AN_HOUR = 2 / 3
_SHARE_LEFT_OPEN = 0.6
_SHARE_GOOD = 0.5
_ASKS_FOR_A_HABIT = 8

_UNDELIVERED = (Reason.NO_CHANNEL, Reason.EXPIRED_OFFLINE)
_HELD_BACK = frozenset({Reason.GAP, Reason.DAILY_LIMIT, Reason.SUPERSEDED, Reason.BUSY, Reason.AWAY})


class SuggestionKind(StrEnum):
    """What to change."""

    CHECK_CHANNELS = "check_channels"  # much could not be delivered
    KEEP_AWAKE = "keep_awake"  # much fell due while the service was not awake
    RAISE_LIMIT = "raise_limit"  # the daily limit held most back
    MOVE_HOUR = "move_hour"  # a habit is mostly left open at one hour
    ASK_LESS = "ask_less"  # a habit is mostly left open whatever the hour


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One suggestion with the numbers it rests on: ``count`` cases ``of`` so many.

    ``habit`` is the one it concerns, None = none in particular. ``hour`` is the local hour that went badly, ``better``
    one that went well; None = not about an hour, or none is known to be better.
    """

    kind: SuggestionKind
    count: int
    of: int
    habit: str | None = None
    hour: int | None = None
    better: HourTally | None = None


def suggest(person: Person, summary: Summary) -> Suggestion | None:
    """Return what the numbers suggest; None = nothing worth saying. A habit that is not safe is never suggested."""
    together = summary.together
    movable = [one for one in summary.habits if _is_movable(person, one.habit)]
    failed = _undelivered(together) or _asleep(together)
    return failed or _limit(summary) or _hour(summary, movable) or _left_open(movable)


def _is_movable(person: Person, name: str | None) -> bool:
    """Tell whether the habit has times of its own that the person may choose: training has its time already."""
    habit = None if name is None else person.habit(name)
    return habit is not None and habit.unsafe is None and not isinstance(habit.schedule, BeforeTraining | AfterTraining)


def _undelivered(together: Tally) -> Suggestion | None:
    count = sum(together.missed.get(reason, 0) for reason in _UNDELIVERED)
    of = together.asked + count
    if count >= _CASES and count >= _SHARE_FAILED * of:
        return Suggestion(kind=SuggestionKind.CHECK_CHANNELS, count=count, of=of)
    return None


def _asleep(together: Tally) -> Suggestion | None:
    count = together.missed.get(Reason.EXPIRED_DOWN, 0)
    of = together.asked + sum(together.missed.values())
    if count >= _CASES and count >= _SHARE_ASLEEP * of:
        return Suggestion(kind=SuggestionKind.KEEP_AWAKE, count=count, of=of)
    return None


def _limit(summary: Summary) -> Suggestion | None:
    held = {reason: number for reason, number in summary.together.suppressed.items() if reason in _HELD_BACK}
    count = held.get(Reason.DAILY_LIMIT, 0)
    if count < _CASES or count < max(held.values()):
        return None
    most = max(summary.habits, key=lambda one: one.suppressed.get(Reason.DAILY_LIMIT, 0))
    of = summary.together.asked + count
    return Suggestion(kind=SuggestionKind.RAISE_LIMIT, count=count, of=of, habit=most.habit)


def _hour(summary: Summary, habits: list[Tally]) -> Suggestion | None:
    found = [(hour, one) for one in habits for hour in one.hours if _stands_out(hour, one)]
    if not found:
        return None
    worst, habit = max(found, key=lambda pair: pair[0].lapsed)
    good = [one.best_hour for one in (habit, summary.together) if one.best_hour is not None]
    better = (one for one in good if one.hour != worst.hour and one.done >= _SHARE_GOOD * one.asked)
    return Suggestion(
        kind=SuggestionKind.MOVE_HOUR,
        count=worst.lapsed,
        of=worst.asked,
        habit=habit.habit,
        hour=worst.hour,
        better=next(better, None),
    )


def _stands_out(hour: HourTally, habit: Tally) -> bool:
    """Tell whether the habit is left open at that hour, and not about as often at its other hours."""
    elsewhere = sum(one.asked for one in habit.hours) - hour.asked
    lapsed_elsewhere = sum(one.lapsed for one in habit.hours) - hour.lapsed
    is_left_open = hour.lapsed >= _CASES and hour.lapsed >= _SHARE_LEFT_OPEN_IN_AN_HOUR * hour.asked
    return is_left_open and lapsed_elsewhere <= hour.lapsed and lapsed_elsewhere <= _SHARE_GOOD * elsewhere


def _left_open(habits: list[Tally]) -> Suggestion | None:
    found = [one for one in habits if one.asked >= _ASKS_FOR_A_HABIT and one.lapsed >= _SHARE_LEFT_OPEN * one.asked]
    if not found:
        return None
    most = max(found, key=lambda one: one.lapsed)
    return Suggestion(kind=SuggestionKind.ASK_LESS, count=most.lapsed, of=most.asked, habit=most.habit)
