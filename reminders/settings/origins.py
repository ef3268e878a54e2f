"""Where a value of the merged configuration came from, and whether it may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.domain.errors import Problem
from reminders.settings.document import Document, Place, key_text
from reminders.settings.mistakes import ABSENT, FOUND, MASK, Finding, Path, shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Origins:
    """The file and the environment over it. ``has_lines`` is False for the built-in starter."""

    file: Document
    environment: Document
    has_lines: bool = True

    def problem(self, finding: Finding) -> Problem:
        """Give a finding its place, and put the value found into its words unless it may be secret."""
        path = finding.path if finding.index is None else (*finding.path, finding.index)
        place = self._place(path, at_key=finding.at_key)
        return Problem(
            severity=finding.severity,
            file=place.file,
            line=place.line if self.has_lines else None,
            column=place.column if self.has_lines else None,
            key=place.variable or key_text(finding.path),
            message=finding.message.replace(FOUND, self._shown(finding)),
            allowed=finding.allowed,
            hint=finding.hint,
        )

    def line(self, path: Path) -> int | None:
        """Return the line a key stands in; None when it is not in the file."""
        return self._place(path, at_key=True).line if self.has_lines else None

    def template(self, path: Path) -> str | None:
        """Return a text as it was written, before anything was filled in; None when nothing was."""
        if path in self.environment.values_at:
            return self.environment.templates.get(path)
        return self.file.templates.get(path)

    def _place(self, path: Path, *, at_key: bool) -> Place:
        for length in range(len(path), -1, -1):
            part = path[:length]
            of_file = self.file.place(part, at_key=at_key)
            if part in self.environment.keys_at and not (of_file and self._is_block_of_file(part)):
                return self.environment.keys_at[part]
            if of_file is not None:
                return of_file
        return Place(file=self.file.file)

    def _is_block_of_file(self, path: Path) -> bool:
        """Tell whether the file has keys there, which a variable adds to; it replaces anything else."""
        is_set_whole = path in self.environment.values_at
        return not is_set_whole and any(one[:-1] == path for one in self.file.keys_at)

    def _shown(self, finding: Finding) -> str:
        if finding.found is ABSENT:
            return ""
        is_plain = isinstance(finding.found, dict | list) or not self._is_secret(finding.path)
        return shown(finding.found) if is_plain else MASK

    def _is_secret(self, path: Path) -> bool:
        if path[:1] == ("channels",) or path[:2] == ("web", "login_token") or _is_of_calendar(path):
            return True
        return any(secret[: len(path)] == path[: len(secret)] for secret in self.file.secret)


def _is_of_calendar(path: Path) -> bool:
    """Tell whether a calendar's address, which is as good as a password, stands there or may by mistake."""
    own = path[2:] if path[:1] == ("people",) else path
    return own[:1] == ("calendars",) and own[2:] in ((), ("url",), ("url_file",), ("file",))
