"""The help texts of the commands, in the language spoken.

They stand in English where a command is written; they are said when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from inspect import cleandoc
from typing import TypeVar

import click

from reminders.catalogue.phrases import say

Words = Callable[[str], str]
Command = TypeVar("Command", bound=click.Command)
_LAID_OUT = "\b"  # how click marks a paragraph whose lines stay as they are


class _Range(click.IntRange):
    """Whole numbers between two bounds, both included, which are told as bounds are told everywhere."""

    def _describe_range(self) -> str:
        return say("{least} to {most}", least=self.min, most=self.max)


def worded(command: Command, words: Words = say) -> Command:
    """Return the command with everything said that its help and its usage errors show of it.

    ``words`` is given each text once: a paragraph of the help as one line, an option's help, a placeholder.
    """
    said = copy(command)
    said.help = "\n\n".join(_paragraphs(command.help or "", words)) or None
    said.short_help = words(command.short_help) if command.short_help else None
    said.options_metavar = words(command.options_metavar) if command.options_metavar else None
    said.params = [_parameter(parameter, words) for parameter in command.params]
    said._help_option = None  # noqa: SLF001  click keeps the one it made, in the language spoken then
    if isinstance(said, click.Group):
        said.subcommand_metavar = words(said.subcommand_metavar)
        said.commands = {name: worded(verb, words) for name, verb in said.commands.items()}
    return said


def _paragraphs(text: str, words: Words) -> list[str]:
    paragraphs = cleandoc(text).split("\n\n") if text else []
    return [words(one if one.startswith(_LAID_OUT) else " ".join(one.split())) for one in paragraphs]


def _parameter(parameter: click.Parameter, words: Words) -> click.Parameter:
    said = copy(parameter)
    if said.metavar is not None:
        said.metavar = words(said.metavar)
    if isinstance(said, click.Option):
        said.help = words(said.help) if said.help else None
    elif said.metavar is None:
        said.metavar = _placeholder(said, words)
    if isinstance(said.type, click.IntRange):
        said.type = _Range(said.type.min, said.type.max)
        said.type.name = words(said.type.name)
    return said


def _placeholder(argument: click.Parameter, words: Words) -> str:
    """Return what click makes of an argument's name."""
    name = words((argument.name or "").upper())
    return f"{name if argument.required else f'[{name}]'}{'' if argument.nargs == 1 else '...'}"
