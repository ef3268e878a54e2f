"""What systemd, launchd and the Windows task scheduler are given: read back by their own rules."""

from __future__ import annotations

import configparser
import plistlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import reminders
from reminders.background.launchd import agent_plist
from reminders.background.program import Program
from reminders.background.systemd import unit_text
from reminders.background.windows_task import task_xml
from tests.channels.servers import need

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def section(text: str, name: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return dict(parser[name])


@pytest.mark.parametrize("has_user_namespaces", [True, False])
def test_systemd_finds_nothing_wrong_with_the_unit(
    program: Program, tmp_path: Path, *, has_user_namespaces: bool
) -> None:
    need("systemd-analyze")
    unit = tmp_path / "reminders.service"
    there = replace(program, interpreter=Path(sys.executable))
    unit.write_text(unit_text(there, has_user_namespaces=has_user_namespaces))
    checked = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    complaints = [line for line in checked.stderr.splitlines() if "reminders.service" in line]
    assert complaints == []


def test_systemd_finds_what_is_wrong_with_a_broken_unit(program: Program, tmp_path: Path) -> None:
    need("systemd-analyze")
    unit = tmp_path / "reminders.service"
    unit.write_text(unit_text(program, has_user_namespaces=True))  # its interpreter does not exist
    checked = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert "reminders.service" in checked.stderr


def test_a_unit_is_watched_and_not_restarted_on_what_a_restart_cannot_mend(program: Program) -> None:
    service = section(unit_text(program, has_user_namespaces=True), "Service")
    assert service["Type"] == "notify"
    assert service["WatchdogSec"] == "60s"
    assert service["RestartPreventExitStatus"] == "2 3"
    assert service["NoNewPrivileges"] == "yes"
    assert service["UMask"] == "0077"
    assert service["ProtectSystem"] == "strict"


def test_nothing_in_a_path_means_anything_to_systemd(program: Program) -> None:
    command = section(unit_text(program, has_user_namespaces=True), "Service")["ExecStart"]
    words = [word.strip('"') for word in re.findall(r'"(?:\\.|[^"\\])*"|\S+', command)]
    read = tuple(word.replace("$$", "$").replace("%%", "%").replace('\\"', '"').replace("\\\\", "\\") for word in words)
    assert read == program.command(with_log_file=False)


def test_without_user_namespaces_the_unit_leaves_out_what_needs_them(program: Program) -> None:
    service = section(unit_text(program, has_user_namespaces=False), "Service")
    assert "ProtectSystem" not in service
    assert "PrivateUsers" not in service
    assert service["NoNewPrivileges"] == "yes"


def test_launchd_reads_the_command_word_for_word(program: Program) -> None:
    agent = plistlib.loads(agent_plist(program))
    assert tuple(agent["ProgramArguments"]) == program.command(with_log_file=True)
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["RunAtLoad"] is True


def test_the_windows_task_holds_the_command_and_never_times_out(program: Program) -> None:
    task = ET.fromstring(task_xml(program).encode("utf-16"))
    assert task.findtext(f".//{NAMESPACE}Command") == str(program.interpreter)
    arguments = task.findtext(f".//{NAMESPACE}Arguments") or ""
    assert arguments == subprocess.list2cmdline(program.command(with_log_file=True)[1:])
    assert task.findtext(f".//{NAMESPACE}ExecutionTimeLimit") == "PT0S"
    assert task.findtext(f".//{NAMESPACE}RunLevel") == "LeastPrivilege"


def test_the_elements_of_a_windows_task_stand_in_the_order_of_its_schema(program: Program) -> None:
    task = ET.fromstring(task_xml(program).encode("utf-16"))
    names = [child.tag.removeprefix(NAMESPACE) for child in task]
    assert names == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]


def test_a_starter_without_a_file_names_none(program: Program) -> None:
    assert "--config" not in replace(program, config=None).command(with_log_file=False)


def test_a_folder_of_the_same_name_where_it_starts_does_not_pass_for_the_program(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "reminders").mkdir()
    words = replace(program, interpreter=Path(sys.executable)).command(with_log_file=False)
    start = words[: words.index("run")]
    done = subprocess.run([*start, "--version"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"reminders {reminders.__version__}\n"), done.stderr
