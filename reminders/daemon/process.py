"""What makes a pid unmistakable, the boot it lives in and the tick it was started at; and what it leaves if it dies."""

from __future__ import annotations

import sys
from pathlib import Path

PROC = Path("/proc")
START_TICK_FIELD = 19  # of what follows the name in /proc/PID/stat; the 22nd of the whole line


def process_mark(pid: int) -> str | None:
    """Return a mark that no other process ever has, also after the pid is used again.

    None where there is no such process, or the system has no ``/proc``.
    """
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        after_name = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        return f"{boot}/{after_name.split()[START_TICK_FIELD]}"
    except (OSError, IndexError):
        return None


def forbid_core_dumps() -> None:
    """Keep the memory of this process, which holds the secrets of its environment, off the disk should it crash."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
