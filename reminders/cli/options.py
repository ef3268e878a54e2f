"""Options that several verbs share, spelled the same everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])

_config = click.option(
    "--config",
    metavar="FILE",
    help="The configuration file. Left out: the running daemon's, REMINDERS_CONFIG, ./config/reminders.yaml, ...",
)
_data_dir = click.option(
    "--data-dir",
    metavar="DIR",
    help="Where the journal is kept. Left out: REMINDERS_DATA_DIR, else the user's state directory.",
)


def places(command: Function) -> Function:
    """Add ``--config`` and ``--data-dir``."""
    return _config(_data_dir(command))


def data_place(command: Function) -> Function:
    """Add ``--data-dir`` alone."""
    return _data_dir(command)


person_who_answers = click.option("--person", metavar="NAME", help="Who is meant; needed when there are several.")
person_shown = click.option("--person", metavar="NAME", help="Show this person alone. Left out: everyone.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON of a stable shape.")


def print_json(data: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
