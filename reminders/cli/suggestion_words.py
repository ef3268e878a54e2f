"""A suggestion in words, with the setting or the command that it takes."""

from __future__ import annotations

from reminders.catalogue.phrases import say
from reminders.planning.suggestion import Suggestion, SuggestionKind


def suggestion_words(suggestion: Suggestion) -> tuple[str, str]:
    """Return what the numbers show, and what to do about it."""
    count, of, habit = suggestion.count, suggestion.of, suggestion.habit
    match suggestion.kind:
        case SuggestionKind.CHECK_CHANNELS:
            said = say("{count} of {of} could not be delivered", count=count, of=of)
            return said, say("see which channel fails with: reminders doctor")
        case SuggestionKind.KEEP_AWAKE:
            said = say("{count} of {of} fell due while the service was not awake", count=count, of=of)
            return said, say("keep it running with: reminders run")
        case SuggestionKind.RAISE_LIMIT:
            said = say("the daily limit held back {count}, mostly {habit}", count=count, habit=habit)
            hint = say('a higher "per_day" under "limits", or {habit} less often, would even it out', habit=habit)
            return said, hint
        case SuggestionKind.MOVE_HOUR:
            return _left_open(suggestion), _another_time(suggestion)
        case SuggestionKind.ASK_LESS:
            said = say("{habit} was left open {count} of {of} times", habit=habit, count=count, of=of)
            hint = say('less often may suit better: a longer "every", or fewer "times", of {habit}', habit=habit)
            return said, hint


def _another_time(suggestion: Suggestion) -> str:
    better = suggestion.better
    where = say('"at" or "within" of {habit} sets its times', habit=suggestion.habit)
    if better is None:
        return say("another time may suit better; {where}", where=where)
    return say(
        "{hours} went better, {done} of {asked} done; {where}",
        hours=hours_words(better.hour),
        done=better.done,
        asked=better.asked,
        where=where,
    )


def _left_open(suggestion: Suggestion) -> str:
    begin, end = ("", "") if suggestion.hour is None else _hour_of(suggestion.hour)
    return say(
        "{habit} between {begin} and {end} was left open {count} of {of} times",
        habit=suggestion.habit,
        begin=begin,
        end=end,
        count=suggestion.count,
        of=suggestion.of,
    )


def _hour_of(hour: int) -> tuple[str, str]:
    return f"{hour:02d}:00", f"{(hour + 1) % 24:02d}:00"


def hours_words(hour: int) -> str:
    """Return an hour of the day: ``10:00 to 11:00``."""
    begin, end = _hour_of(hour)
    return say("{begin} to {end}", begin=begin, end=end)
