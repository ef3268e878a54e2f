"""Which of several pauses counts: of those in force at once, the one that ends last."""

from __future__ import annotations

from collections.abc import Iterable

from reminders.domain.pause import Pause


def longest_pause(pauses: Iterable[Pause], habit: str | None) -> Pause | None:
    """Return the pause that keeps a habit quiet longest, None for every habit at once; None = nothing does."""
    found = [one for one in pauses if one.habit is None or one.habit == habit]
    return max(found, key=lambda one: one.ends_at, default=None)


def pauses_that_count(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Return one pause for everything and one for each habit that it does not keep quiet as long, in their order."""
    listed = tuple(pauses)
    return tuple(one for one in listed if longest_pause(_first_everything(listed), one.habit) is one)


def _first_everything(pauses: Iterable[Pause]) -> list[Pause]:
    """Return them with those of everything first: of two that end together, that one counts."""
    return sorted(pauses, key=lambda one: one.habit is not None)
