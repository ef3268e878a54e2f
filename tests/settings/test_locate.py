"""Which file is read, and where data is kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from reminders.settings.locate import config_path, create_data_directory, data_directory, default_config_paths


@pytest.fixture
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


pytestmark = pytest.mark.usefixtures("_alone")


def test_a_file_that_is_named_is_taken_even_when_it_is_missing() -> None:
    assert config_path("a.yaml", {"REMINDERS_CONFIG": "b.yaml"}) == "a.yaml"
    assert config_path(None, {"REMINDERS_CONFIG": "b.yaml"}) == "b.yaml"


def test_without_any_file_the_starter_runs(tmp_path: Path) -> None:
    if not Path("/etc/reminders/reminders.yaml").exists():
        assert config_path(None, {}) is None


def test_the_working_directory_goes_before_the_users() -> None:
    near, users, machines = default_config_paths()
    assert machines == Path("/etc/reminders/reminders.yaml")
    users.parent.mkdir(parents=True)
    users.touch()
    assert config_path(None, {}) == str(users)
    near.parent.mkdir()
    near.touch()
    assert config_path(None, {}) == "config/reminders.yaml"


def test_the_data_directory_is_the_option_the_variable_or_the_users_state(tmp_path: Path) -> None:
    assert data_directory("/a", {"REMINDERS_DATA_DIR": "/b"}) == Path("/a")
    assert data_directory(None, {"REMINDERS_DATA_DIR": "/b"}) == Path("/b")
    assert data_directory(None, {}) == tmp_path / "state" / "reminders"


def test_a_data_directory_is_created_for_its_owner_only(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "reminders"
    create_data_directory(directory)
    create_data_directory(directory)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
