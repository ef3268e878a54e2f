"""``reminders pause``: nothing for a while, or gently through a bad day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import click

from reminders import composition
from reminders.catalogue.phrases import say, say_many
from reminders.cli.options import person_who_answers, places
from reminders.cli.refusal import ExitCode, Verb, finish
from reminders.cli.selection import habit_of
from reminders.cli.speaker import Speaker, speaker
from reminders.cli.written_values import end_of, looks_like_time
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
        for habit in habits:
            author, why = who.person.id, reason or (FLARE_REASON if flare else "")
            journal.pause(who.person.id, habit, who.now, ends_at, author, why, flare)
    click.echo(_paused(who, habits, when(ends_at, who.zone, who.now)))


def _paused(who: Speaker, habits: Sequence[str | None], end: str) -> str:
    everything = say_many("everything ({count} habit)", "everything ({count} habits)", len(who.person.habits))
    what = ", ".join(everything if habit is None else habit for habit in habits)
    back = f" {habits[0]}" if len(habits) == 1 and habits[0] is not None else ""
    paused = say("{habits}: paused until {time}", habits=what, time=end)
    return f"{paused}\n{say('hint: sooner with: {command}', command=f'reminders resume{back}')}"


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
