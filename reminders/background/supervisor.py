"""The operating system's own supervisor, asked through its command: install, remove, look, read what was logged."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reminders.background import launchd, systemd, windows_task
from reminders.background.program import Program
from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.system_words import system_words
from reminders.domain.errors import ReminderError

COMMAND_SECONDS = 30.0
LAST_LINES = f"journalctl --user -u {systemd.UNIT_NAME} -n 20"
USER_NAMESPACES = Path("/proc/sys/user/max_user_namespaces")
# Debian's and Ubuntu's own switches: the value that forbids, by file.
NAMESPACE_SWITCHES = {
    Path("/proc/sys/kernel/unprivileged_userns_clone"): "0",
    Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"): "1",
}


class SupervisorFailed(ReminderError):
    """the operating system's supervisor did not do what it was asked; the text holds what it said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """How a command ended, and what it printed."""

    code: int
    text: str


Run = Callable[[Sequence[str]], Said]


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceStatus:
    """``text`` is what the supervisor says of it, in its own words."""

    is_installed: bool
    is_running: bool
    text: str


class Supervisor(Protocol):
    """One operating system's way; every method raises SupervisorFailed. ``name`` is a phrase, or a proper name."""

    name: str
    definition: Path

    def install(self, program: Program) -> None:
        """Write the definition, replacing an older one, and start the service now and at every login."""

    def uninstall(self) -> bool:
        """Stop the service and remove the definition; False when there was none. Data and configuration stay."""

    def status(self) -> ServiceStatus:
        """Return whether it is installed and running."""

    def logs_command(self, lines: int, *, follow: bool) -> tuple[str, ...]:
        """Return the command that prints what was logged."""


def run_command(words: Sequence[str]) -> Said:
    """Run a command of the system and return what it said; raises SupervisorFailed when it cannot be run."""
    try:
        done = subprocess.run(  # noqa: S603  the words are ours
            list(words), capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        told = say('"{command}" cannot be used: {reason}', command=words[0], reason=type(error).__name__)
        raise SupervisorFailed(told) from None
    return Said(code=done.returncode, text=(done.stdout + done.stderr).strip())


def has_user_namespaces(limit: Path = USER_NAMESPACES, switches: dict[Path, str] | None = None) -> bool:
    """Tell whether the kernel lets a user's service manager make namespaces."""
    if _content(limit) in {None, "0"}:
        return False
    return all(_content(path) != value for path, value in (switches or NAMESPACE_SWITCHES).items())


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return None


def _failed(command: str, said: Said, hint: str = "") -> SupervisorFailed:
    told = say("{command} did not succeed: {output}", command=command, output=said.text)
    return SupervisorFailed(f"{told}; {hint}" if hint else told)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise SupervisorFailed(say('cannot write "{file}": {reason}', file=path, reason=system_words(error))) from None


class Systemd:
    """Linux: the user's service manager."""

    name = "systemd"

    def __init__(self, config_home: Path, run: Run = run_command) -> None:
        """``config_home`` is the user's configuration directory, ~/.config as a rule."""
        self.definition = config_home / "systemd" / "user" / systemd.UNIT_NAME
        self._run = run

    def install(self, program: Program) -> None:
        """Write the unit, enable it and start it; one that runs already is started anew."""
        hint = say("is this a login session of a machine with systemd? if not: reminders run")
        self._ask("show-environment", hint=hint)
        text = systemd.unit_text(program, has_user_namespaces=has_user_namespaces())
        _write(self.definition, text.encode())
        self._ask("daemon-reload")
        self._ask("enable", systemd.UNIT_NAME)
        self._ask("restart", systemd.UNIT_NAME, hint=say("see: {command}", command=LAST_LINES))

    def uninstall(self) -> bool:
        """Stop, disable and remove the unit."""
        if not self.definition.exists():
            return False
        self._ask("disable", "--now", systemd.UNIT_NAME)
        self.definition.unlink()
        self._ask("daemon-reload")
        return True

    def status(self) -> ServiceStatus:
        """Return what ``systemctl`` says."""
        said = self._run(["systemctl", "--user", "status", "--no-pager", "--lines=0", systemd.UNIT_NAME])
        return ServiceStatus(is_installed=self.definition.exists(), is_running=said.code == 0, text=said.text)

    def logs_command(self, lines: int, *, follow: bool) -> tuple[str, ...]:
        """Return the ``journalctl`` command."""
        words = ("journalctl", "--user", "--no-pager", f"--lines={lines}", "--unit", systemd.UNIT_NAME)
        return (*words, "--follow") if follow else words

    def lingers(self, user: str) -> bool:
        """Tell whether the user's services run without a login."""
        return self._run(["loginctl", "show-user", user, "--property=Linger"]).text == "Linger=yes"

    def enable_linger(self, user: str) -> None:
        """Let the user's services run from boot on, without a login. Raises SupervisorFailed."""
        said = self._run(["loginctl", "enable-linger", user])
        if said.code != 0:
            hint = say("the rest is done; who may, can do this too: sudo loginctl enable-linger {user}", user=user)
            raise _failed("loginctl enable-linger", said, hint)

    def _ask(self, *words: str, hint: str = "") -> None:
        said = self._run(["systemctl", "--user", *words])
        if said.code != 0:
            raise _failed(f"systemctl --user {' '.join(words)}", said, hint)


class Launchd:
    """macOS: an agent of the logged-in user. Not tried on a Mac."""

    name = "launchd"

    def __init__(self, home: Path, log_file: Path, run: Run = run_command) -> None:
        """``log_file`` is where the agent's output goes."""
        self.definition = home / "Library" / "LaunchAgents" / f"{launchd.LABEL}.plist"
        self._log_file, self._run = log_file, run

    def install(self, program: Program) -> None:
        """Write the agent and load it; one that is loaded already is unloaded first."""
        if self.definition.exists():
            self._run(["launchctl", "bootout", self._target()])
        _write(self.definition, launchd.agent_plist(program))
        said = self._run(["launchctl", "bootstrap", self._domain(), str(self.definition)])
        if said.code != 0:
            raise _failed("launchctl bootstrap", said)

    def uninstall(self) -> bool:
        """Unload and remove the agent."""
        if not self.definition.exists():
            return False
        self._run(["launchctl", "bootout", self._target()])
        self.definition.unlink()
        return True

    def status(self) -> ServiceStatus:
        """Return what ``launchctl`` says."""
        said = self._run(["launchctl", "print", self._target()])
        is_running = said.code == 0 and "state = running" in said.text
        return ServiceStatus(is_installed=self.definition.exists(), is_running=is_running, text=said.text)

    def logs_command(self, lines: int, *, follow: bool) -> tuple[str, ...]:
        """Return the command that prints the log file."""
        return ("tail", f"-n{lines}", *(("-F",) if follow else ()), str(self._log_file))

    def _domain(self) -> str:
        return f"gui/{os.getuid()}" if sys.platform != "win32" else ""

    def _target(self) -> str:
        return f"{self._domain()}/{launchd.LABEL}"


class WindowsTasks:
    """Windows: the task scheduler. Not tried on Windows."""

    name = phrase("the Windows task scheduler")

    def __init__(self, data_dir: Path, log_file: Path, run: Run = run_command) -> None:
        """Keep the task's definition in the data directory as well."""
        self.definition = data_dir / "task.xml"
        self._log_file, self._run = log_file, run

    def install(self, program: Program) -> None:
        """Create the task, replacing an older one, and run it."""
        _write(self.definition, windows_task.task_xml(program).encode("utf-16"))
        self._ask("/Create", "/F", "/TN", windows_task.TASK_NAME, "/XML", str(self.definition))
        self._ask("/Run", "/TN", windows_task.TASK_NAME)

    def uninstall(self) -> bool:
        """End and delete the task."""
        if not self.definition.exists():
            return False
        self._run(["schtasks", "/End", "/TN", windows_task.TASK_NAME])
        self._ask("/Delete", "/F", "/TN", windows_task.TASK_NAME)
        self.definition.unlink()
        return True

    def status(self) -> ServiceStatus:
        """Return what ``schtasks`` says."""
        said = self._run(["schtasks", "/Query", "/TN", windows_task.TASK_NAME, "/V", "/FO", "LIST"])
        is_running = said.code == 0 and "Running" in said.text
        return ServiceStatus(is_installed=said.code == 0, is_running=is_running, text=said.text)

    def logs_command(self, lines: int, *, follow: bool) -> tuple[str, ...]:
        """Return the command that prints the log file."""
        wait = " -Wait" if follow else ""
        path = str(self._log_file).replace("'", "''")
        return ("powershell", "-NoProfile", "-Command", f"Get-Content -Tail {lines}{wait} -LiteralPath '{path}'")

    def _ask(self, *words: str) -> None:
        said = self._run(["schtasks", *words])
        if said.code != 0:
            raise _failed(f"schtasks {words[0]}", said)
