"""The variables that the user keeps in a file, as this process has them; what the shell has set goes before them."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

from reminders.background.environment import environment_path, read_environment
from reminders.domain.errors import ConfigurationRefused, Problem, Severity, StartRefused


def stamp_of(path: str | Path) -> tuple[int, ...]:
    """Return what changes when a file does, without reading it; empty = it is not there."""
    try:
        about = os.stat(path)  # noqa: PTH116  a path object would be built every heartbeat
    except OSError:
        return ()
    return (about.st_mtime_ns, about.st_size, about.st_ino)


class KeptVariables:
    """What the file held when it was last read, so that a change of it can be told from what the shell has set."""

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        """Take what the file holds now as known; it was added to the environment before. Raises StartRefused."""
        self._environment, self._path = environment, environment_path()
        self._known = self._of_file(read_environment(self._path))

    def stamp(self) -> tuple[int, ...]:
        """Return what changes when the file does, without reading it."""
        return stamp_of(self._path)

    def renew(self) -> None:
        """Read the file again and change the environment by it. Raises ConfigurationRefused for what is wrong in it."""
        try:
            fresh = read_environment(self._path)
        except StartRefused as error:
            raise ConfigurationRefused((self._problem(error),)) from error
        for name in self._of_file(self._known):
            self._environment.pop(name)
        for name, value in fresh.items():
            self._environment.setdefault(name, value)
        self._known = self._of_file(fresh)

    def _of_file(self, variables: dict[str, str]) -> dict[str, str]:
        """Return those that the environment has from the file."""
        return {name: value for name, value in variables.items() if self._environment.get(name) == value}

    def _problem(self, error: StartRefused) -> Problem:
        return Problem(
            severity=Severity.ERROR, file=str(self._path), line=None, column=None, key="", message=str(error)
        )
