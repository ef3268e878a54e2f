"""Reads a Dockerfile and its ``.dockerignore``: the stages with their steps, and which files a build may see.

As much of the format as ours needs; an instruction that is not known here is refused, never passed over.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PLAIN = frozenset({"WORKDIR", "COPY", "RUN", "LABEL", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL"})
_STARTS = frozenset({"HEALTHCHECK", "ENTRYPOINT", "CMD"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One instruction of a stage, and what follows it on its line."""

    instruction: str
    rest: str

    @property
    def words(self) -> list[str]:
        """What follows, split as a shell does."""
        return shlex.split(self.rest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """What one FROM begins; ``name`` is empty for one that no other stage names."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def the(self, instruction: str) -> str:
        """Return what follows the last instruction of that name."""
        return [step.rest for step in self.steps if step.instruction == instruction][-1]


def read_stages(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile, in order. Raises ValueError for an instruction that is not known."""
    stages: list[Stage] = []
    for line in _logical_lines(text):
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(base=base, name=name))
        elif instruction in _PLAIN | _STARTS:
            stages[-1].steps.append(Step(instruction=instruction, rest=rest.strip()))
        else:
            raise ValueError(f"unknown instruction {instruction}")
    return stages


def command_of(rest: str) -> list[str]:
    """Return what is run: the words of a JSON list, else the shell with the line."""
    return list(json.loads(rest)) if rest.startswith("[") else ["/bin/sh", "-c", rest]


def assignments(rest: str, known: dict[str, str]) -> dict[str, str]:
    """Return what ENV sets, with ``$NAME`` filled in from what is known."""
    pairs = (word.partition("=") for word in shlex.split(rest))
    return {name: re.sub(r"\$(\w+)", lambda found: known.get(found[1], ""), value) for name, _, value in pairs}


def build_context(root: Path) -> Iterator[str]:
    """Return the files that a build may see, relative to the project and sorted."""
    rules = [_rule(line.strip()) for line in (root / ".dockerignore").read_text().splitlines() if line.strip()]
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not _is_ignored(name, rules):
            yield name


def _logical_lines(text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return (line.strip() for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip())


def _rule(line: str) -> tuple[bool, re.Pattern[str]]:
    """Return whether a line ignores, and what it matches; ``**`` is any number of folders."""
    ignores, pattern = not line.startswith("!"), re.escape(line.removeprefix("!").strip("/"))
    pattern = pattern.replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return ignores, re.compile(pattern)


def _is_ignored(name: str, rules: Iterable[tuple[bool, re.Pattern[str]]]) -> bool:
    """Tell whether the last rule that matches the file, or a folder it lies in, ignores it."""
    parts = name.split("/")
    whole = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    said = [ignores for ignores, pattern in rules if any(pattern.fullmatch(one) for one in whole)]
    return bool(said) and said[-1]
