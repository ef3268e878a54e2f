"""``init``: a first configuration that checks clean, belongs to one person alone, and is never written over another."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from reminders.cli import main

QUIET = ("--no-desktop", "--no-test", "--no-service", "--yes")


class Newcomer:
    """Somebody without any file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "config" / "reminders" / "reminders.yaml"

    @property
    def kept(self) -> Path:
        return self.path.with_name("environment")

    def init(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["init", *words, "--data-dir", str(self.folder / "data")])

    def file(self) -> dict[str, object]:
        loaded: dict[str, object] = yaml.safe_load(self.path.read_text())
        return loaded


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NTFY_TOPIC", "to-be-forgotten")  # so that what is set meanwhile is taken back afterwards
    monkeypatch.delenv("NTFY_TOPIC")
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "REMINDERS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Newcomer(tmp_path)


def test_without_a_question_the_defaults_make_a_file_without_a_warning(newcomer: Newcomer) -> None:
    result = newcomer.init(*QUIET)
    assert result.exit_code == 0, result.output
    assert "is fine: 4 habits, 1 channel" in result.output
    assert "warning" not in result.output
    assert newcomer.path.stat().st_mode & 0o777 == 0o600
    assert newcomer.path.parent.stat().st_mode & 0o777 == 0o700


def test_every_answer_can_be_given_by_option(newcomer: Newcomer) -> None:
    words = (
        *("--timezone", "Europe/Berlin", "--awake", "06:30-22:00", "--work-hours", "09:00-12:00,13:00-17:00"),
        *("--work-days", "mon,wed,fri", "--training", "tue,thu 18:30", "--habits", "hydration,warm_up,walk"),
        *("--diet", "vegetarian", "--allergies", "nuts,soy", "--conditions", "none", "--medicines", "ace_inhibitor"),
        *("--channel", "mail=mailto://user:secret@example.org", "--phone", "my-own-topic"),
    )
    result = newcomer.init(*words, *QUIET)
    assert result.exit_code == 0, result.output
    assert newcomer.file() == {
        "timezone": "Europe/Berlin",
        "me": {
            "awake": "06:30-22:00",
            "work": {"hours": ["09:00-12:00", "13:00-17:00"], "days": ["mon", "wed", "fri"]},
            "profile": {
                "diet": ["vegetarian"],
                "allergies": ["nuts", "soy"],
                "conditions": "none",
                "medicines": ["ace_inhibitor"],
            },
        },
        "channels": {"phone": "ntfys://${NTFY_TOPIC}", "mail": "mailto://user:secret@example.org"},
        "send_to": ["phone", "mail"],
        "habits": {
            "hydration": {"every": "2h", "within": "awake"},
            "warm_up": {"before": "training", "lead": "10min"},
            "walk": {"at": ["17:45"], "days": ["mon", "tue", "wed", "thu", "fri"]},
        },
        "training": [{"name": "Training", "days": ["tue", "thu"], "at": "18:30", "lasts": "60min"}],
        "limits": {"per_day": 12, "gap": "30min", "merge": "30min"},
    }
    assert newcomer.kept.read_text() == "NTFY_TOPIC='my-own-topic'\n"
    assert newcomer.kept.stat().st_mode & 0o777 == 0o600
    assert "secret" not in result.output


def test_a_question_left_open_stays_open_in_the_file(newcomer: Newcomer) -> None:
    newcomer.init("--conditions", "none", *QUIET)
    text = newcomer.path.read_text()
    assert "    conditions: none\n" in text
    assert "    # medicines: none" in text


def test_a_file_that_is_there_is_left_as_it_is(newcomer: Newcomer) -> None:
    newcomer.path.parent.mkdir(parents=True)
    newcomer.path.write_text("mine")
    result = newcomer.init(*QUIET)
    assert result.exit_code == 2
    assert "exists already and is left as it is" in result.output
    assert newcomer.path.read_text() == "mine"


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--timezone", "Europe/Berln", 'did you mean "Europe/Berlin"'),
        ("--awake", "7-22", '"7" is not a time'),
        ("--work-days", "mon-fry", '"fry" is not a day'),
        ("--training", "18:30", "days and a time"),
        ("--habits", "hydratoin", 'did you mean "hydration"'),
        ("--habits", "none", "no habit is chosen"),
        ("--medicines", "ace_inhibitr", 'did you mean "ace_inhibitor"'),
        ("--phone", "two words", "letters, digits"),
        ("--channel", "mail", "not NAME=URL"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_written(
    newcomer: Newcomer, option: str, value: str, complaint: str
) -> None:
    result = newcomer.init(option, value, *QUIET)
    assert result.exit_code == 2
    assert complaint in result.output
    assert not newcomer.path.exists()


def test_a_new_topic_is_long_and_random(newcomer: Newcomer) -> None:
    newcomer.init("--phone", "new", "--config", "one.yaml", *QUIET)
    first = newcomer.kept.read_text()
    assert len(first) > len("NTFY_TOPIC='reminders-'") + 28
    newcomer.init("--phone", "new", "--config", "two.yaml", *QUIET)
    assert newcomer.kept.read_text() == first, "one phone, one topic"


def test_without_a_desktop_the_reason_is_told_and_the_console_stands_in(newcomer: Newcomer) -> None:
    result = newcomer.init("--yes", "--no-test")
    assert "No desktop can be reached from here" in result.output
    assert newcomer.file()["channels"] == {"console": "console://"}


class Terminal:
    """A pseudo-terminal with ``init`` in it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reminders", "init", "--data-dir", str(folder / "data")],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = ""
        self._read = 0

    def expect(self, text: str, seconds: float = 30) -> None:
        """Read until the text has come, after what was expected before."""
        end = time.monotonic() + seconds
        while text not in self.seen[self._read :]:
            if not select.select([self._ours], [], [], max(end - time.monotonic(), 0))[0]:
                pytest.fail(f"never came: {text!r}; seen: {self.seen[-500:]!r}")
            try:
                self.seen += os.read(self._ours, 4096).decode("utf-8", "replace")
            except OSError:
                pytest.fail(f"it ended before: {text!r}; seen: {self.seen[-500:]!r}")
        self._read = self.seen.index(text, self._read) + len(text)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode() + b"\n")

    def close(self) -> int:
        code = self.process.wait(timeout=30)
        os.close(self._ours)
        return code


def test_a_person_at_a_terminal_is_asked_one_thing_after_the_other(newcomer: Newcomer) -> None:
    environment = {**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "100"}
    terminal = Terminal(environment, newcomer.folder)
    for question, answer in (
        ("Language", ""),
        ("Time zone", "Europe/Berln"),
        ("did you mean", "Europe/Berlin"),
        ("Awake", ""),
        ("At the desk", ""),
        ("On [mon-fri]", ""),
        ("Training", "none"),
        ("Which", "hydration,movement"),
        ("Diet", ""),
        ("Allergies", ""),
        ("Illnesses that matter", ""),
        ("Medicines that matter", ""),
        ("Topic", "new"),
        ("On Android, scan this", None),
        ("Another channel", "n"),
        ("is fine: 2 habits, 1 channel", None),
        ("Send a test message now?", "n"),
        ("background service?", "n"),
        ("start it with: reminders run", None),
    ):
        terminal.expect(question)
        if answer is not None:
            terminal.type(answer)
    assert terminal.close() == 0
    assert "█" in terminal.seen
    assert newcomer.file()["timezone"] == "Europe/Berlin"
