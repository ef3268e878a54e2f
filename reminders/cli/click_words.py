"""What click says by itself, in the language spoken: the headings of a help, and what is wrong with a command line.

It takes its words from gettext, which knows one language per process and a file format of its own; it is given ours.
Versions of click differ a little in their words; those of which nothing is known here are said in English.
"""

from __future__ import annotations

import sys

import click

from reminders.catalogue.phrases import phrase, say

WORDS = (
    phrase("Usage:"),
    phrase("Options"),
    phrase("Commands"),
    phrase("Show the version and exit."),
    phrase("Show this message and exit."),
    phrase("default: {default}"),
    phrase("required"),
    phrase("Error: {message}"),
    phrase("Try '{command} {option}' for help."),
    phrase("Invalid value: {message}"),
    phrase("Invalid value for {param_hint}: {message}"),
    phrase("Missing argument"),
    phrase("Missing option"),
    phrase("Missing command."),
    phrase("No such option {name!r}."),
    phrase("No such option: {name}"),
    phrase("No such command {name!r}."),
    phrase("Did you mean {possibility}?"),
    phrase("(Did you mean one of: {possibilities}?)"),
    phrase("(Possible options: {possibilities})"),
    phrase("Option {name!r} does not take a value."),
    phrase("Option {name!r} requires an argument."),
    phrase("Got unexpected extra argument ({args})"),
    phrase("Got unexpected extra arguments ({args})"),
    phrase("{value!r} is not a valid {number_type}."),
    phrase("{value} is not in the range {range}."),
    phrase("{value!r} is not one of {choices}."),
    phrase("Aborted!"),
)


def let_click_speak() -> None:
    """From here on click asks us for its words; they are English wherever English is spoken."""
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{click.__name__}.") and "_" in vars(module):
            vars(module).update(_=say, ngettext=_counted)


def _counted(one: str, many: str, count: int) -> str:
    return say(one if count == 1 else many)
