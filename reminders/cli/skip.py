"""``reminders skip``: not this time."""

from __future__ import annotations

import click

from reminders.catalogue.phrases import say
from reminders.cli.options import person_who_answers, places
from reminders.cli.receipt import exit_code_of, outcome_words
from reminders.cli.refusal import Verb, finish
from reminders.cli.speaker import VIA, speaker
from reminders.domain.answer import AnswerOutcome
from reminders.domain.answer import Verb as Said


@click.command("skip", cls=Verb, short_help="Leave out what is asked for now")
@click.argument("habit")
@person_who_answers
@places
def skip(habit: str, person: str | None, config: str | None, data_dir: str | None) -> None:
    """Leave out what is asked for now; the next one comes as usual."""
    who = speaker(config, data_dir, person)
    meant = who.habit(habit)
    with who.journal() as journal:
        receipt = journal.answer_habit(who.person.id, meant.id, Said.SKIP, who.now, VIA)
    click.echo(f"{meant.id}: {outcome_words(receipt, Said.SKIP, who.zone, who.now)}")
    if receipt.outcome is AnswerOutcome.NOT_SENT:
        click.echo(say("hint: to hear nothing of it for a while: reminders pause {habit} 1h", habit=meant.id))
    finish(exit_code_of(receipt, Said.SKIP))
