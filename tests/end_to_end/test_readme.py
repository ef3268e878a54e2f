"""Holds: what README shows is true: its commands run, its YAML is valid, its quoted output is the real one."""

from __future__ import annotations

import re
import shlex
import subprocess
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reminders.cli import VERBS
from tests.end_to_end.home import Home, somebodys_home

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# What a person would have to write to get the mistakes that README quotes.
MISTAKES = (("hydration:      {every: 2h", "hydration:      {evry: 2h"), ("gap: 30min", "gap: 30"))
CUT = "..."


def blocks(language: str) -> list[str]:
    return [textwrap.dedent(text) for _, found, text in FENCE.findall(README) if found == language]


@dataclass(frozen=True)
class Shown:
    """A command of README and the lines quoted below it."""

    words: tuple[str, ...]
    output: tuple[str, ...]

    @property
    def code(self) -> int:
        """The documented exit code: 3 where a configuration is refused."""
        return 3 if self.output and self.output[-1].endswith("nothing was changed") else 0


def commands() -> list[Shown]:
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *output = part.rstrip("\n").split("\n")
            program, *words = shlex.split(command, comments=True)
            assert program == "reminders"
            found.append(Shown(tuple(words), tuple(output)))
    return found


def is_quoted(lines: tuple[str, ...], output: str) -> bool:
    """Tell whether the lines are what is printed; ``...`` at the end of a line, or alone, leaves something out."""
    real = iter(output.splitlines())
    for line in lines:
        if line.strip() == CUT:
            return True
        cut = line.removesuffix(CUT).rstrip()
        if not any(one == line or (cut != line and one.startswith(cut)) for one in [next(real, None)] if one):
            return False
    return next(real, None) is None


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Make a home with the shipped configuration, its nudges on the console."""
    with somebodys_home(tmp_path_factory.mktemp("reader")) as home:
        (home.folder / "config").mkdir()
        shipped = (ROOT / "config/reminders.yaml").read_text(encoding="utf-8")
        (home.folder / "config/reminders.yaml").write_text(shipped.replace("desktop://", "console://"))
        yield home


def test_there_is_something_to_check() -> None:
    assert len(blocks("yaml")) >= 2
    assert len(blocks("sh")) == 2
    assert len(commands()) >= 8
    assert len(re.findall(r"^ *```", README, re.MULTILINE)) == 2 * len(FENCE.findall(README))


def test_one_line_installs_and_starts_and_one_installs_and_tests() -> None:
    lines = README.splitlines()
    assert len([line for line in lines if re.match(r"^python3 -m venv .*pytest", line)]) == 1
    assert len([line for line in lines if re.match(r"^python3 -m venv .*reminders run$", line)]) == 1


@pytest.mark.parametrize("script", blocks("sh"))
def test_the_shell_reads_the_set_up_and_it_names_what_there_is(script: str) -> None:
    subprocess.run(["sh", "-n", "-c", script], check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert set(re.findall(r"\.\[(\w+)\]", script)) <= set(extras)
    programs = set(re.findall(r"\.venv/bin/(\w+)", script)) - {"pip"}
    assert programs <= {*project["scripts"], *(re.match(r"[\w-]+", one)[0] for one in extras["test"])}  # type: ignore[index]


@pytest.mark.parametrize("text", blocks("yaml"))
def test_its_yaml_is_valid(home: Home, text: str) -> None:
    home.config.write_text(text)
    home.environment["NTFY_TOPIC"] = "a-topic"
    result = home.call("check")
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith(f"{home.config} is fine: ")


def test_its_commands_run_and_print_what_is_quoted(reader: Home) -> None:
    fine = (reader.folder / "config/reminders.yaml").read_text()
    broken = fine
    for right, wrong in MISTAKES:
        assert right in broken
        broken = broken.replace(right, wrong)
    for shown in commands():
        (reader.folder / "config/reminders.yaml").write_text(broken if shown.code == 3 else fine)
        if shown.words[0] == "run":
            assert reader.start(places=False).armed().stop() == 0
            continue
        if not shown.output and all(daemon.has_ended() for daemon in reader.daemons):
            reader.start(places=False).armed()  # what is shown without output is said to a daemon that runs
        result = reader.call(*shown.words, places=False)
        assert result.returncode == shown.code, (shown.words, result.stdout, result.stderr)
        assert not shown.output or is_quoted(shown.output, result.stdout), result.stdout


def test_every_command_it_names_exists_and_every_command_is_named() -> None:
    spans = re.findall(r"`(?:\.venv/bin/)?reminders ([a-z-]+)[^`]*`", README)
    named = {*spans, *(shown.words[0] for shown in commands())}
    assert named <= set(VERBS)
    for verb in VERBS:
        assert re.search(rf"\b{verb}\b", README), verb


def test_every_path_it_names_exists() -> None:
    for path in re.findall(r"`((?:config|reminders|tests|\.ci)/[\w./]*)`", README):
        if path != "reminders/reminders.yaml":  # in the user's configuration directory
            assert (ROOT / path).exists(), path


def test_the_tree_it_draws_is_the_one_there_is() -> None:
    (tree,) = [text for text in blocks("") if text.startswith("reminders/\n")]
    drawn = {line.split()[0].strip("/") for line in tree.splitlines() if line.startswith("  ")}
    here = {path.stem for path in (ROOT / "reminders").iterdir() if path.suffix in ("", ".py")}
    assert drawn - {"ports.py", "clock.py"} | {"ports", "clock"} == here - {"__init__", "__main__", "__pycache__"}
