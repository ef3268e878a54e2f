"""``reminders service``: the daemon as a background service, started at login by the operating system."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.cli.check import contents_words
from reminders.cli.options import data_place, places
from reminders.cli.questions import yes_or_no
from reminders.cli.refusal import ExitCode, Failure, Verb, finish

if TYPE_CHECKING:
    from reminders.background.supervisor import Supervisor, Systemd


@click.group("service", short_help="Run at login: install, uninstall, status, logs")
def service() -> None:
    """Run in the background from login on, by systemd, launchd or the Windows task scheduler.

    The last two are written and parsed by tests, but were never tried on such a machine.
    """


@service.command("install", cls=Verb)
@click.option("--linger", is_flag=True, help="Linux: run from boot on, without a login, as on a home server.")
@places
def install(linger: bool, config: str | None, data_dir: str | None) -> None:  # noqa: FBT001
    """Start the daemon now and at every login; after a change of place or version, install again."""
    from reminders.composition.background import configuration_served, program, supervisor

    place = composition.data_directory(data_dir)
    chosen = configuration_served(config, place)
    loaded = composition.load_file(chosen.path, place)
    _refuse_a_second_daemon(place)
    _hand_over(loaded.path)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    keeper = supervisor(place)
    keeper.install(program(loaded.path, place))
    contents, file = contents_words(loaded.household), loaded.path or say("the built-in starter")
    click.echo(say("installed: {contents}, from {file}", contents=contents, file=file))
    if chosen.why is not None:
        click.echo(say("hint: {hint}", hint=chosen.why))
    click.echo(say("{supervisor} starts it at login: {file}", supervisor=say(keeper.name), file=keeper.definition))
    if sys.platform == "linux":
        _offer_linger(_systemd(keeper), wanted=linger)
    click.echo(say("look at it: reminders service status, reminders service logs"))


def _refuse_a_second_daemon(place: Path) -> None:
    daemon = composition.running(place)
    # One that the supervisor itself started is started anew; one in a terminal would keep it from starting.
    if daemon is not None and daemon.pid is not None and not _is_supervised(daemon.pid):
        hint = say("stop it first (pid {pid}), then install again", pid=daemon.pid)
        raise Failure(say("a daemon is running on that data directory already"), hint=hint)


def _is_supervised(pid: int) -> bool:
    """Tell whether systemd itself started that process; what a terminal started has its unit's variables, too."""
    try:
        return f"SYSTEMD_EXEC_PID={pid}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return sys.platform != "linux"


def _hand_over(config: str | None) -> None:
    from reminders.background.environment import environment_path
    from reminders.composition.background import hand_over_variables

    copied = hand_over_variables(config)
    if copied:
        told = say(
            "copied {names} to {file}, for you alone: a service sees no variables of a shell",
            names=", ".join(copied),
            file=environment_path(),
        )
        click.echo(told)


def _systemd(keeper: object) -> Systemd:
    from reminders.background.supervisor import Systemd

    assert isinstance(keeper, Systemd)  # noqa: S101  on Linux there is no other
    return keeper


def _offer_linger(keeper: Systemd, *, wanted: bool) -> None:
    user = getpass.getuser()
    if keeper.lingers(user):
        return
    has_screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not wanted and not has_screen and sys.stdin.isatty():
        question = say("No desktop here. Run from boot on, without a login (loginctl enable-linger)?")
        wanted = yes_or_no(question, default=False)
    if wanted:
        keeper.enable_linger(user)
        click.echo(say("it runs from boot on, without a login"))
    elif not has_screen:
        click.echo(say("it stops when you log out; on a home server: reminders service install --linger"))


@service.command("uninstall", cls=Verb)
@data_place
def uninstall(data_dir: str | None) -> None:
    """Stop the service and remove it; configuration, variables and journal stay."""
    from reminders.composition.background import supervisor

    place = composition.data_directory(data_dir)
    keeper = supervisor(place)
    if not keeper.uninstall():
        raise Failure(_not_installed(keeper))
    click.echo(say("removed: {file}; the journal stays in {folder}", file=keeper.definition, folder=place))


def _not_installed(keeper: Supervisor) -> str:
    return say("no service is installed: there is no {file}", file=keeper.definition)


@service.command("status", cls=Verb)
@data_place
def status(data_dir: str | None) -> None:
    """Say what the operating system makes of the service; exit code 1 when it does not run."""
    from reminders.composition.background import supervisor

    keeper = supervisor(composition.data_directory(data_dir))
    found = keeper.status()
    if not found.is_installed:
        raise Failure(_not_installed(keeper), hint="reminders service install")
    click.echo(found.text)
    finish(ExitCode.DONE if found.is_running else ExitCode.FAILED)


@service.command("logs", cls=Verb)
@click.option("-f", "--follow", is_flag=True, help="Go on printing what comes.")
@click.option("-n", "--lines", type=click.IntRange(1, 100_000), default=100, show_default=True, help="How many lines.")
@data_place
def logs(follow: bool, lines: int, data_dir: str | None) -> None:  # noqa: FBT001
    """Print what the service logged."""
    from reminders.composition.background import supervisor

    keeper = supervisor(composition.data_directory(data_dir))
    if not keeper.definition.exists():
        raise Failure(_not_installed(keeper), hint="reminders service install")
    try:
        code = subprocess.call(keeper.logs_command(lines, follow=follow))  # noqa: S603  the words are ours
    except OSError as error:
        raise Failure(say("the log cannot be read: {reason}", reason=system_words(error))) from None
    except KeyboardInterrupt:
        return
    finish(ExitCode.DONE if code == 0 else ExitCode.FAILED)
