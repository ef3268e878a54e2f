"""From a file to a household, by way of a child process or the cache of an unchanged file."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, cast

from reminders.catalogue.phrases import language_spoken
from reminders.composition.surroundings import now, running
from reminders.domain.errors import ConfigurationRefused, Problem, Severity
from reminders.domain.household import Household

_Reading = tuple[Household | None, tuple[Problem, ...]]


class _Bounds(TypedDict):
    deadline_seconds: float
    memory_limit_bytes: int


SETTINGS_MODULE = "reminders.settings"
_BOUNDS: _Bounds = {"deadline_seconds": 20.0, "memory_limit_bytes": 512 * 1024 * 1024}


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A configuration that can be used; ``path`` None = the built-in starter.

    ``warnings`` may be in the language of whoever had the file read; see ``load``.
    """

    household: Household
    warnings: tuple[Problem, ...]
    path: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """Everything wrong with a configuration, errors and warnings, by line; ``path`` None = the built-in starter."""

    problems: tuple[Problem, ...]
    path: str | None
    household: Household | None


def configuration_path(option: str | None, data_dir: Path) -> str | None:
    """Return the file that counts: the option, the running daemon's, the first place that has one; None = starter."""
    from reminders.settings.locate import config_path

    if option is None and (daemon := running(data_dir)) is not None and daemon.pid is not None:
        return daemon.config
    return config_path(option, os.environ)


def check(option: str | None, data_dir: Path) -> Checked:
    """Read the configuration afresh, in a child, and return everything that is wrong with it."""
    path = configuration_path(option, data_dir)
    household, problems = _read(path)
    return Checked(problems=problems, path=path, household=household)


def load(option: str | None, data_dir: Path, *, keep: bool = True, shows_warnings: bool = False) -> Loaded:
    """Return the configuration; an unchanged file is not read a second time. Raises ConfigurationRefused.

    ``keep`` False = nothing is written, for commands that only read. ``shows_warnings`` = the warnings are in the
    language spoken; those kept in another have the file read again.
    """
    return load_file(configuration_path(option, data_dir), data_dir, keep=keep, shows_warnings=shows_warnings)


def load_file(path: str | None, data_dir: Path, *, keep: bool = True, shows_warnings: bool = False) -> Loaded:
    """Return the configuration of one file (None = starter); the rest as in ``load``. Raises ConfigurationRefused."""
    from reminders.settings import compiled

    fingerprint = compiled.fingerprint(path, os.environ, now().year)
    known = compiled.load(data_dir, fingerprint) if fingerprint else None
    if known is not None and not (shows_warnings and known.warnings and known.language != language_spoken()):
        return Loaded(household=known.household, warnings=known.warnings, path=path)
    return _kept(path, data_dir if keep else None, fingerprint, _read(path))


async def read_afresh(path: str | None, data_dir: Path) -> Loaded:
    """Read one file (None = starter) in a child while the event loop runs. Raises ConfigurationRefused, ChildFailed."""
    from reminders.daemon.child import run_child
    from reminders.settings import compiled

    fingerprint = compiled.fingerprint(path, os.environ, now().year)
    reply = await run_child(SETTINGS_MODULE, _request(path), **_BOUNDS)
    return _kept(path, data_dir, fingerprint, _from_reply(reply))


def _kept(path: str | None, data_dir: Path | None, fingerprint: str | None, reading: _Reading) -> Loaded:
    """Refuse a reading without a household; else keep it for the next start."""
    from reminders.settings import compiled
    from reminders.settings.locate import create_data_directory

    household, problems = reading
    if household is None:
        raise ConfigurationRefused(problems)
    warnings = tuple(problem for problem in problems if problem.severity is Severity.WARNING)
    if fingerprint and data_dir is not None:
        # A cache that cannot be written costs the next start a moment, nothing else.
        with contextlib.suppress(OSError):
            create_data_directory(data_dir)
            fresh = compiled.Compiled(
                fingerprint=fingerprint, household=household, warnings=warnings, language=language_spoken()
            )
            compiled.save(fresh, data_dir)
    return Loaded(household=household, warnings=warnings, path=path)


def _read(path: str | None) -> _Reading:
    from reminders.daemon.child import run_child_now

    return _from_reply(run_child_now(SETTINGS_MODULE, _request(path), **_BOUNDS))


def _request(path: str | None) -> dict[str, object]:
    """Return what the reader is asked: which URLs can be sent to, which year it is, which language we speak."""
    from reminders.channels.served_schemas import served_schemas

    schemas = served_schemas()
    known = None if schemas is None else sorted(schemas)
    return {"path": path, "schemas": known, "year": now().year, "language": language_spoken()}


def _from_reply(reply: object) -> _Reading:
    from reminders.settings.compiled import household_from_json
    from reminders.settings.problems import problems_from_json

    answer = cast("dict[str, Any]", reply)
    household = answer["household"]
    problems = problems_from_json(answer["problems"])
    return None if household is None else household_from_json(household), problems
