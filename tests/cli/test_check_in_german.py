"""``check`` and refusals in German: whole, except for names and values; what programs read stays English."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reminders import composition
from reminders.catalogue.phrases import ENGLISH, speaking
from reminders.cli import main
from reminders.cli.check import contents_words
from reminders.cli.refusal import Failure, Refusal, refusal_of
from reminders.domain.errors import ChildFailed, JournalFault, JournalUnavailable
from reminders.settings import compiled
from reminders.settings.locate import config_path
from tests.bracketed import bare_words, bracketed
from tests.cli.desk import FILE, Desk

AtDeskOf = Callable[[str], Desk]

GERMAN = "language: de\n" + FILE
TWO_MISTAKES = GERMAN.replace("every: 2h", "evry: 2h").replace("every: 60min", "every: 60")
OUTSIDE_AWAKE = GERMAN.replace('"12:15"', '"05:15"')
WARNED = "potassium_meal um 05:15 liegt außerhalb der Wachzeit 07:00-22:30: daran würde nie erinnert"
WARNING = "potassium_meal 05:15 is outside awake 07:00-22:30: it would never be sent"


def test_a_fine_file_is_told_in_its_language(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(GERMAN)
    result = desk.run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{desk.config} ist in Ordnung: 4 Gewohnheiten, 1 Kanal\n"


def test_problems_are_told_in_the_language_of_the_file(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(TWO_MISTAKES)
    result = desk.run("check")
    assert result.exit_code == 3
    assert result.stdout == (
        f"{desk.config}:10:15  habits.hydration.evry\n"
        '  unbekannter Schlüssel "evry"\n'
        "  hier erlaubt: every, within, goal, at, ...\n"
        '  meintest du "every"?\n'
        f"{desk.config}:11:21  habits.movement.every\n"
        "  60 hat keine Einheit\n"
        "  schreib eine Dauer wie 90min, 2h oder 45s (erlaubt: 15min bis 24h)\n"
        "2 Probleme, nichts wurde geändert\n"
    )


def test_a_file_that_is_no_yaml_is_told_in_the_language_it_names(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of("language: de\nme: {name: 'Kim's desk'}\n")
    assert desk.run("check").stdout == (
        f"{desk.config}:2:17\n"
        "  nach dem Ende eines Werts steht noch etwas\n"
        "  ergänze das fehlende Komma, oder setz den ganzen Wert in Anführungszeichen\n"
        "1 Problem, nichts wurde geändert\n"
    )


def test_json_is_english_whatever_the_file_names(at_desk_of: AtDeskOf) -> None:
    problems = at_desk_of(TWO_MISTAKES).json("check")["problems"]
    assert [one["message"] for one in problems] == ['unknown key "evry"', "60 has no unit"]
    assert problems[0]["hint"] == 'did you mean "every"?'


def test_without_a_file_the_terminal_names_the_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    if config_path(None, os.environ) is not None:
        pytest.skip("this machine has a configuration for everybody: take /etc/reminders/reminders.yaml away")
    result = CliRunner().invoke(main, ["check", "--data-dir", str(tmp_path / "data")])
    assert result.stdout == (
        "die eingebaute Startkonfiguration ist in Ordnung: 6 Gewohnheiten, 1 Kanal\n"
        "Hinweis: keine Konfigurationsdatei gefunden; nenn eine mit --config\n"
    )
    monkeypatch.setenv("REMINDERS_LIMITS__GAP", "30")
    refused = CliRunner().invoke(main, ["check", "--data-dir", str(tmp_path / "data")])
    assert refused.stdout.splitlines()[:2] == ["Umgebung  REMINDERS_LIMITS__GAP", "  30 hat keine Einheit"]


def shown(error: click.ClickException, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what an error prints on stderr."""
    error.show()
    return capsys.readouterr().err


@pytest.mark.parametrize("fault", list(JournalFault))
def test_every_refusal_is_said_through_the_translations(
    fault: JournalFault, capsys: pytest.CaptureFixture[str]
) -> None:
    with speaking(bracketed()):
        error = shown(refusal_of(JournalUnavailable("X", fault)), capsys)
        assert bare_words(error) == []
        assert bare_words(shown(refusal_of(ChildFailed("X")), capsys)) == []


def test_errors_and_hints_begin_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    with speaking("de"):
        assert shown(Refusal("so nicht", hint="lieber so"), capsys) == "Fehler: so nicht\nHinweis: lieber so\n"
        child = refusal_of(ChildFailed("kein Speicher"))
        assert isinstance(child, Failure)
        assert shown(child, capsys) == (
            "Fehler: das Lesen ist nicht gelungen: kein Speicher\nHinweis: versuch es noch einmal\n"
        )
        full = refusal_of(JournalUnavailable("die Platte ist voll", JournalFault.DISK_FULL))
        assert (
            shown(full, capsys)
            == "Fehler: die Platte ist voll\nHinweis: schaff etwas Platz und versuch es noch einmal\n"
        )


def test_what_a_household_holds_is_said_in_brackets(household: Desk) -> None:
    loaded = composition.load(str(household.config), household.data_dir, keep=False)
    with speaking(bracketed()):
        assert contents_words(loaded.household) == "⟦2 people⟧, ⟦4 habits⟧, ⟦1 channel⟧"


def kept_language(desk: Desk) -> str:
    """Return the language of the warnings that are kept."""
    content = json.loads((desk.data_dir / compiled.FILE_NAME).read_text(encoding="utf-8"))
    return str(content["language"])


def test_kept_warnings_are_read_afresh_to_be_shown_in_another_language(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(OUTSIDE_AWAKE)
    for language, words in (("de", WARNED), (ENGLISH, WARNING), (ENGLISH, WARNING), ("de", WARNED)):
        with speaking(language):
            loaded = composition.load(str(desk.config), desk.data_dir, shows_warnings=True)
        assert [one.message for one in loaded.warnings] == [words]
        assert kept_language(desk) == language


def test_who_shows_no_warnings_takes_what_is_kept_in_any_language(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(OUTSIDE_AWAKE)
    composition.load(str(desk.config), desk.data_dir)
    with speaking("de"):
        loaded = composition.load(str(desk.config), desk.data_dir)
    assert [one.message for one in loaded.warnings] == [WARNING]
    assert kept_language(desk) == ENGLISH


@pytest.mark.parametrize(("text", "language", "words"), [(GERMAN, "de", []), (OUTSIDE_AWAKE, ENGLISH, [WARNING])])
def test_a_file_is_not_read_again_without_warnings_in_another_language(
    text: str, language: str, words: list[str], at_desk_of: AtDeskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk_of(text)
    composition.load(str(desk.config), desk.data_dir, shows_warnings=True)
    monkeypatch.setattr("sys.executable", "/nowhere/python")  # nothing can be read from here on
    with speaking(language):
        loaded = composition.load(str(desk.config), desk.data_dir, shows_warnings=True)
    assert [one.message for one in loaded.warnings] == words
    assert kept_language(desk) == ENGLISH
