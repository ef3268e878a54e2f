"""The commands speak the language of the file, else the terminal's; what programs read is English."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminders.cli.language import language_for, language_of
from reminders.daemon.lock import acquire

NOW = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
SILENT = "timezone: Europe/Berlin\n"


def written(folder: Path, text: str) -> str:
    path = folder / "reminders.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "text",
    [
        "language: de\n",
        'timezone: Europe/Berlin\nlanguage : "de"  # Deutsch\n',
        "language: en\nme:\n  name: Kim\n  # a note\n\n  language: de\n",
        "me:\n  awake: 07:00-22:00\n  habits:\n    eyes:\n      every: 30 min\n  language: 'de'\nchannels: {}\n",
        "language: de\nhabits: [a slip further down",
        "me: {awake: 07:00-22:00, language: de}\n",
        "me:\n  {language: de}\n",
        '\ufeff"language": de\n',
        "'me':\n  'language': de\n",
    ],
)
def test_the_language_of_the_file_is_spoken_whatever_the_terminal_speaks(tmp_path: Path, text: str) -> None:
    assert language_of(written(tmp_path, text), {"LANG": "en_US.UTF-8"}) == "de"


@pytest.mark.parametrize(
    "text",
    [
        SILENT,
        "language: tlh\n",
        "# language: de\n",
        "timezone: UTC  # not language: de, {language: de}\n",
        "people:\n  anna:\n    language: de\n",
        "me:\n  name: Kim\npeople:\n  anna:\n    language: de\n",
        "me:\n  name: Kim\n",
    ],
)
def test_a_file_that_says_nothing_of_it_leaves_the_terminals_language(tmp_path: Path, text: str) -> None:
    config = written(tmp_path, text)
    assert language_of(config, {"LANG": "de_AT.UTF-8"}) == "de"
    assert language_of(config, {}) == "en"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:de:en"}, "de"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LC_ALL": "", "LANG": "de"}, "de"),
    ],
)
def test_the_terminals_language_is_found_as_gettext_finds_it(
    tmp_path: Path, environment: dict[str, str], language: str
) -> None:
    assert language_of(written(tmp_path, SILENT), environment) == language


def test_a_file_that_is_not_there_or_holds_no_text_leaves_the_terminals_language(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00language: de\n")
    for config in (str(tmp_path / "absent.yaml"), str(tmp_path), str(binary)):
        assert language_of(config, {"LANG": "de_DE.UTF-8"}) == "de"


def test_a_program_that_asks_for_json_is_spoken_to_in_english(tmp_path: Path) -> None:
    config = written(tmp_path, "language: de\n")
    assert language_for(["status", "--config", config], {}) == "de"
    assert language_for(["status", "--config", config, "--json"], {"LANG": "de_DE.UTF-8"}) == "en"


@pytest.mark.parametrize("last", ["--config={}", "--config {}"])
def test_of_two_files_the_last_one_names_the_language(tmp_path: Path, last: str) -> None:
    english = tmp_path / "english.yaml"
    english.write_text("language: en\n", encoding="utf-8")
    german = written(tmp_path, "language: de\n")
    words = ["status", "--config", str(english), *last.format(german).split()]
    assert language_for(words, {}) == "de"


@pytest.mark.parametrize("words", [[], ["status"], ["status", "--config"]])
def test_a_command_line_that_names_no_file_leaves_the_terminals_language(words: list[str]) -> None:
    assert language_for(words, {"LANG": "de_DE.UTF-8"}) == "de"


def test_the_running_daemons_file_counts_before_the_one_of_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    written(tmp_path / "config", SILENT)
    lock = acquire(tmp_path, config=written(tmp_path, "language: de\n"), started_at=NOW)
    assert language_for(["status", "--data-dir", str(tmp_path)], {}) == "de"
    assert language_for(["status"], {"REMINDERS_DATA_DIR": str(tmp_path)}) == "de"
    assert language_for(["status", "--config", "config/reminders.yaml", f"--data-dir={tmp_path}"], {}) == "en"
    lock.release()
    assert language_for(["status", "--data-dir", str(tmp_path)], {}) == "en"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert language_of(str(pipe), {}) == "en"
    assert language_for(["check", "--config", "a\0b", "--data-dir", "a\0b"], {}) == "en"


def test_the_variable_for_it_goes_before_the_files_shared_key(tmp_path: Path) -> None:
    environment = {"REMINDERS_LANGUAGE": "de"}
    assert language_of(written(tmp_path, "language: en\n"), environment) == "de"
    assert language_of(written(tmp_path, "me: {}\nlanguage: en\n"), {"REMINDERS_LANGUAGE": "tlh"}) == "en"
    assert language_of(written(tmp_path, "me:\n  language: en\n"), environment) == "en"
