"""``reminders done``: it is done, with how much was drunk."""

from __future__ import annotations

import click

from reminders.catalogue.phrases import say
from reminders.cli.options import person_who_answers, places
from reminders.cli.receipt import exit_code_of, outcome_words
from reminders.cli.refusal import Refusal, Verb, finish
from reminders.cli.speaker import VIA, speaker
from reminders.cli.water import HYDRATION, PLENTY, drunk_today_ml, drunk_words, is_plenty
from reminders.cli.written_values import parse_amount_ml
from reminders.domain.answer import AnswerReceipt
from reminders.domain.answer import Verb as Said


@click.command("done", cls=Verb, short_help="Say that a habit is done")
@click.argument("habit")
@click.argument("amount", required=False)
@person_who_answers
@places
def done(habit: str, amount: str | None, person: str | None, config: str | None, data_dir: str | None) -> None:
    """Say that a habit is done; for hydration with an AMOUNT such as 300ml or 0.3l.

    With nothing due it counts for the last one, late, if that just ended unanswered, and else for the next one. No
    daemon is needed.
    """
    who = speaker(config, data_dir, person)
    meant = who.habit(habit)
    if amount is not None and meant.id != HYDRATION:
        raise _no_amount(meant.id)
    amount_ml = None if amount is None else parse_amount_ml(amount)
    with who.journal() as journal:
        receipt = journal.answer_habit(
            who.person.id, meant.id, Said.DONE, who.now, VIA, amount_ml=amount_ml, interval=meant.interval
        )
        words = [outcome_words(receipt, Said.DONE, who.zone, who.now)]
        is_water = meant.id == HYDRATION
        if is_water:
            drunk_ml = drunk_today_ml(journal, who.person, who.zone, who.now)
            words.append(f"{_logged(receipt)} ({drunk_words(drunk_ml, meant.goal_ml)})")
        plenty = is_water and is_plenty(journal, who.person, who.zone, who.now)
    click.echo(f"{meant.id}: {', '.join(words)}")
    if plenty:
        click.echo(say(PLENTY))
    elif is_water and receipt.amount_ml is None:
        click.echo(say("hint: say how much with an amount: reminders done {habit} 250ml", habit=HYDRATION))
    finish(exit_code_of(receipt, Said.DONE))


def _no_amount(habit: str) -> Refusal:
    hint = say("an amount fits {hydration} only: reminders done {habit}", hydration=HYDRATION, habit=habit)
    return Refusal(say("{habit} takes no amount", habit=habit), hint=hint)


def _logged(receipt: AnswerReceipt) -> str:
    if receipt.amount_ml is None:
        return say("no amount logged")
    return say("{amount} ml logged", amount=receipt.amount_ml)
