"""The file of variables that a service reads: private, plain, and never quoted in an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_config_path

from reminders.background.environment import environment_path, keep_variables, read_environment
from reminders.domain.errors import StartRefused


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_lines_are_read_with_and_without_quotes(tmp_path: Path) -> None:
    text = "# mine\n\nA=one\nexport B=\"two words\"\nC='it's'\nD=\n"
    assert read_environment(written(tmp_path / "environment", text)) == {
        "A": "one",
        "B": "two words",
        "C": "it's",
        "D": "",
    }


def test_no_file_is_no_variables(tmp_path: Path) -> None:
    assert read_environment(tmp_path / "absent") == {}


def test_a_line_that_is_no_assignment_is_named_without_its_text(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match=r"line 2 .* is not NAME=value") as refused:
        read_environment(written(tmp_path / "environment", "A=1\nhunter2\n"))
    assert "hunter2" not in str(refused.value)


def test_a_file_that_others_may_read_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="chmod 600"):
        read_environment(written(tmp_path / "environment", "A=1\n", 0o644))


def test_what_is_kept_can_be_read_again_and_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "reminders" / "environment"
    keep_variables(path, {"TOPIC": "it's a 'secret' $HOME \"x\""})
    keep_variables(path, {"TOPIC": "newer", "OTHER": "1"})
    assert read_environment(path) == {"TOPIC": "it's a 'secret' $HOME \"x\"", "OTHER": "1"}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_does_not_end_its_last_line_loses_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "environment", "SMTP_PASSWORD=abc")
    keep_variables(path, {"TOPIC": "x"})
    assert read_environment(path) == {"SMTP_PASSWORD": "abc", "TOPIC": "x"}


def test_a_value_of_two_lines_is_refused_by_name_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "environment"
    with pytest.raises(StartRefused, match="BROKEN has more than one line") as refused:
        keep_variables(path, {"BROKEN": "one\nhunter2"})
    assert "hunter2" not in str(refused.value)
    assert not path.exists()


@pytest.mark.parametrize("name", ["XDG_CONFIG_HOME", "HOME"])
def test_it_is_looked_for_where_platformdirs_would(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv(name, str(tmp_path))
    assert environment_path() == user_config_path("reminders", appauthor=False) / "environment"
