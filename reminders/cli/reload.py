"""``reminders reload``: the running daemon takes the configuration as it is now, or keeps the one it has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.retelling import retold
from reminders.cli.check import contents_words
from reminders.cli.options import places
from reminders.cli.refusal import ExitCode, Failure, NoStart, Refusal, Verb, finish
from reminders.composition import Checked
from reminders.domain.household import Household

if TYPE_CHECKING:
    from reminders.daemon.lock import RunningDaemon

STAYS = phrase("the one that is running stays")


@click.command("reload", cls=Verb, short_help="Let the daemon read its configuration again")
@places
def reload(config: str | None, data_dir: str | None) -> None:
    """Let the running daemon read its configuration again; what is on its way goes on.

    The file is checked first. One that cannot be used changes nothing: the one that is running stays, exit code 3.
    """
    place = composition.data_directory(data_dir)
    daemon = composition.running(place)
    _refuse_another_file(config, daemon)
    checked = composition.check(_file_to_check(config, daemon), place)
    _show_problems(checked, daemon)
    if checked.household is None:
        finish(ExitCode.REFUSED)
        return
    if daemon is None:
        hint = say("start it with: reminders run")
        raise Failure(say("no daemon is running, so there is nothing to reload"), hint=hint)
    _renew(place, daemon, checked.household)


def _refuse_another_file(config: str | None, daemon: RunningDaemon | None) -> None:
    """Refuse a file that is not the daemon's; the starter's daemon takes whichever file turns up."""
    if config is None or daemon is None or daemon.config is None:
        return
    if Path(config).absolute() != Path(daemon.config).absolute():
        refused = say('the daemon runs on "{file}", not on "{other}"', file=daemon.config, other=config)
        hint = say("leave --config out, or stop the daemon and start it with the other file")
        raise Refusal(refused, hint=hint)


def _file_to_check(config: str | None, daemon: RunningDaemon | None) -> str | None:
    """Return the file that the daemon will read: one on the starter takes the first that turned up meanwhile."""
    from reminders.settings.locate import config_path

    is_on_starter = daemon is not None and daemon.pid is not None and daemon.config is None
    return config_path(config, os.environ) if is_on_starter else config


def _show_problems(checked: Checked, daemon: RunningDaemon | None) -> None:
    from reminders.settings.problems import problems_text

    if checked.problems:
        click.echo(problems_text(checked.problems), err=True)
    if checked.household is None and daemon is not None:
        click.echo(say(STAYS), err=True)


def _renew(place: Path, daemon: RunningDaemon, household: Household) -> None:
    from reminders.composition.renewal import NotRenewed, renew

    try:
        renewed = renew(place, daemon)
    except NotRenewed as error:
        raise Failure(str(error), hint=say("look at it with: reminders status")) from None
    if renewed.refused is not None:
        stays, compare = (
            say(STAYS),
            say("the file is fine from here, so compare its environment and directory with yours"),
        )
        refused = say("the daemon refused it: {reason}", reason=retold(renewed.refused))
        raise NoStart(refused, hint=f"{stays}; {compare}")
    click.echo(say("reloaded: {contents}", contents=contents_words(household)))
    if renewed.degraded is not None:
        click.echo(say("it cannot do its work now: {reason}", reason=retold(renewed.degraded)))
        click.echo(say("hint: {hint}", hint="reminders doctor"))
