"""The questions of ``init``: asked only where no option has answered, and asked again until there is an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from shutil import get_terminal_size
from textwrap import fill
from typing import TypeVar

import click

from reminders.catalogue.phrases import say, say_as
from reminders.cli.refusal import Refusal

Value = TypeVar("Value")
UNANSWERED = "skip"
_WIDTH_AT_LEAST = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """``is_silent`` = nothing is asked: what no option says takes its default."""

    is_silent: bool

    def ask(self, question: str, given: str | None, default: str, read: Callable[[str], Value]) -> Value:
        """Return what was answered, as ``read`` understands it; ``read`` raises Mistake for what it cannot use."""
        if given is not None or self.is_silent:
            return read_once(default if given is None else given, read)
        return asked_until_read(lambda: str(click.prompt(question, default=default)), read)

    def confirm(self, question: str, *, given: bool | None, default: bool) -> bool:
        """Return yes or no; silent = the default."""
        if given is not None or self.is_silent:
            return default if given is None else given
        return yes_or_no(question, default=default)

    def say(self, text: str) -> None:
        """Explain what comes, when it is asked at all."""
        if not self.is_silent:
            click.echo(text)

    def list(self, what: str, words: str) -> None:
        """Show what may be answered, in lines that fit the terminal."""
        self.say(wrapped(f"{what}: {words}"))


def wrapped(text: str) -> str:
    """Return a text in lines that fit the terminal, broken between words alone."""
    width = max(get_terminal_size().columns - 1, _WIDTH_AT_LEAST)
    return fill(text, width, break_long_words=False, break_on_hyphens=False)


def yes_or_no(question: str, *, default: bool) -> bool:
    """Ask until the answer is yes or no, in English or in the language spoken; nothing = the default."""
    marks = say("Y/n") if default else say("y/N")

    def ask() -> str:
        typed: str = click.prompt(f"{question} [{marks}]", default="", show_default=False)
        return typed.strip().lower()

    return asked_until_read(ask, lambda word: _is_yes(word) if word else default)


def _is_yes(word: str) -> bool:
    from reminders.settings.mistakes import Mistake

    if word in {"y", "yes", say_as("typed", "y"), say_as("typed", "yes")}:
        return True
    if is_no(word):
        return False
    raise Mistake(say("invalid input"))


def typed_no() -> str:
    """Return the word for no, as somebody types it who speaks the language spoken."""
    return say_as("typed", "no")


def is_no(word: str) -> bool:
    """Tell whether somebody typed no, in English or in the language spoken."""
    return word in {"n", "no", say_as("typed", "n"), typed_no()}


def typed_none() -> str:
    """Return the word for none of them, as somebody types it who speaks the language spoken."""
    return say_as("typed", "none")


def is_none(text: str) -> bool:
    """Tell whether somebody typed none, in English or in the language spoken, or nothing."""
    return text.strip().lower() in {"", "none", typed_none()}


def asked_until_read(ask: Callable[[], str], read: Callable[[str], Value]) -> Value:
    """Ask until ``read`` understands the answer, and say each time what is wrong with it."""
    from reminders.settings.mistakes import Mistake

    while True:
        text = ask()
        try:
            return read(text)
        except Mistake as mistake:
            hint = f"; {mistake.hint}" if mistake.hint else ""
            click.echo(wrapped(say("Error: {message}", message=f"{_said(mistake, text)}{hint}")))


def read_once(text: str, read: Callable[[str], Value]) -> Value:
    """Return what an option says, as ``read`` understands it; raise Refusal for what it cannot use."""
    from reminders.settings.mistakes import Mistake

    try:
        return read(text)
    except Mistake as mistake:
        raise Refusal(_said(mistake, text), hint=mistake.hint) from None


def _said(mistake: Exception, text: str) -> str:
    from reminders.settings.mistakes import ABSENT, FOUND, shown

    found = getattr(mistake, "found", ABSENT)
    return str(mistake).replace(FOUND, shown(text if found is ABSENT else found))


def language_as_written(text: str) -> str:
    """Check the code of a language that there are texts in."""
    from reminders.catalogue.phrases import languages
    from reminders.settings.language import parse_language
    from reminders.settings.mistakes import Mistake

    try:
        return parse_language(text.strip().lower())
    except Mistake as mistake:
        mistake.hint = mistake.hint or say("known: {words}", words=", ".join(languages()))
        raise
