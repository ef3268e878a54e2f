"""All problems of one run: sorted, told once, written for people and for programs.

Cheap to import: what it shows may come from a child process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reminders.catalogue.phrases import say, say_many
from reminders.domain.errors import Problem, Severity

SHOWN_AT_MOST = 100
_FIELDS = ("severity", "file", "line", "column", "key", "message", "allowed", "hint")


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by line, what has none last, and drop doubles; past a hundred they are only counted."""
    unique = sorted(dict.fromkeys(problems), key=_position)
    if len(unique) <= SHOWN_AT_MOST:
        return tuple(unique)
    rest = unique[SHOWN_AT_MOST:]
    worst = Severity.ERROR if any(one.severity is Severity.ERROR for one in rest) else Severity.WARNING
    message = say_many("{count} more problem is not shown", "{count} more problems are not shown", len(rest))
    more = Problem(
        severity=worst,
        file=unique[0].file,
        line=None,
        column=None,
        key="",
        message=message,
        hint=say("mend those above first"),
    )
    return (*unique[:SHOWN_AT_MOST], more)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any of them stops the file from being used."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def problems_text(problems: Iterable[Problem]) -> str:
    """Write problems for people, ending with their number."""
    listed = tuple(problems)
    return "\n".join([*map(_problem_text, listed), _count_text(listed)])


def problems_json(problems: Iterable[Problem]) -> dict[str, list[dict[str, object]]]:
    """Return the JSON shape of ``check --json``."""
    return {"problems": [{name: getattr(problem, name) for name in _FIELDS} for problem in problems]}


def problems_from_json(entries: Iterable[Mapping[str, object]]) -> tuple[Problem, ...]:
    """Read what ``problems_json`` wrote under "problems"; raise ValueError when it is something else."""
    return tuple(_problem_from_json(entry) for entry in entries)


def _problem_from_json(entry: Mapping[str, object]) -> Problem:
    if set(entry) != set(_FIELDS):
        raise ValueError("not a problem")
    return Problem(
        severity=Severity(str(entry["severity"])),
        file=str(entry["file"]),
        line=_number(entry["line"]),
        column=_number(entry["column"]),
        key=str(entry["key"]),
        message=str(entry["message"]),
        allowed=_text(entry["allowed"]),
        hint=_text(entry["hint"]),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _position(problem: Problem) -> tuple[bool, int, int, str]:
    return problem.line is None, problem.line or 0, problem.column or 0, problem.key


def _problem_text(problem: Problem) -> str:
    where = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part is not None)
    is_warning = problem.severity is Severity.WARNING
    message = say("warning: {message}", message=problem.message) if is_warning else problem.message
    lines = [f"{where}  {problem.key}".rstrip(), f"  {message}"]
    if problem.allowed is not None:
        lines.append(f"  {say('allowed here: {words}', words=problem.allowed)}")
    if problem.hint is not None:
        lines.append(f"  {problem.hint}")
    return "\n".join(lines)


def _count_text(problems: tuple[Problem, ...]) -> str:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if not problems:
        return say("no problems")
    counts = [say_many("{count} problem", "{count} problems", errors)] if errors else []
    if len(problems) > errors:
        counts.append(say_many("{count} warning", "{count} warnings", len(problems) - errors))
    if errors:
        counts.append(say("nothing was changed"))
    return ", ".join(counts)
