"""Help and usage errors are said in the language spoken, all of them and in one language at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reminders.catalogue.phrases import ENGLISH, Phrases
from reminders.cli import VERBS, main, verb_named
from tests.bracketed import bare_words, bracketed

DONE_HELP = """\
Aufruf: reminders done [OPTIONEN] GEWOHNHEIT [MENGE]

  Meldet eine Gewohnheit als erledigt; bei hydration auch mit einer MENGE wie
  300ml oder 0,3l.

  Ist nichts fällig, zählt es noch für das letzte Mal, wenn das gerade erst ohne
  Antwort verstrichen ist, sonst für das nächste. Der Dienst muss dafür nicht
  laufen.

Optionen:
  --person NAME      Wer gemeint ist; nötig, wenn es mehrere gibt.
  --config DATEI     Die Konfigurationsdatei. Ohne Angabe: die des laufenden
                     Dienstes, REMINDERS_CONFIG, ./config/reminders.yaml, ...
  --data-dir ORDNER  Wo das Journal liegt. Ohne Angabe: REMINDERS_DATA_DIR,
                     sonst dein Ordner für Programmdaten.
  -h, --help         Diese Hilfe zeigen.
"""
EXIT_CODES = """\
  Rückgabewerte:
    0  geklappt
    1  fehlgeschlagen oder "nein" (status ohne Dienst, Test kam nirgends an)
    2  falscher Aufruf, auch bei unbekannter Gewohnheit oder unbekanntem Kanal
    3  Konfiguration oder Start abgelehnt; ein neuer Versuch hilft nicht
    4  zum Teil zugestellt
"""
SLIPS = {
    ("plan", "--dayz", "2"): "Die Option '--dayz' gibt es nicht. Meintest du '--days'?",
    ("plan", "--days", "x"): "Ungültiger Wert für '--days': 'x' ist keine ganze Zahl.",
    ("plan", "--days", "0"): "Ungültiger Wert für '--days': 0 liegt nicht im Bereich 1 bis 366.",
    ("plan", "--days"): "Die Option '--days' braucht einen Wert.",
    ("status", "--healthy=yes"): "Die Option '--healthy' nimmt keinen Wert.",
    ("run", "--log-level", "loud"): "Ungültiger Wert für '--log-level': 'loud' ist hier nicht möglich, nur 'debug', "
    "'info', 'warning', 'error'.",
    ("done",): "Es fehlt das Argument 'GEWOHNHEIT'.",
    ("resume", "hydration", "walk"): "Ein Argument zu viel: walk",
    ("resume", "hydration", "walk", "now"): "Zu viele Argumente: walk now",
    ("service", "nonsense"): "Den Befehl 'nonsense' gibt es nicht.",
    ("service", "stats"): "Den Befehl 'stats' gibt es nicht. Meintest du 'status'?",
}


def said(*words: str, language: str | Phrases | None = "de", width: int = 80) -> str:
    """Return what a command line prints, its error included."""
    asked = CliRunner().invoke(main, words, prog_name="reminders", language=language, terminal_width=width)
    return asked.output


def subverbs(*path: str) -> Iterator[tuple[str, ...]]:
    yield path
    if path:
        command = verb_named(path[0])
        if isinstance(command, click.Group):
            yield from ((*path, name) for name in command.commands)


ALL = [path for verb in VERBS for path in subverbs(verb)]


def names_in(path: tuple[str, ...]) -> set[str]:
    """Return the names that a help shows as they are typed, and the bounds of a number."""
    command = verb_named(path[0])
    for name in path[1:]:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    choices = {text for one in command.params if isinstance(one.type, click.Choice) for text in one.type.choices}
    defaults = {str(one.default) for one in command.params}
    subcommands = set(command.commands) if isinstance(command, click.Group) else set()
    typed = " ".join(("reminders", *path, "-h --help x", *options, *choices, *defaults, *subcommands))
    return set(re.findall(r"[A-Za-z][\w'-]*", typed))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_nothing_in_a_verbs_help_is_said_past_the_translations(path: tuple[str, ...]) -> None:
    text = said(*path, "--help", language=bracketed(), width=1000)
    assert "⟦Usage:⟧" in text
    assert set(bare_words(text)) - names_in(path) == set()


def test_nothing_in_the_help_as_a_whole_is_said_past_the_translations() -> None:
    text = said("--help", language=bracketed(), width=1000)
    assert set(bare_words(text)) - {"reminders", *VERBS, "version", "h", "help"} == set()


def test_a_command_line_without_words_is_answered_with_the_help() -> None:
    assert said() == said("--help")


@pytest.mark.parametrize("words", SLIPS, ids=" ".join)
def test_a_slip_in_the_command_line_is_told_in_german(words: tuple[str, ...]) -> None:
    *before, error = said(*words).splitlines()
    assert error == f"Fehler: {SLIPS[words]}"
    if before:  # click shows no usage beside some of them
        usage, hint, _ = before
        assert usage.startswith(f"Aufruf: reminders {words[0]} [OPTIONEN]")
        assert hint == f"Hilfe gibt es mit 'reminders {words[0]} --help'."


def test_an_unknown_verb_is_refused_in_german() -> None:
    assert said("staus").startswith('Fehler: unbekannter Befehl "staus"; es gibt: init, run, check, plan, ')


def test_what_is_broken_off_says_so_in_german(tmp_path: Path) -> None:
    text = said("init", "--config", str(tmp_path / "reminders.yaml"))
    assert "Abgebrochen.\n" in text


def test_a_verbs_help_is_german_as_a_whole_and_fits_the_terminal() -> None:
    assert said("done", "--help") == DONE_HELP


def test_the_help_as_a_whole_lists_the_verbs_and_the_exit_codes_in_german() -> None:
    text = said("--help")
    assert text.startswith(
        "Aufruf: reminders [OPTIONEN] BEFEHL [ARGUMENTE]...\n\n  Erinnerungen, die dem Rücken guttun:"
    )
    assert "\nBefehle:\n  init       Stellt ein paar Fragen und schreibt die erste Konfiguration\n  run  " in text
    assert text.endswith(EXIT_CODES)


@pytest.mark.parametrize("path", [(), *ALL], ids=" ".join)
def test_no_line_of_a_help_is_wider_than_the_terminal(path: tuple[str, ...]) -> None:
    assert [line for line in said(*path, "--help").splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("words", [("--config", "mine.yaml", "-h"), ("-h", "--config=mine.yaml")])
def test_help_is_said_in_the_language_of_the_file_named_beside_it(words: tuple[str, ...]) -> None:
    Path("mine.yaml").write_text("language: de\n", encoding="utf-8")
    assert said("plan", *words, language=None).startswith("Aufruf: reminders plan [OPTIONEN]\n\n  Zeigt, was ")


def test_help_is_said_in_the_terminals_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert said("done", "--help", language=None) == DONE_HELP


def test_beside_json_help_is_english_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert said("plan", "--json", "--help", language=None) == said("plan", "--help", language=ENGLISH)


def test_help_is_english_again_where_german_was_spoken_before() -> None:
    before = said("service", "--help", language=ENGLISH)
    assert said("service", "--help") != before
    assert said("service", "--help", language=ENGLISH) == before


def test_help_is_german_as_a_whole_where_the_verb_was_shown_as_it_is_written_before() -> None:
    done = verb_named("done")
    assert "Show this message and exit." in done.get_help(click.Context(done))
    assert said("done", "--help") == DONE_HELP
