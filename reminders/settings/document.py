"""A configuration as read: plain values, and where each of them stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from reminders.domain.errors import Problem, Severity
from reminders.settings.mistakes import Path, printable


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a key or value stands: 1-based in a file, or in an environment variable; None = not in a file."""

    file: str
    line: int | None = None
    column: int | None = None
    variable: str | None = None


@dataclass(kw_only=True, slots=True)
class Document:
    """The values of one source, still unchecked.

    ``templates`` keeps texts with ``$`` as they were written, by path. ``secret`` are paths whose value came from the
    environment. ``damaged`` are paths whose value could not be read; ``variables`` what ``${NAME}`` asked for.
    """

    file: str
    values: dict[str, object] = field(default_factory=dict)
    values_at: dict[Path, Place] = field(default_factory=dict)
    keys_at: dict[Path, Place] = field(default_factory=dict)
    templates: dict[Path, str] = field(default_factory=dict)
    secret: set[Path] = field(default_factory=set)
    damaged: set[Path] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def complain(
        self, place: Place, key: str, message: str, *, allowed: str | None = None, hint: str | None = None
    ) -> None:
        """Add an error about the text of the file itself."""
        self.problems.append(
            Problem(
                severity=Severity.ERROR,
                file=place.file,
                line=place.line,
                column=place.column,
                key=key,
                message=message,
                allowed=allowed,
                hint=hint,
            )
        )

    def place(self, path: Path, *, at_key: bool = False) -> Place | None:
        """Return where a path stands; None when this source does not hold it."""
        first, second = (self.keys_at, self.values_at) if at_key else (self.values_at, self.keys_at)
        return first.get(path) or second.get(path)


def key_text(path: Path) -> str:
    """Write a path for people: ``habits.hydration.every``, ``training[0].at``. Keys under channels may be secrets."""
    text = ""
    for depth, part in enumerate(path):
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + key_name(path[:depth], part)
    return text


def key_name(parent: Path, key: str) -> str:
    """Write one key for people; a URL in a key's place is masked, wherever it slipped in."""
    is_plain = key.replace("_", "").replace("-", "").isalnum()
    if not is_plain and (parent[:1] == ("channels",) or "://" in key):
        return "***"
    return printable(key)
