"""A habit's name as people read it."""

from __future__ import annotations


def name_of(habit: str) -> str:
    """Return the name of a habit's id: ``calcium_meal`` is ``Calcium meal``."""
    words = habit.replace("_", " ")
    return words[:1].upper() + words[1:]
