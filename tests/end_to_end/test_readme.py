"""Holds: what README names is there: set-up lines, verbs and options, paths, packages, arrows, links, variables."""

from __future__ import annotations

import re
import subprocess
import tomllib
from typing import Any

import click
import pytest
import yaml

from reminders.cli import VERBS, main
from tests.end_to_end.readme import (
    FENCE,
    HEADING,
    README,
    ROOT,
    blocks,
    commands,
    commands_in_passing,
    foreign_yaml,
    our_yaml,
    prose,
)

COLUMNS = 120
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def test_there_is_something_to_check() -> None:
    assert len(our_yaml()) >= 15
    assert len(foreign_yaml()) == 1
    assert len(list(commands())) >= 15
    assert len(list(commands_in_passing())) >= 15
    assert len(re.findall(r"^ *```", README, re.MULTILINE)) == 2 * len(FENCE.findall(README))


def test_lines_fit_on_a_screen_but_for_tables() -> None:
    long = [line for line in README.splitlines() if len(line) > COLUMNS and not line.startswith("|")]
    assert long == []


def test_what_is_to_be_typed_is_never_broken_in_two() -> None:
    assert [span for span in re.findall(r"`[^`]+`", prose()) if "\n" in span] == []


def test_one_line_installs_and_starts_and_one_installs_and_tests() -> None:
    lines = README.splitlines()
    assert len([line for line in lines if re.match(r"^python3 -m venv .*pytest", line)]) == 1
    assert len([line for line in lines if re.match(r"^python3 -m venv .*reminders run$", line)]) == 1


@pytest.mark.parametrize("script", blocks("sh"))
def test_the_shell_reads_what_it_is_given_and_finds_what_is_named(script: str) -> None:
    subprocess.run(["sh", "-n", "-c", script], check=True)
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    assert set(re.findall(r"\.\[(\w+)\]", script)) <= set(extras)
    programs = set(re.findall(r"\.venv/bin/(\w+)", script)) - {"pip"}
    assert programs <= {*project["scripts"], *(re.match(r"[\w-]+", one)[0] for one in extras["test"])}  # type: ignore[index]


@pytest.mark.parametrize("words", list(commands_in_passing()), ids=" ".join)
def test_every_command_it_names_is_there_with_its_options(words: list[str]) -> None:
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group) and rest:
        found = command.get_command(click.Context(command), rest.pop(0))
        assert found is not None, words
        command = found
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in rest if word.startswith("-")} <= known


def test_every_verb_is_named() -> None:
    named = {words[0] for words in commands_in_passing()} | {shown.words[0] for shown in commands()}
    assert named <= set(VERBS)
    for verb in VERBS:
        assert re.search(rf"\b{verb}\b", README), verb


def test_every_path_it_names_exists() -> None:
    for path in re.findall(r"`((?:config|reminders|tests|\.ci)/[\w./]*)`", README):
        if path != "reminders/reminders.yaml":  # in the user's configuration directory
            assert (ROOT / path).exists(), path


def test_every_link_within_it_leads_to_a_heading() -> None:
    places = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in HEADING.findall(prose())}
    links = re.findall(r"\]\(#([^)]+)\)", README)
    assert len(links) >= 10
    assert set(links) <= places


def test_the_tree_it_draws_is_the_one_there_is() -> None:
    (tree,) = [text for text in blocks("") if text.startswith("reminders/\n")]
    drawn = {line.split()[0].strip("/") for line in tree.splitlines() if line.startswith("  ")}
    here = {path.stem for path in (ROOT / "reminders").iterdir() if path.suffix in ("", ".py")}
    assert drawn - {"ports.py", "clock.py"} | {"ports", "clock"} == here - {"__init__", "__main__", "__pycache__"}


def test_its_arrows_are_those_that_are_enforced() -> None:
    (drawn,) = [text for text in blocks("") if text.startswith("cli ->")]
    contract = next(one for one in PROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    enforced = [set(layer.replace("reminders.", "").split(" | ")) for layer in contract["layers"]]
    assert [set(re.findall(r"\w+", layer)) for layer in drawn.split("->")] == enforced


@pytest.mark.parametrize("text", blocks("dotenv"))
def test_each_variable_it_sets_is_read_by_somebody(text: str) -> None:
    names = re.findall(r"^(\w+)=\S+$", text, re.MULTILINE)
    assert len(names) == len(text.splitlines())
    for name in names:
        assert f"${{{name}" in COMPOSE + "".join(our_yaml()), name


def test_what_it_says_of_the_containers_is_in_the_compose_file() -> None:
    compose = yaml.safe_load(COMPOSE)
    profiles = {profile for service in compose["services"].values() for profile in service.get("profiles", [])}
    assert set(re.findall(r"--profile (\w+)", README)) == profiles
    assert "REMINDERS_PUBLIC_URL" in COMPOSE
    (port,) = {port.split(":")[-2] for port in compose["services"]["ntfy"]["ports"]}
    assert f":{port}/${{NTFY_TOPIC}}" in README
