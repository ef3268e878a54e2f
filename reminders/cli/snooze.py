"""``reminders snooze``: ask me again later."""

from __future__ import annotations

import click

from reminders.catalogue.phrases import say
from reminders.cli.options import person_who_answers, places
from reminders.cli.receipt import exit_code_of, outcome_words
from reminders.cli.refusal import Verb, finish
from reminders.cli.speaker import VIA, speaker
from reminders.cli.written_values import end_of
from reminders.domain.answer import AnswerOutcome
from reminders.domain.answer import Verb as Said


@click.command("snooze", cls=Verb, short_help="Be asked again later")
@click.argument("habit")
@click.argument("for_how_long", metavar="[FOR | until HH:MM]", nargs=-1)
@person_who_answers
@places
def snooze(
    habit: str, for_how_long: tuple[str, ...], person: str | None, config: str | None, data_dir: str | None
) -> None:
    """Be asked again later: after FOR (20min, 1h), until a time of day, or after the habit's own snooze."""
    who = speaker(config, data_dir, person)
    meant = who.habit(habit)
    wanted = end_of(for_how_long, who.zone, who.now, meant.snooze)
    with who.journal() as journal:
        receipt = journal.answer_habit(who.person.id, meant.id, Said.SNOOZE, who.now, VIA, snooze_for=wanted - who.now)
    clipped = receipt.outcome is AnswerOutcome.COUNTED and receipt.until is not None and receipt.until < wanted
    words = [outcome_words(receipt, Said.SNOOZE, who.zone, who.now)]
    words += [say("when its time is nearly over")] if clipped else []
    click.echo(f"{meant.id}: {', '.join(words)}")
    if receipt.outcome is AnswerOutcome.NOT_SENT:
        click.echo(say("hint: to hear nothing of it for a while: reminders pause {habit} 1h", habit=meant.id))
    finish(exit_code_of(receipt, Said.SNOOZE))
