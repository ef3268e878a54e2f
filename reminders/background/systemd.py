"""A systemd user unit: ready when armed, watched through the heartbeat, shut off from what it does not need.

Checked with ``systemd-analyze verify``.
"""

from __future__ import annotations

from reminders.background.program import SUMMARY, Program

UNIT_NAME = "reminders.service"
WATCHDOG_SECONDS = 60  # four heartbeats
RESTART_SECONDS = 30  # a full disk or a lock goes by, so it is tried for ever
STOP_SECONDS = 15  # the daemon drains for nine
# The daemon's children may use half a gigabyte each, and send one at a time per channel.
MEMORY_MAX = "1G"

# Ends that a restart cannot mend: wrong usage, a configuration or a start that is refused.
NO_RESTART = "2 3"

# What a user's own service manager can do without further rights of the kernel.
_PLAIN_LIMITS = """\
NoNewPrivileges=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
"""

# These give the service a view of its own of the file system, for which the kernel must allow user namespaces.
_FILE_SYSTEM_LIMITS = """\
PrivateUsers=yes
ProtectSystem=strict
ProtectKernelTunables=yes
ProtectControlGroups=yes
ReadWritePaths={data_dir}
"""


def unit_text(program: Program, *, has_user_namespaces: bool) -> str:
    """Return the unit; without user namespaces the limits that need them are left out, and the unit says so."""
    limits = _PLAIN_LIMITS
    if has_user_namespaces:
        limits += _FILE_SYSTEM_LIMITS.format(data_dir=_quoted(str(program.data_dir)))
    else:
        limits += "# ProtectSystem=strict is left out: this kernel allows a user no namespaces.\n"
    command = " ".join(_quoted(word, in_command=True) for word in program.command(with_log_file=False))
    return (
        "[Unit]\n"
        f"Description={SUMMARY}\n"
        "StartLimitIntervalSec=0\n"
        "\n"
        "[Service]\n"
        "Type=notify\n"
        "NotifyAccess=main\n"
        f"ExecStart={command}\n"
        "ExecReload=/bin/kill -HUP $MAINPID\n"
        "Restart=on-failure\n"
        f"RestartSec={RESTART_SECONDS}s\n"
        f"RestartPreventExitStatus={NO_RESTART}\n"
        f"WatchdogSec={WATCHDOG_SECONDS}s\n"
        f"TimeoutStopSec={STOP_SECONDS}s\n"
        "UMask=0077\n"
        f"MemoryMax={MEMORY_MAX}\n"
        f"{limits}"
        "\n"
        "[Install]\n"
        "WantedBy=default.target\n"
    )


def _quoted(word: str, *, in_command: bool = False) -> str:
    """Write one word so that systemd reads it as it is: no specifier, variable or space in it means anything."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    if in_command:
        escaped = escaped.replace("$", "$$")
    is_plain = all(letter.isalnum() or letter in "/._-+=:@%" for letter in escaped)
    return escaped if is_plain else f'"{escaped}"'
