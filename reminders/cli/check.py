"""``reminders check``: the configuration, and everything that is wrong with it."""

from __future__ import annotations

import click

from reminders import composition
from reminders.catalogue.phrases import say, say_many
from reminders.cli.options import as_json, places, print_json
from reminders.cli.refusal import ExitCode, Verb, finish
from reminders.domain.household import Household


@click.command("check", cls=Verb, short_help="Show what is wrong with the configuration")
@as_json
@places
def check(as_json: bool, config: str | None, data_dir: str | None) -> None:  # noqa: FBT001
    """Read the configuration and show every problem with its place; exit code 3 when there are errors."""
    from reminders.settings.problems import problems_json, problems_text

    checked = composition.check(config, composition.data_directory(data_dir))
    if as_json:
        print_json(problems_json(checked.problems))
    else:
        if checked.problems:
            click.echo(problems_text(checked.problems))
        if checked.household is not None:
            click.echo(_fine_words(checked.path, checked.household))
            if checked.path is None:
                hint = say("no configuration file was found; name one with --config")
                click.echo(say("hint: {hint}", hint=hint))
    finish(ExitCode.DONE if checked.household is not None else ExitCode.REFUSED)


def _fine_words(path: str | None, household: Household) -> str:
    contents = contents_words(household)
    if path is None:
        return say("the built-in starter is fine: {contents}", contents=contents)
    return say("{file} is fine: {contents}", file=path, contents=contents)


def contents_words(household: Household) -> str:
    """Return what a household holds: ``6 habits, 1 channel``."""
    people, habits = len(household.people), sum(len(person.habits) for person in household.people)
    counts = [
        say_many("{count} habit", "{count} habits", habits),
        say_many("{count} channel", "{count} channels", len(household.channels)),
    ]
    return ", ".join(counts if people == 1 else [say_many("{count} person", "{count} people", people), *counts])
