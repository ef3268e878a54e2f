"""The commands speak the language of the file, else the terminal's; what programs read is English."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.cli.language import language_of

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
