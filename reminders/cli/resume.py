"""``reminders resume``: go on before a pause is over."""

from __future__ import annotations

import click

from reminders.catalogue.phrases import say, say_many
from reminders.cli.options import person_who_answers, places
from reminders.cli.refusal import ExitCode, Verb, finish
from reminders.cli.selection import habit_of
from reminders.cli.speaker import speaker
from reminders.planning.wording_of_time import when


@click.command("resume", cls=Verb, short_help="End a pause")
@click.argument("habit", required=False)
@person_who_answers
@places
def resume(habit: str | None, person: str | None, config: str | None, data_dir: str | None) -> None:
    """End the pauses of one habit, or all of them; what fell due meanwhile is not made up."""
    who = speaker(config, data_dir, person)
    meant = None if habit is None else habit_of(who.person, habit).id
    with who.journal() as journal:
        ended = journal.resume(who.person.id, meant, who.now)
        left = [pause for pause in journal.pauses(who.person.id, who.now) if pause.habit is None]
    names = dict.fromkeys(say("everything") if pause.habit is None else pause.habit for pause in ended)
    if names:
        click.echo(say_many("{habits}: goes on", "{habits}: go on", len(names), habits=", ".join(names)))
    if meant is not None and left:
        end = when(max(pause.ends_at for pause in left), who.zone, who.now)
        click.echo(say("{habit}: still paused with everything else until {time}", habit=meant, time=end))
        click.echo(say("hint: to end that too: reminders resume"))
        finish(ExitCode.FAILED)
    elif not names:
        click.echo(say("nothing is paused") if meant is None else say("{habit}: not paused", habit=meant))
