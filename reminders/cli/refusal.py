"""Exit codes, and how what went wrong is shown: ``error: ...`` and ``hint: ...`` on stderr, data stays on stdout."""

from __future__ import annotations

from enum import IntEnum
from typing import IO, Any

import click

from reminders.catalogue.phrases import phrase, say
from reminders.domain.errors import (
    ChildFailed,
    ConfigurationRefused,
    JournalFault,
    JournalUnavailable,
    ReminderError,
    StartRefused,
    UsageMistake,
)


class ExitCode(IntEnum):
    """What a command's exit code means; an interface, not to be renumbered."""

    DONE = 0
    FAILED = 1  # or the answer is no
    USAGE = 2
    REFUSED = 3  # a supervisor must not start it again
    PARTLY = 4


_JOURNAL_HINTS = {
    JournalFault.DISK_FULL: phrase("free some space, then try again"),
    JournalFault.LOCKED: phrase("something else holds it; try again in a moment"),
    JournalFault.READ_ONLY: phrase("choose another place with --data-dir, or make this one writable"),
    JournalFault.CORRUPT: phrase("the daemon mends it from the newest backup when it starts: reminders run"),
}


class Refusal(click.ClickException):
    """A command refused for how it was used; ``message`` is a fragment in lower case, ``hint`` says what to do."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep what is shown."""
        super().__init__(message)
        self.hint = hint

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the error, and the hint on its own line."""
        click.echo(say("error: {message}", message=self.message), file=file, err=file is None)
        if self.hint is not None:
            click.echo(say("hint: {hint}", hint=self.hint), file=file, err=file is None)


class Failure(Refusal):
    """A command that did not succeed; another try may."""

    exit_code = ExitCode.FAILED


class NoStart(Refusal):
    """A start that is refused, now and at every further try."""

    exit_code = ExitCode.REFUSED


class ProblemsFound(click.ClickException):
    """A configuration that cannot be used; every problem is shown with its place."""

    exit_code = ExitCode.REFUSED

    def __init__(self, error: ConfigurationRefused) -> None:
        """Keep the problems."""
        super().__init__(str(error))
        self.problems = error.problems

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the problems, in the shape that ``check`` prints them in."""
        from reminders.settings.problems import problems_text

        click.echo(problems_text(self.problems), file=file, err=file is None)


class Verb(click.Command):
    """A command that turns every error of this project into words and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ReminderError as error:
            raise refusal_of(error) from error


def refusal_of(error: ReminderError) -> click.ClickException:
    """Return how an error ends a command."""
    match error:
        case ConfigurationRefused():
            return ProblemsFound(error)
        case StartRefused():
            return NoStart(str(error))
        case UsageMistake():
            return Refusal(str(error))
        case JournalUnavailable(cause=cause):
            hint = _JOURNAL_HINTS.get(cause)
            return Failure(str(error), hint=None if hint is None else say(hint))
        case ChildFailed():
            return Failure(say("reading did not succeed: {reason}", reason=error), hint=say("try again"))
        case _:
            return Failure(str(error))


def finish(code: ExitCode) -> None:
    """End the command with a code; nothing happens for DONE."""
    if code is not ExitCode.DONE:
        raise click.exceptions.Exit(int(code))
