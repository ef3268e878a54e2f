"""``reminders run``: the daemon, in the foreground."""

from __future__ import annotations

import logging
import os
from typing import TextIO

import click

from reminders import composition
from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.cli.options import places
from reminders.cli.refusal import ExitCode, Verb
from reminders.domain.errors import StartRefused

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


@click.command("run", cls=Verb, short_help="Run until stopped")
@click.option("--log-level", type=click.Choice(list(LEVELS)), default="info", show_default=True, help="What to log.")
@click.option("--log-file", metavar="FILE", help="Append the log to this file, for you alone. Left out: stderr.")
@places
def run(log_level: str, log_file: str | None, config: str | None, data_dir: str | None) -> None:
    """Run until stopped: plan, send, hear answers. Ctrl-C or SIGTERM ends it, twice cuts short what is in flight."""
    from reminders.daemon.logs import configure_logging

    configure_logging(level=LEVELS[log_level], stream=None if log_file is None else _log_stream(log_file))
    place = composition.data_directory(data_dir)
    loaded = composition.load(config, place, shows_warnings=True)
    if loaded.warnings:
        from reminders.settings.problems import problems_text

        click.echo(problems_text(loaded.warnings), err=True)
    if loaded.path is None:
        click.echo(
            say("no configuration file was found: the built-in starter runs, with six habits on this desktop"), err=True
        )
        hint = say("write one of your own with: reminders init; or name one with --config")
        click.echo(say("hint: {hint}", hint=hint), err=True)
    code = composition.serve(loaded, place)
    if code != ExitCode.DONE:
        raise click.exceptions.Exit(code)


def _log_stream(path: str) -> TextIO:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        told = say('cannot write the log file "{file}": {reason}', file=path, reason=system_words(error))
        raise StartRefused(told) from None
    return os.fdopen(descriptor, "a", encoding="utf-8", buffering=1)
