"""The house rules hold: style, types, arrows between packages, file sizes, what lies at the top."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {"reminders", "config", "tests", "pyproject.toml", "docker-compose.yml", "README.md", "Dockerfile"}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "manager", "base"}


def _python_files() -> list[Path]:
    return [path for folder in ("reminders", "tests") for path in (ROOT / folder).rglob("*.py")]


def _run(*command: str) -> str:
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    output = finished.stdout + finished.stderr
    assert finished.returncode == 0, output
    return output


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-m", "ruff", "check"], id="lint"),
        pytest.param(["-m", "ruff", "format", "--check"], id="format"),
        pytest.param(["-m", "mypy"], id="types"),
        pytest.param(["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"], id="arrows"),
    ],
)
def test_every_check_passes(arguments: list[str]) -> None:
    _run(sys.executable, *arguments)


def test_no_python_file_is_longer_than_400_lines() -> None:
    long = {path.name: count for path in _python_files() if (count := len(path.read_text().splitlines())) > 400}
    assert long == {}


def test_no_module_is_a_drawer() -> None:
    assert [path for path in _python_files() if path.stem in BANNED_NAMES] == []


def test_the_top_level_holds_what_was_agreed() -> None:
    tracked = _run("git", "ls-files").splitlines() if (ROOT / ".git").exists() else []
    top = {name.split("/")[0] for name in tracked}
    assert {name for name in top if not name.startswith(".")} - TOP_LEVEL == set()
