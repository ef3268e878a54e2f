"""``forget``: asks first or needs --yes, says how much, and today's plan goes on where it stood."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest

from tests.cli.desk import NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

HOUR = timedelta(hours=1)


def lived(desk: Desk) -> None:
    desk.put("movement", NOW - 30 * HOUR)
    desk.put("movement", NOW - HOUR / 2)
    desk.run("done", "movement")
    desk.run("pause", "hydration", "1min")


def test_nothing_on_record_is_said_and_makes_no_journal(desk: Desk) -> None:
    result = desk.run("forget")
    assert (result.exit_code, result.stdout) == (0, "nothing of that is on record\n")
    assert not (desk.data_dir / "journal.db").exists()


def test_without_a_terminal_it_needs_a_yes_and_changes_nothing(desk: Desk) -> None:
    lived(desk)
    result = desk.run("forget")
    assert result.exit_code == 2
    assert "error: this would forget 2 occurrences, 2 nudges, 1 answer" in result.stderr
    assert "hint: to do so without being asked: add --yes" in result.stderr
    assert len(desk.json("history", "--days", "3")[0]["occurrences"]) == 2


def test_with_a_yes_it_is_gone_and_told(desk: Desk) -> None:
    lived(desk)
    result = desk.run("forget", "--yes")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("forgotten: 2 occurrences, 2 nudges, 1 answer")
    assert desk.json("history", "--days", "3")[0]["occurrences"] == []
    again = desk.run("forget", "--yes", "--before", "2026-03-24")
    assert again.stdout == "nothing of that is on record\n"


def test_what_was_begun_and_cut_short_is_finished_by_the_next_call(desk: Desk) -> None:
    lived(desk)
    with closing(sqlite3.connect(desk.data_dir / "journal.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM occurrences").fetchall()
        assert desk.run("forget", "--yes").exit_code == 1
        reader.execute("COMMIT")
    again = desk.run("forget", "--yes")
    assert (again.exit_code, again.stdout) == (0, "forgotten: no more than events of the service\n")
    assert desk.run("forget", "--yes").stdout == "nothing of that is on record\n"


def test_what_was_decided_up_to_now_is_not_decided_again(desk: Desk) -> None:
    lived(desk)
    before = [row["due_at"] for row in desk.json("plan") if row["habit"] == "hydration"]
    desk.run("forget", "--yes")
    journal = desk.journal()
    facts = journal.facts("me", NOW - 24 * HOUR, NOW + 24 * HOUR)
    journal.close()
    assert facts.planned_until == NOW - HOUR / 2
    assert [row["due_at"] for row in desk.json("plan") if row["habit"] == "hydration"] == before


def test_a_date_begins_at_the_persons_midnight(desk: Desk) -> None:
    lived(desk)
    result = desk.run("forget", "--yes", "--before", "2026-03-24")
    assert result.stdout.startswith("forgotten: 1 occurrence, 1 nudge")
    (row,) = desk.json("history", "--days", "3")[0]["occurrences"]
    assert row["state"] == "done"


def test_a_date_to_come_is_refused(desk: Desk) -> None:
    lived(desk)
    result = desk.run("forget", "--yes", "--before", "2026-03-25")
    assert result.exit_code == 2
    assert 'error: "2026-03-25" is still to come' in result.stderr


def test_one_person_of_a_household_and_one_who_left_it_are_forgotten_alone(household: Desk) -> None:
    for person in ("alex", "sam", "kim"):
        household.put("hydration", NOW - HOUR, person=person)
    assert household.run("forget", "--yes", "--person", "Sam").exit_code == 0
    assert household.run("forget", "--yes", "--person", "kim").exit_code == 0
    journal = household.journal()
    assert journal.people_on_record() == ("alex", "sam")  # of Sam, who is in the file, where the plan stands
    assert {row.person for row in journal.history(None, NOW - 24 * HOUR, NOW)} == {"alex"}
    journal.close()
    unknown = household.run("forget", "--yes", "--person", "kim")
    assert unknown.exit_code == 2
    assert 'unknown person "kim"; there are: alex, sam' in unknown.stderr


def test_what_has_not_ended_is_told_to_stay(desk: Desk) -> None:
    desk.put("movement", NOW - HOUR)
    desk.put("warm_up", NOW + timedelta(minutes=20))
    (desk.data_dir / "journal.corrupt-20260324T101500Z").touch()
    told = "1 occurrence, 1 nudge"
    assert f"error: this would forget {told}\n" in desk.run("forget").stderr
    lines = desk.run("forget", "--yes").stdout.splitlines()
    assert lines[:2] == [f"forgotten: {told}", "one stays until it has ended; then: reminders forget"]
    assert lines[2].startswith("hint: a damaged journal that was put aside may still hold it: rm ")


def on_terminal(desk: Desk, answer: str) -> str:
    """Run the command as a process whose input is a terminal; return what it prints."""
    keyboard, terminal = os.openpty()
    try:
        os.write(keyboard, f"{answer}\n".encode())
        words = [sys.executable, "-m", "reminders", "forget", *desk.places]
        return subprocess.run(words, stdin=terminal, capture_output=True, text=True, check=False, timeout=60).stdout
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_on_a_terminal_it_asks_and_a_no_changes_nothing(desk: Desk) -> None:
    lived(desk)
    shown = on_terminal(desk, "n")
    assert "this would forget, of everybody: 2 occurrences, 2 nudges, 1 answer" in shown
    assert "Delete it for good, in the backups as well? [y/N]" in shown
    assert "nothing was forgotten" in shown
    assert "forgotten: 2 occurrences" in on_terminal(desk, "y")
