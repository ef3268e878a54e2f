"""The numbers for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reminders.cli.suggestion_words import suggestion_words
from reminders.domain.occurrence import Reason
from reminders.planning.adherence import Tally
from reminders.planning.suggestion import Suggestion

if TYPE_CHECKING:
    from reminders.cli.stats_record import StatsRecord


def record_json(record: StatsRecord) -> dict[str, object]:
    """Return one person's numbers in a stable shape; ``weeks`` is empty unless asked for."""
    summary = record.summary
    return {
        "person": record.person.id,
        "zone": str(record.zone),
        "from": summary.days[0].day.isoformat(),
        "days": len(summary.days),
        "together": _tally(summary.together),
        "habits": [{"habit": one.habit, **_tally(one)} for one in summary.habits],
        "per_day": [
            {
                "date": day.day.isoformat(),
                "asked": day.asked,
                "done": day.done,
                "drunk_ml": day.drunk_ml if record.shows_water else None,
            }
            for day in summary.days
        ],
        "water": _water(record) if record.shows_water else None,
        "weeks": [{"from": one.monday.isoformat(), "asked": one.asked, "done": one.done} for one in record.weeks],
        "suggestion": None if record.suggestion is None else _suggestion(record.suggestion),
    }


def _tally(tally: Tally) -> dict[str, object]:
    best, response = tally.best_hour, tally.median_response
    return {
        "planned": tally.planned,
        "asked": tally.asked,
        "done": tally.done,
        "done_late": tally.done_late,
        "unasked": tally.unasked,
        "skipped": tally.skipped,
        "lapsed": tally.lapsed,
        "waiting": tally.waiting,
        "ahead": tally.ahead,
        "suppressed": _reasons(tally.suppressed),
        "missed": _reasons(tally.missed),
        "days_done": tally.days_done,
        "days_asked": tally.days_asked,
        "median_response_seconds": None if response is None else round(response.total_seconds()),
        "best_hour": None if best is None else {"hour": best.hour, "asked": best.asked, "done": best.done},
    }


def _reasons(found: Mapping[Reason, int]) -> dict[str, int]:
    return {reason.value: number for reason, number in found.items()}


def _water(record: StatsRecord) -> dict[str, object]:
    goal_ml, summary = record.goal_ml, record.summary
    days_at_goal = None if goal_ml is None else summary.days_at(goal_ml)
    return {"goal_ml": goal_ml, "days_at_goal": days_at_goal, "days": len(summary.days_lived)}


def _suggestion(suggestion: Suggestion) -> dict[str, object]:
    return {
        "kind": suggestion.kind.value,
        "habit": suggestion.habit,
        "hour": suggestion.hour,
        "better_hour": None if suggestion.better is None else suggestion.better.hour,
        "count": suggestion.count,
        "of": suggestion.of,
        "text": suggestion_words(suggestion)[0],
    }
