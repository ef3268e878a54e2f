"""A launchd agent for macOS. Generated and parsed by the tests, not tried on a Mac."""

from __future__ import annotations

import plistlib

from reminders.background.program import Program

LABEL = "io.reminders.daemon"
SECONDS_BETWEEN_STARTS = 10
STOP_SECONDS = 15
_UMASK = 0o077


def agent_plist(program: Program) -> bytes:
    """Return the property list of the agent: started at login, and again when it ends in failure."""
    agent = {
        "Label": LABEL,
        "ProgramArguments": list(program.command(with_log_file=True)),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": SECONDS_BETWEEN_STARTS,
        "ExitTimeOut": STOP_SECONDS,
        "Umask": _UMASK,
        "ProcessType": "Background",
        "LimitLoadToSessionType": "Aqua",
    }
    return plistlib.dumps(agent)
