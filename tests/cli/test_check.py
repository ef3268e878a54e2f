"""``check``: every problem with its place, in text and in JSON, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.desk import FILE, Desk

AtDeskOf = Callable[[str], Desk]

TWO_MISTAKES = FILE.replace("every: 2h", "evry: 2h").replace("every: 60min", "every: 60")


def test_a_fine_file_is_told_with_what_it_holds(desk: Desk) -> None:
    result = desk.run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == f"{desk.config} is fine: 4 habits, 1 channel"


def test_problems_are_shown_with_place_key_and_what_is_allowed(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(TWO_MISTAKES)
    result = desk.run("check")
    assert result.exit_code == 3
    assert result.stdout == (
        f"{desk.config}:9:15  habits.hydration.evry\n"
        '  unknown key "evry"\n'
        "  allowed here: every, within, goal, at, ...\n"
        '  did you mean "every"?\n'
        f"{desk.config}:10:21  habits.movement.every\n"
        "  60 has no unit\n"
        "  write a duration such as 90min, 2h or 45s (allowed: 15min to 24h)\n"
        "2 problems, nothing was changed\n"
    )


def test_json_holds_every_problem(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(TWO_MISTAKES)
    found = desk.json("check")["problems"]
    assert [(one["line"], one["column"], one["key"]) for one in found] == [
        (9, 15, "habits.hydration.evry"),
        (10, 21, "habits.movement.every"),
    ]
    assert list(found[0]) == ["severity", "file", "line", "column", "key", "message", "allowed", "hint"]
    assert {one["severity"] for one in found} == {"error"}


def test_warnings_do_not_refuse_the_file(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(FILE.replace('"12:15"', '"05:15"'))
    result = desk.run("check")
    assert result.exit_code == 0
    assert "warning: " in result.stdout
    assert "is fine" in result.stdout.splitlines()[-1]
    assert [one["severity"] for one in desk.json("check")["problems"]] == ["warning"]


def test_several_people_are_counted(household: Desk) -> None:
    assert household.run("check").stdout.endswith("is fine: 2 people, 4 habits, 1 channel\n")


def test_without_a_file_the_starter_is_checked(desk: Desk) -> None:
    desk.config.unlink()
    result = desk.run("check")
    assert result.exit_code == 3  # it was named, so it must be there
    assert str(desk.config) in result.stdout


def test_a_reading_of_a_broken_file_ends_every_other_verb_with_the_same_words(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(TWO_MISTAKES)
    shown = desk.run("check").stdout
    for verb in (["plan"], ["history"], ["status"], ["done", "movement"], ["send-test"], ["run"]):
        result = desk.run(*verb)
        assert (result.exit_code, result.stdout, result.stderr) == (3, "", shown), verb


@pytest.mark.parametrize("verb", [["check"], ["plan"], ["status"], ["history"]])
def test_reading_creates_nothing(at_desk_of: AtDeskOf, verb: list[str]) -> None:
    desk = at_desk_of(FILE)
    before = sorted(Path().rglob("*"))
    desk.run(*verb)
    desk.run(*verb, "--json")
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize("verb", [["plan"], ["status"], ["history"]])
def test_reading_changes_no_byte_of_the_journal(desk: Desk, verb: list[str]) -> None:
    desk.run("done", "movement")
    journal = desk.data_dir / "journal.db"
    before = journal.read_bytes()
    desk.run(*verb)
    assert journal.read_bytes() == before
