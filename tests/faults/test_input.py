"""Holds: what a person writes or does out of turn ends in words or in a record, at once and never in a loop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from reminders.domain.answer import AnswerOutcome, Verb
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.scenarios.virtual_home import BERLIN, Home, live
from tests.settings.test_yaml_source import HOSTILE

# 43: hostile and broken files. tests/settings/test_yaml_source.py holds line, column and words of each.

WORST = ("alias_bomb", "deep", "too_large", "many_values", "many_keys")
MORE = {
    "python_tag": b"me: !!python/object/apply:os.system [id]\n",
    "duplicate_key": b"limits: {gap: 5min}\nlimits: {gap: 5min}\n",
    "tab": b"habits:\n\tmovement: {every: 1h}\n",
    "byte_order_mark": b"\xef\xbb\xbf" * 2 + b"habits: {movement: {evry: 1h}}\n",
    "no_as_a_word": b"habits: {movement: {every: no}}\n",
}
CHILD = """\
import resource, runpy, sys
runpy.run_module("reminders.settings", run_name="__main__")
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, open("/proc/self/status").read().split("VmHWM:")[1].split()[0], file=sys.stderr)
"""


def read_in_a_child(path: Path) -> tuple[dict[str, object], float, int]:
    """Read a file as the daemon does; return the reply, the seconds of work it took and the kibibytes."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps({"path": str(path)}),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    seconds, kibibytes = done.stderr.split()
    return json.loads(done.stdout), float(seconds), int(kibibytes)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of the memory is read from /proc")
@pytest.mark.parametrize("name", [*WORST, *MORE])
def test_fault_43_hostile_file_costs_less_than_a_second_of_work_and_50_mib(name: str, tmp_path: Path) -> None:
    """The work of the processor counts, not the wait for it: the machine may be busy with something else."""
    path = tmp_path / "reminders.yaml"
    path.write_bytes((HOSTILE | MORE)[name])
    reply, seconds, kibibytes = read_in_a_child(path)
    assert reply["household"] is None
    assert reply["problems"]
    assert seconds < 1
    assert kibibytes < 50 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of the memory is read from /proc")
def test_fault_43_unquoted_time_is_a_time(tmp_path: Path) -> None:
    path = tmp_path / "reminders.yaml"
    path.write_text("me: {awake: 07:00-22:30}\nhabits: {calcium_meal: {at: [12:30]}}\n")
    reply, _, _ = read_in_a_child(path)
    household = json.dumps(reply["household"])
    assert "12:30" in household or "750" in household


# 44: intervals and quiet times. The words for those that are refused lie in tests/config_examples.

DEFINED = {
    "quiet all day": "me: {quiet: [00:00-24:00]}",
    "quiet over midnight": "me: {quiet: [22:00-07:00]}",
    "awake over midnight": "me: {awake: 16:00-02:00}",
}
REFUSED = ("0min", "-5min", "1s", "1000000000min", "1000000000")


@pytest.mark.parametrize("every", REFUSED)
def test_fault_44_interval_out_of_all_reason_is_refused_with_its_line(tmp_path: Path, every: str) -> None:
    path = tmp_path / "reminders.yaml"
    path.write_text(f"me: {{awake: 07:00-22:30}}\nhabits:\n  eyes: {{every: {every}}}\n")
    result = checked(path)
    assert result.returncode == 3
    assert f"{path}:3:" in result.stdout + result.stderr


@pytest.mark.parametrize("name", DEFINED)
def test_fault_44_quiet_all_day_or_over_midnight_ends_in_a_plan_or_in_words(tmp_path: Path, name: str) -> None:
    path = tmp_path / "reminders.yaml"
    rest = "channels: {here: console://}\nhabits: {hydration: {every: 1h}}\n"
    path.write_text(f"timezone: Europe/Berlin\n{DEFINED[name]}\n{rest}")
    result = checked(path)
    if result.returncode == 3:
        assert f"{path}:2:" in result.stdout + result.stderr
        return
    assert result.returncode == 0, result.stderr
    rows = json.loads(called(path, "plan", "--from", "2026-03-03", "--days", "2", "--json").stdout)
    hours = {datetime.fromisoformat(row["send_at"]).astimezone(BERLIN).hour for row in rows if row["send_at"]}
    if name == "quiet all day":
        assert hours == set()
    else:
        assert hours
        assert hours.isdisjoint(range(3, 7))


def called(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    places = ("--config", str(path), "--data-dir", str(path.parent / "data"))
    return subprocess.run(
        [sys.executable, "-m", "reminders", *words, *places],
        env=os.environ | {"TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    return called(path, "check")


# 66: done before the slot


def test_fault_66_done_before_the_slot_holds_that_slot_back_as_already_done(shipped: Household, tmp_path: Path) -> None:
    (person,) = shipped.people
    meal = next(replace(habit, send_to=("desktop",)) for habit in person.habits if habit.id == "calcium_meal")
    household = replace(shipped, people=(replace(person, habits=(meal,), training=()),))

    async def days(home: Home) -> None:
        await home.until(7, 20)
        receipt = home.journal.answer_habit(person.id, meal.id, Verb.DONE, home.clock.now(), "command")
        assert receipt.outcome is AnswerOutcome.CREDITED
        await home.until(12, 0)
        (slot,) = home.history()
        assert (slot.due_at.astimezone(BERLIN).hour, slot.state) == (7, OccurrenceState.SUPPRESSED)
        assert slot.reason is Reason.ALREADY_DONE
        assert home.nudges() == []
        await home.until(8, 0)
        assert len(home.nudges()) == 1

    live(tmp_path, household, datetime(2025, 3, 4, 6, 0, tzinfo=BERLIN), days)
