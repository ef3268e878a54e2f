"""``service``: the daemon handed over to systemd, with what it needs to know."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reminders.background.environment import read_environment
from reminders.cli import main

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's own")

STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> "$ASKED"
case "$*" in
  *"$REFUSE"*) echo "Failed to connect to bus" >&2; exit 1 ;;
  *Linger*) echo "Linger=$LINGER" ;;
  *status*) echo "active (running)" ;;
esac
"""
FILE = """\
channels: {phone: "ntfys://${REMINDERS_TEST_TOPIC}"}
habits: {hydration: {every: 2h}}
"""


class Login:
    """A login session whose systemd is a stand-in that remembers what it was asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        tools = folder / "tools"
        tools.mkdir()
        for name in ("systemctl", "loginctl", "journalctl"):
            (tools / name).write_text(STAND_IN)
            (tools / name).chmod(0o755)
        self.config = folder / "reminders.yaml"
        self.config.write_text(FILE)
        self._patch = monkeypatch
        values = {
            "PATH": f"{tools}:/usr/bin:/bin",
            "ASKED": str(folder / "asked"),
            "REFUSE": "nothing",
            "LINGER": "no",
            "XDG_CONFIG_HOME": str(folder / "config"),
            "REMINDERS_TEST_TOPIC": "a-long-secret-topic",
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)

    @property
    def unit(self) -> Path:
        return self.folder / "config" / "systemd" / "user" / "reminders.service"

    def environment(self, **values: str) -> None:
        for name, value in values.items():
            self._patch.setenv(name, value)

    def asked(self) -> list[str]:
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def call(self, verb: str, *words: str) -> Result:
        more = ["--config", str(self.config)] if verb == "install" else []
        return self.call_without_a_file(verb, *words, *more)

    def call_without_a_file(self, verb: str, *words: str) -> Result:
        return CliRunner().invoke(main, ["service", verb, *words, "--data-dir", str(self.folder / "data")])

    def write(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILE)
        return path


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Login:
    return Login(tmp_path, monkeypatch)


def test_install_writes_the_unit_with_absolute_paths_and_starts_it(login: Login) -> None:
    result = login.call("install")
    assert result.exit_code == 0, result.output
    assert "installed: 1 habit, 1 channel" in result.output
    text = login.unit.read_text()
    assert f"--config {login.config}" in text
    assert f"--data-dir {login.folder / 'data'}" in text
    assert "systemctl --user restart reminders.service" in login.asked()


def test_the_users_own_file_goes_before_that_of_the_folder_one_happens_to_be_in(login: Login) -> None:
    here, own = (
        login.write(Path("config/reminders.yaml")),
        login.write(login.folder / "config/reminders/reminders.yaml"),
    )
    result = login.call_without_a_file("install")
    assert result.exit_code == 0, result.output
    assert f"--config {own}" in login.unit.read_text()
    assert f", from {own}\n" in result.output
    assert f'hint: "{here}" in this folder was left aside; for that one: --config {here}\n' in result.output
    assert "left aside" not in login.call("install").output, "a file that is named needs no word"


def test_a_service_for_the_folders_own_file_says_so_and_finds_it_from_everywhere(login: Login) -> None:
    here = login.write(Path("config/reminders.yaml")).absolute()
    result = login.call_without_a_file("install")
    assert f"--config {here}" in login.unit.read_text()
    assert "you have no file of your own, so the one in this folder counts" in result.output


def test_a_file_named_by_the_environment_goes_before_all(login: Login) -> None:
    login.write(Path("config/reminders.yaml"))
    login.environment(REMINDERS_CONFIG=str(login.config))
    result = login.call_without_a_file("install")
    assert f"--config {login.config}" in login.unit.read_text()
    assert "hint" not in result.output


def test_install_hands_over_the_variables_that_the_file_names(login: Login) -> None:
    result = login.call("install")
    kept = login.folder / "config" / "reminders" / "environment"
    assert kept.read_text() == "REMINDERS_TEST_TOPIC='a-long-secret-topic'\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "copied REMINDERS_TEST_TOPIC" in result.output
    assert "a-long-secret-topic" not in result.output
    assert "a-long-secret-topic" not in login.unit.read_text()


def test_every_variable_that_the_file_names_anywhere_is_handed_over(login: Login) -> None:
    login.environment(REMINDERS_TEST_WORDS="stretch", REMINDERS_TEST_FEED="https://example.org/a.ics")
    login.config.write_text(
        'calendars: {work: "${REMINDERS_TEST_FEED}"}\n'
        'channels: {here: console://}\nhabits: {stretch: {every: 2h, say: "${REMINDERS_TEST_WORDS}"}}\n'
    )
    assert login.call("install").exit_code == 0
    kept = read_environment(login.folder / "config" / "reminders" / "environment")
    assert kept == {"REMINDERS_TEST_WORDS": "stretch", "REMINDERS_TEST_FEED": "https://example.org/a.ics"}


def test_what_was_handed_over_is_known_to_later_commands(login: Login) -> None:
    login.call("install")
    login.environment(REMINDERS_TEST_TOPIC="")
    os.environ.pop("REMINDERS_TEST_TOPIC")
    assert CliRunner().invoke(main, ["check", "--config", str(login.config)]).exit_code == 0
    assert os.environ["REMINDERS_TEST_TOPIC"] == "a-long-secret-topic"


def test_a_variables_file_that_others_may_read_is_refused_by_every_command(login: Login) -> None:
    login.call("install")
    (login.folder / "config" / "reminders" / "environment").chmod(0o644)
    result = CliRunner().invoke(main, ["check", "--config", str(login.config)])
    assert result.exit_code == 3
    assert "chmod 600" in result.output


def test_a_file_with_mistakes_installs_nothing(login: Login) -> None:
    login.config.write_text("habits: {hydration: {evry: 2h}}\n")
    result = login.call("install")
    assert result.exit_code == 3
    assert 'unknown key "evry"' in result.output
    assert login.asked() == []


def test_without_a_service_manager_install_says_so(login: Login) -> None:
    login.environment(REFUSE="show-environment")
    result = login.call("install")
    assert result.exit_code == 1
    assert "Failed to connect to bus" in result.output
    assert not login.unit.exists()


def test_a_server_without_a_screen_is_told_how_to_run_without_a_login(login: Login) -> None:
    assert "service install --linger" in login.call("install").output
    assert not [line for line in login.asked() if "enable-linger" in line]
    assert "without a login" in login.call("install", "--linger").output
    assert [line for line in login.asked() if line.startswith("loginctl enable-linger ")]


def test_who_lingers_already_is_told_nothing_of_it(login: Login) -> None:
    login.environment(LINGER="yes")
    assert "--linger" not in login.call("install").output


def test_status_passes_on_what_systemd_says(login: Login) -> None:
    assert login.call("status").exit_code == 1
    login.call("install")
    result = login.call("status")
    assert (result.exit_code, result.output) == (0, "active (running)\n")
    login.environment(REFUSE="status")
    assert login.call("status").exit_code == 1


def test_logs_asks_for_the_units_lines(login: Login) -> None:
    assert login.call("logs").exit_code == 1
    login.call("install")
    assert login.call("logs", "-n", "7").exit_code == 0
    assert login.asked()[-1:] == ["journalctl --user --no-pager --lines=7 --unit reminders.service"]


def test_uninstall_removes_the_unit_and_keeps_the_rest(login: Login) -> None:
    login.call("install")
    result = login.call("uninstall")
    assert result.exit_code == 0
    assert not login.unit.exists()
    assert (login.folder / "config" / "reminders" / "environment").exists()
    assert login.call("uninstall").exit_code == 1
