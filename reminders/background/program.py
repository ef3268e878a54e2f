"""What the operating system is asked to start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SERVICE_NAME = "reminders"
SUMMARY = "Nudges that keep a back healthy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """The daemon's command line; every path is absolute.

    ``interpreter`` runs the project. ``config`` None = the built-in starter, or a file that turns up where one is
    looked for. ``log_file`` is for systems that keep no log of their own.
    """

    interpreter: Path
    data_dir: Path
    log_file: Path
    config: Path | None = None

    def command(self, *, with_log_file: bool) -> tuple[str, ...]:
        """Return the words of the command line."""
        # -P: a folder called reminders where the service starts, such as a clone in one's home, must not pass for it.
        words = [str(self.interpreter), "-P", "-m", "reminders", "run", "--data-dir", str(self.data_dir)]
        if self.config is not None:
            words += ["--config", str(self.config)]
        if with_log_file:
            words += ["--log-file", str(self.log_file)]
        return tuple(words)
