"""Which configuration file is used, and where the daemon keeps its data. Cheap to import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_APP = "reminders"
_FILE_NAME = "reminders.yaml"


def config_path(chosen: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the file to read; None = there is none, and the built-in starter runs.

    A file chosen by ``--config`` or REMINDERS_CONFIG is returned even when it does not exist: to run another one in
    silence would be worse than to say so. Then ./config/reminders.yaml, the user's directory, the machine's.
    """
    named = chosen or environment.get("REMINDERS_CONFIG")
    if named:
        return named
    return next((str(path) for path in default_config_paths() if path.exists()), None)


def default_config_paths() -> tuple[Path, ...]:
    """Return where a file is looked for when none is named, best first."""
    from platformdirs import user_config_path  # noqa: PLC0415  a named file needs none of it

    return (
        Path("config") / _FILE_NAME,
        user_config_path(_APP, appauthor=False) / _FILE_NAME,
        Path("/etc") / _APP / _FILE_NAME,
    )


def data_directory(chosen: str | None, environment: Mapping[str, str]) -> Path:
    """Return the data directory, which need not exist: --data-dir, REMINDERS_DATA_DIR, the user's state directory."""
    named = chosen or environment.get("REMINDERS_DATA_DIR")
    if named:
        return Path(named)
    from platformdirs import user_state_path  # noqa: PLC0415  a named directory needs none of it

    return user_state_path(_APP, appauthor=False)


def create_data_directory(directory: Path) -> None:
    """Create the data directory for its owner only; one that exists is left as it is. Raises OSError."""
    if directory.is_dir():
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
    if os.name == "posix":
        directory.chmod(0o700)  # the mode above is narrowed by the umask, never widened; this states it
