"""The questions of ``init``: asked only where no option has answered, and asked again until there is an answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import TypeVar

import click

from reminders.cli.refusal import Refusal

Value = TypeVar("Value")
UNANSWERED = "skip"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """``is_silent`` = nothing is asked: what no option says takes its default."""

    is_silent: bool

    def ask(self, question: str, given: str | None, default: str, read: Callable[[str], Value]) -> Value:
        """Return what was answered, as ``read`` understands it; ``read`` raises Mistake for what it cannot use."""
        if given is not None or self.is_silent:
            return _read(default if given is None else given, read)
        return click.prompt(question, default=default, value_proc=lambda text: _prompted(text, read))

    def confirm(self, question: str, *, given: bool | None, default: bool) -> bool:
        """Return yes or no; silent = the default."""
        if given is not None or self.is_silent:
            return default if given is None else given
        return click.confirm(question, default=default)

    def say(self, text: str) -> None:
        """Explain what comes, when it is asked at all."""
        if not self.is_silent:
            click.echo(text)

    def list(self, what: str, words: Iterable[str]) -> None:
        """Show what may be answered, in lines that fit the terminal."""
        self.say(click.wrap_text(f"{what}: {', '.join(words)}", width=get_terminal_size().columns - 1))


def _read(text: str, read: Callable[[str], Value]) -> Value:
    from reminders.settings.mistakes import Mistake

    try:
        return read(text)
    except Mistake as mistake:
        raise Refusal(_said(mistake, text), hint=mistake.hint) from None


def _prompted(text: str, read: Callable[[str], Value]) -> Value:
    from reminders.settings.mistakes import Mistake

    try:
        return read(text)
    except Mistake as mistake:
        hint = f"; {mistake.hint}" if mistake.hint else ""
        raise click.UsageError(f"{_said(mistake, text)}{hint}") from None


def _said(mistake: Exception, text: str) -> str:
    from reminders.settings.mistakes import ABSENT, FOUND, shown

    found = getattr(mistake, "found", ABSENT)
    return str(mistake).replace(FOUND, shown(text if found is ABSENT else found))


def as_written(parse: Callable[[object], object]) -> Callable[[str], str]:
    """Return a reader that keeps what was written, once ``parse`` has found nothing wrong with it."""

    def read(text: str) -> str:
        parse(text.strip())
        return text.strip()

    return read


def ranges_as_written(text: str) -> str:
    """Check one range or several after commas, and write them as the file has them."""
    from reminders.settings.wall_times import parse_ranges

    parts = [part.strip() for part in text.split(",") if part.strip()]
    parse_ranges(parts if len(parts) > 1 else text.strip())
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def days_as_written(text: str) -> str:
    """Check days of the week and write them as the file has them."""
    from reminders.settings.wall_times import parse_days

    parts = [part.strip() for part in text.split(",") if part.strip()]
    parse_days(parts if len(parts) > 1 else text.strip())
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def training_as_written(text: str) -> tuple[str, str] | None:
    """Read days and a time, such as ``tue,thu 18:30``; ``none`` = None."""
    from reminders.settings.mistakes import FOUND, Mistake
    from reminders.settings.wall_times import parse_time

    if text.strip() == "none":
        return None
    days, _, at = text.strip().rpartition(" ")
    if not days:
        raise Mistake(f"{FOUND} is not days and a time", hint="write, for example, tue,thu 18:30")
    return days_as_written(days), f"{parse_time(at):%H:%M}"


def some_of(known: Collection[str], noun: str) -> Callable[[str], tuple[str, ...]]:
    """Return a reader of words after commas out of those known; ``none`` = none of them."""

    def read(text: str) -> tuple[str, ...]:
        from reminders.settings.mistakes import Mistake, did_you_mean

        words = tuple(dict.fromkeys(word.strip().replace(" ", "_") for word in text.split(",") if word.strip()))
        if words in ((), ("none",)):
            return ()
        for word in words:
            if word not in known:
                hint = did_you_mean(word, known) or f"known: {', '.join(known)}"
                raise Mistake(f'"{word}" is not {noun}', hint=hint)
        return words

    return read


def maybe_some_of(known: Collection[str], noun: str) -> Callable[[str], tuple[str, ...] | None]:
    """Return a reader as ``some_of``, of a question that may stay unanswered: ``skip`` gives None."""
    some = some_of(known, noun)
    return lambda text: None if text.strip() == UNANSWERED else some(text)
