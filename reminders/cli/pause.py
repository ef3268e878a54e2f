"""``reminders pause``: nothing for a while, or gently through a bad day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import click

from reminders import composition
from reminders.catalogue.phrases import say, say_many
from reminders.cli.options import person_who_answers, places
from reminders.cli.refusal import ExitCode, Verb, finish
from reminders.cli.selection import habit_of
from reminders.cli.speaker import Speaker, speaker
from reminders.cli.written_values import end_of, looks_like_time
from reminders.domain.pause import Pause
from reminders.planning.pause_ends import longest_pause, pauses_that_count
from reminders.planning.pause_words import FLARE_REASON
from reminders.planning.wording_of_time import when

AN_HOUR = timedelta(hours=1)
A_BAD_SPELL = timedelta(hours=48)
_WIDTH = 100


@click.command("pause", cls=Verb, short_help="Mute one habit, or all, for a while")
@click.argument("words", metavar="[HABIT] [FOR | until HH:MM]", nargs=-1)
@click.option("--reason", metavar="TEXT", default="", help="Why; kept in the record.")
@click.option("--flare", is_flag=True, help="A bad day: warning signs first, then exercise rests for 48 h.")
@person_who_answers
@places
def pause(
    words: tuple[str, ...],
    reason: str,
    flare: bool,  # noqa: FBT001
    person: str | None,
    config: str | None,
    data_dir: str | None,
) -> None:
    """Mute one habit, or all of them, for FOR (45min, 2h, 3d), until a time of day, or for an hour.

    What falls due meanwhile is not made up. With --flare, read the questions first; then what does not suit a bad day
    rests: warm-up, cool-down, strength and walk, or the HABIT named.
    """
    who = speaker(config, data_dir, person)
    named, rest = (None, words) if not words or looks_like_time(words[0]) else (words[0], words[1:])
    habits: Sequence[str | None] = [None if named is None else habit_of(who.person, named).id]
    ends_at = end_of(rest, who.zone, who.now, A_BAD_SPELL if flare else AN_HOUR)
    if flare:
        _show_flare(who.person.language)
        resting = composition.pauses_in_flare()
        habits = habits if named else [habit.id for habit in who.person.habits if habit.id in resting]
    if not habits:
        click.echo(say("nothing of yours rests on a bad day, so nothing was paused"))
        click.echo(say("hint: name a habit to pause it all the same: reminders pause movement --flare"))
        finish(ExitCode.FAILED)
        return
    with who.journal() as journal:
        before = journal.pauses(who.person.id, who.now)
        for habit in habits:
            author, why = who.person.id, reason or (FLARE_REASON if flare else "")
            journal.pause(who.person.id, habit, who.now, ends_at, author, why, flare)
    for line in _told(who, habits, ends_at, before):
        click.echo(line)


def _told(who: Speaker, habits: Sequence[str | None], ends_at: datetime, before: Sequence[Pause]) -> Iterator[str]:
    """Yield until when these are quiet now: a pause from before that ends later goes on."""
    found = ((habit, longest_pause(before, habit)) for habit in habits)
    longer = {habit: one for habit, one in found if one is not None and one.ends_at > ends_at}
    if len(longer) < len(habits):
        end = when(ends_at, who.zone, who.now)
        names = _names(who, [habit for habit in habits if habit not in longer])
        yield say("{habits}: paused until {time}", habits=names, time=end)
        if None in habits:  # what one habit was paused for by itself is not cut short by a pause of everything
            longer |= {one.habit: one for one in pauses_that_count(before) if one.ends_at > ends_at}
    ends = sorted({one.ends_at for one in longer.values()})
    for end_before in ends:
        names = _names(who, [habit for habit, one in longer.items() if one.ends_at == end_before])
        end = when(end_before, who.zone, who.now)
        yield say("{habits}: already paused until {time}, and that stays", habits=names, time=end)
    alone = habits[0] if len(habits) == 1 and all(one.habit is not None for one in longer.values()) else None
    back = "" if alone is None else f" {alone}"
    yield say("hint: sooner with: {command}", command=f"reminders resume{back}")


def _names(who: Speaker, habits: Sequence[str | None]) -> str:
    everything = say_many("everything ({count} habit)", "everything ({count} habits)", len(who.person.habits))
    return ", ".join(everything if habit is None else habit for habit in habits)


def _show_flare(language: str) -> None:
    texts = composition.flare_texts(language)
    for line in texts.screen:
        click.echo(_wrapped(line))
    click.echo()
    for number, line in enumerate(texts.advice, start=1):
        click.echo(click.wrap_text(line, _WIDTH, initial_indent=f"{number}. ", subsequent_indent="   "))
    click.echo()


def _wrapped(line: str) -> str:
    text = line.lstrip(" ")
    indent = " " * (len(line) - len(text))
    hang = indent + ("  " if text.startswith("- ") else "")
    return click.wrap_text(text, _WIDTH, initial_indent=indent, subsequent_indent=hang)
