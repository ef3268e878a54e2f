"""The last sign of life of the daemon, for who asks from outside: a hung one holds its lock for ever.

``daemon.beat`` holds the seconds of the monotonic clock at the last heartbeat. That clock is the same for every process
since the machine was started; it stands still while the machine sleeps, so that a sleep is not taken for a hang.
"""

from __future__ import annotations

import contextlib
import os
from datetime import timedelta
from pathlib import Path

PULSE_NAME = "daemon.beat"
HUNG_AFTER = timedelta(seconds=60)
_WIDTH = 24


class Pulse:
    """The file, open; each beat writes a few bytes in place. One that cannot be written is tried at the next beat."""

    def __init__(self, data_dir: Path) -> None:
        """Make the file anew, empty: no beat yet. Raises OSError."""
        self._path = data_dir / PULSE_NAME
        self._path.unlink(missing_ok=True)
        self._descriptor: int | None = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def beat(self, seconds: float) -> None:
        """Note a heartbeat at that many seconds of the monotonic clock."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.write(self._descriptor, f"{seconds:<{_WIDTH}.3f}".encode())

    def stop(self) -> None:
        """Remove the file; a second call does nothing."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None
        with contextlib.suppress(OSError):
            self._path.unlink()


def last_beat(data_dir: Path) -> float | None:
    """Return the seconds of the monotonic clock at the last heartbeat; None = there was none yet."""
    try:
        return float((data_dir / PULSE_NAME).read_bytes())
    except (OSError, ValueError):
        return None


def stillness(beat_seconds: float | None, seconds: float) -> timedelta | None:
    """Return for how long a daemon has not moved at ``seconds``; None = it is well, or nobody can tell."""
    if beat_seconds is None or seconds < beat_seconds:
        return None
    still = timedelta(seconds=seconds - beat_seconds)
    return still if still > HUNG_AFTER else None
