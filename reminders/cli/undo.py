"""``reminders undo``: that was not what I meant."""

from __future__ import annotations

import click

from reminders.catalogue.phrases import say
from reminders.cli.options import person_who_answers, places
from reminders.cli.refusal import ExitCode, Verb, finish
from reminders.cli.selection import habit_of
from reminders.cli.speaker import speaker
from reminders.cli.water import HYDRATION, drunk_today_ml, drunk_words
from reminders.domain.answer import UNDO_WINDOW
from reminders.planning.wording_of_time import length


@click.command("undo", cls=Verb, short_help="Take the newest answer back")
@click.argument("habit", required=False)
@person_who_answers
@places
def undo(habit: str | None, person: str | None, config: str | None, data_dir: str | None) -> None:
    """Take the newest answer back, within ten minutes; without HABIT whichever it was."""
    who = speaker(config, data_dir, person)
    meant = None if habit is None else habit_of(who.person, habit)
    with who.journal() as journal:
        receipt = journal.undo(who.person.id, None if meant is None else meant.id, who.now)
        drunk_ml = drunk_today_ml(journal, who.person, who.zone, who.now)
    if receipt is None:
        nothing = say("nothing to take back from the last {time}", time=length(UNDO_WINDOW))
        click.echo(nothing if meant is None else f"{meant.id}: {nothing}")
        finish(ExitCode.FAILED)
        return
    words = receipt.detail or say("taken back")
    if receipt.habit == HYDRATION:
        habit_now = who.person.habit(HYDRATION)
        words += f" ({drunk_words(drunk_ml, None if habit_now is None else habit_now.goal_ml)})"
    click.echo(f"{receipt.habit}: {words}")
