"""What the command says of itself, and what it refuses before a verb runs."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import reminders
from reminders.cli import VERBS, main


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.output


def test_version_is_printed() -> None:
    assert run("--version") == (0, f"reminders {reminders.__version__}\n")


def test_help_begins_with_what_it_is_and_tells_the_exit_codes() -> None:
    code, text = run("--help")
    assert code == 0
    assert "Nudges that keep a back healthy" in text
    assert "not medical advice" in text
    for line in ("0  done", "1  it failed", "2  wrong usage", "3  the configuration", "4  partly delivered"):
        assert line in text


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "service"])
def test_every_verb_has_help_and_takes_both_places(verb: str) -> None:
    code, text = run(verb, "--help")
    assert code == 0
    assert "--config FILE" in text
    assert "--data-dir DIR" in text


@pytest.mark.parametrize("verb", ["check", "plan", "status", "history"])
def test_every_reading_verb_has_json(verb: str) -> None:
    assert "--json" in run(verb, "--help")[1]


def test_unknown_verb_is_refused_with_the_nearest() -> None:
    code, text = run("staus")
    assert code == 2
    assert 'unknown verb "staus"; there are: init, run, check, plan' in text
    assert 'hint: did you mean "status"?' in text
