"""The first thing a child process runs: its limits, before anything heavy is imported, then the module asked for.

Run by path, as ``child_main.py MODULE MEMORY_LIMIT_BYTES DEADLINE_SECONDS``.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

ORPHAN_GRACE_SECONDS = 2


def set_limits(memory_limit_bytes: int, deadline_seconds: int) -> None:
    """Cap the memory, forbid core dumps (they would hold secrets) and end an orphan after its deadline."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not on Windows
    import signal  # noqa: PLC0415

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = memory_limit_bytes if hard == resource.RLIM_INFINITY else min(memory_limit_bytes, hard)
    if sys.platform != "darwin":  # macOS refuses the limit
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The parent kills at the deadline; this ends the child of a parent that was itself killed.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(deadline_seconds + ORPHAN_GRACE_SECONDS)


def main() -> None:
    """Set the limits and become the module."""
    module, memory_limit_bytes, deadline_seconds = sys.argv[1:4]
    set_limits(int(memory_limit_bytes), int(deadline_seconds))
    # Last in the path: it serves a checkout that is not installed and shadows nothing where it is.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
