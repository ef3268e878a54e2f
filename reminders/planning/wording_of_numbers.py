"""Numbers as people write them in the language spoken; programs get theirs from ``str`` and ``format``."""

from __future__ import annotations

from reminders.catalogue.phrases import say


def decimal(number: float, places: int) -> str:
    """Return a number rounded to so many places: ``1.25``; none of them = a whole number: ``1``."""
    whole, point, fraction = f"{number:.{places}f}".partition(".")
    return say("{whole}.{fraction}", whole=whole, fraction=fraction) if point else whole
