"""One file for each mistake, named after it, with the words a person gets beside it.

To add one: write ``the_mistake.yaml`` and ``the_mistake.txt``. A file whose name begins with ``warning`` is used.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.settings.problems import problems_text
from reminders.settings.reading import read_configuration

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
ENVIRONMENT = {"NTFY_TOPIC": "token-of-alex"}
SCHEMAS = ("discord", "json", "mailto", "mailtos", "ntfy", "ntfys", "tgram")


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_told_in_these_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    reading = read_configuration(f"{name}.yaml", ENVIRONMENT, SCHEMAS)
    assert problems_text(reading.problems) + "\n" == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert (reading.household is not None) == name.startswith("warning")
    assert "token-of-alex" not in problems_text(reading.problems)


def test_every_mistake_has_its_words_and_the_other_way_round() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == NAMES
    assert len(NAMES) >= 100
