"""The commands, one file per verb; each is read from its file only when it is asked for.

    init run check plan why status done skip snooze undo pause resume reload history stats send-test service doctor
    forget

Beside them: ``options`` (what verbs have in common), ``refusal`` (exit codes and how an error is shown), ``selection``
(which person, which habit), ``speaker`` (who answers, and the journal to write to), ``receipt`` (what an answer counted
for), ``written_values`` (dates, durations and amounts as people type them), ``questions`` (what ``init`` asks),
``language`` (which one is spoken), ``help_words`` and ``click_words`` (help and usage errors in it), and how things are
shown: ``water``, ``reason_sentences``, ``history_words``, ``stats_record``, ``stats_words``, ``stats_json``,
``suggestion_words``, ``why_words``, ``bars``, ``channel_trouble``, ``columns``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import click

import reminders
from reminders.catalogue.phrases import Phrases, say, say_as, speaking
from reminders.cli.click_words import let_click_speak
from reminders.cli.help_words import worded
from reminders.cli.language import language_for
from reminders.cli.refusal import ExitCode, Refusal, refusal_of
from reminders.domain.errors import ReminderError

VERBS = (
    "init",
    "run",
    "check",
    "plan",
    "why",
    "status",
    "done",
    "skip",
    "snooze",
    "undo",
    "pause",
    "resume",
    "reload",
    "history",
    "stats",
    "send-test",
    "service",
    "doctor",
    "forget",
)


class Verbs(click.Group):
    """The verbs in the order in which a person meets them, in the language that they speak."""

    def main(
        self, args: Sequence[str] | None = None, *more: Any, language: str | Phrases | None = None, **named: Any
    ) -> Any:
        """Run a command line; all that it says is said in one language, None = the one that fits whoever typed it."""
        let_click_speak()
        with speaking(language or language_for(sys.argv[1:] if args is None else args, os.environ)):
            return super(Verbs, worded(self)).main(args, *more, **named)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb; None for an unknown one."""
        del ctx
        return worded(verb_named(cmd_name)) if cmd_name in VERBS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one is refused with the nearest."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            raise _unknown(args[0])
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Add what the exit codes mean."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text("\n".join(("\b", say("Exit codes:"), *_exit_codes())))


def verb_named(verb: str) -> click.Command:
    """Return one of the verbs as it is written: its help is English."""
    name = verb.replace("-", "_")
    command: click.Command = getattr(import_module(f"reminders.cli.{name}"), name)
    return command


def _exit_codes() -> Iterator[str]:
    meanings = (
        say_as("exit code", "done"),
        say("it failed, or the answer is no (status without a daemon, no channel took the test)"),
        say("wrong usage, an unknown habit or channel included"),
        say("the configuration or the start is refused; starting again will not help"),
        say("partly delivered"),
    )
    return (f"  {int(code)}  {meaning}" for code, meaning in zip(ExitCode, meanings, strict=True))


def _unknown(verb: str) -> Refusal:
    from reminders.settings.mistakes import did_you_mean

    message = say('unknown verb "{verb}"; there are: {verbs}', verb=verb, verbs=", ".join(VERBS))
    return Refusal(message, hint=did_you_mean(verb, VERBS))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(reminders.__version__, prog_name="reminders", message="%(prog)s %(version)s")
def main() -> None:
    """Nudges that keep a back healthy: drink, move, warm up and eat well at a welcome moment.

    General information for adults: not medical advice, not for emergencies, no replacement for a clinician. Ask your
    own if you have an illness, are pregnant, take medicine regularly or had surgery.
    """
    from reminders.composition import add_kept_variables

    try:
        add_kept_variables()
    except ReminderError as error:
        raise refusal_of(error) from error
