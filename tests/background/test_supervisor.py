"""The operating systems' supervisors are asked in the right order, and their refusals are passed on in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reminders.background.program import Program
from reminders.background.supervisor import (
    Launchd,
    Said,
    SupervisorFailed,
    Systemd,
    WindowsTasks,
    has_user_namespaces,
    run_command,
)


class Machine:
    """Stands for the machine's commands: remembers them, and refuses what it is told to."""

    def __init__(self, refuses: str = "", says: str = "") -> None:
        self.asked: list[str] = []
        self._refuses, self._says = refuses, says

    def __call__(self, words: Sequence[str]) -> Said:
        line = " ".join(words)
        self.asked.append(line)
        is_refused = bool(self._refuses) and self._refuses in line
        return Said(code=1 if is_refused else 0, text="no bus" if is_refused else self._says)


def test_systemd_is_asked_for_the_unit_that_was_just_written(tmp_path: Path, program: Program) -> None:
    machine = Machine()
    keeper = Systemd(tmp_path, machine)
    keeper.install(program)
    assert machine.asked == [
        "systemctl --user show-environment",
        "systemctl --user daemon-reload",
        "systemctl --user enable reminders.service",
        "systemctl --user restart reminders.service",
    ]
    assert keeper.definition == tmp_path / "systemd" / "user" / "reminders.service"
    assert "WatchdogSec" in keeper.definition.read_text()


def test_without_a_service_manager_nothing_is_written(tmp_path: Path, program: Program) -> None:
    keeper = Systemd(tmp_path, Machine(refuses="show-environment"))
    with pytest.raises(SupervisorFailed, match=r"no bus.*machine with systemd"):
        keeper.install(program)
    assert not keeper.definition.exists()


def test_a_unit_is_stopped_before_it_is_removed(tmp_path: Path, program: Program) -> None:
    machine = Machine()
    keeper = Systemd(tmp_path, machine)
    assert keeper.uninstall() is False
    keeper.install(program)
    machine.asked.clear()
    assert keeper.uninstall() is True
    assert machine.asked == [
        "systemctl --user disable --now reminders.service",
        "systemctl --user daemon-reload",
    ]
    assert not keeper.definition.exists()


def test_lingering_is_read_and_asked_for(tmp_path: Path) -> None:
    assert Systemd(tmp_path, Machine(says="Linger=yes")).lingers("alex")
    assert not Systemd(tmp_path, Machine(says="Linger=no")).lingers("alex")
    with pytest.raises(SupervisorFailed, match=r"no bus; the rest is done.*sudo loginctl enable-linger alex"):
        Systemd(tmp_path, Machine(refuses="enable-linger")).enable_linger("alex")


def test_launchd_loads_the_agent_anew_when_it_is_installed_again(tmp_path: Path, program: Program) -> None:
    machine = Machine()
    keeper = Launchd(tmp_path, tmp_path / "log", machine)
    keeper.install(program)
    keeper.install(program)
    assert [line.split()[1] for line in machine.asked] == ["bootstrap", "bootout", "bootstrap"]
    assert keeper.logs_command(5, follow=True) == ("tail", "-n5", "-F", str(tmp_path / "log"))


def test_windows_replaces_the_task_and_runs_it(tmp_path: Path, program: Program) -> None:
    machine = Machine()
    keeper = WindowsTasks(tmp_path, tmp_path / "it's.log", machine)
    keeper.install(program)
    assert [line.split()[1] for line in machine.asked] == ["/Create", "/Run"]
    assert keeper.definition.read_bytes().decode("utf-16").startswith("<?xml")
    assert keeper.logs_command(5, follow=False)[-1].endswith("-LiteralPath '" + str(tmp_path / "it''s.log") + "'")


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(SupervisorFailed, match='"no-such-command-here" cannot be used'):
        run_command(["no-such-command-here"])


def test_user_namespaces_are_told_from_the_kernels_own_switches(tmp_path: Path) -> None:
    limit, switch = tmp_path / "limit", tmp_path / "switch"
    assert not has_user_namespaces(limit, {switch: "0"})
    limit.write_text("0\n")
    assert not has_user_namespaces(limit, {switch: "0"})
    limit.write_text("95000\n")
    assert has_user_namespaces(limit, {switch: "0"})
    switch.write_text("0\n")
    assert not has_user_namespaces(limit, {switch: "0"})
