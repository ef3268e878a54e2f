"""The compiled household survives JSON, and the cache is used only for the very same configuration."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reminders.domain.household import Household
from reminders.settings import compiled
from reminders.settings.reading import read_configuration

TEXT = """\
channels: {desktop: desktop://, phone: "ntfys://${NTFY_TOPIC}"}
habits:
  movement: {every: 45min, expire_after: 30min, from: 2026-03-01}
  tea: {times: 1, days: weekend, within: 15:00-17:00, say: Put the kettle on}
  warm_up: {before: training}
  walk: {cron: 0 17 * * mon-fri}
training: [{name: Gym, days: [tue], at: 18:30}]
me: {quiet: [13:00-14:00], profile: {conditions: none, medicines: [warfarin]}}
"""
ENVIRONMENT = {"NTFY_TOPIC": "token-of-alex", "REMINDERS_WEB__PORT": "9000", "HOME": "/home/alex"}


@pytest.fixture
def path(config_file: Path) -> str:
    config_file.write_text(TEXT)
    return str(config_file)


@pytest.fixture
def household(path: str) -> Household:
    reading = read_configuration(path, ENVIRONMENT)
    assert reading.household is not None
    return reading.household


@pytest.fixture
def saved(path: str, household: Household, tmp_path: Path) -> compiled.Compiled:
    fingerprint = compiled.fingerprint(path, ENVIRONMENT)
    assert fingerprint is not None
    content = compiled.Compiled(
        fingerprint=fingerprint,
        household=household,
        warnings=read_configuration(path, ENVIRONMENT).problems,
        language="de",
    )
    compiled.save(content, tmp_path)
    return content


def test_a_household_is_the_same_after_json(household: Household) -> None:
    text = json.dumps(compiled.household_to_json(household))
    assert compiled.household_from_json(json.loads(text)) == household


def test_what_came_from_the_environment_is_not_in_the_json(household: Household) -> None:
    assert "token-of-alex" not in json.dumps(compiled.household_to_json(household))


@pytest.mark.parametrize("data", [None, [], "x", {}, {"people": 3}, {"people": [], "channels": [{"name": 1}]}])
def test_json_of_something_else_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="not a household"):
        compiled.household_from_json(data)


def test_the_cache_is_for_its_owner_only_and_read_back(saved: compiled.Compiled, tmp_path: Path) -> None:
    mode = stat.S_IMODE((tmp_path / compiled.FILE_NAME).stat().st_mode)
    assert mode == 0o600
    assert compiled.load(tmp_path, saved.fingerprint) == saved
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".household")] == []


def test_the_cache_of_another_configuration_is_not_used(saved: compiled.Compiled, tmp_path: Path) -> None:
    assert compiled.load(tmp_path, "0" * 64) is None
    assert compiled.load(tmp_path, None) is None
    assert compiled.load(tmp_path / "nowhere", saved.fingerprint) is None


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"version": 1}', "[" * 5000, "\x00\xff"])
def test_a_damaged_cache_is_as_good_as_none(saved: compiled.Compiled, tmp_path: Path, damage: str) -> None:
    (tmp_path / compiled.FILE_NAME).write_text(damage, encoding="latin-1")
    assert compiled.load(tmp_path, saved.fingerprint) is None


def test_a_half_written_cache_is_as_good_as_none(saved: compiled.Compiled, tmp_path: Path) -> None:
    file = tmp_path / compiled.FILE_NAME
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert compiled.load(tmp_path, saved.fingerprint) is None


def test_the_fingerprint_stands_still_when_nothing_that_counts_changes(path: str) -> None:
    before = compiled.fingerprint(path, ENVIRONMENT)
    os.utime(path, (1, 1))
    assert compiled.fingerprint(path, ENVIRONMENT | {"HOME": "/elsewhere", "REMINDERS_DATA_DIR": "/x"}) == before


@pytest.mark.parametrize("change", [{"NTFY_TOPIC": "other"}, {"REMINDERS_WEB__PORT": "9001"}, {"REMINDERS_WEB": ""}])
def test_the_fingerprint_changes_with_the_environment_that_counts(path: str, change: dict[str, str]) -> None:
    assert compiled.fingerprint(path, ENVIRONMENT | change) != compiled.fingerprint(path, ENVIRONMENT)


def test_the_fingerprint_changes_with_a_byte_of_the_file_and_with_a_variable_unset(path: str) -> None:
    before = compiled.fingerprint(path, ENVIRONMENT)
    assert compiled.fingerprint(path, {}) != before
    Path(path).write_text(TEXT + "\n")
    assert compiled.fingerprint(path, ENVIRONMENT) != before
    assert compiled.fingerprint(None, ENVIRONMENT) not in (None, before)


def test_a_file_that_cannot_be_read_has_no_fingerprint(tmp_path: Path) -> None:
    assert compiled.fingerprint(str(tmp_path / "none"), {}) is None
    assert compiled.fingerprint(str(tmp_path), {}) is None


def test_what_the_daemon_starts_with_imports_nothing_heavy() -> None:
    program = (
        "import sys, reminders.settings.compiled, reminders.settings.locate, reminders.settings.problems\n"
        "heavy = {'pydantic', 'pydantic_settings', 'ruamel', 'ruamel.yaml', 'yaml', 'asyncio', 'cronsim'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
