"""README, cut into what can be tried: its blocks by language, its sections, its commands and what is quoted of them."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,4} (.+)$", re.MULTILINE)
SPAN = re.compile(r"`(?:\.venv/bin/)?reminders ([a-z-]+[^`]*)`")
FOREIGN = re.compile(r"# .+'s own file\b")  # how a block of another program's configuration begins
CUT = "..."
# What differs from one run to the next: an age in words, a moment to the second, the number of a process.
VARIES = (
    (re.compile(r"\((?:in [^()]+|[^()]+ ago|now)\)"), "(a while)"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "hh:mm:ss"),
    (re.compile(r"\bpid \d+"), "pid n"),
)


def blocks(language: str, text: str = README) -> list[str]:
    """Return the blocks of a language, without their indentation."""
    return [textwrap.dedent(body) for _, found, body in FENCE.findall(text) if found == language]


def our_yaml() -> list[str]:
    """Return the YAML blocks that are this project's configuration."""
    return [text for text in blocks("yaml") if not FOREIGN.match(text)]


def foreign_yaml() -> list[str]:
    """Return the YAML blocks that say at their beginning that they are another program's."""
    return [text for text in blocks("yaml") if FOREIGN.match(text)]


def prose() -> str:
    """Return everything that stands in no block."""
    return FENCE.sub("", README)


def section(title: str) -> str:
    """Return the text below a heading, up to the next one."""
    _, found, rest = README.partition(f" {title}\n")
    assert found, title
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A command and the lines quoted below it."""

    words: tuple[str, ...]
    output: tuple[str, ...]

    @property
    def code(self) -> int:
        """The documented exit code: 3 where a configuration is refused."""
        return 3 if self.output and self.output[-1].endswith("nothing was changed") else 0


def commands(text: str = README) -> Iterator[Shown]:
    """Yield the commands that are shown with a prompt, in order."""
    for block in blocks("console", text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *output = part.rstrip("\n").split("\n")
            program, *words = shlex.split(command, comments=True)
            assert program == "reminders"
            yield Shown(words=tuple(words), output=tuple(output))


def commands_in_passing() -> Iterator[list[str]]:
    """Yield the words of every command of ours in the prose and in the shell's blocks."""
    for text in SPAN.findall(prose()):
        yield shlex.split(text)
    for line in "\n".join(blocks("sh")).splitlines():
        if found := re.search(r"\.venv/bin/reminders (.+)$", line):
            yield shlex.split(found[1])


def is_quoted(lines: tuple[str, ...], output: str) -> bool:
    """Tell whether the lines are what is printed; ``...`` at the end of a line, or alone, leaves something out."""
    real = iter(output.splitlines())
    for line in lines:
        if line.strip() == CUT:
            return True
        found = next(real, None)
        if found is None or not _is_line(line, found):
            return False
    return next(real, None) is None


def _is_line(line: str, found: str) -> bool:
    for pattern, word in VARIES:
        line, found = pattern.sub(word, line), pattern.sub(word, found)
    cut = line.removesuffix(CUT).rstrip()
    return found.rstrip() == line.rstrip() or (cut != line.rstrip() and found.startswith(cut))
