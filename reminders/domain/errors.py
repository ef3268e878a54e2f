"""One tree of errors; texts are sentence fragments in lower case, secrets appear by name only.

ReminderError
  ConfigurationRefused   the file cannot be used; carries the problems
  StartRefused           the daemon must not start (lock held, newer journal, ...); exit code 3
  JournalUnavailable     the journal cannot be read or written now
  ChildFailed            a child process broke its contract (deadline, memory, exit, output)
  UsageMistake           a command named something that does not exist; exit code 2
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem stops the file from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong in a configuration: where, which key, what was found, what is allowed, what to try.

    ``line`` and ``column`` are 1-based; None = not in a file (environment, starter). ``allowed`` and ``hint`` are
    None when there is nothing to add. Secrets never appear.
    """

    severity: Severity
    file: str
    line: int | None
    column: int | None
    key: str
    message: str
    allowed: str | None = None
    hint: str | None = None


class ReminderError(Exception):
    """Anything this project raises on purpose."""


class ConfigurationRefused(ReminderError):
    """the configuration cannot be used; ``problems`` says why, sorted by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems for the command line to show."""
        super().__init__(f"{len(problems)} problems in the configuration")
        self.problems = problems


class StartRefused(ReminderError):
    """the daemon must not start; a supervisor must not restart on it."""


class JournalFault(StrEnum):
    """Why the journal cannot be used."""

    DISK_FULL = "disk_full"
    LOCKED = "locked"
    READ_ONLY = "read_only"
    CORRUPT = "corrupt"
    ABSENT = "absent"
    UNUSABLE = "unusable"


class JournalUnavailable(ReminderError):
    """the journal cannot be read or written right now; ``cause`` tells a full disk from a lock and so on."""

    def __init__(self, message: str, cause: JournalFault = JournalFault.UNUSABLE) -> None:
        """Keep the cause for those who act on it."""
        super().__init__(message)
        self.cause = cause


class ChildFailed(ReminderError):
    """a child process broke its contract: ``kind`` is "start", "deadline", "crash" (exit, signal, memory) or "output".

    "start" = there never was one.
    """

    def __init__(self, text: str, *, kind: str = "crash") -> None:
        """Keep the kind, by which a sender tells a definite failure from an ambiguous one."""
        super().__init__(text)
        self.kind = kind


class UsageMistake(ReminderError):
    """a command named something that does not exist."""
