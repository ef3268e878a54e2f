"""The file of variables that the daemon and every command read: ``NAME=value`` a line, for its owner only.

A service does not see what a shell exports, so secrets such as an ntfy topic are kept here.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from reminders.background.program import SERVICE_NAME
from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.domain.errors import StartRefused

FILE_NAME = "environment"
_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)\Z")
_BYTES_AT_MOST = 64 * 1024
_QUOTED_AT_LEAST = 2


def environment_path() -> Path:
    """Return where the file is looked for: beside the user's configuration."""
    if sys.platform in ("darwin", "win32"):
        from platformdirs import user_config_path  # noqa: PLC0415

        return user_config_path(SERVICE_NAME, appauthor=False) / FILE_NAME
    # Every command comes by here, and platformdirs takes longer to load than all that is read.
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111
    return Path(home) / SERVICE_NAME / FILE_NAME


def read_environment(path: Path) -> dict[str, str]:
    """Return the variables of the file; empty when there is none.

    Raises StartRefused, naming the line but never a value, for what is not ``NAME=value``, and for a file that others
    may read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return {}
    except OSError as error:
        told = say('cannot read the environment file "{file}": {reason}', file=path, reason=system_words(error))
        raise StartRefused(told) from None
    with os.fdopen(descriptor, "rb") as file:
        if os.name == "posix" and os.fstat(descriptor).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise StartRefused(say('others may read the environment file "{file}"; chmod 600 "{file}"', file=path))
        text = file.read(_BYTES_AT_MOST).decode("utf-8", "replace")
    return dict(_variables(path, text))


def _variables(path: Path, text: str) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        found = _LINE.match(plain)
        if found is None:
            told = say('line {number} of the environment file "{file}" is not NAME=value', number=number, file=path)
            raise StartRefused(told)
        yield found["name"], _unquoted(found["value"].strip())


def _unquoted(value: str) -> str:
    is_quoted = len(value) >= _QUOTED_AT_LEAST and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def keep_variables(path: Path, variables: Mapping[str, str]) -> None:
    """Add variables to the file, created (0600) where it is missing; what it holds already stays.

    Raises OSError, and StartRefused for a value of several lines.
    """
    known = read_environment(path)
    fresh = {name: value for name, value in variables.items() if name not in known}
    for name, value in fresh.items():
        if len(value.splitlines()) > 1:
            told = say('the variable {name} has more than one line, which "{file}" cannot hold', name=name, file=path)
            raise StartRefused(told)
    if not fresh:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        if file.tell() and not path.read_bytes().endswith(b"\n"):
            file.write("\n")
        file.writelines(f"{name}='{value}'\n" for name, value in fresh.items())
