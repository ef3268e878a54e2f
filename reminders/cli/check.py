"""``reminders check``: the configuration, and everything that is wrong with it."""

from __future__ import annotations

import click

from reminders import composition
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
            click.echo(f"{checked.path or 'the built-in starter'} is fine: {contents_words(checked.household)}")
            if checked.path is None:
                click.echo("hint: no configuration file was found; name one with --config")
    finish(ExitCode.DONE if checked.household is not None else ExitCode.REFUSED)


def contents_words(household: Household) -> str:
    """Return what a household holds: ``6 habits, 1 channel``."""
    people, habits = len(household.people), sum(len(person.habits) for person in household.people)
    counts = [_counted(habits, "habit"), _counted(len(household.channels), "channel")]
    return ", ".join(counts if people == 1 else [f"{people} people", *counts])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
