"""A scheduled task for Windows. Generated and parsed by the tests, not tried on Windows."""

from __future__ import annotations

import subprocess
from xml.etree import ElementTree as ET

from reminders.background.program import SUMMARY, Program

TASK_NAME = "Reminders"
_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "ExecutionTimeLimit": "PT0S",  # none
    "Hidden": "true",
}


def task_xml(program: Program) -> str:
    """Return the task: started at the user's logon, with the user's own rights, again a minute after a failure."""
    ET.register_namespace("", _NAMESPACE)
    task = ET.Element(_name("Task"), {"version": "1.2"})
    about = _child(task, "RegistrationInfo")
    _child(about, "Description", SUMMARY)
    _child(_child(_child(task, "Triggers"), "LogonTrigger"), "Enabled", "true")
    principal = _child(_child(task, "Principals"), "Principal")
    principal.set("id", "Author")
    _child(principal, "LogonType", "InteractiveToken")
    _child(principal, "RunLevel", "LeastPrivilege")
    _add_settings(task)
    words = program.command(with_log_file=True)
    command = _child(_child(task, "Actions"), "Exec")
    _child(command, "Command", words[0])
    _child(command, "Arguments", subprocess.list2cmdline(words[1:]))
    return '<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(task, encoding="unicode")


def _add_settings(task: ET.Element) -> None:
    settings = _child(task, "Settings")
    for name, value in _SETTINGS.items():
        _child(settings, name, value)
    again = _child(settings, "RestartOnFailure")
    _child(again, "Interval", "PT1M")
    _child(again, "Count", "5")


def _child(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, _name(name))
    child.text = text
    return child


def _name(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
