"""What a check-up says of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is; a warning can be lived with, what is broken keeps nudges from being sent or kept."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing looked at; ``hint`` says how to mend it, None = nothing to mend. No text holds a secret."""

    name: str
    state: State
    detail: str
    hint: str | None = None


def ok(name: str, detail: str) -> Finding:
    """Return that a thing is as it should be."""
    return Finding(name=name, state=State.OK, detail=detail)


def warning(name: str, detail: str, hint: str | None = None) -> Finding:
    """Return that a thing can be lived with."""
    return Finding(name=name, state=State.WARNING, detail=detail, hint=hint)


def broken(name: str, detail: str, hint: str | None = None) -> Finding:
    """Return that a thing does not work."""
    return Finding(name=name, state=State.BROKEN, detail=detail, hint=hint)
