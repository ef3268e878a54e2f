"""The child reads one request from standard input and answers in JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from reminders.settings.compiled import household_from_json


def ask(
    path: str | None, schemas: list[str] | None = None, language: str | None = None, **variables: str
) -> dict[str, object]:
    request = {"path": path, "schemas": schemas, "language": language}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REMINDERS_")}
    done = subprocess.run(
        [sys.executable, "-m", "reminders.settings"],
        input=json.dumps({name: value for name, value in request.items() if value is not None or name == "path"}),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=kept | variables,
    )
    assert done.stderr == ""
    reply: dict[str, object] = json.loads(done.stdout)
    return reply


def test_a_good_file_comes_back_as_a_household(config_file: Path) -> None:
    config_file.write_text("channels: {phone: 'ntfys://${TOPIC}'}\n")
    reply = ask(str(config_file), TOPIC="token-of-alex")
    assert reply["problems"] == []
    assert reply["variables"] == ["TOPIC"]
    assert household_from_json(reply["household"]).source == str(config_file)
    assert "token-of-alex" not in json.dumps(reply)


def test_a_bad_file_comes_back_as_problems(config_file: Path) -> None:
    config_file.write_text("habits: {movement: {every: 90}}\n")
    reply = ask(str(config_file))
    assert reply["household"] is None
    assert [one["line"] for one in reply["problems"]] == [1]  # type: ignore[attr-defined]


def test_no_file_is_the_starter() -> None:
    assert household_from_json(ask(None)["household"]).source is None


def test_the_schemas_that_can_be_sent_to_come_with_the_request(config_file: Path) -> None:
    config_file.write_text("channels: {phone: 'ntfyz://token-of-alex'}\n")
    assert ask(str(config_file))["household"] is not None
    reply = ask(str(config_file), schemas=["json", "ntfys"])
    assert reply["household"] is None
    assert [(one["line"], one["hint"]) for one in reply["problems"]] == [(1, 'did you mean "ntfys://"?')]  # type: ignore[attr-defined]
    assert "token-of-alex" not in json.dumps(reply)


def test_problems_are_told_in_the_language_of_the_request_and_the_household_is_the_same(config_file: Path) -> None:
    config_file.write_text('habits: {calcium_meal: {at: "05:00"}}\n')
    german, english = ask(str(config_file), language="de"), ask(str(config_file))
    messages = [reply["problems"][0]["message"] for reply in (german, english)]  # type: ignore[index]
    assert messages == [
        "calcium_meal um 05:00 liegt außerhalb der Wachzeit 07:00-22:30: daran würde nie erinnert",
        "calcium_meal 05:00 is outside awake 07:00-22:30: it would never be sent",
    ]
    assert german["household"] == english["household"]
