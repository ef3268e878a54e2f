"""The commands, one file per verb; each is read from its file only when it is asked for.

    init run check plan why status done skip snooze undo pause resume reload history stats send-test service doctor
    forget

Beside them: ``options`` (what verbs have in common), ``refusal`` (exit codes and how an error is shown), ``selection``
(which person, which habit), ``speaker`` (who answers, and the journal to write to), ``receipt`` (what an answer counted
for), ``written_values`` (dates, durations and amounts as people type them), ``questions`` (what ``init`` asks), and how
things are shown: ``water``, ``reason_sentences``, ``history_words``, ``stats_words``, ``stats_json``,
``suggestion_words``, ``why_words``, ``bars``, ``channel_trouble``, ``columns``.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

import reminders
from reminders.catalogue.phrases import speaking
from reminders.cli.language import language_of
from reminders.cli.refusal import Refusal, refusal_of
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

EXIT_CODES = """\b
Exit codes:
  0  done
  1  it failed, or the answer is no (status without a daemon, no channel took the test)
  2  wrong usage, an unknown habit or channel included
  3  the configuration or the start is refused; starting again will not help
  4  partly delivered
"""


class Verbs(click.Group):
    """The verbs in the order in which a person meets them, in the language that they speak."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command line; all that it says is said in one language."""
        with speaking(language_of(None, os.environ)):
            return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb; None for an unknown one."""
        del ctx
        if cmd_name not in VERBS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"reminders.cli.{name}"), name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one is refused with the nearest."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            raise _unknown(args[0])
        return super().resolve_command(ctx, args)


def _unknown(verb: str) -> Refusal:
    from reminders.settings.mistakes import did_you_mean

    return Refusal(f'unknown verb "{verb}"; there are: {", ".join(VERBS)}', hint=did_you_mean(verb, VERBS))


@click.group(cls=Verbs, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
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
