"""The words of a week summed up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reminders.catalogue.content import Content
from reminders.domain.person import Person
from reminders.planning.adherence import HourTally, Summary, Tally
from reminders.planning.nudge_text import Composition
from reminders.planning.suggestion import Suggestion, SuggestionKind, suggest
from reminders.planning.wording import title_of

HABITS_AT_MOST = 6


def compose_digest(person: Person, summary: Summary, content: Content) -> Composition:
    """Put a week into words: a line for each of the busiest habits, the best hour, one suggestion.

    What was put to the person and is still open is left out.
    """
    texts, together = content.texts.digest, summary.together
    asked = {"answered": str(together.answered), "asked": str(together.settled)}
    return Composition(
        title=texts.title,
        text="\n".join(_lines(person, summary, content)),
        discreet_text=texts.discreet.format_map(asked),
        asks=(),
    )


def _lines(person: Person, summary: Summary, content: Content) -> Iterator[str]:
    texts = content.texts.digest
    asked = [tally for tally in summary.habits if tally.settled]
    busiest = sorted(asked, key=lambda tally: -tally.settled)[:HABITS_AT_MOST]
    for tally in asked:
        if tally in busiest:
            yield texts.line.format_map({"habit": title_of(str(tally.habit), content), **_counts([tally])})
    if rest := [tally for tally in asked if tally not in busiest]:
        yield texts.rest.format_map({"habits": str(len(rest)), **_counts(rest)})
    if (best := summary.together.best_hour) is not None:
        yield texts.best_hour.format_map({**_hour(best.hour), "done": str(best.done), "asked": str(best.asked)})
    if (suggestion := suggest(person, summary)) is not None:
        yield _suggested(suggestion, content)


def _counts(tallies: Sequence[Tally]) -> Mapping[str, str]:
    done = sum(tally.done_in_all for tally in tallies)
    return {"done": str(done), "asked": str(sum(tally.settled for tally in tallies))}


def _suggested(suggestion: Suggestion, content: Content) -> str:
    words: dict[str, str] = {"count": str(suggestion.count), "of": str(suggestion.of)}
    if suggestion.habit is not None:
        words["habit"] = title_of(suggestion.habit, content)
    if suggestion.hour is not None:
        words |= _hour(suggestion.hour)
    name: str = suggestion.kind
    if suggestion.kind is SuggestionKind.MOVE_HOUR and isinstance(suggestion.better, HourTally):
        name, words["better"] = "move_hour_to", _hour(suggestion.better.hour)["start"]
    return content.texts.digest.suggestions[name].format_map(words)


def _hour(hour: int) -> dict[str, str]:
    return {"start": f"{hour:02d}:00", "end": f"{(hour + 1) % 24:02d}:00"}
