"""A suggestion in words, with the setting or the command that it takes."""

from __future__ import annotations

from reminders.planning.suggestion import Suggestion, SuggestionKind


def suggestion_words(suggestion: Suggestion) -> tuple[str, str]:
    """Return what the numbers show, and what to do about it."""
    count, of, habit = suggestion.count, suggestion.of, suggestion.habit
    match suggestion.kind:
        case SuggestionKind.CHECK_CHANNELS:
            return f"{count} of {of} could not be delivered", "see which channel fails with: reminders doctor"
        case SuggestionKind.KEEP_AWAKE:
            said = f"{count} of {of} fell due while the service was not awake"
            return said, "keep it running with: reminders run"
        case SuggestionKind.RAISE_LIMIT:
            said = f"the daily limit held back {count}, mostly {habit}"
            return said, f'a higher "per_day" under "limits", or {habit} less often, would even it out'
        case SuggestionKind.MOVE_HOUR:
            said = f"{habit} between {_hours(suggestion.hour)} was left open {count} of {of} times"
            return said, _another_time(suggestion)
        case SuggestionKind.ASK_LESS:
            said = f"{habit} was left open {count} of {of} times"
            return said, f'less often may suit better: a longer "every", or fewer "times", of {habit}'


def _another_time(suggestion: Suggestion) -> str:
    better, where = suggestion.better, f'"at" or "within" of {suggestion.habit} sets its times'
    if better is None:
        return f"another time may suit better; {where}"
    return f"{hours_words(better.hour)} went better, {better.done} of {better.asked} done; {where}"


def _hours(hour: int | None) -> str:
    return "" if hour is None else hours_words(hour).replace(" to ", " and ")


def hours_words(hour: int) -> str:
    """Return an hour of the day: ``10:00 to 11:00``."""
    return f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00"
