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
        ("--awake", "7-25", '"25:00" is not a time'),
        ("--work-hours", "mon-fri", '"mon-fri" is not a range of times\nhint: write a range such as 07:00-22:00'),
        ("--ntfy-server", "a/b", '"a/b" cannot be a server'),
        ("--ntfy-server", "host:99999", "cannot be a server"),
        ("--habits", "meditation", "known: hydration"),
        ("--conditions", "exercise", 'did you mean "exercise_agreed_by_clinician"'),
        ("--conditions", "kidney", 'did you mean "kidney_disease_advanced", "kidney_disease_any" or'),
        ("--work-days", "mon-fry", '"fry" is not a day'),
        ("--training", "18:30", "days and a time"),
        ("--habits", "hydratoin", 'did you mean "hydration"'),
        ("--habits", "none", "no habit is chosen"),
        ("--medicines", "ace_inhibitr", 'did you mean "ace_inhibitor"'),
        ("--phone", "two words", "letters, digits"),
        ("--channel", "mail", "not NAME=URL"),
        ("--channel", "my mail=json://x", '"my mail" cannot name a channel'),
        ("--channel", "Foo=json://x", '"Foo" cannot name a channel'),
        ("--channel", "foo=quatsch://x", 'no service is known by the schema "quatsch"'),
        ("--channel", "foo=quatsch", "*** is not a channel"),
        ("--channel", "foo=json://${NOT_SET}", 'the environment variable "NOT_SET" is not set'),
        ("--channel", "json://user:secret@x?a=b", '--channel "***" is not NAME=URL'),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_written(
    newcomer: Newcomer, option: str, value: str, complaint: str
) -> None:
    result = newcomer.init(option, value, *QUIET)
    assert result.exit_code == 2
    assert complaint in result.output
    assert not newcomer.path.exists()


@pytest.mark.parametrize("channel", ["my mail=json://x", "foo=quatsch://x", "phone=json://x"])
def test_a_channel_that_cannot_be_one_leaves_no_topic_behind(newcomer: Newcomer, channel: str) -> None:
    result = newcomer.init("--phone", "new", "--channel", channel, *QUIET)
    assert result.exit_code == 2
    assert list(newcomer.folder.iterdir()) == []


def test_a_file_that_is_refused_for_whatever_reason_is_not_left_behind(
    newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMINDERS_WEB__PORT", "quatsch")
    result = newcomer.init("--phone", "new", *QUIET)
    assert result.exit_code == 3
    assert "REMINDERS_WEB__PORT" in result.output
    assert "was not written" in result.output
    assert list(newcomer.folder.iterdir()) == [], "neither a file, nor a folder, nor a topic"
    monkeypatch.delenv("REMINDERS_WEB__PORT")
    assert newcomer.init(*QUIET).exit_code == 0


@pytest.mark.parametrize("place", ["x" * 300 + ".yaml", "file/there.yaml", "file/more/there.yaml"])
def test_a_place_where_nothing_can_be_written_is_told_before_any_question(newcomer: Newcomer, place: str) -> None:
    (newcomer.folder / "file").touch()
    result = newcomer.init("--config", place)
    assert result.exit_code == 2
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert f'{place}" cannot be written: ' in result.output
    assert "Language" not in result.output


@pytest.mark.parametrize(
    ("typed", "days", "at"),
    [
        ("tue,thu 18:30", ["tue", "thu"], "18:30"),
        ("Mondays 7:00", "mon", "07:00"),
        ("Sat - Sun 9:15", "sat-sun", "09:15"),
    ],
)
def test_days_stand_in_the_file_by_their_short_names(newcomer: Newcomer, typed: str, days: object, at: str) -> None:
    newcomer.init("--training", typed, *QUIET)
    training = newcomer.file()["training"]
    assert training == [{"name": "Training", "days": days, "at": at, "lasts": "60min"}]


def test_hours_alone_are_whole_ones(newcomer: Newcomer) -> None:
    newcomer.init("--awake", "7-22", "--work-hours", "8 - 12,13:30-17", *QUIET)
    me = newcomer.file()["me"]
    assert isinstance(me, dict)
    assert (me["awake"], me["work"]["hours"]) == ("07:00-22:00", ["08:00-12:00", "13:30-17:00"])


def test_a_part_of_a_name_that_can_mean_one_thing_only_is_taken(newcomer: Newcomer) -> None:
    newcomer.init("--conditions", "kidney stones, Heart failure", "--medicines", "thiazide", *QUIET)
    me = newcomer.file()["me"]
    assert isinstance(me, dict)
    assert me["profile"]["conditions"] == ["kidney_stones_history", "heart_failure"]


def test_an_unknown_illness_is_told_in_a_few_words(newcomer: Newcomer) -> None:
    result = newcomer.init("--conditions", "the moon", *QUIET)
    assert result.exit_code == 2
    assert result.output.splitlines() == [
        'error: "the moon" is not an illness known here',
        'hint: write words of the list, or "none"; reminders init --reference has the list as well',
    ]


def test_without_a_desk_the_breaks_take_the_day(newcomer: Newcomer) -> None:
    result = newcomer.init("--work-hours", "none", "--habits", "hydration,movement,eyes", *QUIET)
    assert result.exit_code == 0, result.output
    file = newcomer.file()
    assert isinstance(file["me"], dict)
    assert "work" not in file["me"]
    habits = file["habits"]
    assert isinstance(habits, dict)
    assert {name: block["within"] for name, block in habits.items()} == dict.fromkeys(habits, "awake")


def test_training_can_be_told_several_times(newcomer: Newcomer) -> None:
    newcomer.init("--training", "tue 18:30", "--training", "sat 10:00", *QUIET)
    trainings = newcomer.file()["training"]
    assert isinstance(trainings, list)
    assert [(one["days"], one["at"]) for one in trainings] == [("tue", "18:30"), ("sat", "10:00")]


EVERY_HABIT = "hydration,movement,warm_up,cool_down,calcium_meal,potassium_meal,walk,strength,eyes"


@pytest.mark.parametrize("hours", ["09:00-17:30", "8-18", "8-12,13-18:30", "none"])
@pytest.mark.parametrize("habits", ["hydration,movement,eyes", EVERY_HABIT])
def test_what_is_written_for_the_habits_chosen_needs_no_warning(newcomer: Newcomer, hours: str, habits: str) -> None:
    answered = ("--conditions", "none", "--medicines", "none", "--training", "tue,thu 18:30")
    result = newcomer.init("--habits", habits, "--work-hours", hours, *answered, *QUIET)
    assert result.exit_code == 0, result.output
    assert "warning" not in result.output


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("ntfy.sh", "ntfys://${NTFY_TOPIC}"),
        ("ntfy.example.org:8443", "ntfys://ntfy.example.org:8443/${NTFY_TOPIC}"),
        ("https://ntfy.example.org/", "ntfys://ntfy.example.org/${NTFY_TOPIC}"),
        ("http://box.local:8080", "ntfy://box.local:8080/${NTFY_TOPIC}"),
    ],
)
def test_the_phone_may_listen_to_a_server_of_ones_own(newcomer: Newcomer, server: str, url: str) -> None:
    result = newcomer.init("--phone", "new", "--ntfy-server", server, *QUIET)
    assert result.exit_code == 0, result.output
    assert newcomer.file()["channels"] == {"phone": url}


def test_the_help_tells_that_config_is_the_file_to_write() -> None:
    output = " ".join(CliRunner().invoke(main, ["init", "--help"]).output.split())
    assert "--config FILE The file to write." in output
    assert "running daemon" not in output


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
    assert "No channel is chosen" in result.output
    assert "No channel is chosen" not in newcomer.init("--channel", "a=console://", "--config", "b.yaml", *QUIET).output


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
        ("Training", "tue 18:30"),
        ("Another training", "sat 10:00"),
        ("Another training", ""),
        ("Which", "hydration,movement"),
        ("Diets: vegetarian, vegan", None),
        ("Diet [none]", ""),
        ("Known allergies: nuts, dairy", None),
        ("Allergies [none]", ""),
        ("Illnesses that matter", ""),
        ("Medicines that matter", ""),
        ("Topic", "new"),
        ("Server", "a/b"),
        ("cannot be a server", ""),
        ("On Android, scan this", None),
        ("Another channel", "y"),
        ("Its name", "my mail"),
        ('"my mail" cannot name a channel', "mail"),
        ("Its URL", "quatsch"),
        ("*** is not a channel", None),
        ("Its URL", "quatsch://secret"),
        ("no service is known", None),
        ("Its URL", ""),
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
    assert "secret" not in terminal.seen
    assert newcomer.file()["timezone"] == "Europe/Berlin"
