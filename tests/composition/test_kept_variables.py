"""The file of variables is read again with the configuration: what it says now holds, what the shell set stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.background.environment import environment_path
from reminders.composition.kept_variables import KeptVariables
from reminders.domain.errors import ConfigurationRefused


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    path = environment_path()
    path.parent.mkdir()
    return path


def put(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def test_what_the_file_changes_adds_or_takes_away_changes_here(file: Path) -> None:
    put(file, "TOPIC=old\nGONE=soon\n")
    environment = {"TOPIC": "old", "GONE": "soon", "HOME": "/home/kim"}
    variables = KeptVariables(environment)
    put(file, "TOPIC=new\nTOKEN=fresh\n")
    variables.renew()
    assert environment == {"TOPIC": "new", "TOKEN": "fresh", "HOME": "/home/kim"}
    file.unlink()
    variables.renew()
    assert environment == {"HOME": "/home/kim"}


def test_what_the_shell_has_set_goes_before_the_file(file: Path) -> None:
    put(file, "TOPIC=file\n")
    environment = {"TOPIC": "shell"}
    variables = KeptVariables(environment)
    put(file, "TOPIC=other\n")
    variables.renew()
    put(file, "")
    variables.renew()
    assert environment == {"TOPIC": "shell"}


def test_the_stamp_changes_with_the_file(file: Path) -> None:
    variables = KeptVariables({})
    assert variables.stamp() == ()
    put(file, "A=1\n")
    before = variables.stamp()
    put(file, "A=12\n")
    assert () != before != variables.stamp()


@pytest.mark.parametrize(("text", "mode"), [("A=1\nsecret\n", 0o600), ("A=2\n", 0o644)])
def test_a_file_that_cannot_be_used_is_refused_and_nothing_changes(file: Path, text: str, mode: int) -> None:
    put(file, "A=1\n")
    environment = {"A": "1"}
    variables = KeptVariables(environment)
    put(file, text, mode)
    with pytest.raises(ConfigurationRefused) as refused:
        variables.renew()
    assert environment == {"A": "1"}
    (problem,) = refused.value.problems
    assert problem.file == str(file)
    assert "secret" not in problem.message
