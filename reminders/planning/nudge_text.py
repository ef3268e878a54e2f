"""What a nudge says, apart from how it is found: the daemon holds the words without holding the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.domain.nudge import Ask


@dataclass(frozen=True, kw_only=True, slots=True)
class Composition:
    """The words of one nudge; ``discreet_text`` holds no health words. ``asks`` are in the order of the sends."""

    title: str
    text: str
    discreet_text: str
    asks: tuple[Ask, ...]
