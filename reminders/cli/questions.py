"""The questions of ``init``: asked only where no option has answered, and asked again until there is an answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import TypeVar

import click

from reminders.catalogue.phrases import say, say_as
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
        return _asked_until_read(lambda: str(click.prompt(question, default=default)), read)

    def confirm(self, question: str, *, given: bool | None, default: bool) -> bool:
        """Return yes or no; silent = the default."""
        if given is not None or self.is_silent:
            return default if given is None else given
        return yes_or_no(question, default=default)

    def say(self, text: str) -> None:
        """Explain what comes, when it is asked at all."""
        if not self.is_silent:
            click.echo(text)

    def list(self, what: str, codes: Iterable[str]) -> None:
        """Show what may be answered, in lines that fit the terminal."""
        self.say(click.wrap_text(f"{what}: {_explained(codes)}", width=get_terminal_size().columns - 1))


def yes_or_no(question: str, *, default: bool) -> bool:
    """Ask until the answer is yes or no, in English or in the language spoken; nothing = the default."""
    marks = say("Y/n") if default else say("y/N")

    def ask() -> str:
        typed: str = click.prompt(f"{question} [{marks}]", default="", show_default=False)
        return typed.strip().lower()

    return _asked_until_read(ask, lambda word: _is_yes(word) if word else default)


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


def _is_none(text: str) -> bool:
    return text.strip().lower() in {"none", typed_none()}


def _asked_until_read(ask: Callable[[], str], read: Callable[[str], Value]) -> Value:
    from reminders.settings.mistakes import Mistake

    while True:
        text = ask()
        try:
            return read(text)
        except Mistake as mistake:
            hint = f"; {mistake.hint}" if mistake.hint else ""
            click.echo(say("Error: {message}", message=f"{_said(mistake, text)}{hint}"))


def _read(text: str, read: Callable[[str], Value]) -> Value:
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
    from reminders.settings.mistakes import Mistake
    from reminders.settings.wall_times import parse_time

    if _is_none(text):
        return None
    days, _, at = text.strip().rpartition(" ")
    if not days:
        raise Mistake(say("{found} is not days and a time"), hint=say("write, for example, tue,thu 18:30"))
    return days_as_written(days), f"{parse_time(at):%H:%M}"


def some_of(known: Collection[str], unknown: str) -> Callable[[str], tuple[str, ...]]:
    """Return a reader of words after commas out of those known, or of their names; ``none`` = none of them.

    ``unknown`` is the phrase for a ``{word}`` that is not.
    """

    def read(text: str) -> tuple[str, ...]:
        from reminders.settings.mistakes import Mistake, did_you_mean

        by_name = {name: code for code in known for name in _names_of(code)}
        typed = [word.strip() for word in text.split(",") if word.strip()]
        words = tuple(dict.fromkeys(by_name.get(word.lower(), word.replace(" ", "_")) for word in typed))
        if not words or _is_none(",".join(words)):
            return ()
        for word in words:
            if word not in known:
                hint = did_you_mean(word, known) or say("known: {words}", words=_explained(known))
                raise Mistake(say(unknown, word=word), hint=hint)
        return words

    return read


def _name_of(code: str) -> str:
    """Return what a code of a profile is called in the language spoken; itself where it has no other name."""
    return say_as("profile", code)


def _names_of(code: str) -> Iterator[str]:
    """Yield in lower case what may be typed for a code: its name, or one of those that a name joins with a slash."""
    name = _name_of(code).lower()
    yield name
    yield from (part.strip() for part in name.split("/"))


def _explained(codes: Iterable[str]) -> str:
    return ", ".join(code if _name_of(code).lower() == code else f"{code} ({_name_of(code)})" for code in codes)


def maybe_some_of(known: Collection[str], unknown: str) -> Callable[[str], tuple[str, ...] | None]:
    """Return a reader as ``some_of``, of a question that may stay unanswered: ``skip`` gives None."""
    some = some_of(known, unknown)
    return lambda text: None if text.strip() == UNANSWERED else some(text)
