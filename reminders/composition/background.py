"""The daemon as a background service of this machine. Imported by ``service`` alone."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from reminders.background.environment import environment_path, keep_variables, read_environment
from reminders.background.program import Program
from reminders.background.supervisor import Launchd, Supervisor, Systemd, WindowsTasks
from reminders.catalogue.phrases import say
from reminders.composition.surroundings import running

LOG_NAME = "reminders.log"


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """The file for a service, None = the built-in starter; ``why`` says what may surprise about it, None = nothing."""

    path: str | None
    why: str | None = None


def configuration_served(option: str | None, data_dir: Path) -> Served:
    """Return the file for a service, which outlives the shell that installs it.

    As for every command, but the present folder's file comes last: nobody installs a service for a folder by accident.
    """
    from reminders.settings.locate import config_path, default_config_paths

    daemon = None if option else running(data_dir)
    if daemon is not None and daemon.pid is not None:
        return Served(path=daemon.config)
    if option or os.environ.get("REMINDERS_CONFIG"):
        return Served(path=config_path(option, os.environ))
    here, *elsewhere = default_config_paths()
    found = next((str(path) for path in elsewhere if path.exists()), None)
    if not here.exists():
        return Served(path=found)
    if found is not None:
        why = say('"{file}" in this folder was left aside; for that one: --config {file}', file=here)
        return Served(path=found, why=why)
    why = say("you have no file of your own, so the one in this folder counts, wherever the service starts")
    return Served(path=str(here.absolute()), why=why)


def supervisor(data_dir: Path) -> Supervisor:
    """Return this machine's supervisor."""
    if sys.platform == "darwin":
        return Launchd(Path.home(), data_dir / LOG_NAME)
    if sys.platform == "win32":
        return WindowsTasks(data_dir, data_dir / LOG_NAME)
    return Systemd(_config_home())


def program(config: str | None, data_dir: Path) -> Program:
    """Return the command line that serves that configuration from that data directory."""
    place = data_dir.absolute()
    return Program(
        interpreter=_interpreter(),
        data_dir=place,
        log_file=place / LOG_NAME,
        config=None if config is None else Path(config).absolute(),
    )


def hand_over_variables(config: str | None) -> tuple[str, ...]:
    """Keep for the service the variables that the file names and only this shell has; return their names.

    Raises StartRefused, OSError.
    """
    from reminders.settings.compiled import variables_named

    path = environment_path()
    known = read_environment(path)
    here = {name: os.environ[name] for name in variables_named(config) if name not in known and os.environ.get(name)}
    keep_variables(path, here)
    return tuple(here)


def _interpreter() -> Path:
    # Without symbolic links resolved: a virtual environment is known by the link in it.
    path = Path(sys.executable)
    quiet = path.with_name("pythonw.exe")
    return quiet if sys.platform == "win32" and quiet.exists() else path.absolute()


def _config_home() -> Path:
    from platformdirs import user_config_path

    return user_config_path()
